import type { Flow, FlowNode } from '../model/types.ts'
import { type Key, type LifecycleState, NO_KEY, type Variables } from '../protocol/values.ts'
import type { ElementInstanceRow } from '../state/rows.ts'
import { dropCompensations, handlerEnded, keepForCompensation } from './compensation.ts'
import { guarded, resolveIncidents } from './incidents.ts'
import { createListenerJob } from './jobs.ts'
import { flowsToJoin, isJoin } from './joins.ts'
import { finishLoopInstance, setLoopVariables } from './loops.ts'
import { applyInputs, applyOutputs, setTriggerVariables } from './mappings.ts'
import { doNested, type Nested } from './nested.ts'
import type { Processing } from './processing.ts'
import { closeSubscriptions, prepareScopeEvents } from './subscriptions.ts'
import { setLocal } from './variables.ts'

/** The life of every element instance: which state may follow which. Listeners are called between two states. */
const LIFECYCLE: Readonly<Record<LifecycleState, readonly LifecycleState[]>> = {
  ACTIVATING: ['ACTIVATED', 'TERMINATING'],
  ACTIVATED: ['COMPLETING', 'TERMINATING'],
  COMPLETING: ['COMPLETED', 'TERMINATING'],
  COMPLETED: [],
  TERMINATING: ['TERMINATED'],
  TERMINATED: [],
}

/** An event that takes over from what it interrupts, as kept in a row. */
export interface Trigger {
  readonly elementId: string
  readonly variables: Variables
}

/** How an element comes to be activated. */
interface Activation {
  /** By a sequence flow that was counted when it was taken. */
  readonly byFlow?: boolean
  /** By an event, which brings variables. */
  readonly trigger?: Trigger
  /** As instance `index` (from 0) of a multi-instance body. */
  readonly loopIndex?: number
  /** With variables of its own, set before anything of it is evaluated. */
  readonly variables?: Variables
  /** As the handler of a compensation. */
  readonly compensation?: Key
}

/** Makes an element instance and leads it to its start listeners, its behaviour or an incident. */
export function activateElement(processing: Processing, node: FlowNode, scopeKey: Key, how: Activation = {}): Key {
  const key = makeElement(processing, node, scopeKey, how)
  if (how.compensation !== undefined)
    processing.emit({ type: 'CompensationHandlerStarted', key: how.compensation, handlerKey: key })
  if (how.variables !== undefined) setLocal(processing, key, how.variables)
  if (how.trigger !== undefined) takeTrigger(processing, node, key, how.trigger)
  if (how.loopIndex !== undefined) setLoopVariables(processing, node, key, how.loopIndex)
  enter(processing, key)
  return key
}

/** Makes an element instance that does nothing yet. */
export function makeElement(processing: Processing, node: FlowNode, scopeKey: Key, how: Activation = {}): Key {
  const key = processing.nextKey()
  const asBody = node.loop !== undefined && how.loopIndex === undefined
  processing.emit({
    type: 'ElementActivating',
    key,
    elementId: node.id,
    elementName: node.name,
    elementType: asBody ? 'MULTI_INSTANCE_BODY' : node.type,
    processInstanceKey: processing.element(scopeKey).processInstanceKey,
    flowScopeKey: scopeKey,
    loopCounter: how.loopIndex === undefined ? null : how.loopIndex + 1,
    byFlow: how.byFlow ?? false,
  })
  return key
}

/** The event's variables go to the event's own element; a scope keeps the trigger for its start event. */
function takeTrigger(processing: Processing, node: FlowNode, key: Key, trigger: Trigger): void {
  processing.emit({ type: 'EventChosen', key, trigger: JSON.stringify(trigger) })
  if (trigger.elementId === node.id) setTriggerVariables(processing, node, key, trigger.variables)
}

/** Input mappings, then the start listeners; also what resolving an incident of an ACTIVATING element does again. */
export function enter(processing: Processing, key: Key): void {
  const row = processing.element(key)
  const node = processing.node(row)
  guarded(processing, key, () => {
    processing.countActivation()
    if (row.type !== 'MULTI_INSTANCE_BODY') applyInputs(processing, node, row)
    processing.behavior(row).enter?.(processing, row)
    continueActivation(processing, key)
  })
}

