import { z } from 'zod'
import type { SqlValue } from '../../index.ts'
import { NO_KEY } from '../../protocol/values.ts'
import { allOf, type Condition, not } from './condition.ts'

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

function withOperators<Value extends SqlValue>(
  value: z.ZodType<Value>,
  ordered: boolean,
  like: boolean,
): z.ZodType<Operators<SqlValue>> {
  const one = value.optional()
  const comparisons = ordered ? { $gt: one, $gte: one, $lt: one, $lte: one } : {}
  const operators = z.strictObject({
    $eq: one,
    $neq: one,
    $exists: z.boolean().optional(),
    $in: z.array(value).optional(),
    $notIn: z.array(value).optional(),
    ...comparisons,
    ...(like ? { $like: z.string().optional() } : {}),
  })
  return z.union([
    value.transform(($eq): Operators<SqlValue> => ({ $eq })),
    // Which operators there are depends on `ordered` and `like`, so their types are not known one by one.
    operators.transform((given) => given as Operators<SqlValue>),
  ])
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
export const text: ValueType = { filter: withOperators(z.string(), false, true) }
/** A key: a string of digits in requests, an integer in tables. */
export const key: ValueType = { filter: withOperators(keyValue, false, false) }
/** A whole number. */
export const integer: ValueType = { filter: withOperators(z.int(), true, false) }
/** A date and time: ISO 8601 in requests, milliseconds since the epoch in tables. */
export const dateTime: ValueType = { filter: withOperators(dateValue, true, false) }
/** True or false, 1 or 0 in tables. */
export const flag: ValueType = {
  filter: z.boolean().transform((value): Operators<SqlValue> => ({ $eq: value ? 1 : 0 })),
}

/** One of the codes of an enumeration. */
export function code<const Codes extends readonly [string, ...string[]]>(codes: Codes): ValueType {
  return { filter: withOperators(z.enum(codes), false, true) }
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
  if (operators.$in !== undefined) add(`${sql} IN (${marks(operators.$in)})`, ...operators.$in)
  if (operators.$notIn !== undefined) {
    add(`${sql} IS NULL OR ${sql} NOT IN (${marks(operators.$notIn)})`, ...operators.$notIn)
  }
  if (operators.$like !== undefined) add(`${sql} GLOB ?`, globOf(operators.$like))
  return allOf(conditions) ?? { sql: 'TRUE', params: [] }
}

/**
 * The condition that operators state about a field of several values (candidate groups): it matches when one of the
 * values matches; `$neq` and `$notIn` match when none of the values is among them.
 * @param owner the expression of the searched row's key
 * @param owners a SELECT of keys with a WHERE clause, which the condition on `value` extends
 * @param value the expression of one value within `owners`
 */
export function compareAny(owner: string, owners: string, value: string, operators: Operators<SqlValue>): Condition {
  const { $neq, $notIn, $exists, ...positive } = operators
  const among = (inner?: Condition): Condition => ({
    sql: `${owner} IN (${owners}${inner ? ` AND (${inner.sql})` : ''})`,
    params: inner?.params ?? [],
  })
  const conditions: Condition[] = []
  if (Object.values(positive).some((operand) => operand !== undefined)) {
    conditions.push(among(compare(value, positive)))
  }
  if ($exists !== undefined) conditions.push($exists ? among() : not(among()))
  if ($neq !== undefined) conditions.push(not(among(compare(value, { $eq: $neq }))))
  if ($notIn !== undefined) conditions.push(not(among(compare(value, { $in: $notIn }))))
  return allOf(conditions) ?? { sql: 'TRUE', params: [] }
}

function marks(values: readonly SqlValue[]): string {
  return values.map(() => '?').join(', ')
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
