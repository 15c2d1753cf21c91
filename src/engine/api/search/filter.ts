import { z } from 'zod'
import type { SqlValue } from '../../index.ts'
import { NO_KEY } from '../../protocol/values.ts'
import { allOf, type Condition } from './condition.ts'

/**
 * The operators of Camunda's advanced search filters on one field. A plain value in a request is the same as `$eq`.
 * A field without value matches `$neq` and `$notIn`, as it does in Camunda's search index.
 */
export interface Operators<Value> {
  $eq?: Value | undefined
  $neq?: Value | undefined
  $exists?: boolean | undefined
  $gt?: Value | undefined
  $gte?: Value | undefined
  $lt?: Value | undefined
  $lte?: Value | undefined
  $in?: Value[] | undefined
  $notIn?: Value[] | undefined
  $like?: string | undefined
}

/** What a searchable value is: how it appears in a filter, and how SQLite holds it. */
export interface ValueType {
  /** Accepts a plain value or an object of operators; the result is always operators on stored values. */
  filter: z.ZodType<Operators<SqlValue>>
}

type Kind = 'ordered' | 'notIn' | 'like'

/** The longest pattern of `$like`. SQLite knows a limit too, at which it would fail. */
const MAX_PATTERN = 8_192

function typeOf<Value extends SqlValue>(value: z.ZodType<Value>, ...kinds: Kind[]): ValueType {
  const one = value.optional()
  const operators = z.strictObject({
    $eq: one,
    $neq: one,
    $exists: z.boolean().optional(),
    $in: z.array(value).optional(),
    ...(kinds.includes('notIn') ? { $notIn: z.array(value).optional() } : {}),
    ...(kinds.includes('ordered') ? { $gt: one, $gte: one, $lt: one, $lte: one } : {}),
    ...(kinds.includes('like') ? { $like: z.string().max(MAX_PATTERN).optional() } : {}),
  })
  const plain = value.transform(($eq): Operators<SqlValue> => ({ $eq }))
  // Which operators there are depends on the kinds, so their types are not known one by one.
  return { filter: z.union([plain, operators.transform((given) => given as Operators<SqlValue>)]) }
}

/** A key of a request, a string of digits, as a number. Nothing has a key beyond the safe integers: it becomes "no key". */
export function keyOf(digits: string): number {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : NO_KEY
}

const keyValue = z
  .string()
  .regex(/^-?[0-9]{1,19}$/, 'must be a key: a string of digits')
  .transform(keyOf)

const dateValue = z.iso
  .datetime({ offset: true, message: 'must be a date and time in ISO 8601 with offset, e.g. 2026-11-23T08:00:00.000Z' })
  .transform((text) => Date.parse(text))

/** Text; `$like` takes the wildcards `*` and `?`, escaped by a backslash. */
export const text: ValueType = typeOf(z.string(), 'notIn', 'like')
/** A key: a string of digits in requests, an integer in tables. */
export const key: ValueType = typeOf(keyValue, 'notIn')
/** A whole number. */
export const integer: ValueType = typeOf(z.int(), 'ordered')
/** A date and time: ISO 8601 in requests, milliseconds since the epoch in tables. */
export const dateTime: ValueType = typeOf(dateValue, 'ordered')
/** True or false, 1 or 0 in tables. */
export const flag: ValueType = {
  filter: z.boolean().transform((value): Operators<SqlValue> => ({ $eq: value ? 1 : 0 })),
}

/** One of the codes of an enumeration. */
export function code<const Codes extends readonly [string, ...string[]]>(codes: Codes): ValueType {
  return typeOf(z.enum(codes), 'like')
}

/**
 * The condition that operators state about an SQL expression.
 * @param sql an expression of trusted text: a column or a function of columns, never anything from a request
 */
export function compare(sql: string, operators: Operators<SqlValue>): Condition {
  const conditions: Condition[] = []
  const add = (expression: string, ...params: SqlValue[]) => conditions.push({ sql: expression, params })
  if (operators.$eq !== undefined) add(`${sql} = ?`, operators.$eq)
  if (operators.$neq !== undefined) add(`${sql} IS NOT ?`, operators.$neq)
  if (operators.$exists !== undefined) add(operators.$exists ? `${sql} IS NOT NULL` : `${sql} IS NULL`)
  if (operators.$gt !== undefined) add(`${sql} > ?`, operators.$gt)
  if (operators.$gte !== undefined) add(`${sql} >= ?`, operators.$gte)
  if (operators.$lt !== undefined) add(`${sql} < ?`, operators.$lt)
  if (operators.$lte !== undefined) add(`${sql} <= ?`, operators.$lte)
  if (operators.$in !== undefined) add(`${sql} IN (${VALUES})`, list(operators.$in))
  if (operators.$notIn !== undefined) add(`${sql} IS NULL OR ${sql} NOT IN (${VALUES})`, list(operators.$notIn))
  if (operators.$like !== undefined) add(`${sql} GLOB ?`, globOf(operators.$like))
  return allOf(conditions) ?? { sql: 'TRUE', params: [] }
}

/** Values of a list: one parameter, so that lists of any length are the same statement, and none is too long for one. */
const VALUES = 'SELECT value FROM json_each(?)'

function list(values: readonly SqlValue[]): string {
  return JSON.stringify(values)
}

/** Camunda's `$like` pattern as a pattern of SQLite's GLOB, in which a character of its own meaning stands in brackets. */
export function globOf(pattern: string): string {
  let glob = ''
  for (let index = 0; index < pattern.length; index++) {
    let character = pattern.charAt(index)
    if (character === '\\' && index + 1 < pattern.length) {
      character = pattern.charAt(++index)
      glob += '*?['.includes(character) ? `[${character}]` : character
    } else {
      glob += character === '[' ? '[[]' : character
    }
  }
  return glob
}
