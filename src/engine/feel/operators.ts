/** Equality, order, arithmetic and texts of FEEL values. */

import { FeelEvaluationError } from './errors.ts'
import type { Run } from './evaluation.ts'
import { add, divide, multiply, negate, numberText, power, subtract } from './numbers.ts'
import type { ArithmeticOperator } from './syntax-tree.ts'
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'
import { Decimal, FeelContext, FeelFunction, FeelRange, type FeelValue, isNumber } from './values.ts'

/** Name of a value's type, as Camunda's warnings write it. */
export function typeName(value: FeelValue): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') return 'string'
  if (isNumber(value)) return 'number'
  if (Array.isArray(value)) return 'list'
  if (value instanceof FeelContext) return 'context'
  if (value instanceof FeelDate) return 'date'
  if (value instanceof FeelTime) return 'time'
  if (value instanceof FeelDateTime) return 'date and time'
  if (value instanceof YearsMonthsDuration) return 'years and months duration'
  if (value instanceof DaysTimeDuration) return 'days and time duration'
  return value instanceof FeelRange ? 'range' : 'function'
}

/** Text of a value inside a warning. */
export const describe = (value: FeelValue): string =>
  typeof value === 'string' ? JSON.stringify(value) : feelText(value)

/** FEEL text of a value: what `string()` gives, with null as "null" and texts inside others quoted. */
export function feelText(value: FeelValue): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return value
  if (isNumber(value)) return numberText(value)
  const nested = (inner: FeelValue): string => (typeof inner === 'string' ? `"${inner}"` : feelText(inner))
  if (Array.isArray(value)) return `[${value.map(nested).join(', ')}]`
  if (value instanceof FeelContext)
    return `{${[...value.entries].map(([key, entry]) => `${key}:${nested(entry)}`).join(', ')}}`
  if (value instanceof FeelFunction) return `function(${value.parameters.join(', ')})`
  if (value instanceof FeelRange)
    return `${value.startIncluded ? '[' : '('}${nested(value.start)}..${nested(value.end)}${value.endIncluded ? ']' : ')'}`
  return String(value)
}

/** Equality of two values: null if they cannot be compared (different types; null equals only null). */
export function equal(a: FeelValue, b: FeelValue): boolean | null {
  if (a === null || b === null) return a === b
  if (isNumber(a)) return isNumber(b) ? a.equals(b) : null
  if (typeof a === 'string' || typeof a === 'boolean') return typeof a === typeof b ? a === b : null
  if (Array.isArray(a)) {
    if (!Array.isArray(b)) return null
    return a.length === b.length && a.every((item, i) => equal(item, b[i] ?? null) === true)
  }
  if (a instanceof FeelContext) {
    if (!(b instanceof FeelContext)) return null
    if (a.entries.size !== b.entries.size) return false
    return [...a.entries].every(
      ([key, value]) => b.entries.has(key) && equal(value, b.entries.get(key) ?? null) === true,
    )
  }
  if (a instanceof FeelDate) return b instanceof FeelDate ? a.epochDay === b.epochDay : null
  if (a instanceof FeelTime) return b instanceof FeelTime && sameKind(a, b) ? a.toString() === b.toString() : null
  if (a instanceof FeelDateTime) return b instanceof FeelDateTime && sameKind(a, b) ? a.toIso() === b.toIso() : null
  if (a instanceof YearsMonthsDuration) return b instanceof YearsMonthsDuration ? a.totalMonths === b.totalMonths : null
  if (a instanceof DaysTimeDuration) return b instanceof DaysTimeDuration ? a.nanos === b.nanos : null
  return null
}

/** Local values and values with an offset are different types to Camunda. */
const sameKind = (a: FeelTime | FeelDateTime, b: FeelTime | FeelDateTime): boolean =>
  (a.offset === undefined) === (b.offset === undefined)

