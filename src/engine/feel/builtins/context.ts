/** Built-in functions over contexts, and those that judge or convert any value. */
import { FeelAssertionError } from '../errors.ts'
import { fromJson } from '../json.ts'
import { decimalOf, numberText } from '../numbers.ts'
import { feelText } from '../operators.ts'
import { FeelContext, type FeelValue, isNumber, type JsonValue } from '../values.ts'
import {
  any,
  type Builtin,
  builtin,
  type CallContext,
  context,
  failure,
  list,
  nullable,
  overload,
  text,
} from './define.ts'

const isText = (value: FeelValue): value is string => typeof value === 'string'

function valueAt(value: FeelValue, keys: readonly FeelValue[]): FeelValue {
  let current = value
  for (const key of keys) {
    if (!(current instanceof FeelContext) || !isText(key)) return null
    current = current.entries.get(key) ?? null
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
  if (!isText(key ?? null) || key === undefined) return null
  const inner = target.entries.get(String(key)) ?? null
  const nested = inner instanceof FeelContext ? inner : new FeelContext([])
  const entry = rest.length === 0 ? value : put(nested, rest, value)
  if (rest.length > 0 && entry === null) return null
  return new FeelContext([...target.entries, [String(key), entry]])
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
    const key = value.entries.get('key') ?? null
    if (!isText(key) || !value.entries.has('value')) return null
    entries.push([key, value.entries.get('value') ?? null])
  }
  return new FeelContext(entries)
}

/** Compact JSON text with the numbers as they are written. */
function jsonText(value: FeelValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (isNumber(value)) return numberText(value)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (value instanceof FeelContext)
    return `{${[...value.entries].map(([key, entry]) => `${JSON.stringify(key)}:${jsonText(entry)}`).join(',')}}`
  return 'toIso' in value ? JSON.stringify(value.toIso()) : 'null'
}

function fromJsonText(c: CallContext, source: string): FeelValue {
  try {
    const parsed: JsonValue = JSON.parse(source)
    return fromJson(parsed)
  } catch {
    return failure(c, 'from json', `Failed to parse JSON from '${source.slice(0, 100)}'`)
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$/

function parseNumber(c: CallContext, source: string, grouping: FeelValue, decimal: FeelValue): FeelValue {
  const groupings: FeelValue[] = [null, ' ', ',', '.']
  const decimals: FeelValue[] = [null, ',', '.']
  if (!groupings.includes(grouping) || !decimals.includes(decimal) || (grouping === decimal && isText(decimal)))
    return failure(
      c,
      'number',
      'a grouping separator is a blank, comma or period, a decimal separator a comma or period',
    )
  const ungrouped = isText(grouping) ? source.replaceAll(grouping, '') : source
  const plain = isText(decimal) ? ungrouped.replaceAll(decimal, '.') : ungrouped
  if (!NUMBER.test(plain)) return failure(c, 'number', `Can't parse '${source}' as a number`)
  return decimalOf(plain)
}

function asserted(value: FeelValue, condition: FeelValue, cause: string): FeelValue {
  if (condition === true) return value
  throw new FeelAssertionError(cause)
}

const identity = (_: CallContext, value: FeelValue): FeelValue => value

/** Functions over contexts and any value, by name. */
export const contextFunctions: Record<string, Builtin> = {
  not: builtin(overload(['negand'], [any], (_, value) => (typeof value === 'boolean' ? !value : null))),
  'is defined': builtin(overload(['value'], [any], (_, value) => value !== null)),
  'get or else': builtin(overload(['value', 'default'], [any, any], (_, value, other) => value ?? other)),
  assert: builtin(
    overload(['value', 'condition'], [any, any], (_, value, condition) =>
      asserted(value, condition, 'The condition is not fulfilled'),
    ),
    overload(['value', 'condition', 'cause'], [any, any, text], (_, value, condition, cause) =>
      asserted(value, condition, cause),
    ),
  ),
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
  'context put': builtin(
    overload(['context', 'key', 'value'], [context, text, any], (_, target, key, value) => put(target, [key], value)),
    overload(['context', 'keys', 'value'], [context, list, any], (_, target, keys, value) => put(target, keys, value)),
  ),
  put: builtin(
    overload(['context', 'key', 'value'], [context, text, any], (_, target, key, value) => put(target, [key], value)),
  ),
  'context merge': {
    overloads: [overload(['contexts'], [list], (_, values) => merged(values))],
    variadic: (_, args) => merged(args),
  },
  'put all': {
    overloads: [overload(['contexts'], [list], (_, values) => merged(values))],
    variadic: (_, args) => merged(args),
  },
  string: builtin(overload(['from'], [any], (_, value) => (value === null ? null : feelText(value)))),
  number: builtin(
    overload(['from'], [text], (c, from) => parseNumber(c, from, null, null)),
    overload(['from', 'grouping separator'], [text, nullable(text)], (c, from, grouping) =>
      parseNumber(c, from, grouping, null),
    ),
    overload(['from', 'grouping separator', 'decimal separator'], [text, nullable(text), nullable(text)], parseNumber),
  ),
  'from json': builtin(overload(['value'], [text], fromJsonText)),
  'to json': builtin(overload(['value'], [any], (_, value) => jsonText(value))),
  // Outside an agent's tool call the function is its first argument.
  fromAi: builtin(
    overload(['value'], [any], identity),
    overload(['value', 'description'], [any, nullable(text)], identity),
    overload(['value', 'description', 'type'], [any, nullable(text), nullable(text)], identity),
    overload(
      ['value', 'description', 'type', 'schema'],
      [any, nullable(text), nullable(text), nullable(context)],
      identity,
    ),
    overload(
      ['value', 'description', 'type', 'schema', 'options'],
      [any, nullable(text), nullable(text), nullable(context), nullable(context)],
      identity,
    ),
  ),
}
