import { type Element, flowsOf, is, isEvent, isGateway, nodesOf } from './bpmn-file.ts'
import { type Box, labelSize } from './geometry.ts'
import type { Grid } from './hints.ts'

/** Measures of every diagram, in pixels. */
export const measures = {
  task: { width: 130, height: 80 },
  event: 36,
  gateway: 50,
  columnGap: 50,
  rowGap: 40,
  /** Between the edge of a shape with boundary events and what they lead to. */
  boundaryGap: 52,
  /** Offsets of the centres of the two timers of the deadline pattern from the left edge of their host. */
  timers: [28, 102],
  subprocessPadding: 36,
  /** A flow that runs above or below a row keeps this far from its shapes. */
  detour: 30,
} as const

/** A subprocess whose inside is already laid out. */
export interface Inner {
  width: number
  height: number
  /** Distance from the top to the line of its start event, which flows in and out of it continue. */
  line: number
}

/** Boxes and lines of one container, with its content's corner at 0/0. */
export interface Placement {
  boxes: Map<Element, Box>
  /** Row of each element; what hangs on a boundary event has the row of its host. */
  rows: Map<Element, number>
  columns: Map<Element, number>
  /** y of the line through each row. */
  lines: number[]
  /** Top and bottom of each row with everything that hangs on it. */
  bands: { top: number; bottom: number }[]
  width: number
  height: number
}

/** Number of flows that run above each row, and below it. */
export interface Detours {
  above: number[]
  below: number[]
}

/** What hangs on the boundary events of a shape: the events, the shape they lead to, and the end event after it. */
interface Hanging {
  boundaries: Element[]
  target: Element | undefined
  end: Element | undefined
}

function sizeOf(element: Element, inner: Map<Element, Inner>): Inner {
  const subprocess = inner.get(element)
  if (subprocess !== undefined) return subprocess
  if (isEvent(element)) return { width: measures.event, height: measures.event, line: measures.event / 2 }
  if (isGateway(element)) return { width: measures.gateway, height: measures.gateway, line: measures.gateway / 2 }
  return { ...measures.task, line: measures.task.height / 2 }
}

function hangingOn(host: Element, container: Element, inGrid: ReadonlySet<Element>): Hanging {
  const boundaries = nodesOf(container).filter((node) => node.attachedToRef === host)
  const next = (from: Element): Element | undefined =>
    flowsOf(container).find((flow) => flow.sourceRef === from && !inGrid.has(flow.targetRef))?.targetRef
  const target = boundaries.map(next).find((found) => found !== undefined)
  return { boundaries, target, end: target === undefined ? undefined : next(target) }
}

/**
 * Gives every element of a container its box: columns are as wide as their widest shape, rows as high as their highest
 * with what hangs on it, and the deadline pattern always looks the same.
 * @param laneOfRow the lane in which a row lies, counted from the top
 * @throws {Error} when the grid names an unknown element or leaves one out
 */
