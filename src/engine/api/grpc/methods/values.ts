import type { JsonValue, Key, Variables } from '../../../index.ts'
import { DEFAULT_TENANT } from '../../../protocol/values.ts'
import { nestsDeeperThan } from '../../http/body.ts'
import type { Int64, Requests } from '../messages.ts'
import { GrpcError } from '../status.ts'

/** Lists and objects of variables may hold each other so deep; the same limit as that of Camunda's JSON parser. */
const MAX_DEPTH = 1_000
/** So much of a text that is not JSON is shown in the message. */
const SHOWN = 200

/** An int64 of a request as number: keys and milliseconds fit. */
export function numberOf(value: Int64): number {
  return typeof value === 'number' ? value : value.toNumber()
}

/** A key of a request. */
export const keyOf = (value: Int64): Key => numberOf(value)

/** MessagePack's names of the kinds of values, which Camunda's messages use. */
function kindOf(value: JsonValue): string {
  if (Array.isArray(value)) return 'ARRAY'
  if (typeof value === 'string') return 'STRING'
  if (typeof value === 'boolean') return 'BOOLEAN'
  return Number.isInteger(value) ? 'INTEGER' : 'FLOAT'
}

/**
 * The variables of a request: JSON text of an object; blank or `null` is none.
 * @throws {GrpcError} INVALID_ARGUMENT for anything else
 */
export function variablesOf(text: string): { variables?: Variables } {
  if (text === '' || text === '{}') return {}
  const value = parse(text)
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value))
    throw new GrpcError(
      'INVALID_ARGUMENT',
      `Property 'variables' is invalid: Expected document to be a root level object, but was '${kindOf(value)}'`,
    )
  return { variables: value }
}

function parse(text: string): JsonValue {
  if (text.trim() === '') return null
  if (text.length > 2 * MAX_DEPTH && nestsDeeperThan(MAX_DEPTH, Buffer.from(text)))
    throw new GrpcError(
      'INVALID_ARGUMENT',
      `Invalid JSON value: it nests lists and objects more than ${MAX_DEPTH} deep`,
    )
  try {
    return JSON.parse(text) as JsonValue
  } catch (error) {
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text
    throw new GrpcError('INVALID_ARGUMENT', `Invalid JSON value: ${shown}\n${(error as Error).message}`)
  }
}

const TAG = /^[A-Za-z][A-Za-z0-9_\-:.]{0,99}$/
const MOST_TAGS = 10

/** The tags of a new instance, each once. @throws {GrpcError} INVALID_ARGUMENT for too many, or one of another form */
export function tagsOf(given: readonly string[]): { tags?: readonly string[] } {
  if (given.length === 0) return {}
  const tags = [...new Set(given)]
  const wrong = tags.find((tag) => !TAG.test(tag))
  if (wrong !== undefined)
    throw new GrpcError(
      'INVALID_ARGUMENT',
      `Expected tags to be a letter, then letters, digits, _-:., but one is '${wrong}'`,
    )
  if (tags.length > MOST_TAGS)
    throw new GrpcError('INVALID_ARGUMENT', `Expected at most ${MOST_TAGS} tags, but there are ${tags.length}`)
  return { tags }
}

/** Checks that a request is for the one tenant. @throws {GrpcError} INVALID_ARGUMENT for another */
export function checkTenant(method: keyof Requests, tenantIds: string | readonly string[]): void {
  for (const tenantId of typeof tenantIds === 'string' ? [tenantIds] : tenantIds)
    if (tenantId !== '' && tenantId !== DEFAULT_TENANT)
      throw new GrpcError(
        'INVALID_ARGUMENT',
        `Expected to handle gRPC request ${method} with tenant identifier '${tenantId}', but multi-tenancy is disabled`,
      )
}
