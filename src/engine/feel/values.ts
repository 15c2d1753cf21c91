/**
 * The values of FEEL (DMN 1.4, chapter 10.3.2) as the evaluator holds them, and the JSON values the engine stores.
 * Temporal types are in `temporal.ts`.
 */
import { Decimal as DecimalBase } from 'decimal.js'
import type { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'

/** A JSON value: what a process variable is. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

/** A JSON object: the variables of a scope, a form's data. */
export type JsonObject = { [key: string]: JsonValue }

/** FEEL numbers are IEEE 754-2008 decimal128: 34 digits, half even (DMN 1.4, 10.3.2.3.1). */
export const Decimal = DecimalBase.clone({
  precision: 34,
  rounding: DecimalBase.ROUND_HALF_EVEN,
  toExpNeg: -6200,
  toExpPos: 6200,
  minE: -6143,
  maxE: 6144,
})
export type Decimal = DecimalBase

/** Any FEEL value. Contexts are ordered maps, numbers are decimals; `null` is FEEL's null. */
export type FeelValue =
  | null
  | boolean
  | string
  | Decimal
  | FeelDate
  | FeelTime
  | FeelDateTime
  | YearsMonthsDuration
  | DaysTimeDuration
  | FeelRange
  | FeelFunction
  | FeelContext
  | FeelValue[]

/** An ordered FEEL context (`{a: 1}`). */
export class FeelContext {
  readonly entries: ReadonlyMap<string, FeelValue>
  constructor(entries: Iterable<readonly [string, FeelValue]>) {
    this.entries = entries instanceof Map ? entries : new Map(entries)
  }
}

/** A FEEL range such as `[1..5)`; a missing bound is null (`> 5`). */
export class FeelRange {
  readonly start: FeelValue
  readonly end: FeelValue
  readonly startIncluded: boolean
  readonly endIncluded: boolean
  constructor(start: FeelValue, end: FeelValue, startIncluded: boolean, endIncluded: boolean) {
    this.start = start
    this.end = end
    this.startIncluded = startIncluded
    this.endIncluded = endIncluded
  }
}

/** A FEEL function value: a lambda or a business knowledge model. */
export class FeelFunction {
  readonly parameters: readonly string[]
  readonly call: (args: readonly FeelValue[]) => FeelValue
  constructor(parameters: readonly string[], call: (args: readonly FeelValue[]) => FeelValue) {
    this.parameters = parameters
    this.call = call
  }
}

/** True for a FEEL number. */
export const isNumber = (value: unknown): value is Decimal => DecimalBase.isDecimal(value)
