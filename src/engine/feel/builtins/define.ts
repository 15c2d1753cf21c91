/** How a built-in function is declared: parameters with types, and what it does. */
import type { Decimal } from '../decimal.ts'
import type { Run } from '../evaluation.ts'
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from '../temporal.ts'
import { describe } from '../text.ts'
import { FeelContext, FeelFunction, FeelRange, type FeelValue, isNumber } from '../values.ts'

/** A test of an argument's type. */
export interface Guard<T> {
  readonly accepts: (value: FeelValue) => boolean
  /** Only the type counts: which TypeScript type an accepted value has. */
  readonly witness?: T
}

const guard = <T extends FeelValue>(accepts: (value: FeelValue) => value is T): Guard<T> => ({ accepts })

export const text = guard((v) => typeof v === 'string')
export const number = guard((v): v is Decimal => isNumber(v))
export const list = guard((v): v is FeelValue[] => Array.isArray(v))
export const context = guard((v) => v instanceof FeelContext)
export const lambda = guard((v) => v instanceof FeelFunction)
export const date = guard((v) => v instanceof FeelDate)
export const time = guard((v) => v instanceof FeelTime)
export const dateTime = guard((v) => v instanceof FeelDateTime)
export const dayTime = guard((v) => v instanceof DaysTimeDuration)
export const duration = guard(
  (v): v is DaysTimeDuration | YearsMonthsDuration => v instanceof DaysTimeDuration || v instanceof YearsMonthsDuration,
)
/** A value on a scale: what a range can be built of. */
export const point = guard(
  (v): v is Decimal | FeelDate | FeelTime | FeelDateTime | DaysTimeDuration | YearsMonthsDuration =>
    isNumber(v) ||
    v instanceof FeelDate ||
    v instanceof FeelTime ||
    v instanceof FeelDateTime ||
    v instanceof DaysTimeDuration ||
    v instanceof YearsMonthsDuration,
)
export const range = guard((v) => v instanceof FeelRange)
export const nothing = guard((v) => v === null)
export const any = guard((v): v is FeelValue => v !== undefined)
/** The type or null. */
export const nullable = <T extends FeelValue>(inner: Guard<T>): Guard<T | null> => ({
  accepts: (v) => v === null || inner.accepts(v),
})

/** One signature of a built-in function. */
export interface Overload {
  readonly names: readonly string[]
  readonly guards: readonly Guard<FeelValue>[]
  readonly call: (run: Run, args: readonly FeelValue[]) => FeelValue
}

/** A built-in function: its signatures, and what it does with any number of arguments. */
export interface Builtin {
  readonly overloads: readonly Overload[]
  readonly variadic?: (run: Run, args: readonly FeelValue[]) => FeelValue
  /** The least number of arguments of `variadic`; 1 where not given. */
  readonly atLeast?: number
}

type Values<G extends readonly Guard<FeelValue>[]> = { [K in keyof G]: G[K] extends Guard<infer T> ? T : never }

/** Declares one signature: parameter names, their types, the function over the checked arguments. */
export function overload<const G extends readonly Guard<FeelValue>[]>(
  names: { readonly [K in keyof G]: string },
  guards: G,
  call: (run: Run, ...args: Values<G>) => FeelValue,
): Overload {
  return {
    names: names as readonly string[],
    guards,
    // The guards have been applied to each argument before the call.
    call: (run, args) => call(run, ...(args as Values<G>)),
  }
}

/** A function of the given signatures. */
export const builtin = (...overloads: Overload[]): Builtin => ({ overloads })

/** A function over a list that may also be called with the elements as arguments. */
export const overList = (call: (run: Run, values: FeelValue[]) => FeelValue): Builtin => ({
  overloads: [overload(['list'], [list], call)],
  variadic: (run, args) => call(run, [...args]),
})

/** The warning for a call that cannot be answered; the value is null. */
export const failure = (run: Run, name: string, message: string): null =>
  run.warn('FUNCTION_INVOCATION_FAILURE', `Failed to invoke function '${name}': ${message}`)

/** The warning for arguments that no signature takes. */
export const illegal = (run: Run, name: string, args: readonly FeelValue[]): null =>
  failure(run, name, `Illegal arguments: ${args.map((arg) => `'${describe(arg)}'`).join(', ')}`)
