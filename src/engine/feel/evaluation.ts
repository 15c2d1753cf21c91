/** One evaluation: its scope, its clock, its bounds and the warnings it collects. */
import { FeelEvaluationError } from './errors.ts'
import { fromJson } from './json.ts'
import { FeelContext, type FeelFunction, type FeelValue, type JsonObject, type JsonValue } from './values.ts'

/** The only source of time of an evaluation. */
export interface FeelClock {
  now(): Date
}

/**
 * Variables offered lazily by name, or a plain JSON object. `undefined` means that there is no such variable.
 * Functions are offered beside them: a variable is never called.
 */
export type FeelScope =
  | {
      get(name: string): JsonValue | FeelValue | undefined
      readonly functions?: ReadonlyMap<string, FeelFunction>
    }
  | JsonObject

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
  readonly warnings: readonly string[]
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
  | 'ASSERT_FAILURE'

const DEFAULT_MAX_STEPS = 1_000_000
const MAX_DEPTH = 400
const MAX_LIST = 200_000
const MAX_TEXT = 10_000_000
const MAX_WARNINGS = 100
const NONE: readonly string[] = []

/** The state of one run: its clock, its bounds and the warnings it collects. */
export class Run {
  readonly clock: FeelClock
  readonly zone: string
  #warnings: string[] | undefined
  #steps: number
  #depth = 0

  constructor(options: EvaluationOptions) {
    this.clock = options.clock
    this.zone = options.zone ?? 'UTC'
    this.#steps = options.maxSteps ?? DEFAULT_MAX_STEPS
  }

  /** The warnings so far, as `[TYPE] message`. */
  get warnings(): readonly string[] {
    return this.#warnings ?? NONE
  }

  /** Records a warning and gives null, the value of whatever failed. */
  warn(type: WarningType, message: string): null {
    this.#warnings ??= []
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(`[${type}] ${message}`)
    return null
  }

  /** Forgets the warnings after the first `count`. */
  forgetWarnings(count: number): void {
    if (this.#warnings !== undefined) this.#warnings.length = Math.min(count, this.#warnings.length)
  }

  /** Spends evaluation steps. @throws FeelEvaluationError when the budget is exhausted */
  step(count = 1): void {
    this.#steps -= count
    if (this.#steps < 0)
      throw new FeelEvaluationError('The evaluation exceeded its bound of steps; simplify the expression or its data')
  }

  /** Refuses lists beyond the bound. @throws FeelEvaluationError */
  checkLength(length: number): void {
    if (length > MAX_LIST)
      throw new FeelEvaluationError(`A list of ${length} elements exceeds the bound of ${MAX_LIST}`)
  }

  /** The same for a list that is made at once, which costs steps. @throws FeelEvaluationError */
  checkList(length: number): void {
    this.checkLength(length)
    this.step(length)
  }

  /** Refuses texts beyond the bound. @throws FeelEvaluationError */
  checkText(length: number): void {
    if (length > MAX_TEXT)
      throw new FeelEvaluationError(`A text of ${length} characters exceeds the bound of ${MAX_TEXT}`)
    this.step(length >> 8)
  }

  /** Goes one level deeper; `leave` comes back. @throws FeelEvaluationError beyond the bound of recursion */
  enter(): void {
    if (++this.#depth > MAX_DEPTH)
      throw new FeelEvaluationError(
        `The evaluation is nested deeper than ${MAX_DEPTH} calls; does a function call itself without end?`,
      )
  }

  leave(): void {
    this.#depth--
  }
}

/** A scope of names: local names first, then the parent's, then the variables. */
export interface Names {
  /** The value of a name; undefined if there is none. */
  lookup(name: string): FeelValue | undefined
  /** The function of a name, among local names and those that the caller offers. */
  callable(name: string): FeelFunction | undefined
}

/** The variables of the caller, converted on first use. */
export class RootNames implements Names {
  readonly #scope: FeelScope
  #cache: Map<string, FeelValue> | undefined

  constructor(scope: FeelScope) {
    this.#scope = scope
  }

  lookup(name: string): FeelValue | undefined {
    const known = this.#cache?.get(name)
    if (known !== undefined) return known
    const raw = readScope(this.#scope, name)
    // A knowledge model can be handed on as a value.
    if (raw === undefined) return this.callable(name)
    if (raw === null || typeof raw !== 'object') return fromJson(raw)
    const value = fromJson(raw)
    this.#cache ??= new Map()
    this.#cache.set(name, value)
    return value
  }

  callable(name: string): FeelFunction | undefined {
    const { functions } = this.#scope
    return functions instanceof Map ? functions.get(name) : undefined
  }
}

/** A variable of a scope of either form. */
export function readScope(scope: FeelScope, name: string): JsonValue | FeelValue | undefined {
  if (typeof scope.get === 'function') return scope.get(name)
  return Object.hasOwn(scope, name) ? (scope as JsonObject)[name] : undefined
}

/** Several names over others: a function's parameters, the entries and functions of a context under construction. */
export class LocalNames implements Names {
  readonly #parent: Names
  readonly #values: ReadonlyMap<string, FeelValue>
  readonly #functions: ReadonlyMap<string, FeelFunction> | undefined

  constructor(
    parent: Names,
    values: ReadonlyMap<string, FeelValue>,
    functions?: ReadonlyMap<string, FeelFunction> | undefined,
  ) {
    this.#parent = parent
    this.#values = values
    this.#functions = functions
  }

  lookup(name: string): FeelValue | undefined {
    const value = this.#values.get(name)
    return value !== undefined ? value : this.#parent.lookup(name)
  }

  callable(name: string): FeelFunction | undefined {
    return this.#functions?.get(name) ?? this.#parent.callable(name)
  }
}

/** One name over others: an iteration. */
export class OneName implements Names {
  readonly #parent: Names
  readonly #name: string
  /** The value, set anew for each turn. */
  value: FeelValue = null

  constructor(parent: Names, name: string) {
    this.#parent = parent
    this.#name = name
  }

  lookup(name: string): FeelValue | undefined {
    return name === this.#name ? this.value : this.#parent.lookup(name)
  }

  callable(name: string): FeelFunction | undefined {
    return this.#parent.callable(name)
  }
}

/** The item of a filter, and its entries if it is a context. */
export class ItemNames implements Names {
  readonly #parent: Names
  /** The item, set anew for each turn. */
  item: FeelValue = null

  constructor(parent: Names) {
    this.#parent = parent
  }

  lookup(name: string): FeelValue | undefined {
    const entry = this.item instanceof FeelContext ? this.item.get(name) : undefined
    if (entry !== undefined) return entry
    return name === 'item' ? this.item : this.#parent.lookup(name)
  }

  callable(name: string): FeelFunction | undefined {
    const own = this.item instanceof FeelContext ? this.item.functions?.get(name) : undefined
    return own ?? this.#parent.callable(name)
  }
}
