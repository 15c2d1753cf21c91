import {
  allFlowsOf,
  allNodesOf,
  collaborationOf,
  type Element,
  is,
  lanesOf,
  moddle,
  nodesOf,
  processOf,
  readDefinitions,
} from './bpmn-file.ts'
import { type Box, moved, type Point } from './geometry.ts'
import { type Grid, type Hints, readHints } from './hints.ts'
import { placeLabels } from './label.ts'
import { type Inner, measures, type Placement, place } from './place.ts'
import { detoursOf, routeAll } from './route.ts'

/** A container with everything in it, its corner at 0/0. */
interface Plan extends Inner {
  placement: Placement
  flows: Map<Element, Point[]>
  labels: Map<Element, Box>
  inside: Map<Element, Plan>
}

const origin: Point = { x: 160, y: 80 }
const header = 30

/** The lane of each row: that of the first element on it; rows of a process without lanes are all of one. */
function laneOfRows(container: Element, grid: Grid): (row: number) => number {
  const lanes = lanesOf(container)
  const laneOf = (id: string): number =>
    lanes.findIndex((lane) => ((lane.flowNodeRef as Element[] | undefined) ?? []).some((node) => node.id === id))
  return (row) => {
    const id = (grid[row] ?? []).find((cell) => cell !== null)
    return typeof id === 'string' ? laneOf(id) : -1
  }
}

function planOf(container: Element, grid: Grid, hints: Hints): Plan {
  const inside = new Map<Element, Plan>()
  const sizes = new Map<Element, Inner>()
  for (const node of nodesOf(container).filter((candidate) => is(candidate, 'SubProcess'))) {
    const own = hints.subprocesses[node.id]
    if (own === undefined) throw new Error(`${container.id}: no layout hints for the inside of ${node.id}`)
    const plan = planOf(node, own.grid, hints)
    const padding = measures.subprocessPadding
    inside.set(node, plan)
    sizes.set(node, {
      width: plan.width + 2 * padding,
      height: plan.height + 2 * padding,
      line: plan.line + padding,
    })
  }
  const placement = place(container, grid, sizes, detoursOf(container, grid, hints), laneOfRows(container, grid))
  const flows = routeAll(container, placement, hints)
  const labels = placeLabels(placement, flows)
  const startRow = [...placement.rows].find(([element]) => is(element, 'StartEvent'))?.[1] ?? 0
  return {
    placement,
    flows,
    labels,
    inside,
    width: placement.width,
    height: placement.height,
    line: placement.lines[startRow] ?? 0,
  }
}

/** Collects shapes and edges of one diagram. */
class Plane {
  readonly element: Element
  readonly #shapes: Element[] = []
  readonly #edges: Element[] = []
  readonly #muted: ReadonlySet<Element>

  constructor(bpmnElement: Element, processId: string, muted: ReadonlySet<Element>) {
    this.#muted = muted
    this.element = moddle.create('bpmndi:BPMNPlane', { id: `${processId}-plane`, bpmnElement })
  }

  shape(bpmnElement: Element, box: Box, label?: Box): void {
    const mute = this.#muted
    const extra = is(bpmnElement, 'SubProcess')
      ? { isExpanded: true }
      : is(bpmnElement, 'ExclusiveGateway')
        ? { isMarkerVisible: true }
        : is(bpmnElement, 'Participant', 'Lane')
          ? { isHorizontal: true }
          : {}
    const shape = moddle.create('bpmndi:BPMNShape', {
      id: `${bpmnElement.id}_shape`,
      bpmnElement,
      ...extra,
      bounds: bounds(box),
    })
    if (mute.has(bpmnElement)) colour(shape)
    if (label !== undefined) shape.label = moddle.create('bpmndi:BPMNLabel', { bounds: bounds(label) })
    this.#shapes.push(shape)
  }

  edge(bpmnElement: Element, points: readonly Point[], label?: Box): void {
    const mute = this.#muted
    const waypoint = points.map(({ x, y }) => moddle.create('dc:Point', { x: Math.round(x), y: Math.round(y) }))
    const edge = moddle.create('bpmndi:BPMNEdge', { id: `${bpmnElement.id}_edge`, bpmnElement, waypoint })
    if (mute.has(bpmnElement)) colour(edge)
    if (label !== undefined) edge.label = moddle.create('bpmndi:BPMNLabel', { bounds: bounds(label) })
    this.#edges.push(edge)
  }

