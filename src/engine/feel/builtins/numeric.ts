/** Built-in functions over numbers (DMN 1.4, 10.3.4.5). */
import { negateDuration } from '../arithmetic.ts'
import { Decimal, type RoundingMode } from '../decimal.ts'
import { FeelEvaluationError } from '../errors.ts'
import { decimalOfDouble, round } from '../numbers.ts'
import { DaysTimeDuration } from '../temporal.ts'
import type { FeelValue } from '../values.ts'
import { type Builtin, builtin, duration, number, overload } from './define.ts'

const ZERO = Decimal.ofInteger(0)
const TWO = Decimal.ofInteger(2)

/** Rounding with an obligatory scale. */
const rounding = (mode: RoundingMode): Builtin =>
  builtin(overload(['n', 'scale'], [number, number], (_, n, scale) => round(n, scale, mode)))

/** A function computed in double precision, as Camunda does. */
const inDouble = (compute: (value: number) => number): Builtin =>
  builtin(overload(['number'], [number], (_, n) => decimalOfDouble(compute(n.toNumber()))))

function modulo(dividend: Decimal, divisor: Decimal): FeelValue {
  if (divisor.isZero) throw new FeelEvaluationError('Division by zero')
  const quotient = dividend.dividedBy(divisor)
  // A quotient of more digits than a number has is whole.
  return dividend.minus(divisor.times(quotient.scale > 0 ? quotient.withScale(0, 'floor') : quotient))
}

const remainder = (n: Decimal): Decimal => n.minus(n.dividedBy(TWO).withScale(0, 'down').times(TWO))

/** Numeric functions by name. */
export const numericFunctions: Record<string, Builtin> = {
  decimal: rounding('halfEven'),
  floor: builtin(
    overload(['n'], [number], (_, n) => round(n, ZERO, 'floor')),
    // the names of these two cannot be written: a call by name does not reach them in Camunda either
    overload([' n', ' scale'], [number, number], (_, n, scale) => round(n, scale, 'floor')),
  ),
  ceiling: builtin(
    overload(['n'], [number], (_, n) => round(n, ZERO, 'ceiling')),
    overload(['n', 'scale'], [number, number], (_, n, scale) => round(n, scale, 'ceiling')),
  ),
  'round up': rounding('up'),
  'round down': rounding('down'),
  'round half up': rounding('halfUp'),
  'round half down': builtin(overload(['n', ' scale'], [number, number], (_, n, scale) => round(n, scale, 'halfDown'))),
  abs: builtin(
    overload(['number'], [number], (_, n) => n.absolute()),
    overload(['n'], [number], (_, n) => n.absolute()),
    overload(['n'], [duration], (_, value) => {
      const negative = value instanceof DaysTimeDuration ? value.nanos < 0n : value.totalMonths < 0
      return negative ? negateDuration(value) : value
    }),
  ),
  modulo: builtin(overload(['dividend', 'divisor'], [number, number], (_, a, b) => modulo(a, b))),
  sqrt: builtin(
    overload(['number'], [number], (_, n) => (n.sign < 0 ? null : decimalOfDouble(Math.sqrt(n.toNumber())))),
  ),
  log: inDouble(Math.log),
  exp: inDouble(Math.exp),
  odd: builtin(overload(['number'], [number], (_, n) => remainder(n).absolute().equals(Decimal.ofInteger(1)))),
  even: builtin(overload(['number'], [number], (_, n) => remainder(n).isZero)),
  'random number': builtin(overload([], [], () => Decimal.ofNumber(Math.random()))),
}
