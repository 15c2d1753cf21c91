/** The built-in functions by name, and how a call finds its signature. */
import type { FeelValue } from '../values.ts'
import { contextFunctions } from './context.ts'
import type { Builtin, CallContext, Overload } from './define.ts'
import { listFunctions } from './list.ts'
import { numericFunctions } from './numeric.ts'
import { rangeFunctions } from './range.ts'
import { temporalFunctions } from './temporal.ts'
import { textFunctions } from './text.ts'

const builtins = new Map<string, Builtin>(
  Object.entries({
    ...contextFunctions,
    ...textFunctions,
    ...numericFunctions,
    ...listFunctions,
    ...temporalFunctions,
    ...rangeFunctions,
  }),
)

/** Names with blanks, which the grammar must know to read them as one name; `date and time` it knows by itself. */
export const SPACED_NAMES: readonly string[] = [...builtins.keys()].filter(
  (name) => name.includes(' ') && name !== 'date and time',
)

/** The built-in function of a name; undefined if there is none. */
export const builtinNamed = (name: string): Builtin | undefined => builtins.get(name)

const accepts = (signature: Overload, args: readonly FeelValue[]): boolean =>
  signature.guards.length === args.length && signature.guards.every((guard, i) => guard.accepts(args[i] ?? null))

/** Calls a built-in function by position; null with a warning if no signature takes the arguments. */
export function callBuiltin(
  context: CallContext,
  name: string,
  builtin: Builtin,
  args: readonly FeelValue[],
): FeelValue {
  const signature = builtin.overloads.find((candidate) => accepts(candidate, args))
  if (signature !== undefined) return signature.call(context, args)
  // One list is the list itself; the functions without a signature take their arguments as they come.
  if (
    builtin.variadic !== undefined &&
    (builtin.overloads.length === 0 || !(args.length === 0 || (args.length === 1 && args[0] === null)))
  )
    return builtin.variadic(context, args)
  return mismatch(context, name, builtin, args.length)
}

/** Calls a built-in function by parameter names; null with a warning if no signature takes them. */
export function callBuiltinNamed(
  context: CallContext,
  name: string,
  builtin: Builtin,
  named: ReadonlyMap<string, FeelValue>,
): FeelValue {
  // A parameter that is not given is null to a signature that allows null.
  const candidates = builtin.overloads.filter((signature) =>
    [...named.keys()].every((key) => signature.names.includes(key)),
  )
  for (const signature of candidates) {
    const args = signature.names.map((key) => named.get(key) ?? null)
    if (accepts(signature, args)) return signature.call(context, args)
  }
  return mismatch(context, name, builtin, named.size)
}

function mismatch(context: CallContext, name: string, builtin: Builtin, count: number): null {
  const known = builtin.overloads.some((signature) => signature.guards.length === count)
  return known
    ? context.run.warn(
        'FUNCTION_INVOCATION_FAILURE',
        `Failed to invoke function '${name}': an argument has another type than expected`,
      )
    : context.run.warn('NO_FUNCTION_FOUND', `No function found with name '${name}' and ${count} parameters`)
}
