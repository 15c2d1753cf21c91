/**
 * Decimal numbers of 34 digits, half even (IEEE 754-2008 decimal128, as DMN asks), with the scale that their text shows:
 * `1.10 + 2` is 3.10. A number is `coefficient × 10^-scale`; the coefficient is a plain number while it is a safe integer,
 * so that the usual arithmetic allocates nothing but its result.
 */
import { FeelEvaluationError } from './errors.ts'

/** Ways to round, by what happens to the digits that are dropped. */
export type RoundingMode = 'up' | 'down' | 'halfUp' | 'halfDown' | 'halfEven' | 'floor' | 'ceiling'

const PRECISION = 34
const SAFE = Number.MAX_SAFE_INTEGER
const LIMIT = 10n ** BigInt(PRECISION)
/** Java's bound of the scale; beyond it there is no number. */
const MAX_SCALE = 2_147_483_647

const powers: bigint[] = [1n]
/** 10^n; the small ones are kept. */
function tenTo(n: number): bigint {
  if (n > 8192) return 10n ** BigInt(n)
  for (let i = powers.length; i <= n; i++) powers.push((powers[i - 1] ?? 1n) * 10n)
  return powers[n] ?? 1n
}
const smallPowers = Array.from({ length: 23 }, (_, n) => 10 ** n)
const smallTenTo = (n: number): number => smallPowers[n] ?? Number.POSITIVE_INFINITY

const absolute = (value: bigint): bigint => (value < 0n ? -value : value)
/** Number of decimal digits. */
const digitsOf = (value: bigint): number => absolute(value).toString().length

const overflow = (): FeelEvaluationError => new FeelEvaluationError('Overflow: the number is out of range')

/** Whether the magnitude of a quotient grows by one when `rest` of `divisor` (both positive) is dropped. */
function roundsAway(mode: RoundingMode, negative: boolean, quotient: bigint, rest: bigint, divisor: bigint): boolean {
  if (rest === 0n) return false
  if (mode === 'up') return true
  if (mode === 'down') return false
  if (mode === 'floor') return negative
  if (mode === 'ceiling') return !negative
  const half = rest * 2n - divisor
  if (half !== 0n) return half > 0n
  return mode === 'halfUp' || (mode === 'halfEven' && (quotient & 1n) === 1n)
}

function dividedRounding(value: bigint, divisor: bigint, mode: RoundingMode): bigint {
  const negative = value < 0n
  const size = absolute(value)
  const quotient = size / divisor
  const result = roundsAway(mode, negative, quotient, size - quotient * divisor, divisor) ? quotient + 1n : quotient
  return negative ? -result : result
}

/** A finite double as Java writes it, `1.0E10`, but large whole numbers in digits. */
function doubleText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e18) return String(value)
  return javaDouble(value)
}

