import { type FlowNode, triggerOf } from '../model/types.ts'
import { type Key, NO_KEY, type Variables } from '../protocol/values.ts'
import type { ElementInstanceRow } from '../state/rows.ts'
import { activateElement, type Trigger, terminateChildren, terminateElement } from './lifecycle.ts'
import { setResult } from './mappings.ts'
import type { Processing } from './processing.ts'
import { closeSubscriptions } from './subscriptions.ts'

/** Where an error or escalation is caught: the event, and the element instance that waits for it. */
interface Catcher {
  readonly event: FlowNode
  readonly waiting: ElementInstanceRow
}

/** An event happens to the element instance that waits for it. One that does not wait any more is left alone. */
export function triggerEvent(processing: Processing, waitingKey: Key, event: FlowNode, variables: Variables): void {
  const waiting = processing.state.elements.get(waitingKey)
  if (waiting === undefined) return
  const trigger: Trigger = { elementId: event.id, variables }
  if (event.type === 'BOUNDARY_EVENT') {
    if (waiting.state === 'ACTIVATED' || waiting.state === 'COMPLETING')
      triggerBoundary(processing, waiting, event, trigger)
    return
  }
  if (waiting.state !== 'ACTIVATED') return
  if (event.parent?.type === 'EVENT_SUB_PROCESS' && event.type === 'START_EVENT') {
    triggerEventSubprocess(processing, waiting, event.parent, trigger)
  } else if (waiting.type === 'EVENT_BASED_GATEWAY') {
    processing.emit({ type: 'EventChosen', key: waiting.key, trigger: JSON.stringify(trigger) })
    closeSubscriptions(processing, processing.node(waiting), waiting)
    processing.enqueue({ type: 'Complete', key: waiting.key })
  } else {
    setResult(processing, event, waiting.key, variables)
    processing.enqueue({ type: 'Complete', key: waiting.key })
  }
}

function triggerBoundary(processing: Processing, host: ElementInstanceRow, event: FlowNode, trigger: Trigger): void {
  if (event.interrupting) terminateElement(processing, host.key, { trigger })
  else activateElement(processing, event, host.flowScopeKey, { trigger })
}

function triggerEventSubprocess(
  processing: Processing,
  scope: ElementInstanceRow,
  eventSubprocess: FlowNode,
  trigger: Trigger,
): void {
  if (scope.interruptedBy !== null) return
  if (triggerOf(eventSubprocess).interrupting) {
    const node = processing.node(scope)
    processing.emit({ type: 'ScopeInterrupted', key: scope.key, elementId: eventSubprocess.id })
    closeSubscriptions(processing, node, scope, new Set(node.eventSubprocesses.map((one) => triggerOf(one).id)))
    terminateChildren(processing, scope.key)
    if (processing.element(scope.key).activeChildren > 0) {
      processing.emit({ type: 'EventChosen', key: scope.key, trigger: JSON.stringify(trigger) })
      return
    }
  }
  activateElement(processing, eventSubprocess, scope.key, { trigger })
}

/**
 * Finds who catches an error or escalation that is thrown at (or inside) an element instance: boundary events of it,
 * event subprocesses and boundary events of each scope around it, then those of the call activity that started the
 * process. On one level an event with the very code goes before one that catches all.
 */
export function findCatcher(
  processing: Processing,
  kind: 'error' | 'escalation',
  code: string,
  thrownAt: ElementInstanceRow,
): Catcher | undefined {
  for (const { waiting, events } of catchEventsAround(processing, thrownAt, kind)) {
    const event = matching(events, kind, code)
    if (event !== undefined) return { event, waiting }
  }
  return undefined
}

/** The codes of the error events that could have caught an error thrown at an element instance, innermost first. */
export function caughtErrorCodes(processing: Processing, thrownAt: ElementInstanceRow): string[] {
  const levels = [...catchEventsAround(processing, thrownAt, 'error')]
  return levels.flatMap(({ events }) =>
    events.flatMap(({ event }) => (event?.kind === 'error' && event.code !== undefined ? [event.code.source] : [])),
  )
}

/** What can catch errors and escalations around an element instance, level by level from the inside. */
function* catchEventsAround(
  processing: Processing,
  thrownAt: ElementInstanceRow,
  kind: 'error' | 'escalation',
): Generator<{ readonly waiting: ElementInstanceRow; readonly events: readonly FlowNode[] }> {
  let current = thrownAt
  for (;;) {
    const node = processing.node(current)
    const ownsBoundaries = node.loop === undefined || current.type === 'MULTI_INSTANCE_BODY'
    // As observed on Camunda: an error in an event subprocess that has interrupted its scope climbs no further in its process
    // instance (it does to the caller of that); an escalation does.
    if (kind === 'error' && current.interruptedBy !== null) current = processing.element(current.processInstanceKey)
    else if (ownsBoundaries) yield { waiting: current, events: node.boundaries }
    if (current.flowScopeKey === NO_KEY) {
      const caller = processing.state.processInstances.get(current.key)?.parentElementInstanceKey ?? null
      if (caller === null) return
      current = processing.element(caller)
      continue
    }
    current = processing.element(current.flowScopeKey)
    if (current.type === 'MULTI_INSTANCE_BODY' || current.interruptedBy !== null) continue
    yield { waiting: current, events: processing.node(current).eventSubprocesses.map(triggerOf) }
  }
}

function matching(events: readonly FlowNode[], kind: 'error' | 'escalation', code: string): FlowNode | undefined {
  const candidates = events.filter(({ event }) => event?.kind === kind)
  const codeOf = ({ event }: FlowNode) => (event?.kind === kind ? event.code?.source : undefined)
  return (
    candidates.find((candidate) => codeOf(candidate) === code) ??
    candidates.find((candidate) => codeOf(candidate) === undefined)
  )
}
