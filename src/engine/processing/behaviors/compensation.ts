import type { FlowNode } from '../../model/types.ts'
import type { Key } from '../../protocol/values.ts'
import type { CompensationSubscriptionRow, ElementInstanceRow } from '../../state/rows.ts'
import { abandonCompensations, findCompensations } from '../compensation.ts'
import { activated, activateElement, passEvent } from '../lifecycle.ts'
import { ElementFailure, type Processing } from '../processing.ts'

/** Calls the handlers of all that is to be compensated, at once; the event completes with the last of them. */
export function throwCompensation(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  if (node.event?.kind !== 'compensation') throw new Error(`${node.id} is not a compensation event`)
  const found = findCompensations(processing, row, node.event.activityId)
  checkHandlers(processing, row, found)
  activated(processing, row.key)
  for (const { key, boundaryId } of found) {
    if (boundaryId === null) {
      processing.emit({ type: 'CompensationEnded', key })
      continue
    }
    processing.emit({ type: 'CompensationTriggered', key, throwKey: row.key })
    passEvent(processing, boundaryOf(processing, row, boundaryId), row.flowScopeKey)
    processing.enqueue({ type: 'Compensate', subscriptionKey: key })
  }
  if (found.every(({ boundaryId }) => boundaryId === null)) processing.enqueue({ type: 'Complete', key: row.key })
}

/** @throws {ElementFailure} when the instance was migrated to a definition that lacks what compensates an activity */
function checkHandlers(
  processing: Processing,
  row: ElementInstanceRow,
  found: readonly CompensationSubscriptionRow[],
): void {
  const { nodes } = processing.model(row.processDefinitionKey)
  const lost = found.find(
    ({ boundaryId }) => boundaryId !== null && nodes.get(boundaryId)?.compensationHandler === undefined,
  )
  if (lost !== undefined)
    throw new ElementFailure(
      'UNKNOWN',
      `Expected to compensate activity '${lost.activityId}' by the compensation event '${lost.boundaryId ?? ''}', but the ` +
        'process definition to which the instance was migrated has no such event',
    )
}

/** Starts a handler in the scope of the event that calls it, unless that was left meanwhile. */
export function startHandler(processing: Processing, subscriptionKey: Key): void {
  const subscription = processing.state.compensations.get(subscriptionKey)
  if (subscription?.throwKey == null || subscription.boundaryId === null) return
  const thrower = processing.element(subscription.throwKey)
  const handler = boundaryOf(processing, thrower, subscription.boundaryId).compensationHandler
  if (handler === undefined) throw new Error(`${subscription.boundaryId} has no compensation handler`)
  activateElement(processing, handler, thrower.flowScopeKey, { compensation: subscriptionKey })
}

/** A compensation event is terminated. */
export function abandonThrow(processing: Processing, row: ElementInstanceRow): boolean {
  if (processing.node(row).event?.kind === 'compensation') abandonCompensations(processing, row.key)
  return false
}

function boundaryOf(processing: Processing, row: ElementInstanceRow, boundaryId: string): FlowNode {
  const boundary = processing.model(row.processDefinitionKey).nodes.get(boundaryId)
  if (boundary === undefined) throw new Error(`no element ${boundaryId}`)
  return boundary
}
