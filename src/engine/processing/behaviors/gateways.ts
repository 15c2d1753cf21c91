import type { Flow, FlowNode } from '../../model/types.ts'
import type { ElementInstanceRow } from '../../state/rows.ts'
import { evaluateBoolean } from '../expressions.ts'
import { activated, activateElement, passGateway, type Trigger } from '../lifecycle.ts'
import { type Behavior, ElementFailure, type Processing } from '../processing.ts'
import { prepareSubscriptions } from '../subscriptions.ts'

/** The flows whose condition holds, up to `most`; else the default flow. @throws {ElementFailure} when none is left */
function choose(processing: Processing, node: FlowNode, row: ElementInstanceRow, most: number): readonly Flow[] {
  if (node.outgoing.length === 0) return []
  const chosen: Flow[] = []
  for (const flow of node.outgoing) {
    if (chosen.length === most) break
    if (flow === node.defaultFlow) continue
    if (flow.condition === undefined || evaluateBoolean(processing, flow.condition, row.key)) chosen.push(flow)
  }
  if (chosen.length > 0) return chosen
  if (node.defaultFlow !== undefined) return [node.defaultFlow]
  throw new ElementFailure(
    'CONDITION_ERROR',
    'Expected at least one condition to evaluate to true, or to have a default flow',
  )
}

/** A gateway that chooses up to `most` flows. */
const choosing = (most: number): Behavior => ({
  activate: (processing, node, row) => passGateway(processing, row, choose(processing, node, row, most)),
})

/** One flow: the first whose condition holds. */
export const exclusiveGateway: Behavior = choosing(1)

/** Every flow whose condition holds. */
export const inclusiveGateway: Behavior = choosing(Number.POSITIVE_INFINITY)

/** All flows; joining is done where flows are taken. */
export const parallelGateway: Behavior = {
  activate: (processing, node, row) => passGateway(processing, row, node.outgoing),
}

/** Waits for the first of the events behind it. */
export const eventBasedGateway: Behavior = {
  activate(processing, node, row) {
    const events = node.outgoing.map(({ target }) => target)
    const subscriptions = prepareSubscriptions(processing, row, events)
    activated(processing, row.key)
    subscriptions.open()
  },
  leave(processing, node, row) {
    const trigger: Trigger = JSON.parse(row.trigger ?? 'null')
    const flow = node.outgoing.find(({ target }) => target.id === trigger.elementId)
    if (flow === undefined) throw new Error(`gateway ${node.id} does not lead to ${trigger.elementId}`)
    // As observed on Camunda: the flow to the event is not taken.
    activateElement(processing, flow.target, row.flowScopeKey, { trigger })
  },
}
