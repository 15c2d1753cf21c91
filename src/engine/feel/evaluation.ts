/** One evaluation: its scope, its clock, its bounds and the warnings it collects. */
import { FeelEvaluationError } from './errors.ts'
import { fromJson } from './json.ts'
import type { FeelValue, JsonObject, JsonValue } from './values.ts'

/** The only source of time of an evaluation. */
export interface FeelClock {
  now(): Date
}

/** Variables offered lazily by name, or a plain JSON object. `undefined` means that there is no such variable. */
export type FeelScope = { get(name: string): JsonValue | FeelValue | undefined } | JsonObject

/** What an evaluation needs besides its variables. */
export interface EvaluationOptions {
  readonly clock: FeelClock
  /** IANA time zone of `now()` and `today()`; UTC where not given. Never the machine's zone. */
  readonly zone?: string
  /** Upper bound of evaluation steps; 1,000,000 where not given (some tenths of a second). */
  readonly maxSteps?: number
}

/** The result of an evaluation. */
export interface EvaluationResult {
  /** The result as JSON: temporal values as ISO strings, decimals as numbers; functions and ranges are null. */
  readonly value: JsonValue
  /** The typed result (dates and durations for timers, decimals for money). */
  readonly feel: FeelValue
  /** What was turned into null on the way, as `[TYPE] message`, in the order of occurrence. */
  readonly warnings: string[]
}

/** The kinds of warning that Camunda reports. */
export type WarningType =
  | 'NO_VARIABLE_FOUND'
  | 'NO_CONTEXT_ENTRY_FOUND'
  | 'NO_PROPERTY_FOUND'
  | 'NO_FUNCTION_FOUND'
  | 'INVALID_TYPE'
  | 'NOT_COMPARABLE'
  | 'OUT_OF_BOUNDS'
  | 'FUNCTION_INVOCATION_FAILURE'

const DEFAULT_MAX_STEPS = 1_000_000
const MAX_DEPTH = 400
const MAX_LIST = 200_000
const MAX_TEXT = 10_000_000

/** The state of one run: bounds and warnings. */
export class Run {
  readonly options: EvaluationOptions
  readonly warnings: string[] = []
  #steps: number
  #depth = 0

  constructor(options: EvaluationOptions) {
    this.options = options
    this.#steps = options.maxSteps ?? DEFAULT_MAX_STEPS
  }

  /** Records a warning and gives null, the value of whatever failed. */
  warn(type: WarningType, message: string): null {
    if (this.warnings.length < 100) this.warnings.push(`[${type}] ${message}`)
    return null
  }

  /** Spends evaluation steps. @throws FeelEvaluationError when the budget is exhausted */
  step(count = 1): void {
    this.#steps -= count
    if (this.#steps < 0)
      throw new FeelEvaluationError('The evaluation exceeded its bound of steps; simplify the expression or its data')
  }

  /** Refuses lists beyond the bound. @throws FeelEvaluationError */
  checkList(length: number): void {
    if (length > MAX_LIST)
      throw new FeelEvaluationError(`A list of ${length} elements exceeds the bound of ${MAX_LIST}`)
    this.step(length)
  }

  /** Refuses texts beyond the bound. @throws FeelEvaluationError */
  checkText(length: number): void {
    if (length > MAX_TEXT)
      throw new FeelEvaluationError(`A text of ${length} characters exceeds the bound of ${MAX_TEXT}`)
  }

  /** Runs one level deeper. @throws FeelEvaluationError beyond the bound of recursion */
  nested<T>(body: () => T): T {
    if (++this.#depth > MAX_DEPTH)
      throw new FeelEvaluationError(
        `The evaluation is nested deeper than ${MAX_DEPTH} calls; does a function call itself without end?`,
      )
    try {
      return body()
    } finally {
      this.#depth--
    }
  }
}

/** A scope of names: local names first, then the parent's, then the variables. */
export interface Names {
  lookup(name: string): FeelValue | undefined
}

/** The variables of the caller, converted on first use. */
export class RootNames implements Names {
  readonly #scope: FeelScope
  readonly #cache = new Map<string, FeelValue | undefined>()

  constructor(scope: FeelScope) {
    this.#scope = scope
  }

  lookup(name: string): FeelValue | undefined {
    const known = this.#cache.get(name)
    if (known !== undefined || this.#cache.has(name)) return known
    const scope = this.#scope
    const raw =
      typeof scope.get === 'function'
        ? scope.get(name)
        : Object.hasOwn(scope, name)
          ? (scope as JsonObject)[name]
          : undefined
    const value = raw === undefined ? undefined : fromJson(raw)
    this.#cache.set(name, value)
    return value
  }
}

/** Names bound by a `for`, a function's parameters, a context under construction. */
export class LocalNames implements Names {
  readonly #parent: Names
  readonly #values: ReadonlyMap<string, FeelValue>

  constructor(parent: Names, values: ReadonlyMap<string, FeelValue>) {
    this.#parent = parent
    this.#values = values
  }

  lookup(name: string): FeelValue | undefined {
    const value = this.#values.get(name)
    return value !== undefined ? value : this.#parent.lookup(name)
  }
}
