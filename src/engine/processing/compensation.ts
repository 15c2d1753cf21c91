import { compensationEvent } from '../model/read-compensation.ts'
import type { FlowNode } from '../model/types.ts'
import type { Key } from '../protocol/values.ts'
import type { CompensationSubscriptionRow, ElementInstanceRow } from '../state/rows.ts'
import type { Processing } from './processing.ts'

/** An element instance has completed: what can be compensated of it is kept, and what cannot be any more is dropped. */
export function keepForCompensation(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  if (row.type === 'PROCESS' || row.type === 'EVENT_SUB_PROCESS') {
    dropCompensations(processing, node, row.key)
    return
  }
  // The compensation of a multi-instance activity belongs to its body.
  const owns = node.loop === undefined || row.type === 'MULTI_INSTANCE_BODY'
  const event = owns ? compensationEvent(node) : undefined
  if (event === undefined && !(node.compensable && holdsCompensations(processing, row.key))) return
  processing.emit({
    type: 'CompensationSubscribed',
    row: {
      key: processing.nextKey(),
      scopeKey: row.flowScopeKey,
      activityKey: row.key,
      activityId: row.elementId,
      boundaryId: event?.id ?? null,
      processInstanceKey: row.processInstanceKey,
      throwKey: null,
      handlerKey: null,
    },
  })
}

function holdsCompensations(processing: Processing, scopeKey: Key): boolean {
  return processing.state.compensations.findFirst('scopeKey = ?', scopeKey) !== undefined
}

/** A scope has ended for good: nothing in it can be compensated any more. */
export function dropCompensations(processing: Processing, node: FlowNode, scopeKey: Key): void {
  if (node.compensable) drop(processing, scopeKey)
}

function drop(processing: Processing, scopeKey: Key): void {
  for (const { key, activityKey } of processing.state.compensations.find('scopeKey = ? ORDER BY key', scopeKey)) {
    drop(processing, activityKey)
    processing.emit({ type: 'CompensationEnded', key })
  }
}

/** The event that compensates is terminated: what it has not finished cannot be compensated again. */
export function abandonCompensations(processing: Processing, throwKey: Key): void {
  for (const { key } of processing.state.compensations.find('throwKey = ? ORDER BY key', throwKey))
    processing.emit({ type: 'CompensationEnded', key })
}

/** A handler has ended: the event that called it completes when it was the last. */
export function handlerEnded(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  if (!node.compensates || row.loopCounter !== null) return
  const done = processing.state.compensations.findFirst('handlerKey = ?', row.key)
  if (done?.throwKey == null) return
  processing.emit({ type: 'CompensationEnded', key: done.key })
  if (processing.state.compensations.findFirst('throwKey = ?', done.throwKey) === undefined)
    processing.enqueue({ type: 'Complete', key: done.throwKey })
}

/**
 * What an event compensates: completed activities of its scope (in an event subprocess, of the scope around it as well) and,
 * inside of completed subprocesses, theirs; oldest first, a subprocess before what is in it.
 */
export function findCompensations(
  processing: Processing,
  row: ElementInstanceRow,
  activityId: string | undefined,
): CompensationSubscriptionRow[] {
  const scope = processing.element(row.flowScopeKey)
  const around = scope.type === 'EVENT_SUB_PROCESS' ? waitingIn(processing, scope.flowScopeKey) : []
  return [...around, ...waitingIn(processing, scope.key)]
    .filter((found) => activityId === undefined || found.activityId === activityId)
    .sort((a, b) => a.key - b.key)
    .flatMap((found) => [found, ...inside(processing, found.activityKey)])
}

function waitingIn(processing: Processing, scopeKey: Key): CompensationSubscriptionRow[] {
  return processing.state.compensations.find('scopeKey = ? AND throwKey IS NULL ORDER BY key', scopeKey)
}

function inside(processing: Processing, scopeKey: Key): CompensationSubscriptionRow[] {
  return waitingIn(processing, scopeKey).flatMap((found) => [found, ...inside(processing, found.activityKey)])
}
