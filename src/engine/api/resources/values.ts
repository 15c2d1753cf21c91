import { z } from 'zod'
import type { EngineQuery, JsonValue, Key, SqlValue, Variables } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { validate } from '../http/body.ts'
import { entityNotFound, Problem } from '../http/problem.ts'
import type { ReadRequest } from '../http/read.ts'
import { keyOf, text } from '../search/filter.ts'
import type { SearchField } from '../search/search.ts'

/** Milliseconds since the epoch as the API prints times; `undefined` (left out of the answer) for none. */
export function isoTime(milliseconds: SqlValue | undefined): string | undefined {
  return milliseconds === null || milliseconds === undefined ? undefined : new Date(Number(milliseconds)).toISOString()
}

/** A key as the API prints it; `undefined` (left out of the answer) for none. */
export function keyText(key: SqlValue | undefined): string | undefined {
  return key === null || key === undefined ? undefined : String(key)
}

/** A column that holds JSON. */
export function jsonOf(column: SqlValue | undefined): JsonValue {
  return JSON.parse(String(column ?? 'null')) as JsonValue
}

/** The filter and sort field `tenantId`: there is one tenant. */
export const TENANT: SearchField = { type: text, sql: `'${DEFAULT_TENANT}'` }

/** `tenantId` of a request: absent, or the one tenant. */
export const tenantId = z
  .literal([DEFAULT_TENANT, ''], `must be ${DEFAULT_TENANT}: multi-tenancy is disabled`)
  .nullish()

/** `operationReference` of a request. It is for following commands in Camunda's exported records, which do not exist here. */
export const operationReference = z.union([z.int().min(1), z.string().regex(/^[1-9][0-9]*$/)]).nullish()

/** A JSON object of variables. The body came out of JSON.parse, so there is no need to check the values one by one. */
export const variables = z.custom<Variables>(isObject, 'must be a JSON object of variables by name').nullish()

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whole milliseconds (or an epoch time), which Camunda also takes as a string of digits. */
export const int64 = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?[0-9]{1,15}$/, 'must be a whole number')
    .transform(Number),
])

/** A key in a body: a string of digits. */
export const keyString = z
  .string()
  .regex(/^-?[0-9]{1,19}$/, 'must be a key: a string of digits')
  .transform(keyOf)

/** Variables of a checked request for a command. */
export function variablesOf(given: z.output<typeof variables>): { variables?: Variables } {
  return given ? { variables: given } : {}
}

/**
 * The key in the path of a request.
 * @throws Problem 400 when it is not a string of digits
 */
export function pathKey(request: ReadRequest, name: string): Key {
  const given = request.params[name] ?? ''
  if (!/^-?[0-9]{1,19}$/.test(given)) {
    throw new Problem(400, `Failed to convert '${name}' with value: '${given}': a key is a string of digits.`)
  }
  return keyOf(given)
}

/**
 * Throws the 404 that a command or search on a missing entity gives.
 * @param table a table of the schema, trusted text
 */
export function requireRow(query: EngineQuery, table: string, entity: string, key: Key): void {
  if (!query.get(`SELECT 1 AS found FROM ${table} WHERE key = ?`, key)) throw entityNotFound(entity, key)
}

const booleanParameter = z.enum(['true', 'false']).transform((value) => value === 'true')

/**
 * A true-or-false parameter of the query string.
 * @throws Problem 400 for another value
 */
export function booleanQuery(request: ReadRequest, name: string, byDefault: boolean): boolean {
  const given = request.query.get(name)
  return given === null
    ? byDefault
    : validate(z.object({ [name]: booleanParameter }), { [name]: given }, 'query')[name] === true
}
