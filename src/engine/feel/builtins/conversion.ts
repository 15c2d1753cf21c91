/** Built-in functions that convert or judge any value. */
import { Decimal } from '../decimal.ts'
import { FeelAssertionError } from '../errors.ts'
import type { Run } from '../evaluation.ts'
import { fromJson } from '../json.ts'
import { describe, feelText } from '../text.ts'
import { FeelContext, type FeelValue, isNumber, type JsonValue } from '../values.ts'
import { any, type Builtin, builtin, context, failure, nullable, overload, text } from './define.ts'

/** Compact JSON text with the numbers as they are written. */
function jsonText(value: FeelValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (isNumber(value)) return String(value)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (value instanceof FeelContext)
    return `{${[...value.entries].map(([key, entry]) => `${JSON.stringify(key)}:${jsonText(entry)}`).join(',')}}`
  return JSON.stringify('toIso' in value ? value.toIso() : feelText(value))
}

function fromJsonText(run: Run, source: string): FeelValue {
  try {
    const parsed: JsonValue = JSON.parse(source)
    return fromJson(parsed)
  } catch {
    return failure(run, 'from json', `Failed to parse JSON from '${source.slice(0, 100)}'`)
  }
}

function parseNumber(run: Run, source: string): FeelValue {
  // Java reads the digits of every script.
  const plain = source.replace(/\p{Nd}/gu, digitOf)
  return Decimal.parse(plain) ?? failure(run, 'number', `Can't parse '${source}' as a number`)
}

/** The value of a decimal digit: those of a script follow one another from its zero. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (zero > code - 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
  return code < 128 ? digit : String(code - zero)
}

const GROUPINGS = [' ', ',', '.']
const DECIMALS = [',', '.']

function ungrouped(run: Run, source: string, grouping: string): FeelValue {
  if (!GROUPINGS.includes(grouping))
    return failure(run, 'number', "illegal argument for grouping. Must be one of ' ', ',' or '.'")
  return parseNumber(run, source.replaceAll(grouping, ''))
}

function localized(run: Run, source: string, grouping: string | null, decimal: string | null): FeelValue {
  const wrong =
    (grouping !== null && !GROUPINGS.includes(grouping)) ||
    (decimal !== null && !DECIMALS.includes(decimal)) ||
    (grouping !== null && grouping === decimal)
  if (wrong)
    return failure(
      run,
      'number',
      "illegal arguments for grouping or decimal. Must be one of ' ' (grouping only), ',' or '.'",
    )
  const plain = grouping === null ? source : source.replaceAll(grouping, '')
  return parseNumber(run, decimal === null ? plain : plain.replaceAll(decimal, '.'))
}

function asserted(run: Run, value: FeelValue, condition: FeelValue, cause: string): FeelValue {
  if (condition === true) return value
  run.warn('ASSERT_FAILURE', cause)
  throw new FeelAssertionError(cause)
}

const identity = (_: Run, value: FeelValue): FeelValue => value

/** Conversions and judgements, by name. */
export const conversionFunctions: Record<string, Builtin> = {
  not: builtin(overload(['negand'], [any], (_, value) => (typeof value === 'boolean' ? !value : null))),
  'is defined': builtin(overload(['value'], [any], (_, value) => value !== null)),
  'get or else': builtin(overload(['value', 'default'], [any, any], (_, value, other) => value ?? other)),
  assert: builtin(
    overload(['value', 'condition'], [any, any], (run, value, condition) =>
      asserted(run, value, condition, 'The condition is not fulfilled'),
    ),
    overload(['value', 'condition', 'cause'], [any, any, any], (run, value, condition, cause) =>
      asserted(
        run,
        value,
        condition,
        typeof cause === 'string'
          ? cause
          : `Illegal arguments: '${describe(value)}', '${describe(condition)}', '${describe(cause)}'`,
      ),
    ),
  ),
  string: builtin(overload(['from'], [any], (_, value) => (value === null ? null : feelText(value)))),
  number: builtin(
    overload(['from'], [text], parseNumber),
    overload(['from', 'grouping separator'], [text, text], ungrouped),
    overload(['from', 'grouping separator', 'decimal separator'], [text, nullable(text), nullable(text)], localized),
  ),
  'from json': builtin(overload(['json'], [text], fromJsonText)),
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
