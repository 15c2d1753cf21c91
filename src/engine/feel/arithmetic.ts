/** Arithmetic of numbers, strings and temporal values. */
import { sameKind } from './comparison.ts'
import { Decimal } from './decimal.ts'
import { FeelEvaluationError } from './errors.ts'
import type { Run } from './evaluation.ts'
import { power } from './numbers.ts'
import type { ArithmeticOperator } from './syntax-tree.ts'
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'
import { describe } from './text.ts'
import { type FeelValue, isNumber } from './values.ts'

/** `left operator right`; null with a warning where the types have no such operation. */
export function arithmetic(run: Run, operator: ArithmeticOperator, left: FeelValue, right: FeelValue): FeelValue {
  const result = isNumber(left) && isNumber(right) ? numeric(operator, left, right) : others(run, operator, left, right)
  return result === undefined ? impossible(run, operator, left, right) : result
}

function impossible(run: Run, operator: ArithmeticOperator, left: FeelValue, right: FeelValue): null {
  switch (operator) {
    case '+':
      return run.warn('INVALID_TYPE', `Can't add '${describe(right)}' to '${describe(left)}'`)
    case '-':
      return run.warn('INVALID_TYPE', `Can't subtract '${describe(right)}' from '${describe(left)}'`)
    case '*':
      return run.warn('INVALID_TYPE', `Can't multiply '${describe(left)}' by '${describe(right)}'`)
    case '/':
      return run.warn('INVALID_TYPE', `Can't divide '${describe(left)}' by '${describe(right)}'`)
    case '**':
      return expectedNumber(run, isNumber(left) ? right : left)
  }
}

const expectedNumber = (run: Run, value: FeelValue): null =>
  run.warn('INVALID_TYPE', `Expected number but found '${describe(value)}'`)

function numeric(operator: ArithmeticOperator, a: Decimal, b: Decimal): Decimal | undefined {
  switch (operator) {
    case '+':
      return a.plus(b)
    case '-':
      return a.minus(b)
    case '*':
      return a.times(b)
    case '/':
      return b.isZero ? undefined : a.dividedBy(b)
    case '**':
      return power(a, b)
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
      if (isMoment(left) && isDuration(right)) return moved(left, right)
      if (isDuration(left) && isMoment(right)) return moved(right, left)
      return sumOfDurations(left, right)
    case '-':
      if (isMoment(left) && isDuration(right)) return moved(left, negateDuration(right))
      if (isDuration(right)) return sumOfDurations(left, negateDuration(right))
      return difference(left, right)
    case '*':
      if (isDuration(left) && isNumber(right)) return scaled(left, right)
      return isNumber(left) && isDuration(right) ? scaled(right, left) : undefined
    case '/':
      return quotient(left, right)
    case '**':
      return undefined
  }
}

/** The moment moved by the duration; undefined for a time of day moved by months. */
function moved(moment: Moment, duration: Duration): FeelValue | undefined {
  if (duration instanceof DaysTimeDuration)
    return moment instanceof FeelDate
      ? new FeelDateTime(moment, 0).plusNanos(duration.nanos).date
      : moment.plusNanos(duration.nanos)
  return moment instanceof FeelTime ? undefined : moment.plusMonths(duration.totalMonths)
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
  const whole = factor.toInt()
  return duration instanceof YearsMonthsDuration
    ? new YearsMonthsDuration(whole * duration.totalMonths)
    : new DaysTimeDuration(duration.nanos * BigInt(whole))
}

function quotient(a: FeelValue, b: FeelValue): FeelValue | undefined {
  if (a instanceof YearsMonthsDuration) {
    if (b instanceof YearsMonthsDuration)
      return b.totalMonths === 0 ? undefined : Decimal.ofInteger(Math.trunc(a.totalMonths / b.totalMonths))
    if (!isNumber(b) || b.isZero) return undefined
    return new YearsMonthsDuration(Decimal.ofInteger(a.totalMonths).dividedBy(b).toWhole())
  }
  if (!(a instanceof DaysTimeDuration)) return undefined
  // to the millisecond, as Camunda does
  const milliseconds = a.nanos / 1_000_000n
  if (b instanceof DaysTimeDuration) {
    if (b.nanos === 0n) return undefined
    const divisor = b.nanos / 1_000_000n
    if (divisor === 0n) throw new FeelEvaluationError('Division by zero')
    return Decimal.ofCoefficient(milliseconds / divisor, 0)
  }
  if (!isNumber(b) || b.isZero) return undefined
  const result = Decimal.ofCoefficient(milliseconds, 0).dividedBy(b).withScale(0, 'down')
  return new DaysTimeDuration(result.coefficient * 1_000_000n)
}

/** `-value`; null with a warning for what is no number. Camunda negates durations only as `0 - …`. */
export function negated(run: Run, value: FeelValue): FeelValue {
  return isNumber(value) ? value.negated() : expectedNumber(run, value)
}