/** Calls the next start listener, or hands over to the element's behaviour. */
export function continueActivation(processing: Processing, key: Key): void {
  guarded(processing, key, () => {
    const row = processing.element(key)
    const node = processing.node(row)
    // As on Camunda: where an event-based gateway has waited, the event has happened and its start listeners are too late.
    const isLate = row.type === 'INTERMEDIATE_CATCH_EVENT' && row.trigger !== null
    const listener = row.type === 'MULTI_INSTANCE_BODY' || isLate ? undefined : node.startListeners[row.listenerIndex]
    if (listener !== undefined) createListenerJob(processing, key, listener, 'START')
    else processing.behavior(row).activate(processing, node, row)
  })
}

/** The element is active: it waits, or `passThrough` completes it as the next step. */
export function activated(processing: Processing, key: Key, passThrough?: 'passThrough'): void {
  transition(processing, key, 'ACTIVATED')
  if (passThrough !== undefined) processing.enqueue({ type: 'Complete', key })
}

/** Passes a gateway that has chosen: no listener, mapping or event lies between its states. */
export function passGateway(processing: Processing, row: ElementInstanceRow, flows: readonly Flow[]): void {
  transition(processing, row.key, 'ACTIVATED')
  transition(processing, row.key, 'COMPLETING')
  transition(processing, row.key, 'COMPLETED')
  if (!terminatesInstance(processing, row)) takeFlows(processing, row, flows)
}

/** Passes an event that only marks what happens: nothing lies between its states, and nothing follows. */
export function passEvent(processing: Processing, node: FlowNode, scopeKey: Key): void {
  const key = makeElement(processing, node, scopeKey)
  transition(processing, key, 'ACTIVATED')
  transition(processing, key, 'COMPLETING')
  transition(processing, key, 'COMPLETED')
}

/** Completes an active element instance; one that is not active any more is left alone. */
export function completeElement(processing: Processing, key: Key): void {
  if (processing.state.elements.get(key)?.state !== 'ACTIVATED') return
  transition(processing, key, 'COMPLETING')
  leave(processing, key)
}

/** Output mappings, then the end listeners; also what resolving an incident of a COMPLETING element does again. */
export function leave(processing: Processing, key: Key): void {
  guarded(processing, key, () => {
    const row = processing.element(key)
    const node = processing.node(row)
    if (row.type !== 'MULTI_INSTANCE_BODY') applyOutputs(processing, node, row)
    closeSubscriptions(processing, node, row)
    continueCompletion(processing, key)
  })
}

/** Calls the next end listener, or completes. */
export function continueCompletion(processing: Processing, key: Key): void {
  guarded(processing, key, () => {
    const row = processing.element(key)
    const node = processing.node(row)
    const listener = row.type === 'MULTI_INSTANCE_BODY' ? undefined : node.endListeners[row.listenerIndex]
    if (listener !== undefined) {
      createListenerJob(processing, key, listener, 'END')
      return
    }
    if (row.type === 'START_EVENT') prepareScopeEvents(processing, row).open()
    const endsLoop = row.loopCounter !== null && finishLoopInstance(processing, node, row)
    processing.behavior(row).finish?.(processing, row)
    transition(processing, key, 'COMPLETED')
    keepForCompensation(processing, node, row)
    handlerEnded(processing, node, row)
    if (terminatesInstance(processing, row)) return
    if (endsLoop) {
      endLoop(processing, node, row.flowScopeKey)
      return
    }
    const behavior = processing.behavior(row)
    if (behavior.leave !== undefined) behavior.leave(processing, node, row)
    else takeFlows(processing, row, node.outgoing)
  })
}

/**
 * An element has completed after which its process instance is to be terminated. One after which nothing is left lets
 * the instance complete.
 */
