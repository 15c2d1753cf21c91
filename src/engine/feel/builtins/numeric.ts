/** Built-in functions over numbers (DMN 1.4, 10.3.4.5). */
import { FeelEvaluationError } from '../errors.ts'
import { decimalOfDouble, ROUNDING, round, scaleOf, withScale } from '../numbers.ts'
import { negateDuration } from '../operators.ts'
import { DaysTimeDuration } from '../temporal.ts'
import { Decimal, type FeelValue } from '../values.ts'
import { type Builtin, builtin, duration, number, overload } from './define.ts'

const MAX_SCALE = 6176

function scaleArgument(scale: Decimal): number {
  const whole = scale.truncated().toNumber()
  return Math.max(-MAX_SCALE, Math.min(MAX_SCALE, whole))
}

/** Rounding with an obligatory scale. */
const rounding = (mode: (typeof ROUNDING)[keyof typeof ROUNDING]): Builtin =>
  builtin(overload(['n', 'scale'], [number, number], (_, n, scale) => round(n, scaleArgument(scale), mode)))

/** Rounding to a whole number, or with a scale. */
const wholeOrScaled = (mode: (typeof ROUNDING)[keyof typeof ROUNDING]): Builtin => ({
  overloads: [
    overload(['n'], [number], (_, n) => round(n, 0, mode)),
    overload(['n', 'scale'], [number, number], (_, n, scale) => round(n, scaleArgument(scale), mode)),
  ],
})

/** A function computed in double precision, as Camunda does. */
const inDouble = (name: string, compute: (value: number) => number): Builtin =>
  builtin(
    overload(['number'], [number], (_, n) => {
      const result = compute(n.toNumber())
      const decimal = decimalOfDouble(result)
      if (decimal === null) throw new FeelEvaluationError(`${name}(${n.toFixed()}) is not a finite number`)
      return decimal
    }),
  )

function absolute(value: Decimal): FeelValue {
  return withScale(new Decimal(value.abs()), scaleOf(value))
}

function modulo(dividend: Decimal, divisor: Decimal): FeelValue {
  if (divisor.isZero()) throw new FeelEvaluationError('Division by zero in modulo')
  const rest = dividend.minus(divisor.times(dividend.dividedBy(divisor).floor()))
  return withScale(rest, Math.max(scaleOf(dividend), scaleOf(divisor)))
}

/** Numeric functions by name. */
export const numericFunctions: Record<string, Builtin> = {
  decimal: rounding(ROUNDING.halfEven),
  floor: wholeOrScaled(ROUNDING.floor),
  ceiling: wholeOrScaled(ROUNDING.ceiling),
  'round up': rounding(ROUNDING.up),
  'round down': rounding(ROUNDING.down),
  'round half up': rounding(ROUNDING.halfUp),
  'round half down': rounding(ROUNDING.halfDown),
  abs: builtin(
    overload(['number'], [number], (_, n) => absolute(n)),
    overload(['n'], [number], (_, n) => absolute(n)),
    overload(['n'], [duration], (_, value) => {
      const negative = value instanceof DaysTimeDuration ? value.nanos < 0n : value.totalMonths < 0
      return negative ? negateDuration(value) : value
    }),
  ),
  modulo: builtin(overload(['dividend', 'divisor'], [number, number], (_, a, b) => modulo(a, b))),
  sqrt: builtin(
    overload(['number'], [number], (_, n) =>
      n.isNegative() && !n.isZero() ? null : decimalOfDouble(Math.sqrt(n.toNumber())),
    ),
  ),
  log: inDouble('log', Math.log),
  exp: inDouble('exp', Math.exp),
  odd: builtin(overload(['number'], [number], (_, n) => n.modulo(2).abs().equals(1))),
  even: builtin(overload(['number'], [number], (_, n) => n.modulo(2).isZero())),
  'random number': builtin(overload([], [], () => new Decimal(Math.random()))),
}
