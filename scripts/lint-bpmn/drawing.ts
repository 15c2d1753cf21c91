import { type Element, is, nodesOf } from '../layout/bpmn-file.ts'
import { type Box, overlap, segmentsOf } from '../layout/geometry.ts'
import type { Diagram, Rule } from './diagram.ts'

const smaller = (box: Box, by: number): Box => ({
  x: box.x + by,
  y: box.y + by,
  width: box.width - 2 * by,
  height: box.height - 2 * by,
})

/** Shapes that may legitimately lie on one another: a subprocess and what it contains, a boundary event and its host. */
function related(a: Element, b: Element): boolean {
  const inside = (inner: Element, outer: Element): boolean => {
    for (let parent = inner.$parent; parent !== undefined; parent = parent.$parent) if (parent === outer) return true
    return false
  }
  const attached = (event: Element, host: Element): boolean =>
    is(event, 'BoundaryEvent') && (event.attachedToRef === host || inside(event, host))
  return inside(a, b) || inside(b, a) || attached(a, b) || attached(b, a)
}

/** Everything is drawn, on whole pixels, and no two shapes lie on one another. */
export const shapes: Rule = ({ nodes, flows, shapes: drawn, edges, lanes }, report) => {
  for (const node of [...nodes, ...lanes]) if (!drawn.has(node.id)) report(node.id, 'is not drawn')
  for (const flow of flows) if (!edges.has(flow.id)) report(flow.id, 'is not drawn')
  nodes.forEach((node, index) => {
    const box = drawn.get(node.id)?.box
    if (box === undefined) return
    for (const other of nodes.slice(index + 1)) {
      const second = drawn.get(other.id)?.box
      if (second !== undefined && overlap(box, second) && !related(node, other)) report(node.id, `lies on ${other.id}`)
    }
  })
  for (const lane of lanes) {
    const box = drawn.get(lane.id)?.box
    for (const node of (lane.flowNodeRef ?? []) as Element[]) {
      const inner = drawn.get(node.id)?.box
      if (box === undefined || inner === undefined) continue
      if (inner.y < box.y || inner.y + inner.height > box.y + box.height)
        report(node.id, `is drawn outside its lane ${lane.name}`)
    }
  }
}

/** Flows run at right angles, along no shape but their own ends, and do not cross. */
export const lines: Rule = ({ nodes, flows, shapes: drawn, edges }, report) => {
  for (const flow of flows) {
    const points = edges.get(flow.id)?.points ?? []
    const pieces = segmentsOf(points)
    if (pieces.some(({ width, height }) => width > 0 && height > 0)) report(flow.id, 'has a slanting piece')
    for (const node of nodes) {
      const box = drawn.get(node.id)?.box
      if (box === undefined || node === flow.sourceRef || node === flow.targetRef) continue
      if (is(node, 'SubProcess') && containsFlow(node, flow)) continue
      if (flow.sourceRef.attachedToRef === node) continue
      const through = pieces.some((piece) => overlap(piece, smaller(box, 2)))
      if (through) report(flow.id, `runs through ${node.id}`)
    }
  }
  for (const [first, second] of crossings(flows, edges)) report(first.id, `crosses ${second.id}`)
}

function containsFlow(subprocess: Element, flow: Element): boolean {
  for (let parent = flow.$parent; parent !== undefined; parent = parent.$parent) if (parent === subprocess) return true
  return false
}

/** Pairs of flows that cross: one horizontal and one vertical piece that meet inside both. Shared ends are no crossing. */
function crossings(flows: Element[], edges: Diagram['edges']): [Element, Element][] {
  const found: [Element, Element][] = []
  flows.forEach((first, index) => {
    for (const second of flows.slice(index + 1)) {
      const meet = segmentsOf(edges.get(first.id)?.points ?? []).some((a) =>
        segmentsOf(edges.get(second.id)?.points ?? []).some((b) => cross(a, b) || cross(b, a)),
      )
      if (meet) found.push([first, second])
    }
  })
  return found
}

const cross = (across: Box, down: Box): boolean =>
  across.height === 0 &&
  down.width === 0 &&
  down.x > across.x &&
  down.x < across.x + across.width &&
  across.y > down.y &&
  across.y < down.y + down.height

/** Names outside shapes are clear of shapes, flows and one another. */
export const labels: Rule = ({ nodes, shapes: drawn, edges }, report) => {
  const placed = [...drawn, ...edges].flatMap(([id, { label }]) => (label === undefined ? [] : [{ id, label }]))
  placed.forEach(({ id, label }, index) => {
    for (const other of placed.slice(index + 1))
      if (overlap(label, other.label)) report(id, `has its name on the name of ${other.id}`)
    for (const [flow, { points }] of edges) {
      if (segmentsOf(points).some((piece) => overlap(piece, label))) report(id, `has its name on the flow ${flow}`)
    }
    for (const node of nodes) {
      const box = drawn.get(node.id)?.box
      if (box === undefined) continue
      // A name inside a subprocess lies on its area; only its edge must stay clear.
      const inside = is(node, 'SubProcess') && nodesOf(node).length > 0 && !crossesEdge(label, box)
      if (!inside && overlap(label, box)) report(id, `has its name on ${node.id}`)
    }
  })
}

const crossesEdge = (label: Box, box: Box): boolean =>
  overlap(label, box) &&
  !(
    label.x >= box.x &&
    label.x + label.width <= box.x + box.width &&
    label.y >= box.y &&
    label.y + label.height <= box.y + box.height
  )