export function place(
  container: Element,
  grid: Grid,
  inner: Map<Element, Inner>,
  detours: Detours,
  laneOfRow: (row: number) => number,
): Placement {
  const byId = new Map(nodesOf(container).map((node) => [node.id, node]))
  const cells: { element: Element; row: number; column: number }[] = []
  grid.forEach((ids, row) => {
    ids.forEach((id, column) => {
      if (id === null) return
      const element = byId.get(id)
      if (element === undefined) throw new Error(`${container.id}: the layout names ${id}, which is not in the diagram`)
      cells.push({ element, row, column })
    })
  })
  const inGrid = new Set(cells.map(({ element }) => element))
  const hanging = new Map(cells.map(({ element }) => [element, hangingOn(element, container, inGrid)]))

  // Rows: as near as what stands above and below in the same column allows; rows of different lanes never interlock.
  const reach = cells.map((cell) => ({
    ...cell,
    ...reachOf(cell.element, sizeOf(cell.element, inner), hanging.get(cell.element), inner),
  }))
  const room = grid.map((_, row) => {
    const inRow = reach.filter((cell) => cell.row === row)
    const up = Math.max(0, ...inRow.map((cell) => cell.up)) + (detours.above[row] ?? 0) * measures.detour
    const down = Math.max(0, ...inRow.map((cell) => cell.down)) + (detours.below[row] ?? 0) * measures.detour
    return { up, down }
  })
  const lines: number[] = []
  room.forEach(({ up }, row) => {
    const before = row - 1
    let line = before < 0 ? up : (lines[before] ?? 0) + 2 * measures.event
    for (let upper = 0; upper < row; upper += 1) {
      const apart = laneOfRow(upper) !== laneOfRow(row)
      const above = lines[upper] ?? 0
      if (apart) line = Math.max(line, above + (room[upper]?.down ?? 0) + measures.rowGap + up)
      for (const high of reach.filter((cell) => cell.row === upper)) {
        for (const low of reach.filter((cell) => cell.row === row)) {
          const shared = low.column >= high.column && low.column <= high.column + high.columns
          if (shared)
            line = Math.max(line, above + high.down + measures.rowGap + low.up + detourRoom(detours, upper, row))
        }
      }
    }
    lines.push(line)
  })
  const bands = lines.map((line, row) => ({ top: line - (room[row]?.up ?? 0), bottom: line + (room[row]?.down ?? 0) }))
  const highest = Math.min(...bands.map((band) => band.top))
  lines.forEach((line, row) => {
    lines[row] = line - highest
  })
  for (const band of bands) {
    band.top -= highest
    band.bottom -= highest
  }

  // Columns: never nearer than the gap, and what hangs on one shape never reaches into what hangs on the next.
  const columns = Math.max(...grid.map((row) => row.length))
  const boxes = new Map<Element, Box>()
  const columnEnds: number[] = []
  for (let column = 0; column < columns; column += 1) {
    const here = cells.filter((cell) => cell.column === column)
    const width = Math.max(0, ...here.map(({ element }) => sizeOf(element, inner).width))
    const wideLabel = Math.max(
      0,
      ...cells
        .filter((cell) => cell.column === column - 1 && isGateway(cell.element))
        .flatMap(({ element }) =>
          flowsOf(container).filter((flow) => flow.sourceRef === element && flow.name !== undefined),
        )
        .map((flow) => labelSize(flow.name ?? '').width + 24 - measures.columnGap),
    )
    let x = column === 0 ? 0 : (columnEnds[column - 1] ?? 0) + measures.columnGap + wideLabel
    const settle = (left: number): Map<Element, Box> => {
      const settled = new Map<Element, Box>()
      for (const { element, row } of here) {
        const size = sizeOf(element, inner)
        // Beside a wide subprocess, smaller shapes keep the place that they have in a column of tasks.
        const cell = width > measures.task.width ? (is(element, 'SubProcess') ? width : measures.task.width) : width
        const box = {
          x: left + (cell - size.width) / 2,
          y: (lines[row] ?? 0) - size.line,
          width: size.width,
          height: size.height,
        }
        settled.set(element, box)
        const hung = hanging.get(element)
        if (hung !== undefined) placeHanging(hung, box, inner, settled)
      }
      return settled
    }
    let settled = settle(x)
    const clash = (): number =>
      Math.max(
        0,
        ...[...settled.values()].flatMap((box) =>
          [...boxes.values()]
            .filter((earlier) => box.y < earlier.y + earlier.height && earlier.y < box.y + box.height)
            .map((earlier) => earlier.x + earlier.width + measures.columnGap - 8 - box.x),
        ),
      )
    const push = clash()
    if (push > 0) {
      x += push
      settled = settle(x)
    }
    for (const [element, box] of settled) boxes.set(element, box)
    columnEnds.push(x + width)
  }

  const missing = nodesOf(container).filter((node) => !boxes.has(node))
  if (missing.length > 0) {
    throw new Error(`${container.id}: the layout does not place ${missing.map(({ id }) => id).join(', ')}`)
  }
  const rows = new Map<Element, number>()
  const columnOf = new Map<Element, number>()
  for (const { element, row, column } of cells) {
    const hung = hanging.get(element)
    for (const member of [element, ...(hung?.boundaries ?? []), hung?.target, hung?.end]) {
      if (member === undefined) continue
      rows.set(member, row)
      columnOf.set(member, column)
    }
  }
  const right = Math.max(...[...boxes.values()].map((box) => box.x + box.width))
  return {
    boxes,
    rows,
    columns: columnOf,
    lines,
    bands,
    width: right,
    height: Math.max(...bands.map((band) => band.bottom)),
  }
}

/** How far a shape with what hangs on it reaches above and below its line, and over how many columns to the right. */
function reachOf(
  element: Element,
  size: Inner,
  hung: Hanging | undefined,
  inner: Map<Element, Inner>,
): { up: number; down: number; columns: number } {
  const named = element.name !== undefined
  const up = size.line + (isGateway(element) && named ? 20 : 0)
  const target = hung?.target
  let below = isEvent(element) && named ? 20 : 0
  if (target !== undefined) below = measures.boundaryGap + sizeOf(target, inner).height + (isEvent(target) ? 20 : 0)
  else if ((hung?.boundaries.length ?? 0) > 0) below = measures.event / 2 + 24
  return {
    up,
    down: size.height - size.line + below,
    columns: hung?.end !== undefined && !is(element, 'SubProcess') ? 1 : 0,
  }
}

/** Room for the flows that run between two rows. */
function detourRoom(detours: Detours, upper: number, lower: number): number {
  return ((detours.below[upper] ?? 0) + (detours.above[lower] ?? 0)) * measures.detour
}

/** Boundary events at the bottom edge; what they lead to right below; its end event to the right. */
function placeHanging(hung: Hanging, host: Box, inner: Map<Element, Inner>, into: Map<Element, Box>): void {
  const bottom = host.y + host.height
  const event = measures.event
  const pair = hung.boundaries.length === 2
  // Clear of the round corner of a subprocess.
  const left = host.x + (host.width > measures.task.width ? 20 : 0)
  hung.boundaries.forEach((boundary, index) => {
    const alone = host.x + (is(boundary.attachedToRef, 'SubProcess') ? host.width - 60 : host.width / 2)
    const timer = measures.timers[index]
    const centre = pair && timer !== undefined ? left + timer : alone
    into.set(boundary, { x: centre - event / 2, y: bottom - event / 2, width: event, height: event })
    if (!pair && hung.target !== undefined) {
      const size = sizeOf(hung.target, inner)
      const y = bottom + measures.boundaryGap
      into.set(hung.target, { x: centre - size.width / 2, y, width: size.width, height: size.height })
    }
  })
  if (!pair || hung.target === undefined) return
  const size = sizeOf(hung.target, inner)
  const target = { x: left, y: bottom + measures.boundaryGap, width: size.width, height: size.height }
  into.set(hung.target, target)
  if (hung.end !== undefined) {
    const y = target.y + (target.height - event) / 2
    into.set(hung.end, { x: target.x + target.width + 36, y, width: event, height: event })
  }
}
