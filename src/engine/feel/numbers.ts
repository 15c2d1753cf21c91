/**
 * Numbers of FEEL: decimals of 34 digits, half even, with the scale that the text of a number shows.
 * `decimal.js` drops trailing zeros; Camunda keeps them in texts (`string(1.10 + 2)` is "3.10"), which matters where
 * money travels as text. So a scale beyond the significant digits is remembered beside the number.
 */
import { Decimal } from './values.ts'

const scales = new WeakMap<Decimal, number>()

/** Digits after the point, trailing zeros included. */
export const scaleOf = (value: Decimal): number => scales.get(value) ?? value.decimalPlaces()

/** The number with at least `scale` digits after the point in its text. */
export function withScale(value: Decimal, scale: number): Decimal {
  if (scale <= value.decimalPlaces()) return value
  const copy = new Decimal(value)
  scales.set(copy, Math.min(scale, 34))
  return copy
}

/** The number that a decimal text such as `-1.50` names. */
export function decimalOf(text: string): Decimal {
  const point = text.indexOf('.')
  return withScale(new Decimal(text), point < 0 ? 0 : text.length - point - 1)
}

/** The number of a computation in double precision (`sqrt`, `log`); null if it is not finite. */
export function decimalOfDouble(value: number): Decimal | null {
  return Number.isFinite(value) ? withScale(new Decimal(value), 1) : null
}

/** Plain text of a number with its scale. */
export const numberText = (value: Decimal): string => value.toFixed(scaleOf(value))

/** Sum, rounded to 34 digits. */
export const add = (a: Decimal, b: Decimal): Decimal => withScale(a.plus(b), Math.max(scaleOf(a), scaleOf(b)))
/** Sum of numbers; 0 without any. */
export const sumOf = (values: readonly Decimal[]): Decimal =>
  values.length === 0 ? new Decimal(0) : values.reduce((a, b) => add(a, b))
/** Difference, rounded to 34 digits. */
export const subtract = (a: Decimal, b: Decimal): Decimal => withScale(a.minus(b), Math.max(scaleOf(a), scaleOf(b)))
/** Product, rounded to 34 digits. */
export const multiply = (a: Decimal, b: Decimal): Decimal => withScale(a.times(b), scaleOf(a) + scaleOf(b))
/** Opposite number. */
export const negate = (a: Decimal): Decimal => withScale(new Decimal(a.negated()), scaleOf(a))

/** Quotient, rounded to 34 digits; null for a division by zero. */
export function divide(a: Decimal, b: Decimal): Decimal | null {
  return b.isZero() ? null : withScale(a.dividedBy(b), scaleOf(a) - scaleOf(b))
}

/** Power: exact for a whole exponent, in double precision otherwise; null if there is none. */
export function power(base: Decimal, exponent: Decimal): Decimal | null {
  if (exponent.isInteger() && exponent.abs().lessThanOrEqualTo(999_999_999)) {
    if (base.isZero() && exponent.isNegative() && !exponent.isZero()) return null
    const result = base.pow(exponent)
    if (!result.isFinite()) return null
    return exponent.isNegative() ? result : withScale(result, Math.min(34, scaleOf(base) * exponent.toNumber()))
  }
  return decimalOfDouble(base.toNumber() ** exponent.toNumber())
}

/** Rounding modes of the built-in functions, as decimal.js numbers them. */
export const ROUNDING = {
  up: Decimal.ROUND_UP,
  down: Decimal.ROUND_DOWN,
  halfUp: Decimal.ROUND_HALF_UP,
  halfDown: Decimal.ROUND_HALF_DOWN,
  halfEven: Decimal.ROUND_HALF_EVEN,
  floor: Decimal.ROUND_FLOOR,
  ceiling: Decimal.ROUND_CEIL,
} as const

/** The number rounded to `scale` digits after the point (negative: before it). */
export function round(value: Decimal, scale: number, mode: (typeof ROUNDING)[keyof typeof ROUNDING]): Decimal {
  if (scale >= 0) return withScale(value.toDecimalPlaces(scale, mode), scale)
  const unit = new Decimal(10).pow(-scale)
  return value.dividedBy(unit).toDecimalPlaces(0, mode).times(unit)
}
