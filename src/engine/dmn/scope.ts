/** Scopes of decisions: names laid over others. */
import type { FeelScope, FeelValue, JsonValue } from '../feel/index.ts'

/** Reads a name of a scope of either form. */
function read(scope: FeelScope, name: string): JsonValue | FeelValue | undefined {
  if (typeof scope.get === 'function') return scope.get(name)
  return Object.hasOwn(scope, name) ? (scope as { [key: string]: JsonValue })[name] : undefined
}

/** The scope with further names, which hide those of the same name. */
export function withNames(scope: FeelScope, names: ReadonlyMap<string, FeelValue>): FeelScope {
  if (names.size === 0) return scope
  return {
    get: (name: string) => {
      const value = names.get(name)
      return value !== undefined ? value : read(scope, name)
    },
  }
}
