/**
 * The values of FEEL (DMN 1.4, chapter 10.3.2) as the evaluator holds them, and the JSON values the engine stores.
 * Numbers are in `decimal.ts`, temporal types in `temporal.ts`.
 */
import { Decimal } from './decimal.ts'
import type { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'

/** A JSON value: what a process variable is. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

/** A JSON object: the variables of a scope, a form's data. */
export type JsonObject = { [key: string]: JsonValue }

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

/** An ordered FEEL context (`{a: 1}`). Its functions can be called, but are no entries. */
export class FeelContext {
  readonly #entries: ReadonlyMap<string, FeelValue>
  readonly functions: ReadonlyMap<string, FeelFunction> | undefined
  constructor(entries: Iterable<readonly [string, FeelValue]>, functions?: ReadonlyMap<string, FeelFunction>) {
    this.#entries = entries instanceof Map ? entries : new Map(entries)
    this.functions = functions
  }
  /** All entries, in order. */
  get entries(): ReadonlyMap<string, FeelValue> {
    return this.#entries
  }
  /** One entry; undefined if there is none. */
  get(name: string): FeelValue | undefined {
    return this.#entries.get(name)
  }
}

/** A context that an expression writes out. */
export class ContextLiteral extends FeelContext {}

/** A FEEL range such as `[1..5)`. */
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
export const isNumber = (value: unknown): value is Decimal => value instanceof Decimal
