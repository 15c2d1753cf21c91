/** A point of a diagram, in pixels. */
export interface Point {
  x: number
  y: number
}

/** A rectangle of a diagram, in pixels. */
export interface Box extends Point {
  width: number
  height: number
}

/** Side of a shape where a flow leaves or enters. */
export type Side = 'left' | 'right' | 'top' | 'bottom'

/** Tells whether two boxes overlap, or come nearer than a margin. Boxes that only touch do not overlap. */
export function overlap(a: Box, b: Box, margin = 0): boolean {
  return (
    a.x < b.x + b.width + margin &&
    b.x < a.x + a.width + margin &&
    a.y < b.y + b.height + margin &&
    b.y < a.y + a.height + margin
  )
}

/** The straight pieces of a flow as boxes of no thickness. */
export function segmentsOf(waypoints: readonly Point[]): Box[] {
  return waypoints.slice(1).map((end, index) => {
    const start = waypoints[index] ?? end
    return {
      x: Math.min(start.x, end.x),
      y: Math.min(start.y, end.y),
      width: Math.abs(start.x - end.x),
      height: Math.abs(start.y - end.y),
    }
  })
}

/** Removes repeated points and points in the middle of a straight line. */
export function simplify(points: readonly Point[]): Point[] {
  const distinct = points.filter((point, index) => {
    const before = points[index - 1]
    return before === undefined || before.x !== point.x || before.y !== point.y
  })
  return distinct.filter((point, index) => {
    const [before, after] = [distinct[index - 1], distinct[index + 1]]
    if (before === undefined || after === undefined) return true
    return !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y))
  })
}

/** Size of a text of a label outside a shape (11 px), on one line; Chinese characters are as wide as they are high. */
export function labelSize(text: string): { width: number; height: number } {
  const width = [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) > 0x2e80 ? 11 : 6.5), 0)
  return { width: Math.ceil(width) + 2, height: 14 }
}

/** A box moved. */
export const moved = <T extends Point>(box: T, dx: number, dy: number): T => ({ ...box, x: box.x + dx, y: box.y + dy })
