import {
  adHocOf,
  askWorker,
  collectOutput,
  describeActivities,
  handlerEnded,
  innerCompleted,
  isFulfilled,
  startActivity,
  unknownActivities,
} from '../ad-hoc.ts'
import { evaluateTexts } from '../expressions.ts'
import { activated, takeFlows } from '../lifecycle.ts'
import { type Behavior, ElementFailure } from '../processing.ts'
import { attachedEvents, prepareSubscriptions } from '../subscriptions.ts'
import { propagate, setLocal } from '../variables.ts'
import { completeWhenEmpty } from './scopes.ts'

/** An ad-hoc subprocess: starts what its collection, its worker or a command names. */
export const adHocSubprocess: Behavior = {
  // Before the listeners, which may choose from it; set again after an incident it is the same.
  enter: (processing, row) =>
    setLocal(processing, row.key, { adHocSubProcessElements: describeActivities(processing, row) }),

  activate(processing, node, row) {
    const { activeElements, outputCollection } = adHocOf(node)
    const ids =
      activeElements === undefined ? [] : evaluateIds(() => evaluateTexts(processing, activeElements, row.key))
    const unknown = unknownActivities(processing, row, ids)
    if (unknown !== undefined) throw new ElementFailure('EXTRACT_VALUE_ERROR', unknown)
    const subscriptions = prepareSubscriptions(processing, row, attachedEvents(node, row))
    if (node.task?.kind === 'job') askWorker(processing, node, row)
    if (outputCollection !== undefined) setLocal(processing, row.key, { [outputCollection]: [] })
    activated(processing, row.key)
    subscriptions.open()
    for (const elementId of ids) startActivity(processing, row, { elementId })
  },

  childEnded(processing, _node, row) {
    if (row.activeChildren > 0) return
    if (row.interruptedBy !== null) processing.enqueue({ type: 'Complete', key: row.key })
    else handlerEnded(processing, row.key)
  },

  leave(processing, node, row) {
    const { outputCollection } = adHocOf(node)
    const collected = outputCollection && processing.state.variables.local(row.key, outputCollection)
    if (collected)
      propagate(processing, row.flowScopeKey, { [collected.name]: processing.state.variables.valueOf(collected) })
    takeFlows(processing, row, node.outgoing)
  },
}

function evaluateIds(evaluate: () => string[]): string[] {
  try {
    return evaluate()
  } catch (error) {
    if (!(error instanceof ElementFailure)) throw error
    throw new ElementFailure(error.errorType, `Failed to activate ad-hoc elements. ${error.message}`)
  }
}

/** Where an activity of an ad-hoc subprocess runs, with what follows it. */
export const innerInstance: Behavior = {
  activate: (processing, _node, row) => activated(processing, row.key),
  childEnded: completeWhenEmpty,
  finish(processing, row) {
    collectOutput(processing, row)
    isFulfilled(processing, row.flowScopeKey)
  },
  leave: (processing, _node, row) => innerCompleted(processing, row.flowScopeKey),
}
