import { child, children, extension, flag, text, type XmlElement } from './moddle.ts'
import { checkExtensions, variableOf } from './read-common.ts'
import { readJob } from './read-task.ts'
import type { Report } from './report.ts'
import type { AdHoc, FlowNode, Task } from './types.ts'

/** Reads how an ad-hoc subprocess works: by its worker, or by a collection and a condition. */
export function readAdHoc(element: XmlElement, report: Report): { adHoc: AdHoc; task: Task | undefined } {
  checkExtensions(
    element,
    ['zeebe:IoMapping', 'zeebe:ExecutionListeners', 'zeebe:AdHoc', 'zeebe:TaskDefinition', 'zeebe:TaskHeaders'],
    report,
  )
  const definition = extension(element, 'zeebe:AdHoc')
  const hasWorker = extension(element, 'zeebe:TaskDefinition') !== undefined
  const collection = text(definition, 'activeElementsCollection')
  const condition = text(child(element, 'completionCondition'), 'body')
  const outputCollection = text(definition, 'outputCollection')
  const outputElement = text(definition, 'outputElement')
  if (hasWorker && collection !== undefined)
    report.add(element, 'must not define activeElementsCollection in combination with zeebe:taskDefinition')
  if (hasWorker && condition !== undefined)
    report.add(element, 'must not define completionCondition in combination with zeebe:taskDefinition')
  if ((outputCollection === undefined) !== (outputElement === undefined))
    report.add(element, 'outputCollection and outputElement must be given together')
  return {
    adHoc: {
      activeElements: collection === undefined ? undefined : report.feel(element, collection),
      completionCondition: condition === undefined ? undefined : report.feel(element, condition),
      cancelRemaining: flag(element, 'cancelRemainingInstances', true),
      outputCollection,
      outputElement: outputElement === undefined ? undefined : report.feel(element, outputElement),
      outputVariable: variableOf(outputElement),
      documentation: new Map(
        children(element, 'flowElements').flatMap((inner) => {
          const documentation = text(children(inner, 'documentation')[0], 'text')
          return documentation === undefined ? [] : [[inner.id ?? '', documentation] as const]
        }),
      ),
    },
    task: hasWorker ? readJob(element, report) : undefined,
  }
}

/** What can be started in an ad-hoc subprocess: what no sequence flow leads to. */
export function activities(nodes: ReadonlyMap<string, FlowNode>, adHoc: FlowNode): FlowNode[] {
  return [...nodes.values()].filter(
    ({ parent, type, incoming }) =>
      parent === adHoc &&
      incoming.length === 0 &&
      type !== 'BOUNDARY_EVENT' &&
      type !== 'EVENT_SUB_PROCESS' &&
      type !== 'AD_HOC_SUB_PROCESS_INNER_INSTANCE',
  )
}
