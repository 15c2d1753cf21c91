import { type Element, is, isEvent, isGateway } from './bpmn-file.ts'
import { type Box, labelSize, overlap, type Point, segmentsOf } from './geometry.ts'
import type { Placement } from './place.ts'

interface Candidate {
  centre: Point
  /** Smaller is nicer. */
  rank: number
}

/** Places the names of events, gateways and flows: in the first nice place that is clear of shapes, flows and other names. */
export function placeLabels(placement: Placement, flows: Map<Element, Point[]>): Map<Element, Box> {
  const labels = new Map<Element, Box>()
  const shapes = [...placement.boxes.entries()]
  const pieces = [...flows].flatMap(([flow, points]) => segmentsOf(points).map((piece) => ({ flow, piece })))

  const put = (element: Element, candidates: Candidate[]): void => {
    const size = labelSize(element.name ?? '')
    let best: Box | undefined
    let lowest = Number.POSITIVE_INFINITY
    for (const { centre, rank } of candidates) {
      const box = { x: Math.round(centre.x - size.width / 2), y: Math.round(centre.y - size.height / 2), ...size }
      // A subprocess contains labels of its own level only at its edge.
      const cost =
        rank +
        100 * shapes.filter(([, shape]) => overlap(box, shape, 1)).length +
        60 * [...labels.values()].filter((label) => overlap(box, label, 3)).length +
        40 * pieces.filter(({ piece }) => overlap(box, piece, 2)).length
      if (cost < lowest) {
        lowest = cost
        best = box
      }
    }
    if (best !== undefined) labels.set(element, best)
  }

  for (const [element, box] of shapes) {
    if (element.name === undefined) continue
    if (isEvent(element)) put(element, eventCandidates(element, box, placement))
    else if (isGateway(element)) put(element, gatewayCandidates(element, box))
  }
  for (const [flow, points] of flows) {
    if (flow.name !== undefined) put(flow, flowCandidates(flow, points, flows))
  }
  return labels
}

function eventCandidates(element: Element, box: Box, placement: Placement): Candidate[] {
  const { width, height } = labelSize(element.name ?? '')
  const x = box.x + box.width / 2
  const bottom = box.y + box.height
  if (is(element, 'BoundaryEvent')) {
    const siblings = [...placement.boxes.keys()].filter((other) => other.attachedToRef === element.attachedToRef)
    const left = { centre: { x: box.x - 3 - width / 2, y: bottom - height / 2 + 4 }, rank: 0 }
    const right = { centre: { x: box.x + box.width + 3 + width / 2, y: bottom - height / 2 + 4 }, rank: 1 }
    return siblings.length === 2 && siblings[1] === element ? [{ ...right, rank: 0 }] : [left, right]
  }
  return [
    { centre: { x, y: bottom + 5 + height / 2 }, rank: 0 },
    { centre: { x, y: box.y - 5 - height / 2 }, rank: 1 },
  ]
}

function gatewayCandidates(element: Element, box: Box): Candidate[] {
  const { width, height } = labelSize(element.name ?? '')
  const x = box.x + box.width / 2
  const [above, below] = [box.y - 6 - height / 2, box.y + box.height + 6 + height / 2]
  const aside = 6 + width / 2
  return [
    { centre: { x, y: above }, rank: 0 },
    { centre: { x, y: below }, rank: 1 },
    { centre: { x: x - aside, y: above + 4 }, rank: 2 },
    { centre: { x: x + aside, y: above + 4 }, rank: 3 },
    { centre: { x: x - aside, y: below - 4 }, rank: 4 },
    { centre: { x: x + aside, y: below - 4 }, rank: 5 },
  ]
}

function flowCandidates(flow: Element, points: readonly Point[], flows: Map<Element, Point[]>): Candidate[] {
  const { width, height } = labelSize(flow.name ?? '')
  const first = points[0]
  const shared = [...flows].some(
    ([other, others]) =>
      other !== flow && other.sourceRef === flow.sourceRef && others[0]?.x === first?.x && others[0]?.y === first?.y,
  )
  const candidates: Candidate[] = []
  points.slice(1).forEach((end, index) => {
    const start = points[index] ?? end
    const rank = (shared ? points.length - index : index) * 10
    if (start.y === end.y) {
      const direction = Math.sign(end.x - start.x)
      const x = start.x + direction * (8 + width / 2)
      candidates.push(
        { centre: { x, y: start.y - 4 - height / 2 }, rank },
        { centre: { x, y: start.y + 4 + height / 2 }, rank: rank + 2 },
      )
    } else {
      const y = start.y + Math.sign(end.y - start.y) * (10 + height / 2)
      candidates.push(
        { centre: { x: start.x + 6 + width / 2, y }, rank: rank + 1 },
        { centre: { x: start.x - 6 - width / 2, y }, rank: rank + 3 },
      )
    }
  })
  return candidates
}