/** Order of two values (negative, 0, positive); null if they have none. */
export function order(a: FeelValue, b: FeelValue): number | null {
  if (isNumber(a)) return isNumber(b) ? a.comparedTo(b) : null
  if (typeof a === 'string') return typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : null
  if (a instanceof FeelDate) return b instanceof FeelDate ? a.epochDay - b.epochDay : null
  if (a instanceof FeelTime) return b instanceof FeelTime && sameKind(a, b) ? a.instantNanos - b.instantNanos : null
  if (a instanceof FeelDateTime) {
    if (!(b instanceof FeelDateTime) || !sameKind(a, b)) return null
    return a.epochSecond - b.epochSecond || a.nanoOfSecond - b.nanoOfSecond
  }
  if (a instanceof YearsMonthsDuration) return b instanceof YearsMonthsDuration ? a.totalMonths - b.totalMonths : null
  if (a instanceof DaysTimeDuration)
    return b instanceof DaysTimeDuration ? (a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0) : null
  if (Array.isArray(a) && Array.isArray(b))
    throw new FeelEvaluationError(`${feelText(a)} can not be compared to ${feelText(b)}`)
  return null
}

/** Equality with the warning for values that cannot be compared. */
export function checkedEqual(run: Run, a: FeelValue, b: FeelValue): boolean | null {
  return equal(a, b) ?? run.warn('NOT_COMPARABLE', `Can't compare '${describe(a)}' with '${describe(b)}'`)
}

/** Comparison `a operator b`; null with a warning for values without order. */
export function compare(run: Run, operator: '<' | '<=' | '>' | '>=', a: FeelValue, b: FeelValue): boolean | null {
  const result = order(a, b)
  if (result === null) return run.warn('NOT_COMPARABLE', `Can't compare '${describe(a)}' with '${describe(b)}'`)
  if (operator === '<') return result < 0
  if (operator === '<=') return result <= 0
  return operator === '>' ? result > 0 : result >= 0
}

/** True if the value lies in the range; null with a warning if it cannot be compared with a bound. */
export function inRange(run: Run, value: FeelValue, range: FeelRange): boolean | null {
  const low = compare(run, range.startIncluded ? '>=' : '>', value, range.start)
  const high = compare(run, range.endIncluded ? '<=' : '<', value, range.end)
  return low === null || high === null ? null : low && high
}

/** `left operator right`; null with a warning where the types have no such operation. */
export function arithmetic(run: Run, operator: ArithmeticOperator, left: FeelValue, right: FeelValue): FeelValue {
  const result = isNumber(left) && isNumber(right) ? numeric(operator, left, right) : others(run, operator, left, right)
  if (result !== undefined && !(isNumber(result) && !result.isFinite())) return result
  const verb = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '**': 'raise' }[operator]
  const link = { '+': 'to', '-': 'from', '*': 'by', '/': 'by', '**': 'to the power of' }[operator]
  const [first, second] = operator === '+' || operator === '-' ? [right, left] : [left, right]
  return run.warn('INVALID_TYPE', `Can't ${verb} '${describe(first)}' ${link} '${describe(second)}'`)
}

function numeric(operator: ArithmeticOperator, a: Decimal, b: Decimal): Decimal | undefined {
  switch (operator) {
    case '+':
      return add(a, b)
    case '-':
      return subtract(a, b)
    case '*':
      return multiply(a, b)
    case '/':
      return divide(a, b) ?? undefined
    case '**':
      return power(a, b) ?? undefined
  }
}

type Duration = YearsMonthsDuration | DaysTimeDuration
const isDuration = (value: FeelValue): value is Duration =>
  value instanceof YearsMonthsDuration || value instanceof DaysTimeDuration
type Moment = FeelDate | FeelTime | FeelDateTime
const isMoment = (value: FeelValue): value is Moment =>
  value instanceof FeelDate || value instanceof FeelTime || value instanceof FeelDateTime

