import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { allFlowsOf, allNodesOf, type Element, lanesOf, processOf, readDefinitions } from '../layout/bpmn-file.ts'
import type { Box, Point } from '../layout/geometry.ts'

/** What the linter found wrong, in words that say what to do. */
export interface Finding {
  file: string
  element: string
  rule: string
  message: string
}

/** One BPMN file, read. */
export interface Diagram {
  file: string
  xml: string
  definitions: Element
  process: Element
  nodes: Element[]
  flows: Element[]
  lanes: Element[]
  /** Shapes by the id of what they show. */
  shapes: Map<string, { box: Box; label: Box | undefined }>
  edges: Map<string, { points: Point[]; label: Box | undefined }>
}

/** What the diagrams refer to and the linter looks up. */
export interface Surroundings {
  deadlineKeys: ReadonlySet<string>
  decisionIds: ReadonlySet<string>
  formIds: ReadonlySet<string>
  jobTypes: ReadonlySet<string>
  processIds: ReadonlySet<string>
}

/** One rule: looks at a diagram and says what is wrong. */
export type Rule = (diagram: Diagram, report: (element: string, message: string) => void, around: Surroundings) => void

/** Reads a diagram with its shapes. */
export async function readDiagram(xml: string, file: string): Promise<Diagram> {
  const definitions = await readDefinitions(xml, file)
  const process = processOf(definitions)
  const planes = ((definitions.diagrams ?? []) as Element[]).flatMap(
    (diagram) => (diagram.plane?.planeElement ?? []) as Element[],
  )
  const labelOf = (drawn: Element): Box | undefined =>
    drawn.label?.bounds === undefined ? undefined : boxOf(drawn.label.bounds)
  const shapes: Diagram['shapes'] = new Map()
  const edges: Diagram['edges'] = new Map()
  for (const drawn of planes) {
    const id = (drawn.bpmnElement as Element | undefined)?.id ?? drawn.id
    if (drawn.$type === 'bpmndi:BPMNShape') shapes.set(id, { box: boxOf(drawn.bounds), label: labelOf(drawn) })
    else edges.set(id, { points: (drawn.waypoint as Element[]).map(({ x, y }) => ({ x, y })), label: labelOf(drawn) })
  }
  return {
    file,
    xml,
    definitions,
    process,
    nodes: allNodesOf(process),
    flows: allFlowsOf(process),
    lanes: lanesOf(process),
    shapes,
    edges,
  }
}

const boxOf = ({ x, y, width, height }: Element): Box => ({ x, y, width, height })

/** The extension element of a type, e.g. `zeebe:TaskDefinition`. */
export function extension(element: Element, type: string): Element | undefined {
  return ((element.extensionElements?.values ?? []) as Element[]).find((candidate) => candidate.$type === type)
}

/** Zeebe properties of an element, by name. */
export function propertiesOf(element: Element): Map<string, string> {
  const list = (extension(element, 'zeebe:Properties')?.properties ?? []) as Element[]
  return new Map(list.map((property) => [property.name ?? '', String(property.value ?? '')]))
}

/** Input or output mappings of an element, in their order. */
export function mappingsOf(element: Element, direction: 'input' | 'output'): { source: string; target: string }[] {
  const mapping = extension(element, 'zeebe:IoMapping')
  return ((mapping?.[`${direction}Parameters`] ?? []) as Element[]).map(({ source, target }) => ({ source, target }))
}

/** Execution listeners of an element. */
export function listenersOf(element: Element): { event: string; type: string }[] {
  const list = (extension(element, 'zeebe:ExecutionListeners')?.listeners ?? []) as Element[]
  return list.map(({ eventType, type }) => ({ event: eventType, type }))
}

/** Every job type that a diagram asks for: of tasks and of listeners. */
export function jobTypesOf(diagram: Diagram): { element: string; type: string }[] {
  return diagram.nodes.flatMap((node) => {
    const task = extension(node, 'zeebe:TaskDefinition')?.type as string | undefined
    const types = [...(task === undefined ? [] : [task]), ...listenersOf(node).map(({ type }) => type)]
    return types.map((type) => ({ element: node.id, type }))
  })
}

/** Text of every file below a directory with one of the endings. */
function filesBelow(directory: string, ending: string): { file: string; text: string }[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(directory, file), 'utf8') }))
}

const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '')

/** Reads from the project's folders what diagrams may refer to. */
export function readSurroundings(root: string): Surroundings {
  const decisions = filesBelow(join(root, 'bpmn/decisions'), '.dmn')
  const deadlines = decisions.find(({ file }) => file === 'deadlines.dmn')?.text ?? ''
  return {
    deadlineKeys: new Set(matches(deadlines, /<text>"([a-z][A-Za-z-]*\.[A-Za-z.-]+)"<\/text>/g)),
    decisionIds: new Set(decisions.flatMap(({ text }) => matches(text, /<decision id="([^"]+)"/g))),
    formIds: new Set(filesBelow(join(root, 'forms'), '.form').map(({ text }) => String(JSON.parse(text).id))),
    jobTypes: new Set(
      filesBelow(join(root, 'workers'), '.ts').flatMap(({ text }) => matches(text, /^\s*type: '([a-zA-Z.]+)'/gm)),
    ),
    processIds: new Set(
      filesBelow(join(root, 'bpmn'), '.bpmn').flatMap(({ text }) => matches(text, /<bpmn:process id="([^"]+)"/g)),
    ),
  }
}

/** Reads every diagram of the project. */
export async function readDiagrams(root: string): Promise<Diagram[]> {
  return Promise.all(filesBelow(join(root, 'bpmn'), '.bpmn').map(({ file, text }) => readDiagram(text, `bpmn/${file}`)))
}
