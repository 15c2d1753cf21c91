import { type Element, flowsOf, is, isGateway } from './bpmn-file.ts'
import { type Box, overlap, type Point, type Side, segmentsOf, simplify } from './geometry.ts'
import type { Hints } from './hints.ts'
import { measures, type Placement } from './place.ts'

/** Sides by which a flow leaves its source and enters its target. */
export interface Sides {
  exit: Side
  enter: Side
}

/** What the choice of sides needs to know of the grid. */
interface Position {
  row(element: Element): number
  column(element: Element): number
  /** Tells whether a shape stands on the row between two columns. */
  blocked(row: number, from: number, to: number): boolean
}

/**
 * Chooses the sides of a flow: along the row where it is free, else above the row; out of a gateway by its corner, into a
 * joining gateway by its corner, else round one bend.
 */
function sidesOf(flow: Element, at: Position, hints: Hints): Sides {
  const given = hints.flows[flow.id]
  if (given !== undefined) return given
  const source: Element = flow.sourceRef
  const target: Element = flow.targetRef
  const [rs, rt, cs, ct] = [at.row(source), at.row(target), at.column(source), at.column(target)]
  if (is(source, 'BoundaryEvent')) return { exit: 'bottom', enter: rs === rt && cs !== ct ? 'bottom' : 'top' }
  if (rs === rt) {
    if (cs === ct) return { exit: 'right', enter: 'left' }
    if (at.blocked(rs, Math.min(cs, ct), Math.max(cs, ct))) return { exit: 'top', enter: 'top' }
    return ct > cs ? { exit: 'right', enter: 'left' } : { exit: 'left', enter: 'right' }
  }
  const down = rt > rs
  const towards: Side = down ? 'bottom' : 'top'
  const from: Side = down ? 'top' : 'bottom'
  if (cs === ct) return { exit: towards, enter: from }
  if (ct > cs) {
    if (isGateway(source)) return { exit: towards, enter: 'left' }
    return { exit: 'right', enter: from }
  }
  if (isGateway(source)) return { exit: towards, enter: 'right' }
  return { exit: 'left', enter: from }
}

/** Rows above and below which flows run, so that the rows keep room for them. */
export function detoursOf(
  container: Element,
  grid: readonly (readonly (string | null)[])[],
  hints: Hints,
): { above: number[]; below: number[] } {
  const cell = new Map<string, { row: number; column: number }>()
  grid.forEach((ids, row) => {
    ids.forEach((id, column) => {
      if (id !== null) cell.set(id, { row, column })
    })
  })
  const of = (element: Element) => cell.get(element.id) ?? cell.get(element.attachedToRef?.id ?? '')
  const at: Position = {
    row: (element) => of(element)?.row ?? -1,
    column: (element) => of(element)?.column ?? -1,
    blocked: (row, from, to) => (grid[row] ?? []).some((id, column) => id !== null && column > from && column < to),
  }
  const above = grid.map(() => 0)
  const below = grid.map(() => 0)
  for (const flow of flowsOf(container)) {
    if (of(flow.sourceRef) === undefined || of(flow.targetRef) === undefined) continue
    const { exit, enter } = sidesOf(flow, at, hints)
    const [rs, rt] = [at.row(flow.sourceRef), at.row(flow.targetRef)]
    if (exit === 'top' && enter === 'top') above[Math.min(rs, rt)] = (above[Math.min(rs, rt)] ?? 0) + 1
    if (exit === 'bottom' && enter === 'bottom') below[Math.max(rs, rt)] = (below[Math.max(rs, rt)] ?? 0) + 1
  }
  return { above, below }
}

function port(element: Element, box: Box, side: Side, line: number | undefined): Point {
  const middle = line ?? box.y + box.height / 2
  // A flow that comes down on a wide subprocess meets it near its start event.
  const centre = is(element, 'SubProcess') ? box.x + 60 : box.x + box.width / 2
  if (side === 'left') return { x: box.x, y: middle }
  if (side === 'right') return { x: box.x + box.width, y: middle }
  return { x: centre, y: side === 'top' ? box.y : box.y + box.height }
}

/** Draws all flows of a container: straight pieces only, right angles only. */
export function routeAll(container: Element, placement: Placement, hints: Hints): Map<Element, Point[]> {
  const { boxes, rows, columns, lines } = placement
  const onRow = [...boxes.keys()].filter((element) => !is(element, 'BoundaryEvent'))
  const box = (element: Element): Box => {
    const found = boxes.get(element)
    if (found === undefined) throw new Error(`${container.id}: ${element.id} has no place`)
    return found
  }
  const lineOf = (element: Element): number | undefined =>
    is(element, 'SubProcess') ? lines[rows.get(element) ?? -1] : undefined
  const at: Position = {
    row: (element) => rows.get(element) ?? -1,
    column: (element) => columns.get(element) ?? -1,
    blocked: (row, from, to) =>
      onRow.some((element) => {
        const column = columns.get(element) ?? -1
        const { y, height } = box(element)
        const line = lines[row] ?? 0
        return rows.get(element) === row && y <= line && y + height >= line && column > from && column < to
      }),
  }
  const drawn = new Map<Element, Point[]>()
  for (const flow of flowsOf(container)) {
    const sides = sidesOf(flow, at, hints)
    const start = port(flow.sourceRef, box(flow.sourceRef), sides.exit, lineOf(flow.sourceRef))
    const end = port(flow.targetRef, box(flow.targetRef), sides.enter, lineOf(flow.targetRef))
    // A boundary event's shape is met where the event stands, not in its middle.
    if (is(flow.sourceRef, 'BoundaryEvent') && sides.enter === 'top') end.x = start.x
    drawn.set(flow, simplify([start, ...bends(start, end, sides, [...boxes.entries()], flow, drawn), end]))
  }
  return drawn
}

function bends(
  start: Point,
  end: Point,
  { exit, enter }: Sides,
  shapes: [Element, Box][],
  flow: Element,
  drawn: Map<Element, Point[]>,
): Point[] {
  const horizontal = (side: Side): boolean => side === 'left' || side === 'right'
  if (horizontal(exit) && horizontal(enter)) {
    const x = end.x + (enter === 'left' ? -1 : 1) * (measures.columnGap / 2)
    return start.y === end.y
      ? []
      : [
          { x, y: start.y },
          { x, y: end.y },
        ]
  }
  if (horizontal(exit)) return [{ x: end.x, y: start.y }]
  if (horizontal(enter)) return [{ x: start.x, y: end.y }]
  if (exit !== enter) {
    const y = (start.y + end.y) / 2
    return start.x === end.x
      ? []
      : [
          { x: start.x, y },
          { x: end.x, y },
        ]
  }
  // Above or below everything between the two, and clear of flows that already run there.
  const away = exit === 'top' ? -1 : 1
  let y = (exit === 'top' ? Math.min(start.y, end.y) : Math.max(start.y, end.y)) + away * 24
  for (let tries = 0; tries < 200; tries += 1) {
    const run = { x: Math.min(start.x, end.x), y, width: Math.abs(start.x - end.x), height: 0 }
    const hitsShape = shapes.some(([, box]) => overlap(run, box, 18))
    const hitsFlow = [...drawn].some(
      ([other, points]) =>
        other.targetRef !== flow.targetRef &&
        segmentsOf(points).some((piece) => overlap(run, piece, piece.width > 0 ? 12 : 0)),
    )
    if (!hitsShape && !hitsFlow) break
    y += away * 2
  }
  return [
    { x: start.x, y },
    { x: end.x, y },
  ]
}
