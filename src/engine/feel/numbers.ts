/** Functions over numbers beyond the arithmetic of `decimal.ts`. */
import { Decimal, javaDouble, type RoundingMode } from './decimal.ts'
import { FeelEvaluationError } from './errors.ts'

/** Digits after the point that rounding functions may be asked for, either way. */
const MAX_SCALE = 6176
const MAX_EXPONENT = 999_999_999

/** The number of a computation in double precision (`sqrt`, `log`). @throws FeelEvaluationError if it is not finite */
export function decimalOfDouble(value: number): Decimal {
  const number = Number.isFinite(value) ? Decimal.parse(javaDouble(value)) : undefined
  if (number === undefined) throw new FeelEvaluationError(`The result '${value}' is no number`)
  return number
}

/** Sum of numbers; 0 without any. */
export function sumOf(values: readonly Decimal[]): Decimal {
  return values.length === 0 ? Decimal.ofInteger(0) : values.reduce((a, b) => a.plus(b))
}

/** Power: in decimal digits for a whole exponent, in double precision otherwise. @throws FeelEvaluationError if there is none */
export function power(base: Decimal, exponent: Decimal): Decimal {
  if (!exponent.isInteger) return decimalOfDouble(base.toNumber() ** exponent.toNumber())
  const whole = exponent.toInt()
  if (Math.abs(whole) > MAX_EXPONENT) throw new FeelEvaluationError('Invalid operation: the exponent is too large')
  if (whole < 0 && base.isZero) throw new FeelEvaluationError('Division by zero')
  return base.power(whole)
}

/** The number rounded to `scale` digits after the point (negative: before it). */
export function round(value: Decimal, scale: Decimal, mode: RoundingMode): Decimal {
  const digits = scale.toInt()
  if (Math.abs(digits) > MAX_SCALE || value.scale < -MAX_SCALE)
    throw new FeelEvaluationError(`A number cannot be rounded to ${digits} digits`)
  return value.withScale(digits, mode)
}
