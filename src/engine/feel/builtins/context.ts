/** Built-in functions over contexts. */
import { FeelContext, type FeelValue } from '../values.ts'
import { any, type Builtin, builtin, context, list, nullable, overload, text } from './define.ts'

const isText = (value: FeelValue | undefined): value is string => typeof value === 'string'

function valueAt(value: FeelValue, keys: readonly FeelValue[]): FeelValue {
  let current = value
  for (const key of keys) {
    if (!(current instanceof FeelContext) || !isText(key)) return null
    current = current.get(key) ?? null
  }
  return keys.length === 0 ? null : current
}

const entriesOf = (target: FeelContext): FeelValue[] =>
  [...target.entries].map(
    ([key, value]) =>
      new FeelContext([
        ['key', key],
        ['value', value],
      ]),
  )

function put(target: FeelContext, keys: readonly FeelValue[], value: FeelValue): FeelValue {
  const [key, ...rest] = keys
  if (!isText(key)) return null
  const inner = target.get(key) ?? null
  const nested = inner instanceof FeelContext ? inner : new FeelContext([])
  const entry = rest.length === 0 ? value : put(nested, rest, value)
  if (rest.length > 0 && entry === null) return null
  return new FeelContext([...target.entries, [key, entry]])
}

function merged(values: readonly FeelValue[]): FeelValue {
  const contexts = values.filter((value) => value instanceof FeelContext)
  if (contexts.length !== values.length) return null
  return new FeelContext(contexts.flatMap((value) => [...value.entries]))
}

function ofEntries(values: FeelValue[]): FeelValue {
  const entries: [string, FeelValue][] = []
  for (const value of values) {
    if (!(value instanceof FeelContext)) return null
    const [key, entry] = [value.get('key'), value.get('value')]
    if (!isText(key) || entry === undefined) return null
    entries.push([key, entry])
  }
  return new FeelContext(entries)
}

const putting = builtin(
  overload(['context', 'key', 'value'], [context, text, any], (_, target, key, value) => put(target, [key], value)),
  overload(['context', 'keys', 'value'], [context, list, any], (_, target, keys, value) => put(target, keys, value)),
)

const merging: Builtin = {
  overloads: [overload(['contexts'], [list], (_, values) => merged(values))],
  variadic: (_, args) => merged(args),
}

/** Functions over contexts, by name. */
export const contextFunctions: Record<string, Builtin> = {
  'get value': builtin(
    // DMN's name of the parameter is m, Camunda's is context; both are accepted
    overload(['m', 'key'], [context, text], (_, target, key) => valueAt(target, [key])),
    overload(['context', 'key'], [context, text], (_, target, key) => valueAt(target, [key])),
    overload(['context', 'keys'], [context, list], (_, target, keys) => valueAt(target, keys)),
  ),
  'get entries': builtin(
    overload(['m'], [context], (_, target) => entriesOf(target)),
    overload(['context'], [context], (_, target) => entriesOf(target)),
  ),
  context: builtin(
    overload(['entries'], [nullable(list)], (_, entries) => (entries === null ? null : ofEntries(entries))),
  ),
  'context put': putting,
  put: putting,
  'context merge': merging,
  'put all': merging,
}