function terminatesInstance(processing: Processing, row: ElementInstanceRow): boolean {
  if (!endsInstance(processing, row)) return false
  const process = processing.element(row.processInstanceKey)
  const isLast = row.flowScopeKey === process.key && process.activeChildren + process.activeFlows === 0
  if (isLast && processing.node(row).outgoing.length === 0) return false
  terminateElement(processing, process.key)
  return true
}

/** Whether a runtime instruction names this element; instances inside a multi-instance body do not count. */
function endsInstance(processing: Processing, row: ElementInstanceRow): boolean {
  const instructed = processing.state.processInstances.get(row.processInstanceKey)?.terminateAfter ?? null
  if (instructed === null || row.loopCounter !== null) return false
  const elementIds: unknown = JSON.parse(instructed)
  return Array.isArray(elementIds) && elementIds.includes(row.elementId)
}

/** Takes sequence flows out of a completed element instance; without any, its scope may be done. */
export function takeFlows(processing: Processing, row: ElementInstanceRow, flows: readonly Flow[]): void {
  // An instance of a multi-instance activity has no flows of its own: the body takes them.
  if (row.loopCounter !== null || flows.length === 0) childEnded(processing, row.flowScopeKey)
  else for (const flow of flows) takeFlow(processing, flow, row.flowScopeKey)
}

/** Takes one sequence flow in a scope: its target is activated, or a joining gateway waits for the others. */
function takeFlow(processing: Processing, flow: Flow, scopeKey: Key): void {
  const { target } = flow
  const joins = isJoin(target)
  processing.emit({ type: 'SequenceFlowTaken', flowId: flow.id, scopeKey, gatewayId: joins ? target.id : null })
  if (!joins) processing.enqueue({ type: 'ActivateByFlow', node: target, scopeKey })
  else if (target.type === 'PARALLEL_GATEWAY') joinTokens(processing, target, scopeKey)
  // Flows that are taken together with this one count: an inclusive gateway is asked when they are under way.
  else processing.enqueue({ type: 'Join', node: target, scopeKey })
}

/** Activates a joining gateway when no other token has to be waited for. */
export function joinTokens(processing: Processing, gateway: FlowNode, scopeKey: Key): void {
  const flows = flowsToJoin(processing, gateway, scopeKey)
  if (flows === undefined) return
  processing.emit({ type: 'GatewayJoined', scopeKey, flowIds: flows.map(({ id }) => id) })
  activateElement(processing, gateway, scopeKey)
}

/** Tells a scope that an element instance inside has ended. */
export function childEnded(processing: Processing, scopeKey: Key): void {
  if (scopeKey === NO_KEY) return
  const scope = processing.element(scopeKey)
  if (scope.state === 'ACTIVATED') processing.behavior(scope).childEnded?.(processing, processing.node(scope), scope)
}

/** The completion condition of a multi-instance body or ad-hoc subprocess holds: what is active in it ends, then it. */
export function endLoop(processing: Processing, node: FlowNode, bodyKey: Key): void {
  terminateChildren(processing, bodyKey)
  if (processing.element(bodyKey).activeChildren === 0) processing.enqueue({ type: 'Complete', key: bodyKey })
  else processing.emit({ type: 'ScopeInterrupted', key: bodyKey, elementId: node.id })
}

/** How an element instance is terminated. */
interface Termination {
  /** The boundary event that takes over when it has terminated. */
  readonly trigger?: Trigger
  /** Listeners of user tasks are not asked, and what waits for their answer ends too. */
  readonly atOnce?: boolean
}

/** Terminates an element instance and everything inside: at once, unless listeners of user tasks have to be asked first. */
export function terminateElement(processing: Processing, key: Key, how: Termination = {}): void {
  doNested(termination(processing, key, how))
}

