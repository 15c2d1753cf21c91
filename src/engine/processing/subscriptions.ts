import { type Expression, reported } from '../model/expression.ts'
import { type FlowNode, triggerOf } from '../model/types.ts'
import type { Key } from '../protocol/values.ts'
import type { ElementInstanceRow } from '../state/rows.ts'
import { evaluateIn, evaluateText, typeName } from './expressions.ts'
import { ElementFailure, type Processing } from './processing.ts'
import { evaluateTimer } from './timers.ts'
import { lookup } from './variables.ts'

/** Timers and subscriptions whose expressions are evaluated; `open` emits them. */
interface PreparedSubscriptions {
  open(): void
}

/** The boundary events that an element instance waits for; those of a multi-instance activity belong to its body. */
export function boundaryEvents(node: FlowNode, row: ElementInstanceRow): readonly FlowNode[] {
  return node.loop === undefined || row.type === 'MULTI_INSTANCE_BODY' ? node.boundaries : []
}

/** The events that an element instance waits for besides itself: boundary events, event subprocesses. */
export function attachedEvents(node: FlowNode, row: ElementInstanceRow): FlowNode[] {
  const scopes = row.type === 'MULTI_INSTANCE_BODY' ? [] : node.eventSubprocesses
  return [...boundaryEvents(node, row), ...scopes.map(triggerOf)]
}

/**
 * As observed on Camunda: the events of a scope's event subprocesses are waited for when its start event completes.
 * @throws {ElementFailure} when one of them cannot be evaluated: an incident of the start event
 */
export function prepareScopeEvents(processing: Processing, start: ElementInstanceRow): PreparedSubscriptions {
  const scope = processing.element(start.flowScopeKey)
  return prepareSubscriptions(processing, scope, processing.node(scope).eventSubprocesses.map(triggerOf))
}

/**
 * Evaluates what `row` has to wait for.
 * @throws {ElementFailure} when a date, duration, cycle, name or correlation key cannot be had
 */
export function prepareSubscriptions(
  processing: Processing,
  row: ElementInstanceRow,
  events: readonly FlowNode[],
): PreparedSubscriptions {
  const openings: (() => void)[] = []
  for (const event of events) {
    if (event.event?.kind === 'timer') openings.push(prepareTimer(processing, row, event))
    if (event.event?.kind === 'message') openings.push(prepareMessage(processing, row, event))
    if (event.event?.kind === 'signal') openings.push(prepareSignal(processing, row, event, event.event.name))
  }
  return {
    open() {
      for (const open of openings) open()
    },
  }
}

function prepareTimer(processing: Processing, row: ElementInstanceRow, node: FlowNode): () => void {
  if (node.event?.kind !== 'timer') throw new Error(`${node.id} is not a timer event`)
  const schedule = evaluateTimer(processing, node.event, lookup(processing, row.key))
  return () => {
    if (schedule === undefined) return
    processing.emit({
      type: 'TimerCreated',
      row: {
        key: processing.nextKey(),
        ...schedule,
        elementId: node.id,
        elementInstanceKey: row.key,
        processInstanceKey: row.processInstanceKey,
        processDefinitionKey: row.processDefinitionKey,
        processDefinitionId: row.processDefinitionId,
      },
    })
  }
}

function prepareMessage(processing: Processing, row: ElementInstanceRow, node: FlowNode): () => void {
  const messageName = messageNameOf(processing, row, node)
  // As observed on Camunda: the key of a boundary event is evaluated outside of the activity, its name inside.
  const keyScope = node.type === 'BOUNDARY_EVENT' ? row.flowScopeKey : row.key
  const correlationKey = evaluateCorrelationKey(processing, node, keyScope)
  return () => {
    const key = processing.nextKey()
    processing.emit({
      type: 'MessageSubscriptionOpened',
      row: {
        key,
        messageName,
        correlationKey,
        elementId: node.id,
        elementInstanceKey: row.key,
        processInstanceKey: row.processInstanceKey,
        processDefinitionKey: row.processDefinitionKey,
        processDefinitionId: row.processDefinitionId,
        interrupting: isSingleUse(node) ? 1 : 0,
        creationDate: processing.now,
      },
    })
    processing.enqueue({ type: 'CorrelateBuffered', subscriptionKey: key })
  }
}

