import { type FlowNode, noneStart, triggerOf } from '../../model/types.ts'
import type { ElementType } from '../../protocol/values.ts'
import type { ElementInstanceRow } from '../../state/rows.ts'
import type { Trigger } from '../lifecycle.ts'
import type { Processing } from '../processing.ts'
import { planEvents } from './events.ts'
import { planTokens } from './gateways.ts'
import { type Migration, mappedNode, refusal, typeIn } from './migration.ts'

/** What may be active when an instance is led over; as on Camunda 8.8, the others are not supported yet. */
const SUPPORTED: ReadonlySet<ElementType> = new Set([
  'PROCESS',
  'SUB_PROCESS',
  'EVENT_SUB_PROCESS',
  'MULTI_INSTANCE_BODY',
  'CALL_ACTIVITY',
  'SERVICE_TASK',
  'SEND_TASK',
  'SCRIPT_TASK',
  'BUSINESS_RULE_TASK',
  'USER_TASK',
  'RECEIVE_TASK',
  'INTERMEDIATE_CATCH_EVENT',
  'EXCLUSIVE_GATEWAY',
  'INCLUSIVE_GATEWAY',
  'PARALLEL_GATEWAY',
  'EVENT_BASED_GATEWAY',
])

/**
 * Checks whether an element instance can be led over, in Camunda's order.
 * @returns what emits the change
 * @throws {CommandRejection}
 */
export function planElement(processing: Processing, migration: Migration, row: ElementInstanceRow): () => void {
  const source = processing.node(row)
  const target = targetOf(migration, row, source)
  checkImplementation(migration, source, target)
  checkScope(processing, migration, row, target)
  checkLoop(migration, row, source, target)
  const events = planEvents(processing, migration, row, source, target)
  const tokens = planTokens(processing, migration, row)
  const trigger = migratedTrigger(migration, row, source, target)
  return () => {
    processing.emit({
      type: 'ElementMigrated',
      key: row.key,
      elementId: target.id,
      elementName: target.name,
      ...(trigger === undefined ? {} : { trigger: JSON.stringify(trigger) }),
      ...(row.interruptedBy === null ? {} : { interruptedBy: mappedId(migration, row.interruptedBy) }),
    })
    events()
    tokens()
  }
}

function mappedId({ mapped }: Migration, id: string): string {
  return mapped.get(id) ?? id
}

function targetOf(migration: Migration, row: ElementInstanceRow, source: FlowNode): FlowNode {
  const active = `active element with id '${source.id}'`
  if (!SUPPORTED.has(row.type))
    throw refusal(migration, `${active} has an unsupported type. The migration of a ${row.type} is not supported.`)
  const target = mappedNode(migration, source)
  if (target === undefined)
    throw refusal(
      migration,
      `no mapping instruction defined for ${active}. Elements cannot be migrated without a mapping.`,
    )
  const type = typeIn(target, row)
  if (type !== row.type)
    throw refusal(
      migration,
      `${active} and type '${row.type}' is mapped to an element with id '${target.id}' and different type '${type}'. ` +
        'Elements must be mapped to elements of the same type.',
    )
  return target
}

const IMPLEMENTATIONS: Readonly<Record<string, string>> = { user: 'zeebe user task', job: 'job worker' }

function checkImplementation(migration: Migration, source: FlowNode, target: FlowNode): void {
  if (source.type !== 'USER_TASK' || source.task?.kind === target.task?.kind) return
  throw refusal(
    migration,
    `active user task with id '${source.id}' and implementation '${IMPLEMENTATIONS[source.task?.kind ?? '']}' is mapped ` +
      `to a user task with id '${target.id}' and deprecated implementation '${IMPLEMENTATIONS[target.task?.kind ?? '']}'.`,
  )
}

function checkScope(processing: Processing, migration: Migration, row: ElementInstanceRow, target: FlowNode): void {
  // The scope of an instance inside a multi-instance body is the body, which is of the same element.
  if (row.type === 'PROCESS' || row.loopCounter !== null) return
  const expected = mappedNode(migration, processing.node(processing.element(row.flowScopeKey)))
  if (expected === target.parent) return
  throw refusal(
    migration,
    `the flow scope of active element with id '${row.elementId}' is changed. The flow scope of the active element is ` +
      `expected to be '${expected?.id}' but was '${target.parent?.id}'. ` +
      'The flow scope of an element cannot be changed during migration yet.',
  )
}

function checkLoop(migration: Migration, row: ElementInstanceRow, source: FlowNode, target: FlowNode): void {
  if (row.type !== 'MULTI_INSTANCE_BODY' || source.loop?.sequential === target.loop?.sequential) return
  throw refusal(
    migration,
    `active element with id '${source.id}' has a different loop characteristics than the target element with id ` +
      `'${target.id}'. Both elements must have either sequential or parallel loop characteristics.`,
  )
}

/**
 * An event has happened to the element instance and takes over later: when listeners have agreed, or what is inside has
 * ended. It must be one of the new definition then.
 */
function migratedTrigger(
  migration: Migration,
  row: ElementInstanceRow,
  source: FlowNode,
  target: FlowNode,
): Trigger | undefined {
  const trigger: Trigger | null = JSON.parse(row.trigger ?? 'null')
  const starts = row.state === 'ACTIVATING' && (row.type === 'PROCESS' || row.type === 'EVENT_SUB_PROCESS')
  if (trigger === null) {
    if (starts && row.type === 'PROCESS' && noneStart(target) === undefined)
      throw refusal(migration, `it has not started yet, and process '${target.id}' has no none start event.`)
    return undefined
  }
  const isPending = starts || row.state === 'TERMINATING' || isAwaited(source, row, trigger)
  if (!isPending) return undefined
  const event =
    row.type === 'EVENT_SUB_PROCESS' && starts ? triggerOf(target) : targetEvent(migration, trigger.elementId)
  if (event === undefined)
    throw refusal(
      migration,
      `event '${trigger.elementId}' has happened to active element with id '${source.id}' and has not been handled yet. ` +
        'Please provide a mapping instruction for it.',
    )
  return { ...trigger, elementId: event.id }
}

function targetEvent(migration: Migration, elementId: string): FlowNode | undefined {
  const source = migration.source.nodes.get(elementId)
  const target = source && mappedNode(migration, source)
  return target?.type === source?.type && target?.event?.kind === source?.event?.kind ? target : undefined
}

/** Whether a scope waits for what is inside to end before its event subprocess starts. */
function isAwaited(source: FlowNode, row: ElementInstanceRow, trigger: Trigger): boolean {
  return source.eventSubprocesses.some(
    (candidate) => candidate.id === row.interruptedBy && triggerOf(candidate).id === trigger.elementId,
  )
}
