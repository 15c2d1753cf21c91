import type {
  BatchOperationPlan,
  CancelBatchOperation,
  CreateBatchOperation,
  MoveInstruction,
  ResumeBatchOperation,
  SuspendBatchOperation,
} from '../../protocol/batch-operations.ts'
import { MAX_BATCH_ITEMS } from '../../protocol/limits.ts'
import type { ActivateInstruction, ModifyProcessInstance } from '../../protocol/operations.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import type { CommandResults } from '../../protocol/results.ts'
import type { Key } from '../../protocol/values.ts'
import type { BatchOperationItemRow, BatchOperationRow } from '../../state/rows.ts'
import type { Processing } from '../processing.ts'
import { cancelProcessInstance, resolveIncident } from './instances.ts'
import { migrateProcessInstance } from './migrate-process-instance.ts'
import { modifyProcessInstance } from './modify-process-instance.ts'
import { invalidArgument, invalidState, notFound } from './reject.ts'

/** Makes a batch operation with an item for each process instance, or for each of its active incidents. */
export function createBatchOperation(
  processing: Processing,
  command: CreateBatchOperation,
): CommandResults['CreateBatchOperation'] {
  const { plan, processInstanceKeys } = command
  const items = processInstanceKeys.flatMap((key) =>
    plan.type === 'RESOLVE_INCIDENT'
      ? processing.state.incidents
          .find("processInstanceKey = ? AND state = 'ACTIVE' ORDER BY key", key)
          .map((incident): [Key, Key] => [incident.key, key])
      : [[key, key] as [Key, Key]],
  )
  if (items.length > MAX_BATCH_ITEMS)
    throw invalidArgument(
      command.type,
      `Expected at most ${MAX_BATCH_ITEMS} items in a batch operation, but there are ${items.length}: narrow the filter`,
    )
  const batchOperationKey = processing.nextKey()
  processing.emit({ type: 'BatchOperationCreated', key: batchOperationKey, plan, items })
  if (items.length === 0)
    processing.emit({ type: 'BatchOperationStateChanged', key: batchOperationKey, state: 'COMPLETED' })
  return { batchOperationKey }
}

/** Holds a batch operation. */
export function suspendBatchOperation(processing: Processing, command: SuspendBatchOperation): undefined {
  changeState(processing, command, 'suspend', ['ACTIVE'], 'SUSPENDED')
}

/** Lets a batch operation go on. */
export function resumeBatchOperation(processing: Processing, command: ResumeBatchOperation): undefined {
  changeState(processing, command, 'resume', ['SUSPENDED'], 'ACTIVE')
}

/** Ends a batch operation. */
export function cancelBatchOperation(processing: Processing, command: CancelBatchOperation): undefined {
  changeState(processing, command, 'cancel', ['ACTIVE', 'SUSPENDED'], 'CANCELED')
}

function changeState(
  processing: Processing,
  command: SuspendBatchOperation | ResumeBatchOperation | CancelBatchOperation,
  wanted: string,
  from: readonly BatchOperationRow['state'][],
  state: BatchOperationRow['state'],
): void {
  const row = processing.state.batchOperations.get(command.batchOperationKey)
  if (row === undefined) throw notFound(command.type, wanted, 'batch operation', command.batchOperationKey)
  if (!from.includes(row.state))
    throw invalidState(
      command.type,
      `Expected to ${wanted} batch operation with key '${row.key}', but it is in state '${row.state}'`,
    )
  processing.emit({ type: 'BatchOperationStateChanged', key: row.key, state })
}

/** Does what a batch operation says to its next item; a command that is refused makes the item a failed one. */
export function processBatchItem(processing: Processing, itemId: string): void {
  const item = processing.state.batchOperationItems.get(itemId)
  if (item === undefined || item.state !== 'ACTIVE') return
  const operation = processing.state.batchOperations.require(item.batchOperationKey)
  if (operation.state !== 'ACTIVE') return
  finishItem(processing, item, carryOut(processing, JSON.parse(operation.plan), item))
}