/** The name of the message that an event of an element instance waits for. @throws {ElementFailure} */
export function messageNameOf(processing: Processing, row: ElementInstanceRow, node: FlowNode): string {
  if (node.event?.kind !== 'message') throw new Error(`${node.id} is not a message event`)
  return evaluateText(processing, node.event.name, row.key)
}

function prepareSignal(processing: Processing, row: ElementInstanceRow, node: FlowNode, name: Expression): () => void {
  const signalName = evaluateText(processing, name, row.key)
  return () =>
    processing.emit({
      type: 'SignalSubscriptionOpened',
      row: {
        key: processing.nextKey(),
        signalName,
        elementId: node.id,
        elementInstanceKey: row.key,
        processInstanceKey: row.processInstanceKey,
        processDefinitionKey: row.processDefinitionKey,
        processDefinitionId: row.processDefinitionId,
        interrupting: isSingleUse(node) ? 1 : 0,
      },
    })
}

function evaluateCorrelationKey(processing: Processing, node: FlowNode, scopeKey: Key): string {
  const expression = node.event?.kind === 'message' ? node.event.correlationKey : undefined
  if (expression === undefined) throw new Error(`${node.id} has no correlation key`)
  const { value, warnings } = evaluateIn(processing, expression, scopeKey)
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new ElementFailure(
    'EXTRACT_VALUE_ERROR',
    `Failed to extract the correlation key for '${expression.source}': The value must be either a string or a number, ` +
      `but was '${typeName(value)}'.${reported(warnings)}`,
  )
}

/** Whether an event happens at most once to the element instance that waits for it. */
export function isSingleUse(node: FlowNode): boolean {
  return node.type === 'BOUNDARY_EVENT' || node.parent?.type === 'EVENT_SUB_PROCESS' ? node.interrupting : true
}

/** Every event that an element instance may wait for: its own, those behind a gateway, those attached to it. */
export function awaitedEvents(node: FlowNode, row: ElementInstanceRow): FlowNode[] {
  const own = node.event === undefined || row.type === 'MULTI_INSTANCE_BODY' ? [] : [node]
  const behind = node.type === 'EVENT_BASED_GATEWAY' ? node.outgoing.map(({ target }) => target) : []
  return [...own, ...behind, ...attachedEvents(node, row)]
}

/** The kinds of events that an element instance may wait for: only their tables need be asked. */
function awaitedKinds(node: FlowNode, row: ElementInstanceRow): ReadonlySet<string> {
  return new Set(awaitedEvents(node, row).flatMap(({ event }) => (event === undefined ? [] : [event.kind])))
}

/** Closes timers and subscriptions of an element instance: all, or those of given events only. */
export function closeSubscriptions(
  processing: Processing,
  node: FlowNode,
  row: ElementInstanceRow,
  onlyEvents?: ReadonlySet<string>,
): void {
  const kinds = awaitedKinds(node, row)
  const { timers, messageSubscriptions, signalSubscriptions } = processing.state
  if (kinds.has('timer'))
    for (const { key, elementId } of timers.find('elementInstanceKey = ? ORDER BY key', row.key))
      if (onlyEvents?.has(elementId) ?? true) processing.emit({ type: 'TimerCanceled', key })
  if (kinds.has('message'))
    for (const { key, elementId } of messageSubscriptions.find('elementInstanceKey = ? ORDER BY key', row.key))
      if (onlyEvents?.has(elementId) ?? true) processing.emit({ type: 'MessageSubscriptionClosed', key })
  if (kinds.has('signal'))
    for (const { key, elementId } of signalSubscriptions.find('elementInstanceKey = ? ORDER BY key', row.key))
      if (onlyEvents?.has(elementId) ?? true) processing.emit({ type: 'SignalSubscriptionClosed', key })
}
