import type { ActivateAdHocActivities, CompleteJob } from '../../protocol/commands.ts'
import type { ActivateElement } from '../../protocol/job-result.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import type { ElementInstanceRow, JobRow } from '../../state/rows.ts'
import { startActivity, unknownActivities } from '../ad-hoc.ts'
import { endLoop, terminateChildren } from '../lifecycle.ts'
import { setResult } from '../mappings.ts'
import type { Processing } from '../processing.ts'
import { invalidArgument, invalidState } from './reject.ts'

/** Starts activities of an active ad-hoc subprocess. */
export function activateAdHocActivities(processing: Processing, command: ActivateAdHocActivities): undefined {
  const { adHocSubProcessInstanceKey: key, elements, cancelRemainingInstances } = command
  const row = processing.state.elements.get(key)
  if (row === undefined || row.type !== 'AD_HOC_SUB_PROCESS' || row.state === 'COMPLETED' || row.state === 'TERMINATED')
    throw new CommandRejection(
      'NOT_FOUND',
      command.type,
      `Expected to activate activities for ad-hoc sub-process but no ad-hoc sub-process instance found with key '${key}'.`,
    )
  if (row.state !== 'ACTIVATED' || row.interruptedBy !== null)
    throw invalidState(
      command.type,
      `Expected to activate activities for ad-hoc sub-process with key '${key}', but it is in state '${row.state}'`,
    )
  if (elements.length === 0)
    throw invalidArgument(command.type, 'Expected at least one element to be activated, but none given')
  refuseUnknown(processing, command.type, row, elements)
  if (cancelRemainingInstances === true) terminateChildren(processing, key)
  for (const element of elements) startActivity(processing, row, element)
}

/** The worker of an ad-hoc subprocess answered: it starts activities, or the subprocess is done. */
export function completeAdHocJob(processing: Processing, command: CompleteJob, job: JobRow): void {
  const row = processing.element(job.elementInstanceKey)
  const node = processing.node(row)
  // As on Camunda a result that is for another kind of job says nothing here.
  const result = command.result?.type === 'adHocSubProcess' ? command.result : undefined
  const activities = result?.activateElements ?? []
  refuseUnknown(processing, command.type, row, activities)
  processing.emit({ type: 'JobCompleted', key: job.key })
  setResult(processing, node, row.key, command.variables ?? {})
  if (row.state !== 'ACTIVATED') return
  if (result?.isCompletionConditionFulfilled === true) processing.emit({ type: 'AdHocFulfilled', key: row.key })
  else if (result?.isCancelRemainingInstances === true) terminateChildren(processing, row.key)
  for (const activity of activities) startActivity(processing, row, activity)
  if (result?.isCompletionConditionFulfilled !== true) return
  if (result.isCancelRemainingInstances === true) endLoop(processing, node, row.key)
  else if (processing.element(row.key).activeChildren === 0) processing.enqueue({ type: 'Complete', key: row.key })
}

function refuseUnknown(
  processing: Processing,
  commandType: string,
  row: ElementInstanceRow,
  elements: readonly ActivateElement[],
): void {
  const ids = elements.map(({ elementId }) => elementId)
  const unknown = unknownActivities(processing, row, ids)
  if (unknown !== undefined) throw new CommandRejection('NOT_FOUND', commandType, unknown)
}