/** A double as Java writes it: `0.5`, `1.0E10`, `1.0E-4`. */
export function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${digits}${digits.includes('.') ? '' : '.0'}E${exponent.replace('+', '')}`
}

/** A decimal number. */
export class Decimal {
  /** The coefficient, where it is a safe integer; else meaningless. */
  readonly small: number
  /** The coefficient, where it is no safe integer. */
  readonly big: bigint | undefined
  /** Digits after the point, trailing zeros included; negative for zeros before it. */
  readonly scale: number

  private constructor(small: number, big: bigint | undefined, scale: number) {
    this.small = small
    this.big = big
    this.scale = scale
  }

  /** The number of a small whole number. */
  static ofInteger(value: number): Decimal {
    return new Decimal(value === 0 ? 0 : value, undefined, 0)
  }

  static ofCoefficient(coefficient: bigint, scale: number): Decimal {
    if (scale > MAX_SCALE || scale < -MAX_SCALE) throw overflow()
    return coefficient <= SAFE && coefficient >= -SAFE
      ? new Decimal(Number(coefficient), undefined, scale)
      : new Decimal(0, coefficient, scale)
  }

  /** The number with at most so many digits. */
  static rounded(coefficient: bigint, scale: number, precision = PRECISION): Decimal {
    if (coefficient < LIMIT && coefficient > -LIMIT) return Decimal.ofCoefficient(coefficient, scale)
    const drop = digitsOf(coefficient) - precision
    if (drop <= 0) return Decimal.ofCoefficient(coefficient, scale)
    const result = dividedRounding(coefficient, tenTo(drop), 'halfEven')
    return digitsOf(result) > precision
      ? Decimal.ofCoefficient(result / 10n, scale - drop - 1)
      : Decimal.ofCoefficient(result, scale - drop)
  }

  /** Digits that results keep: 34, or those of a first operand that has more (as in Camunda). */
  get #kept(): number {
    return this.big === undefined ? PRECISION : Math.max(PRECISION, digitsOf(this.big))
  }

  /** The number that a JavaScript number is written as; it must be finite. */
  static ofNumber(value: number): Decimal {
    if (Number.isSafeInteger(value)) return Decimal.ofInteger(value)
    // Up to 15 digits name one double only: the scaled integer is the number that is written.
    for (let scale = 1; scale <= 6; scale++) {
      const scaled = value * smallTenTo(scale)
      if (Math.abs(scaled) >= 1e15) break
      if (Number.isInteger(scaled) && scaled / smallTenTo(scale) === value) return new Decimal(scaled, undefined, scale)
    }
    return Decimal.parse(doubleText(value)) ?? Decimal.ofInteger(0)
  }

  /** The number that a text such as `-1.50` or `1E3` names; undefined if it names none. */
  static parse(text: string): Decimal | undefined {
    const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
    if (match === null) return undefined
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
    if (whole === '' && fraction === '') return undefined
    const scale = fraction.length - Number(exponent)
    if (Math.abs(scale) > MAX_SCALE) return undefined
    const digits = sign === '-' ? `-${whole}${fraction}` : `${whole}${fraction}`
    if (digits.length <= 15) {
      const small = Number(digits)
      return new Decimal(small === 0 ? 0 : small, undefined, scale)
    }
    return Decimal.ofCoefficient(BigInt(digits), scale)
  }

  /** The coefficient. */
  get coefficient(): bigint {
    return this.big ?? BigInt(this.small)
  }

  /** -1, 0 or 1. */
  get sign(): number {
    return this.big === undefined ? Math.sign(this.small) : this.big < 0n ? -1 : 1
  }

  get isZero(): boolean {
    return this.big === undefined && this.small === 0
  }

  /** Number of digits of the coefficient. */
  get precision(): number {
    return this.big === undefined ? String(Math.abs(this.small)).length : digitsOf(this.big)
  }

  plus(other: Decimal): Decimal {
    if (this.scale === other.scale && this.big === undefined && other.big === undefined) {
      const sum = this.small + other.small
      if (sum <= SAFE && sum >= -SAFE) return new Decimal(sum, undefined, this.scale)
    }
    return this.#sum(other)
  }

  #sum(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale)
    if (this.isZero) return other.#filled(scale, PRECISION)
    if (other.isZero) return this.#filled(scale, this.#kept)
    const [fine, coarse] = this.scale === scale ? [this, other] : [other, this]
    const shift = scale - coarse.scale
    if (fine.big === undefined && coarse.big === undefined && shift < 16) {
      const sum = coarse.small * smallTenTo(shift) + fine.small
      // A product beyond the safe integers is far beyond, whatever its rounding.
      if (Math.abs(coarse.small) * smallTenTo(shift) <= SAFE && sum <= SAFE && sum >= -SAFE)
        return new Decimal(sum, undefined, scale)
    }
    // What lies far below the last digit of the other only decides how that is rounded.
    const gap = shift + coarse.precision - fine.precision
    if (gap > 3 * PRECISION && shift > 3 * PRECISION) {
      const padding = 2 * PRECISION
      return Decimal.rounded(coarse.coefficient * tenTo(padding) + BigInt(fine.sign), coarse.scale + padding)
    }
    return Decimal.rounded(coarse.coefficient * tenTo(shift) + fine.coefficient, scale, this.#kept)
  }

  /** The same value with zeros up to the scale, as far as the precision allows. */
  #filled(scale: number, precision: number): Decimal {
    const rounded = Decimal.rounded(this.coefficient, this.scale, precision)
    if (rounded.isZero) return new Decimal(0, undefined, scale)
    const zeros = Math.min(scale - rounded.scale, precision - rounded.precision)
    if (zeros <= 0) return rounded
    return Decimal.ofCoefficient(rounded.coefficient * tenTo(zeros), rounded.scale + zeros)
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negated())
  }

  negated(): Decimal {
    return this.big === undefined
      ? new Decimal(this.small === 0 ? 0 : -this.small, undefined, this.scale)
      : Decimal.ofCoefficient(-this.big, this.scale)
  }

  absolute(): Decimal {
    return this.sign < 0 ? this.negated() : this
  }

  times(other: Decimal): Decimal {
    const scale = this.scale + other.scale
    if (this.big === undefined && other.big === undefined) {
      const product = this.small * other.small
      if (product <= SAFE && product >= -SAFE)
        return new Decimal(product === 0 ? 0 : product, undefined, bounded(scale))
    }
    return Decimal.rounded(this.coefficient * other.coefficient, scale, this.#kept)
  }

  /** Quotient; the divisor must not be zero. An exact one has the scale of the difference if that is enough. */
  dividedBy(other: Decimal): Decimal {
    const scale = this.scale - other.scale
    if (this.isZero) return new Decimal(0, undefined, bounded(scale))
    if (this.big === undefined && other.big === undefined) {
      const quotient = this.small / other.small
      if (Number.isInteger(quotient)) return new Decimal(quotient, undefined, bounded(scale))
    }
    const [a, b] = [this.coefficient, other.coefficient]
    const size = absolute(b)
    // Enough digits for 34 and one to round by.
    const shift = Math.max(0, PRECISION + 2 + digitsOf(b) - digitsOf(a))
    const numerator = a * tenTo(shift)
    const quotient = numerator / (b < 0n ? -size : size)
    const exact = quotient * b === numerator
    if (exact) return Decimal.rounded(quotient, scale + shift).withoutZeros(scale)
    // A digit beyond the last stands for the rest, so that the rounding is that of the true quotient.
    const sticky = quotient * 10n + (a < 0n === b < 0n ? 1n : -1n)
    return Decimal.rounded(sticky, scale + shift + 1)
  }

  /** The number without trailing zeros, down to a scale. */
  withoutZeros(scale: number): Decimal {
    if (this.scale <= scale) return this
    let coefficient = this.coefficient
    let drop = 0
    while (drop < this.scale - scale && coefficient % 10n === 0n && coefficient !== 0n) {
      coefficient /= 10n
      drop++
    }
    return drop === 0 ? this : Decimal.ofCoefficient(coefficient, this.scale - drop)
  }

  /** Power with a whole exponent of at most nine digits; the base must not be zero if it is negative. */
  power(exponent: number): Decimal {
    if (exponent === 0) return Decimal.ofInteger(1)
    // ANSI X3.274: squares and products of a few digits more than the result has.
    const digits = PRECISION + String(Math.abs(exponent)).length + 1
    let result = Decimal.ofInteger(1)
    for (const bit of Math.abs(exponent).toString(2)) {
      result = result.#timesWithin(result, digits)
      if (bit === '1') result = result.#timesWithin(this, digits)
    }
    if (exponent > 0) return Decimal.rounded(result.coefficient, result.scale)
    const scaled = digits + digitsOf(result.coefficient)
    const reciprocal = Decimal.ofCoefficient(tenTo(scaled) / result.coefficient, scaled - result.scale)
    const exact = reciprocal.coefficient * result.coefficient === tenTo(scaled)
    return exact
      ? Decimal.rounded(reciprocal.coefficient, reciprocal.scale).withoutZeros(-result.scale)
      : Decimal.rounded(reciprocal.coefficient, reciprocal.scale)
  }

  #timesWithin(other: Decimal, digits: number): Decimal {
    const product = this.coefficient * other.coefficient
    const drop = digitsOf(product) - digits
    const scale = this.scale + other.scale
    if (drop <= 0) return Decimal.ofCoefficient(product, scale)
    return Decimal.ofCoefficient(dividedRounding(product, tenTo(drop), 'halfEven'), scale - drop)
  }

  /** The number with exactly `scale` digits after the point (negative: with zeros before it). */
  withScale(scale: number, mode: RoundingMode): Decimal {
    if (scale === this.scale) return this
    const shift = scale - this.scale
    if (shift > 0) {
      if (this.big === undefined && shift < 16) {
        const scaled = this.small * smallTenTo(shift)
        if (scaled <= SAFE && scaled >= -SAFE) return new Decimal(scaled, undefined, scale)
      }
      return Decimal.ofCoefficient(this.coefficient * tenTo(shift), scale)
    }
    if (this.isZero) return new Decimal(0, undefined, scale)
    // Below a tenth of the unit only the sign and the mode matter.
    const drop = Math.min(-shift, this.precision + 2)
    return Decimal.ofCoefficient(dividedRounding(this.coefficient, tenTo(drop), mode), scale)
  }

  /** True for a number without digits other than zero after the point. */
  get isInteger(): boolean {
    if (this.scale <= 0 || this.isZero) return true
    return this.withScale(0, 'down').comparedTo(this) === 0
  }

  /** Negative, 0 or positive. */
  comparedTo(other: Decimal): number {
    if (this.scale === other.scale && this.big === undefined && other.big === undefined) return this.small - other.small
    const sign = this.sign
    if (sign !== other.sign || sign === 0) return sign - other.sign
    const size = this.precision - this.scale - (other.precision - other.scale)
    if (size !== 0) return sign * size
    const shift = this.scale - other.scale
    const [a, b] =
      shift >= 0
        ? [this.coefficient, other.coefficient * tenTo(shift)]
        : [this.coefficient * tenTo(-shift), other.coefficient]
    return a < b ? -1 : a > b ? 1 : 0
  }

  equals(other: Decimal): boolean {
    return this.comparedTo(other) === 0
  }

  /** The nearest double; infinite beyond the doubles. */
  toNumber(): number {
    if (this.big === undefined) {
      if (this.scale === 0) return this.small
      if (this.scale > 0 && this.scale <= 22) return this.small / smallTenTo(this.scale)
    }
    return Number(`${this.coefficient}e${-this.scale}`)
  }

  /** The whole part as a double: a position, a length, a count. */
  toWhole(): number {
    return Math.trunc(this.toNumber())
  }

  /** The low 32 bits of the whole part, signed: what Java takes for a position or a scale. */
  toInt(): number {
    if (this.big === undefined && this.scale === 0 && Math.abs(this.small) < MAX_SCALE) return this.small
    if (this.scale < -64) return 0
    return Number(BigInt.asIntN(32, this.withScale(0, 'down').coefficient))
  }

  /** A text that equal numbers share. */
  get key(): string {
    if (this.isZero) return '0'
    const plain = this.withoutZeros(-MAX_SCALE)
    return `${plain.coefficient}e${plain.scale}`
  }

  /** The text with all digits of the scale; with an exponent for very small numbers and for zeros before the point. */
  toString(): string {
    const { scale } = this
    const digits = this.big === undefined ? String(Math.abs(this.small)) : absolute(this.big).toString()
    const sign = this.sign < 0 ? '-' : ''
    const exponent = digits.length - 1 - scale
    if (scale >= 0 && exponent >= -6) return sign + plainText(digits, scale)
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    return `${sign}${digits[0]}${fraction}${exponent === 0 ? '' : `E${exponent < 0 ? '' : '+'}${exponent}`}`
  }

  /** The text without an exponent. */
  toPlain(): string {
    if (this.scale >= 0) {
      const digits = this.big === undefined ? String(Math.abs(this.small)) : absolute(this.big).toString()
      return (this.sign < 0 ? '-' : '') + plainText(digits, this.scale)
    }
    return this.isZero ? '0' : `${this.coefficient}${'0'.repeat(-this.scale)}`
  }
}

function plainText(digits: string, scale: number): string {
  if (scale === 0) return digits
  const padded = digits.padStart(scale + 1, '0')
  return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

function bounded(scale: number): number {
  if (scale > MAX_SCALE || scale < -MAX_SCALE) throw overflow()
  return scale
}
