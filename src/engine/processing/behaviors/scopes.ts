import { type FlowNode, noneStart, triggerOf } from '../../model/types.ts'
import type { Key } from '../../protocol/values.ts'
import type { ElementInstanceRow } from '../../state/rows.ts'
import { activated, activateElement, type Trigger } from '../lifecycle.ts'
import { setResult } from '../mappings.ts'
import type { Behavior, Processing } from '../processing.ts'
import { boundaryEvents, prepareSubscriptions } from '../subscriptions.ts'
import { ownVariables } from '../variables.ts'

/** A scope is done when nothing is active in it, no flow is under way and no event subprocess has to start. */
export function completeWhenEmpty(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  if (row.activeChildren > 0 || row.activeFlows > 0) return
  if (!startInterrupting(processing, node, row)) processing.enqueue({ type: 'Complete', key: row.key })
}

/** Starts the event subprocess that interrupted a scope, if it had to wait until the last inside had terminated. */
function startInterrupting(processing: Processing, node: FlowNode, row: ElementInstanceRow): boolean {
  if (row.interruptedBy === null || row.trigger === null) return false
  const trigger: Trigger = JSON.parse(row.trigger)
  const eventSubprocess = node.eventSubprocesses.find(
    (candidate) => candidate.id === row.interruptedBy && triggerOf(candidate).id === trigger.elementId,
  )
  if (eventSubprocess === undefined) return false
  processing.emit({ type: 'TriggerTaken', key: row.key })
  activateElement(processing, eventSubprocess, row.key, { trigger })
  return true
}

function activateScope(
  processing: Processing,
  node: FlowNode,
  row: ElementInstanceRow,
  start: FlowNode,
  trigger?: Trigger,
): void {
  const subscriptions = prepareSubscriptions(processing, row, boundaryEvents(node, row))
  activated(processing, row.key)
  subscriptions.open()
  activateElement(processing, start, row.key, trigger === undefined ? {} : { trigger })
}

/** An embedded subprocess. */
export const subprocess: Behavior = {
  activate(processing, node, row) {
    const start = noneStart(node)
    if (start === undefined) throw new Error(`${node.id} has no none start event`)
    activateScope(processing, node, row, start)
  },
  childEnded: completeWhenEmpty,
}

/** An event subprocess: its start event takes the trigger that made it. */
export const eventSubprocess: Behavior = {
  activate: (processing, node, row) =>
    activateScope(processing, node, row, triggerOf(node), JSON.parse(row.trigger ?? 'null') ?? undefined),
  childEnded: completeWhenEmpty,
}

/** A process instance, started by its none start event or by the event that triggered it. */
export const process: Behavior = {
  activate(processing, node, row) {
    const trigger: Trigger | undefined = JSON.parse(row.trigger ?? 'null') ?? undefined
    const start = trigger === undefined ? noneStart(node) : node.startEvents.find(({ id }) => id === trigger.elementId)
    if (start === undefined) throw new Error(`process ${node.id} has no start event ${trigger?.elementId ?? ''}`)
    activateScope(processing, node, row, start, trigger)
  },
  leave: (processing, _node, row) => {
    ended(processing, row, true)
    returnToCaller(processing, row.key)
  },
  terminated: (processing, row) => ended(processing, row, false),
  childEnded: completeWhenEmpty,
}

function ended(processing: Processing, row: ElementInstanceRow, completed: boolean): void {
  const instance = processing.state.processInstances.get(row.key)
  if (instance?.parentElementInstanceKey == null) processing.effects.ended.push({ key: row.key, completed })
  if (instance?.correlationKey != null)
    processing.enqueue({
      type: 'StartBuffered',
      processDefinitionId: instance.processDefinitionId,
      correlationKey: instance.correlationKey,
    })
}

/** A called process has completed: its variables go to the call activity as that says. */
function returnToCaller(processing: Processing, processInstanceKey: Key): void {
  const callerKey = processing.state.processInstances.get(processInstanceKey)?.parentElementInstanceKey ?? null
  if (callerKey === null) return
  const caller = processing.element(callerKey)
  const node = processing.node(caller)
  if (node.task?.kind !== 'call') throw new Error(`${node.id} is not a call activity`)
  if (node.task.propagateAllChildVariables || node.outputs.length > 0)
    setResult(processing, node, callerKey, ownVariables(processing, processInstanceKey))
  processing.enqueue({ type: 'Complete', key: callerKey })
}