  finish(): Element {
    this.element.planeElement = [...this.#shapes, ...this.#edges]
    return this.element
  }
}

/** Supervision hangs on every deadline; drawn in grey it leaves the eye on the work itself. */
const grey = '#707070'

function colour(shape: Element): void {
  Object.assign(shape, { 'border-color': grey, stroke: grey })
}

/** The call of supervision, its end event and its flows, at every level. */
function supervisionOf(process: Element): ReadonlySet<Element> {
  const nodes = allNodesOf(process)
  const flows = allFlowsOf(process)
  const calls = nodes.filter((node) => is(node, 'CallActivity') && node.id.endsWith('Supervision'))
  const ends = flows.filter((flow) => calls.includes(flow.sourceRef)).map((flow) => flow.targetRef as Element)
  const lines = flows.filter((flow) => calls.includes(flow.sourceRef) || calls.includes(flow.targetRef))
  return new Set([...calls, ...ends, ...lines])
}

const bounds = (box: Box): Element =>
  moddle.create('dc:Bounds', {
    x: Math.round(box.x),
    y: Math.round(box.y),
    width: Math.round(box.width),
    height: Math.round(box.height),
  })

function draw(plan: Plan, dx: number, dy: number, plane: Plane): void {
  const at = (box: Box | undefined): Box | undefined => (box === undefined ? undefined : moved(box, dx, dy))
  // Boundary events last, so that they are drawn over their host.
  const shapes = [...plan.placement.boxes].sort(
    ([a], [b]) => Number(is(a, 'BoundaryEvent')) - Number(is(b, 'BoundaryEvent')),
  )
  for (const [element, box] of shapes) {
    plane.shape(element, moved(box, dx, dy), at(plan.labels.get(element)))
    const inner = plan.inside.get(element)
    if (inner !== undefined)
      draw(inner, box.x + dx + measures.subprocessPadding, box.y + dy + measures.subprocessPadding, plane)
  }
  for (const [flow, points] of plan.flows) {
    plane.edge(
      flow,
      points.map((point) => moved(point, dx, dy)),
      at(plan.labels.get(flow)),
    )
  }
}

/** Lanes take the rows of their elements; the row of an element outside its lane's rows is an error of the hints. */
function laneBands(lanes: Element[], plan: Plan): { lane: Element; top: number; bottom: number }[] {
  const { rows, bands } = plan.placement
  const spans = lanes.map((lane) => {
    const own = ((lane.flowNodeRef as Element[] | undefined) ?? []).map((element) => rows.get(element) ?? -1)
    const [first, last] = [Math.min(...own), Math.max(...own)]
    return { lane, first, last }
  })
  const half = measures.rowGap / 2
  const bottomOf = (last: number): number => (bands[last]?.bottom ?? 0) + half
  return spans.map(({ lane, first, last }, index) => {
    const before = spans[index - 1]
    if (before !== undefined && before.last >= first)
      throw new Error(`${lane.id}: its rows overlap those of ${before.lane.id}`)
    // A lane begins where the one above ends: rows may stand further apart than the usual gap.
    const top = before === undefined ? (bands[first]?.top ?? 0) - half : bottomOf(before.last)
    return { lane, top, bottom: bottomOf(last) }
  })
}

/**
 * Lays out one diagram: gives it shapes and edges and leaves its meaning as it is.
 * @param xml a BPMN file with one process, with or without diagram interchange
 * @returns the same file with its diagram drawn anew
 */
export async function layout(xml: string, file: string): Promise<string> {
  const definitions = await readDefinitions(xml, file)
  const process = processOf(definitions)
  const hints = readHints(process.id)
  const plan = planOf(process, hints.grid, hints)
  const lanes = lanesOf(process)
  const collaboration = collaborationOf(definitions)
  const plane = new Plane(collaboration ?? process, process.id, supervisionOf(process))
  let [dx, dy] = [origin.x, origin.y]
  const participant = collaboration?.participants?.[0] as Element | undefined
  if (participant !== undefined) {
    const rows = laneBands(lanes, plan)
    const [top, bottom] = [rows[0]?.top ?? 0, rows.at(-1)?.bottom ?? 0]
    dx += 2 * header + measures.columnGap
    dy -= top
    const width = 2 * header + plan.width + 2 * measures.columnGap + 20
    plane.shape(participant, { x: origin.x, y: origin.y, width, height: bottom - top })
    for (const { lane, ...band } of rows) {
      const box = { x: origin.x + header, y: band.top + dy, width: width - header, height: band.bottom - band.top }
      plane.shape(lane, box)
    }
  }
  draw(plan, dx, dy, plane)
  const diagram = moddle.create('bpmndi:BPMNDiagram', { id: `${process.id}-diagram`, plane: plane.finish() })
  definitions.diagrams = [diagram]
  const written = await moddle.toXML(definitions, { format: true })
  return written.xml
}
