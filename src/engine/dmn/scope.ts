/** Scopes of decisions: names laid over others. */
import { FeelContext, FeelFunction, type FeelScope, type FeelValue, readScope } from '../feel/index.ts'

/** The scope with further names, which hide those of the same name. Functions can be called, but are no variables. */
export function withNames(scope: FeelScope, names: ReadonlyMap<string, FeelValue>): FeelScope {
  if (names.size === 0) return scope
  const values = new Map<string, FeelValue>()
  const functions = new Map<string, FeelFunction>(functionsOf(scope))
  for (const [name, value] of names)
    if (value instanceof FeelFunction) functions.set(name, value)
    else values.set(name, value)
  return {
    get: (name: string) => {
      const value = values.get(name)
      return value !== undefined ? value : readScope(scope, name)
    },
    functions,
  }
}

/** The functions that a scope offers. */
function functionsOf(scope: FeelScope): ReadonlyMap<string, FeelFunction> | undefined {
  const { functions } = scope
  return functions instanceof Map ? functions : undefined
}

/** The context of named values. */
export function contextOf(names: ReadonlyMap<string, FeelValue>): FeelContext {
  const values = new Map<string, FeelValue>()
  const functions = new Map<string, FeelFunction>()
  for (const [name, value] of names)
    if (value instanceof FeelFunction) functions.set(name, value)
    else values.set(name, value)
  return new FeelContext(values, functions)
}
