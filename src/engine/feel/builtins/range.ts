/** Built-in functions that relate points and ranges (DMN 1.4, 10.3.4.11). */
import { order } from '../comparison.ts'
import type { FeelRange, FeelValue } from '../values.ts'
import { type Builtin, builtin, failure, type Guard, type Overload, overload, point, range } from './define.ts'

/** Signals that two values have no order. */
class NotComparable extends Error {}

function compared(a: FeelValue, b: FeelValue): number {
  const result = order(a, b)
  if (result === null) throw new NotComparable()
  return result
}

/** A signature of a relation over the given kinds of arguments. */
const relation =
  <A extends FeelValue, B extends FeelValue>(first: Guard<A>, second: Guard<B>, decide: (a: A, b: B) => boolean) =>
  (name: string): Overload => {
    const alike = (first === range) === (second === range)
    const parameter = (guard: Guard<FeelValue>, index: number): string =>
      `${guard === range ? 'range' : 'point'}${alike ? index : ''}`
    return overload([parameter(first, 1), parameter(second, 2)], [first, second], (c, a, b) => {
      try {
        return decide(a, b)
      } catch (error) {
        if (error instanceof NotComparable) return failure(c, name, 'the values cannot be compared')
        throw error
      }
    })
  }

const points = (decide: (a: FeelValue, b: FeelValue) => boolean) => relation(point, point, decide)
const pointRange = (decide: (a: FeelValue, b: FeelRange) => boolean) => relation(point, range, decide)
const rangePoint = (decide: (a: FeelRange, b: FeelValue) => boolean) => relation(range, point, decide)
const ranges = (decide: (a: FeelRange, b: FeelRange) => boolean) => relation(range, range, decide)

/** `a` ends before `b` starts. */
const endsBefore = (a: FeelRange, b: FeelRange): boolean => {
  const c = compared(a.end, b.start)
  return c < 0 || (c === 0 && (!a.endIncluded || !b.startIncluded))
}
const meets = (a: FeelRange, b: FeelRange): boolean =>
  a.endIncluded && b.startIncluded && compared(a.end, b.start) === 0
/** The start of `a` is not before the start of `b`. */
const startsWithin = (a: FeelRange, b: FeelRange): boolean => {
  const c = compared(a.start, b.start)
  return c > 0 || (c === 0 && (b.startIncluded || !a.startIncluded))
}
const endsWithin = (a: FeelRange, b: FeelRange): boolean => {
  const c = compared(a.end, b.end)
  return c < 0 || (c === 0 && (b.endIncluded || !a.endIncluded))
}
const startsBefore = (a: FeelRange, b: FeelRange): boolean => {
  const c = compared(a.start, b.start)
  return c < 0 || (c === 0 && a.startIncluded && !b.startIncluded)
}
const reaches = (a: FeelRange, b: FeelRange): boolean => {
  const c = compared(a.end, b.start)
  return c > 0 || (c === 0 && a.endIncluded && b.startIncluded)
}
const overlapsBefore = (a: FeelRange, b: FeelRange): boolean => {
  if (!startsBefore(a, b) || !reaches(a, b)) return false
  return endsWithin(a, b)
}
const overlapsAfter = (a: FeelRange, b: FeelRange): boolean => startsBefore(b, a) && reaches(b, a) && endsWithin(b, a)
const contains = (a: FeelRange, p: FeelValue): boolean => {
  const [low, high] = [compared(p, a.start), compared(p, a.end)]
  return (low > 0 || (low === 0 && a.startIncluded)) && (high < 0 || (high === 0 && a.endIncluded))
}
const within = (a: FeelRange, b: FeelRange): boolean => startsWithin(a, b) && endsWithin(a, b)
const starts = (a: FeelRange, b: FeelRange): boolean =>
  compared(a.start, b.start) === 0 && a.startIncluded === b.startIncluded && endsWithin(a, b)
const finishes = (a: FeelRange, b: FeelRange): boolean =>
  compared(a.end, b.end) === 0 && a.endIncluded === b.endIncluded && startsWithin(a, b)

const declared = (name: string, ...signatures: ((name: string) => Overload)[]): [string, Builtin] => [
  name,
  builtin(...signatures.map((signature) => signature(name))),
]

/** Range functions by name. */
export const rangeFunctions: Record<string, Builtin> = Object.fromEntries([
  declared(
    'before',
    points((a, b) => compared(a, b) < 0),
    pointRange((p, r) => {
      const c = compared(p, r.start)
      return c < 0 || (c === 0 && !r.startIncluded)
    }),
    rangePoint((r, p) => {
      const c = compared(r.end, p)
      return c < 0 || (c === 0 && !r.endIncluded)
    }),
    ranges(endsBefore),
  ),
  declared(
    'after',
    points((a, b) => compared(a, b) > 0),
    pointRange((p, r) => {
      const c = compared(p, r.end)
      return c > 0 || (c === 0 && !r.endIncluded)
    }),
    rangePoint((r, p) => {
      const c = compared(r.start, p)
      return c > 0 || (c === 0 && !r.startIncluded)
    }),
    ranges((a, b) => endsBefore(b, a)),
  ),
  declared('meets', ranges(meets)),
  declared(
    'met by',
    ranges((a, b) => meets(b, a)),
  ),
  declared(
    'overlaps',
    ranges((a, b) => reaches(a, b) && reaches(b, a)),
  ),
  declared('overlaps before', ranges(overlapsBefore)),
  declared('overlaps after', ranges(overlapsAfter)),
  declared(
    'finishes',
    pointRange((p, r) => r.endIncluded && compared(p, r.end) === 0),
    ranges(finishes),
  ),
  declared(
    'finished by',
    rangePoint((r, p) => r.endIncluded && compared(p, r.end) === 0),
    ranges((a, b) => finishes(b, a)),
  ),
  declared(
    'includes',
    rangePoint(contains),
    ranges((a, b) => within(b, a)),
  ),
  declared(
    'during',
    pointRange((p, r) => contains(r, p)),
    ranges(within),
  ),
  declared(
    'starts',
    pointRange((p, r) => r.startIncluded && compared(p, r.start) === 0),
    ranges(starts),
  ),
  declared(
    'started by',
    rangePoint((r, p) => r.startIncluded && compared(p, r.start) === 0),
    ranges((a, b) => starts(b, a)),
  ),
  declared(
    'coincides',
    rangePoint(() => false),
    pointRange(() => false),
    points((a, b) => compared(a, b) === 0),
    ranges(
      (a, b) =>
        compared(a.start, b.start) === 0 &&
        compared(a.end, b.end) === 0 &&
        a.startIncluded === b.startIncluded &&
        a.endIncluded === b.endIncluded,
    ),
  ),
])