function others(run: Run, operator: ArithmeticOperator, left: FeelValue, right: FeelValue): FeelValue | undefined {
  switch (operator) {
    case '+':
      if (typeof left === 'string' && typeof right === 'string') {
        run.checkText(left.length + right.length)
        return left + right
      }
      if (isMoment(left) && isDuration(right)) return plusDuration(left, right) ?? undefined
      if (isDuration(left) && isMoment(right)) return plusDuration(right, left) ?? undefined
      return sumOfDurations(left, right)
    case '-':
      if (isMoment(left) && isDuration(right)) return plusDuration(left, negateDuration(right)) ?? undefined
      if (isDuration(right)) return sumOfDurations(left, negateDuration(right))
      return difference(left, right)
    case '*':
      if (isDuration(left) && isNumber(right)) return scaled(left, right)
      return isNumber(left) && isDuration(right) ? scaled(right, left) : undefined
    case '/':
      return quotient(left, right)
    default:
      return undefined
  }
}

function plusDuration(moment: Moment, duration: Duration): FeelValue {
  if (duration instanceof YearsMonthsDuration)
    return moment instanceof FeelTime ? null : moment.plusMonths(duration.totalMonths)
  if (moment instanceof FeelDate) return new FeelDateTime(moment, 0).plusNanos(duration.nanos).date
  return moment.plusNanos(duration.nanos)
}

/** The opposite duration. */
export const negateDuration = (duration: Duration): Duration =>
  duration instanceof YearsMonthsDuration
    ? new YearsMonthsDuration(-duration.totalMonths)
    : new DaysTimeDuration(-duration.nanos)

function sumOfDurations(a: FeelValue, b: FeelValue): Duration | undefined {
  if (a instanceof YearsMonthsDuration && b instanceof YearsMonthsDuration)
    return new YearsMonthsDuration(a.totalMonths + b.totalMonths)
  if (a instanceof DaysTimeDuration && b instanceof DaysTimeDuration) return new DaysTimeDuration(a.nanos + b.nanos)
  return undefined
}

function difference(a: FeelValue, b: FeelValue): DaysTimeDuration | undefined {
  if (a instanceof FeelDate && b instanceof FeelDate)
    return DaysTimeDuration.ofSeconds((a.epochDay - b.epochDay) * 86_400)
  if (a instanceof FeelTime && b instanceof FeelTime && sameKind(a, b))
    return new DaysTimeDuration(BigInt(a.instantNanos - b.instantNanos))
  if (a instanceof FeelDateTime && b instanceof FeelDateTime && sameKind(a, b)) {
    const seconds = BigInt(a.epochSecond - b.epochSecond) * 1_000_000_000n
    return new DaysTimeDuration(seconds + BigInt(a.nanoOfSecond - b.nanoOfSecond))
  }
  return undefined
}

/** A duration times a number: Camunda takes the whole part of the number. */
function scaled(duration: Duration, factor: Decimal): Duration {
  const whole = factor.truncated()
  return duration instanceof YearsMonthsDuration
    ? new YearsMonthsDuration(whole.toNumber() * duration.totalMonths)
    : new DaysTimeDuration(duration.nanos * BigInt(whole.toFixed(0)))
}

function quotient(a: FeelValue, b: FeelValue): FeelValue | undefined {
  if (a instanceof YearsMonthsDuration && b instanceof YearsMonthsDuration)
    return divide(new Decimal(a.totalMonths), new Decimal(b.totalMonths)) ?? undefined
  if (a instanceof DaysTimeDuration && b instanceof DaysTimeDuration)
    return divide(new Decimal(a.nanos), new Decimal(b.nanos)) ?? undefined
  if (!isNumber(b) || b.isZero()) return undefined
  if (a instanceof YearsMonthsDuration)
    return new YearsMonthsDuration(new Decimal(a.totalMonths).dividedBy(b).truncated().toNumber())
  if (!(a instanceof DaysTimeDuration)) return undefined
  // to the millisecond, as Camunda does
  const milliseconds = new Decimal(a.nanos).dividedBy(1_000_000).dividedBy(b).truncated()
  return new DaysTimeDuration(BigInt(milliseconds.toFixed(0)) * 1_000_000n)
}

/** `-value`; null with a warning for what has no opposite. Camunda negates durations only as `0 - …`. */
export function negated(run: Run, value: FeelValue): FeelValue {
  if (isNumber(value)) return negate(value)
  return run.warn('INVALID_TYPE', `Can't negate '${describe(value)}', a number is needed`)
}
