/** The built-in functions by name, and how a call finds its signature. */
import type { Run } from '../evaluation.ts'
import type { FeelValue } from '../values.ts'
import { contextFunctions } from './context.ts'
import { conversionFunctions } from './conversion.ts'
import { type Builtin, illegal, type Overload } from './define.ts'
import { listFunctions } from './list.ts'
import { numericFunctions } from './numeric.ts'
import { rangeFunctions } from './range.ts'
import { statisticFunctions } from './statistics.ts'
import { temporalFunctions } from './temporal.ts'
import { textFunctions } from './text.ts'

export type { Builtin }

const builtins = new Map<string, Builtin>(
  Object.entries({
    ...contextFunctions,
    ...conversionFunctions,
    ...textFunctions,
    ...numericFunctions,
    ...listFunctions,
    ...statisticFunctions,
    ...temporalFunctions,
    ...rangeFunctions,
  }),
)

/** The built-in function of a name; undefined if there is none. */
export const builtinNamed = (name: string): Builtin | undefined => builtins.get(name)

/** The form of a call: its number of arguments, or their names. */
type CallForm =
  | { readonly kind: 'positional'; readonly values: readonly unknown[] }
  | { readonly kind: 'named'; readonly values: readonly { readonly name: string }[] }

/** True if the function has a signature of that form, whatever the types. */
export function takes(builtin: Builtin, form: CallForm): boolean {
  if (form.kind === 'named') return builtin.overloads.some((signature) => namesFit(signature, form.values))
  const count = form.values.length
  return (
    (builtin.variadic !== undefined && count >= (builtin.atLeast ?? 1)) ||
    builtin.overloads.some(({ guards }) => guards.length === count)
  )
}

const namesFit = (signature: Overload, given: readonly { readonly name: string }[]): boolean =>
  given.every(({ name }) => signature.names.includes(name))

function accepts({ guards }: Overload, args: readonly FeelValue[]): boolean {
  for (let i = 0; i < guards.length; i++) if (guards[i]?.accepts(args[i] ?? null) !== true) return false
  return true
}

/** Calls a built-in function by position; null with a warning if no signature takes the arguments. */
export function callBuiltin(run: Run, name: string, builtin: Builtin, args: readonly FeelValue[]): FeelValue {
  // A function that takes any number of arguments by position takes a single list as them.
  const positional = builtin.atLeast === undefined
  for (const signature of builtin.overloads)
    if (positional && signature.guards.length === args.length && accepts(signature, args))
      return signature.call(run, args)
  return builtin.variadic === undefined ? illegal(run, name, args) : builtin.variadic(run, args)
}

/** Calls a built-in function by parameter names; null with a warning if no signature takes them. */
export function callBuiltinNamed(
  run: Run,
  name: string,
  builtin: Builtin,
  named: ReadonlyMap<string, FeelValue>,
): FeelValue {
  const given = [...named.keys()].map((key) => ({ name: key }))
  const candidates = builtin.overloads.filter((signature) => namesFit(signature, given))
  // A parameter that is not given is null to a signature that allows null.
  const argumentsOf = (signature: Overload): FeelValue[] => signature.names.map((key) => named.get(key) ?? null)
  const fitting = candidates.find((signature) => accepts(signature, argumentsOf(signature)))
  if (fitting !== undefined) return fitting.call(run, argumentsOf(fitting))
  const [first] = candidates
  return illegal(run, name, first === undefined ? [...named.values()] : argumentsOf(first))
}