function* termination(processing: Processing, key: Key, how: Termination): Nested {
  const row = processing.element(key)
  const { trigger, atOnce = false } = how
  const starts = LIFECYCLE[row.state].includes('TERMINATING')
  if (!starts && !(atOnce && row.state === 'TERMINATING')) return
  const node = processing.node(row)
  if (starts)
    processing.emit({
      type: 'ElementTerminating',
      key,
      trigger: trigger === undefined ? null : JSON.stringify(trigger),
    })
  closeSubscriptions(processing, node, row)
  cancelJobs(processing, node, row)
  if (processing.element(key).activeChildren > 0)
    for (const child of activeChildren(processing, key)) yield termination(processing, child.key, { atOnce })
  resolveIncidents(processing, key)
  const behavior = processing.behavior(row)
  const called = behavior.called?.(processing, row)
  if (called !== undefined) yield termination(processing, called, { atOnce })
  const waitsForCalled = called !== undefined && processing.element(called).state === 'TERMINATING'
  const waits = behavior.terminate?.(processing, row, atOnce) ?? false
  if (!waits && !waitsForCalled && processing.element(key).activeChildren === 0) finishTermination(processing, key)
}

/** What an element instance had to wait for before it could terminate has ended. */
export function continueTermination(processing: Processing, key: Key): void {
  for (let ended = key; ended !== NO_KEY; ) {
    const row = processing.element(ended)
    if (row.state !== 'TERMINATING' || row.activeChildren > 0) return
    finishTermination(processing, ended)
    ended =
      row.flowScopeKey === NO_KEY
        ? (processing.state.processInstances.get(ended)?.parentElementInstanceKey ?? NO_KEY)
        : row.flowScopeKey
    if (ended === NO_KEY || processing.element(ended).state === 'TERMINATING') continue
    childEnded(processing, row.flowScopeKey)
    return
  }
}

function finishTermination(processing: Processing, key: Key): void {
  const row = processing.element(key)
  const node = processing.node(row)
  transition(processing, key, 'TERMINATED')
  dropCompensations(processing, node, key)
  handlerEnded(processing, node, row)
  processing.behavior(row).terminated?.(processing, row)
  // A step for later: the event that interrupted it is activated before, as on Camunda.
  if (endsInstance(processing, row)) processing.enqueue({ type: 'Terminate', key: row.processInstanceKey })
  if (row.trigger !== null) activateInterrupting(processing, row, JSON.parse(row.trigger))
}

function activateInterrupting(processing: Processing, row: ElementInstanceRow, trigger: Trigger): void {
  const event = processing.model(row.processDefinitionKey).nodes.get(trigger.elementId)
  if (event === undefined) throw new Error(`no element ${trigger.elementId}`)
  const scope = processing.element(row.flowScopeKey)
  if (scope.state === 'ACTIVATED' && scope.interruptedBy === null)
    activateElement(processing, event, scope.key, { trigger })
}

/** Terminates what is active in a scope, oldest first. */
export function terminateChildren(processing: Processing, scopeKey: Key, atOnce = false): void {
  if (processing.element(scopeKey).activeChildren === 0) return
  for (const child of activeChildren(processing, scopeKey)) terminateElement(processing, child.key, { atOnce })
}

/** The element instances in a scope that have not ended. */
export function activeChildren(processing: Processing, scopeKey: Key): ElementInstanceRow[] {
  return processing.state.elements.find(
    "flowScopeKey = ? AND state NOT IN ('COMPLETED', 'TERMINATED') ORDER BY key",
    scopeKey,
  )
}

function cancelJobs(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  const hasListeners = node.startListeners.length + node.endListeners.length > 0
  if (node.task?.kind === 'job' || hasListeners)
    for (const { key } of processing.state.jobs.find('elementInstanceKey = ? AND endTime IS NULL', row.key))
      processing.emit({ type: 'JobCanceled', key })
}

const EVENTS = {
  ACTIVATED: 'ElementActivated',
  COMPLETING: 'ElementCompleting',
  COMPLETED: 'ElementCompleted',
  TERMINATED: 'ElementTerminated',
} as const

function transition(processing: Processing, key: Key, to: keyof typeof EVENTS): void {
  const { state } = processing.element(key)
  if (!LIFECYCLE[state].includes(to)) throw new Error(`element instance ${key} cannot go from ${state} to ${to}`)
  processing.emit({ type: EVENTS[to], key })
}
