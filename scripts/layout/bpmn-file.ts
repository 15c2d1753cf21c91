import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { BpmnModdle } from 'bpmn-moddle'

/** An element of a BPMN file as bpmn-moddle gives it: attributes and children are properties of their XML names. */
export interface Element {
  readonly $type: string
  $parent?: Element
  id: string
  name?: string
  // biome-ignore lint/suspicious/noExplicitAny: bpmn-moddle is untyped; the accessors below are the checked way in
  [property: string]: any
}

interface Moddle {
  fromXML(xml: string): Promise<{ rootElement: Element; warnings: { message: string }[] }>
  toXML(element: Element, options: { format: boolean }): Promise<{ xml: string }>
  create(type: string, attributes: Record<string, unknown>): Element
}

const require = createRequire(import.meta.url)
const packageOf = (path: string): unknown => JSON.parse(readFileSync(require.resolve(path), 'utf8'))

/** Reader and writer of BPMN with the Camunda 8 extension; the modeler's own attributes pass through as they are. */
export const moddle = new BpmnModdle({
  zeebe: packageOf('zeebe-bpmn-moddle/resources/zeebe.json'),
}) as unknown as Moddle

/**
 * Reads BPMN XML.
 * @throws {Error} with the first warning, e.g. an unresolved reference
 */
export async function readDefinitions(xml: string, file: string): Promise<Element> {
  const { rootElement, warnings } = await moddle.fromXML(xml)
  const [problem] = warnings
  if (problem !== undefined) throw new Error(`${file}: ${problem.message}`)
  return rootElement
}

const list = (element: Element, property: string): Element[] => (element[property] as Element[] | undefined) ?? []

/** The one process of a file. */
export function processOf(definitions: Element): Element {
  const found = list(definitions, 'rootElements').filter(({ $type }) => $type === 'bpmn:Process')
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`${definitions.id}: a file holds exactly one process`)
  return found[0]
}

/** The collaboration around the process, when it has lanes. */
export function collaborationOf(definitions: Element): Element | undefined {
  return list(definitions, 'rootElements').find(({ $type }) => $type === 'bpmn:Collaboration')
}

/** Lanes of a process, top to bottom. */
export function lanesOf(process: Element): Element[] {
  return list(process, 'laneSets').flatMap((set) => list(set, 'lanes'))
}

/** Flow nodes directly in a process or subprocess. */
export function nodesOf(container: Element): Element[] {
  return list(container, 'flowElements').filter(({ $type }) => $type !== 'bpmn:SequenceFlow')
}

/** Sequence flows directly in a process or subprocess. */
export function flowsOf(container: Element): Element[] {
  return list(container, 'flowElements').filter(({ $type }) => $type === 'bpmn:SequenceFlow')
}

/** All flow nodes, those inside subprocesses included. */
export function allNodesOf(container: Element): Element[] {
  return nodesOf(container).flatMap((node) => [node, ...allNodesOf(node)])
}

/** All sequence flows, those inside subprocesses included. */
export function allFlowsOf(container: Element): Element[] {
  return [...flowsOf(container), ...nodesOf(container).flatMap(allFlowsOf)]
}

/** Tells whether an element is of a type, e.g. `BoundaryEvent`. */
export const is = (element: Element, ...types: string[]): boolean =>
  types.some((type) => element.$type === `bpmn:${type}`)

/** Tells whether an element is a gateway of any kind. */
export const isGateway = (element: Element): boolean => element.$type.endsWith('Gateway')

/** Tells whether an element is an event of any kind. */
export const isEvent = (element: Element): boolean => element.$type.endsWith('Event')
