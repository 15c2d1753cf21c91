/** How a built-in function is declared: parameters with types, and what it does. */
import type { FeelClock, Run } from '../evaluation.ts'
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from '../temporal.ts'
import { type Decimal, FeelContext, FeelFunction, FeelRange, type FeelValue, isNumber } from '../values.ts'

/** A test of an argument's type, with its name for messages. */
export interface Guard<T> {
  readonly type: string
  readonly accepts: (value: FeelValue) => boolean
  /** Only the type counts: which TypeScript type an accepted value has. */
  readonly witness?: T
}

const guard = <T extends FeelValue>(type: string, accepts: (value: FeelValue) => value is T): Guard<T> => ({
  type,
  accepts,
})

export const text = guard('string', (v) => typeof v === 'string')
export const number = guard('number', (v): v is Decimal => isNumber(v))
export const list = guard('list', (v): v is FeelValue[] => Array.isArray(v))
export const context = guard('context', (v) => v instanceof FeelContext)
export const lambda = guard('function', (v) => v instanceof FeelFunction)
export const date = guard('date', (v) => v instanceof FeelDate)
export const time = guard('time', (v) => v instanceof FeelTime)
export const dateTime = guard('date and time', (v) => v instanceof FeelDateTime)
export const dayTime = guard('days and time duration', (v) => v instanceof DaysTimeDuration)
export const duration = guard(
  'duration',
  (v): v is DaysTimeDuration | YearsMonthsDuration => v instanceof DaysTimeDuration || v instanceof YearsMonthsDuration,
)
export const range = guard('range', (v) => v instanceof FeelRange)
/** A value on a scale: what a range can be built of. */
export const point = guard(
  'comparable',
  (v): v is Decimal | FeelDate | FeelTime | FeelDateTime | DaysTimeDuration | YearsMonthsDuration =>
    isNumber(v) ||
    v instanceof FeelDate ||
    v instanceof FeelTime ||
    v instanceof FeelDateTime ||
    v instanceof DaysTimeDuration ||
    v instanceof YearsMonthsDuration,
)
export const any = guard('any', (v): v is FeelValue => v !== undefined)
/** The type or null. */
export const nullable = <T extends FeelValue>(inner: Guard<T>): Guard<T | null> => ({
  type: inner.type,
  accepts: (v) => v === null || inner.accepts(v),
})

/** What a built-in function may use of the evaluation. */
export interface CallContext {
  readonly run: Run
  readonly clock: FeelClock
  readonly zone: string
}

/** One signature of a built-in function. */
export interface Overload {
  readonly names: readonly string[]
  readonly guards: readonly Guard<FeelValue>[]
  readonly call: (context: CallContext, args: readonly FeelValue[]) => FeelValue
}

/** A built-in function: its signatures, and whether many arguments are one list. */
export interface Builtin {
  readonly overloads: readonly Overload[]
  readonly variadic?: (context: CallContext, args: readonly FeelValue[]) => FeelValue
}

type Values<G extends readonly Guard<FeelValue>[]> = { [K in keyof G]: G[K] extends Guard<infer T> ? T : never }

/** Declares one signature: parameter names, their types, the function over the checked arguments. */
export function overload<const G extends readonly Guard<FeelValue>[]>(
  names: { readonly [K in keyof G]: string },
  guards: G,
  call: (context: CallContext, ...args: Values<G>) => FeelValue,
): Overload {
  return {
    names: names as readonly string[],
    guards,
    // The guards have been applied to each argument before the call.
    call: (context, args) => call(context, ...(args as Values<G>)),
  }
}

/** A function of the given signatures. */
export const builtin = (...overloads: Overload[]): Builtin => ({ overloads })

/** A function over a list that may also be called with the elements as arguments. */
export const overList = (call: (context: CallContext, values: FeelValue[]) => FeelValue): Builtin => ({
  overloads: [overload(['list'], [list], call)],
  variadic: (context, args) => call(context, [...args]),
})

/** The warning for a call that cannot be answered; the value is null. */
export const failure = (context: CallContext, name: string, message: string): null =>
  context.run.warn('FUNCTION_INVOCATION_FAILURE', `Failed to invoke function '${name}': ${message}`)
