import { child, children, flag, text, type XmlElement } from './moddle.ts'
import type { Report } from './report.ts'
import type { FlowNode } from './types.ts'

/** A node whose part in compensation is being found out. */
export interface CompensationDraft extends FlowNode {
  compensationHandler: FlowNode | undefined
  compensates: boolean
  compensable: boolean
}

/**
 * Links compensation boundary events with the handlers that associations name. As observed on Camunda: the first association
 * of an event counts, and the last compensation event of an activity.
 */
export function linkCompensation(scopes: readonly XmlElement[], nodes: ReadonlyMap<string, CompensationDraft>): void {
  for (const association of scopes.flatMap((scope) => children(scope, 'artifacts'))) {
    if (association.$type !== 'bpmn:Association') continue
    const event = nodes.get(child(association, 'sourceRef')?.id ?? '')
    const handler = nodes.get(child(association, 'targetRef')?.id ?? '')
    if (event?.event?.kind !== 'compensation' || event.compensationHandler !== undefined || handler === undefined)
      continue
    event.compensationHandler = handler
    handler.compensates = true
    for (let around = event.parent as CompensationDraft | undefined; around !== undefined; ) {
      around.compensable = true
      around = around.parent as CompensationDraft | undefined
    }
  }
}

/** The event that has an activity compensated, if it can be. */
export function compensationEvent(activity: FlowNode): FlowNode | undefined {
  return activity.boundaries.findLast(({ event }) => event?.kind === 'compensation')
}

/** Checks what stands together for a compensation. */
export function checkCompensation(element: XmlElement, node: FlowNode, report: Report): void {
  const problem = (reason: string) => report.add(element, reason)
  if (node.compensates || flag(element, 'isForCompensation', false)) {
    if (node.incoming.length + node.outgoing.length > 0) problem('a compensation handler must not have sequence flows')
    if (node.boundaries.length > 0) problem('a compensation handler must not have boundary events')
    if (node.task === undefined && node.type !== 'SUB_PROCESS' && !node.type.startsWith('AD_HOC'))
      problem('only an activity can be a compensation handler')
  }
  if (node.event?.kind !== 'compensation') return
  if (node.type === 'BOUNDARY_EVENT') checkBoundary(node, problem)
  else checkThrow(element, node, problem)
}

function checkBoundary(node: FlowNode, problem: (reason: string) => void): void {
  if (node.compensationHandler === undefined)
    problem('a compensation boundary event needs an association with its compensation handler')
  if (node.outgoing.length > 0) problem('a compensation boundary event must not have outgoing sequence flows')
  if (!node.interrupting) problem('a compensation boundary event must be interrupting')
}

function checkThrow(element: XmlElement, node: FlowNode, problem: (reason: string) => void): void {
  const definition = children(element, 'eventDefinitions')[0]
  if (!flag(definition, 'waitForCompletion', true)) problem('waitForCompletion of a compensation event must be true')
  if (node.event?.kind !== 'compensation' || node.event.activityId === undefined) return
  const id = node.event.activityId
  const { parent } = node
  const scopes = parent?.type === 'EVENT_SUB_PROCESS' ? [parent, parent.parent] : [parent]
  const activity = scopes.map((scope) => scope && childOf(scope, id)).find((found) => found !== undefined)
  if (activity === undefined) problem(`activity '${id}' must be in the scope of the compensation event`)
  else if (activity.type !== 'SUB_PROCESS' && compensationEvent(activity) === undefined)
    problem(`activity '${id}' must have a compensation boundary event or be a subprocess`)
}

/** An element of a scope itself. */
function childOf(scope: FlowNode, id: string): FlowNode | undefined {
  return scope.children.find((node) => node.id === id)
}

/** The activity that a throwing compensation event names. */
export function readActivityRef(definition: XmlElement): string | undefined {
  return text(child(definition, 'activityRef'), 'id')
}
