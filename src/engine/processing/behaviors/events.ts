import type { Expression } from '../../model/expression.ts'
import type { FlowNode } from '../../model/types.ts'
import type { ElementInstanceRow } from '../../state/rows.ts'
import { evaluateText } from '../expressions.ts'
import { activated, activateElement, activeChildren, childEnded, takeFlows, terminateElement } from '../lifecycle.ts'
import { type Behavior, ElementFailure, type Processing } from '../processing.ts'
import { prepareSubscriptions } from '../subscriptions.ts'
import { caughtErrorCodes, findCatcher, triggerEvent } from '../triggers.ts'
import { ownVariables } from '../variables.ts'
import { abandonThrow, throwCompensation } from './compensation.ts'
import { jobTask } from './tasks.ts'

/** A start or boundary event: what triggers it happened before. */
export const triggeredEvent: Behavior = {
  activate: (processing, _node, row) => activated(processing, row.key, 'passThrough'),
}

/** An intermediate catch event: waits, unless the event-based gateway before it has waited. */
export const catchEvent: Behavior = {
  activate(processing, node, row) {
    if (row.trigger !== null || node.event?.kind === 'link') {
      activated(processing, row.key, 'passThrough')
      return
    }
    const subscriptions = prepareSubscriptions(processing, row, [node])
    activated(processing, row.key)
    subscriptions.open()
  },
}

/** An intermediate throw event. */
export const throwEvent: Behavior = {
  activate(processing, node, row) {
    throwEventOf(processing, node, row)
  },
  terminate: abandonThrow,
  leave(processing, node, row) {
    if (node.event?.kind !== 'link') {
      takeFlows(processing, row, node.outgoing)
      return
    }
    const target = node.parent?.links.get(node.event.name)
    if (target === undefined) throw new Error(`no link catch event ${node.event.name}`)
    activateElement(processing, target, row.flowScopeKey)
  },
}

/** An end event. */
export const endEvent: Behavior = {
  activate(processing, node, row) {
    throwEventOf(processing, node, row)
  },
  terminate: abandonThrow,
  leave(processing, node, row) {
    if (node.event?.kind === 'terminate') {
      processing.emit({ type: 'ScopeInterrupted', key: row.flowScopeKey, elementId: node.id })
      for (const { key } of activeChildren(processing, row.flowScopeKey)) terminateElement(processing, key)
    }
    childEnded(processing, row.flowScopeKey)
  },
}

function throwEventOf(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  switch (node.event?.kind) {
    case 'error':
      throwError(processing, node, row)
      return
    case 'escalation':
      throwEscalation(processing, node, row)
      return
    case 'message':
      jobTask.activate(processing, node, row)
      return
    case 'signal':
      throwSignal(processing, row, node.event.name)
      return
    case 'compensation':
      throwCompensation(processing, node, row)
      return
    default:
      activated(processing, row.key, 'passThrough')
  }
}

function throwError(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  if (node.event?.kind !== 'error' || node.event.code === undefined) throw new Error(`${node.id} has no error code`)
  const code = evaluateText(processing, node.event.code, row.key)
  const catcher = findCatcher(processing, 'error', code, row)
  if (catcher === undefined) throw unhandledError(processing, row, code)
  activated(processing, row.key)
  triggerEvent(processing, catcher.waiting.key, catcher.event, {})
}

/** The failure of an error that nobody catches. */
export function unhandledError(
  processing: Processing,
  thrownAt: ElementInstanceRow,
  code: string,
  message = '',
): ElementFailure {
  const told = message === '' ? '' : ` with message '${message}'`
  const codes = caughtErrorCodes(processing, thrownAt)
  const available =
    codes.length === 0
      ? 'No error events are available in the scope.'
      : `Available error events are [${codes.join(', ')}]`
  return new ElementFailure(
    'UNHANDLED_ERROR_EVENT',
    `Expected to throw an error event with the code '${code}'${told}, but it was not caught. ${available}`,
  )
}

/** Broadcasts a signal with the variables that the event itself holds: what its input mappings gave. */
function throwSignal(processing: Processing, row: ElementInstanceRow, name: Expression): void {
  const signalName = evaluateText(processing, name, row.key)
  activated(processing, row.key)
  processing.enqueue({ type: 'Broadcast', signalName, variables: ownVariables(processing, row.key) })
  processing.enqueue({ type: 'Complete', key: row.key })
}

/** Throws an escalation; nobody need catch it. An interrupting catch event ends the throwing one as well. */
function throwEscalation(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  if (node.event?.kind !== 'escalation' || node.event.code === undefined) throw new Error(`${node.id} has no code`)
  const code = evaluateText(processing, node.event.code, row.key)
  const catcher = findCatcher(processing, 'escalation', code, row)
  activated(processing, row.key)
  if (catcher !== undefined) triggerEvent(processing, catcher.waiting.key, catcher.event, {})
  processing.enqueue({ type: 'Complete', key: row.key })
}
