/** Equality and order of values. */
import { FeelEvaluationError } from './errors.ts'
import type { Run } from './evaluation.ts'
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'
import { describe, feelText } from './text.ts'
import { ContextLiteral, FeelContext, type FeelRange, type FeelValue, isNumber } from './values.ts'

/** Equality of two values: null if they cannot be compared (different types; null equals only null). */
export function equal(a: FeelValue, b: FeelValue): boolean | null {
  if (a === null || b === null) return a === b
  if (isNumber(a)) return isNumber(b) ? a.comparedTo(b) === 0 : null
  if (typeof a === 'string' || typeof a === 'boolean') return typeof a === typeof b ? a === b : null
  if (Array.isArray(a)) {
    if (!Array.isArray(b)) return null
    return a.length === b.length && a.every((item, i) => equal(item, b[i] ?? null) === true)
  }
  if (a instanceof FeelContext) {
    if (!(b instanceof FeelContext)) return null
    const [left, right] = [a.entries, b.entries]
    if (left.size !== right.size) return false
    for (const [key, value] of left) {
      const other = right.get(key)
      if (other === undefined || equal(value, other) !== true) return false
    }
    return true
  }
  if (a instanceof FeelDate) return b instanceof FeelDate ? a.epochDay === b.epochDay : null
  if (a instanceof FeelTime) return b instanceof FeelTime && sameKind(a, b) ? a.equals(b) : null
  if (a instanceof FeelDateTime) return b instanceof FeelDateTime && sameKind(a, b) ? a.equals(b) : null
  if (a instanceof YearsMonthsDuration) return b instanceof YearsMonthsDuration ? a.totalMonths === b.totalMonths : null
  if (a instanceof DaysTimeDuration) return b instanceof DaysTimeDuration ? a.nanos === b.nanos : null
  return null
}

/** Equality of members of a list: contexts that an expression writes out are equal only to themselves, as in Camunda. */
export function sameMember(a: FeelValue, b: FeelValue): boolean {
  if (a instanceof ContextLiteral || b instanceof ContextLiteral) return a === b
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => sameMember(item, b[i] ?? null))
  return equal(a, b) === true
}

/** Local values and values with an offset are different types to Camunda. */
export const sameKind = (a: FeelTime | FeelDateTime, b: FeelTime | FeelDateTime): boolean =>
  (a.offset === undefined) === (b.offset === undefined)

/** True for values of a kind that has an order. */
function isOrdered(value: FeelValue): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isOrdered)
  return (
    typeof value === 'string' ||
    isNumber(value) ||
    value instanceof FeelDate ||
    value instanceof FeelTime ||
    value instanceof FeelDateTime ||
    value instanceof YearsMonthsDuration ||
    value instanceof DaysTimeDuration
  )
}

/** Order of two values (negative, 0, positive); null if they have none. @throws FeelEvaluationError for lists */
export function order(a: FeelValue, b: FeelValue): number | null {
  if (isNumber(a)) return isNumber(b) ? a.comparedTo(b) : null
  if (typeof a === 'string') return typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : null
  if (a instanceof FeelDate) return b instanceof FeelDate ? a.epochDay - b.epochDay : null
  if (a instanceof FeelTime) return b instanceof FeelTime && sameKind(a, b) ? a.instantNanos - b.instantNanos : null
  if (a instanceof FeelDateTime) return b instanceof FeelDateTime && sameKind(a, b) ? a.comparedTo(b) : null
  if (a instanceof YearsMonthsDuration) return b instanceof YearsMonthsDuration ? a.totalMonths - b.totalMonths : null
  if (a instanceof DaysTimeDuration)
    return b instanceof DaysTimeDuration ? (a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0) : null
  if (Array.isArray(a) && Array.isArray(b) && isOrdered(a) && isOrdered(b))
    throw new FeelEvaluationError(`${feelText(a)} can not be compared to ${feelText(b)}`)
  return null
}

const notComparable = (run: Run, a: FeelValue, b: FeelValue): null =>
  run.warn('NOT_COMPARABLE', `Can't compare '${describe(a)}' with '${describe(b)}'`)

/** Equality with the warning for values that cannot be compared. */
export function checkedEqual(run: Run, a: FeelValue, b: FeelValue): boolean | null {
  return equal(a, b) ?? notComparable(run, a, b)
}

/** Signs of comparison that have an order. */
export type OrderOperator = '<' | '<=' | '>' | '>='

/** Comparison `a operator b`; null with a warning for values without order. */
export function compare(run: Run, operator: OrderOperator, a: FeelValue, b: FeelValue): boolean | null {
  const result = order(a, b)
  if (result === null) return notComparable(run, a, b)
  if (operator === '<') return result < 0
  if (operator === '<=') return result <= 0
  return operator === '>' ? result > 0 : result >= 0
}

/** True if the value lies in the range; null with a warning if it cannot be compared with a bound. */
export function inRange(run: Run, value: FeelValue, range: FeelRange): boolean | null {
  const low = order(value, range.start)
  const high = order(value, range.end)
  if (low === null || high === null)
    return run.warn(
      'NOT_COMPARABLE',
      `Can't compare '${describe(value)}' with '${describe(range.start)}' and '${describe(range.end)}'`,
    )
  return (range.startIncluded ? low >= 0 : low > 0) && (range.endIncluded ? high <= 0 : high < 0)
}

/** A boolean; anything else is null, with a warning. */
export function expectBoolean(run: Run, value: FeelValue): boolean | null {
  return typeof value === 'boolean'
    ? value
    : run.warn('INVALID_TYPE', `Expected boolean but found '${describe(value)}'`)
}