/** The command of an item was refused while it was carried out, and has been undone: the item is a failed one. */
export function failBatchItem(processing: Processing, itemId: string, errorMessage: string): void {
  const item = processing.state.batchOperationItems.get(itemId)
  if (item?.state === 'ACTIVE') finishItem(processing, item, errorMessage)
}

function finishItem(processing: Processing, item: BatchOperationItemRow, errorMessage: string | null): void {
  processing.emit({ type: 'BatchOperationItemProcessed', id: item.id, errorMessage })
  const { completedCount, failedCount, totalCount } = processing.state.batchOperations.require(item.batchOperationKey)
  if (completedCount + failedCount === totalCount)
    processing.emit({ type: 'BatchOperationStateChanged', key: item.batchOperationKey, state: 'COMPLETED' })
}

/** @returns why the command was refused, if it was */
function carryOut(processing: Processing, plan: BatchOperationPlan, item: BatchOperationItemRow): string | null {
  const { processInstanceKey } = item
  try {
    switch (plan.type) {
      case 'CANCEL_PROCESS_INSTANCE':
        cancelProcessInstance(processing, { type: 'CancelProcessInstance', processInstanceKey })
        return null
      case 'RESOLVE_INCIDENT':
        retryJob(processing, item.itemKey)
        resolveIncident(processing, { type: 'ResolveIncident', incidentKey: item.itemKey })
        return null
      case 'MIGRATE_PROCESS_INSTANCE':
        migrateProcessInstance(processing, {
          type: 'MigrateProcessInstance',
          processInstanceKey,
          targetProcessDefinitionKey: plan.targetProcessDefinitionKey,
          mappingInstructions: plan.mappingInstructions,
        })
        return null
      case 'MODIFY_PROCESS_INSTANCE':
        modifyProcessInstance(processing, moves(processing, processInstanceKey, plan.moveInstructions))
        return null
    }
  } catch (error) {
    if (!(error instanceof CommandRejection)) throw error
    return error.message
  }
}

/** As Camunda does in a batch: a job without retries gets one, or resolving its incident would be refused. */
function retryJob(processing: Processing, incidentKey: Key): void {
  const incident = processing.state.incidents.get(incidentKey)
  if (incident?.state !== 'ACTIVE' || incident.jobKey === null) return
  const job = processing.state.jobs.get(incident.jobKey)
  if (job !== undefined && job.retries <= 0) processing.emit({ type: 'JobRetriesUpdated', key: job.key, retries: 1 })
}

/** The modification that moves what is active at the sources, each in the scope in which it was where that holds the target. */
function moves(
  processing: Processing,
  processInstanceKey: Key,
  instructions: readonly MoveInstruction[],
): ModifyProcessInstance {
  const activateInstructions: ActivateInstruction[] = []
  const terminateInstructions: { elementInstanceKey: Key }[] = []
  const instance = processing.state.processInstances.get(processInstanceKey)
  for (const { sourceElementId, targetElementId } of instructions) {
    const active = processing.state.elements.find(
      "processInstanceKey = ? AND elementId = ? AND loopCounter IS NULL AND state NOT IN ('COMPLETED', 'TERMINATED') ORDER BY key",
      processInstanceKey,
      sourceElementId,
    )
    const target = instance && processing.model(instance.processDefinitionKey).nodes.get(targetElementId)
    for (const { key, flowScopeKey } of active) {
      terminateInstructions.push({ elementInstanceKey: key })
      const scope = processing.state.elements.get(flowScopeKey)
      const holdsTarget = scope !== undefined && target?.parent?.id === scope.elementId
      activateInstructions.push({
        elementId: targetElementId,
        ...(holdsTarget ? { ancestorElementInstanceKey: flowScopeKey } : {}),
      })
    }
  }
  return { type: 'ModifyProcessInstance', processInstanceKey, activateInstructions, terminateInstructions }
}
