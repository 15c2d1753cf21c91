import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { Problem } from './problem.ts'

/** A body that is too large is still read to its end up to this many times the limit, so that the client gets to see why. */
const DISCARDED_LIMITS = 8

/**
 * Reads the whole body of a request.
 * @param limit the largest body accepted, in bytes
 * @throws Problem 413 when the body is larger, 400 when the client breaks off in the middle
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new Problem(413, `The request body is larger than the ${limit} bytes accepted here.`))
    const brokenOff = () => reject(new Problem(400, 'The request ended before its body was complete.'))
    if (Number(request.headers['content-length'] ?? 0) > DISCARDED_LIMITS * limit) return tooLarge()
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else if (size > DISCARDED_LIMITS * limit) tooLarge()
    })
    request.on('end', () => {
      if (size > limit) tooLarge()
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    })
    request.on('error', brokenOff)
    request.on('close', () => {
      if (!request.complete) brokenOff()
    })
  })
}

/** True for `application/json` and `application/*+json`, with or without parameters. */
function isJson(contentType: string): boolean {
  return /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType)
}

/** Lists and objects of a body may hold each other so deep; the same limit as that of Camunda's JSON parser. */
const MAX_DEPTH = 1_000

/** Looks at the bytes, so that values too deep for recursion never come into being. */
export function nestsDeeperThan(limit: number, json: Buffer): boolean {
  if (json.length <= 2 * limit) return false
  let depth = 0
  let inString = false
  for (let index = 0; index < json.length; index++) {
    const byte = json[index]
    if (inString) {
      if (byte === BACKSLASH) index += 1
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) {
      inString = true
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      depth += 1
      if (depth > limit) return true
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      depth -= 1
    }
  }
  return false
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}')

/**
 * The JSON value of a body, `undefined` when the body is empty.
 * @throws Problem 415 for another content type, 400 for text that is not JSON
 */
export function parseJson(body: Buffer, contentType: string | undefined): unknown {
  if (body.length === 0) return undefined
  if (contentType === undefined || !isJson(contentType)) {
    throw new Problem(415, `Content-Type '${contentType ?? 'none'}' is not supported. Send 'application/json'.`)
  }
  if (nestsDeeperThan(MAX_DEPTH, body)) {
    throw new Problem(400, `Request body nests lists and objects more than ${MAX_DEPTH} deep.`, 'Bad Request')
  }
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new Problem(
      400,
      `Request body is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
      'Bad Request',
    )
  }
}

/**
 * Checks a value from outside against its schema.
 * @param what where the value came from, for the message: `body`, `query`
 * @throws Problem 400 whose detail names each wrong field and what it must be
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const faults = result.error.issues.flatMap((issue) => explain(issue, [])).slice(0, 10)
  throw new Problem(
    400,
    value === undefined && what === 'body' ? 'Required request body is missing.' : `${faults.join('; ')}.`,
    value === undefined ? 'Bad Request' : 'INVALID_ARGUMENT',
  )
}

function explain(issue: z.core.$ZodIssue, parent: PropertyKey[]): string[] {
  const path = [...parent, ...issue.path]
  const field = path.length === 0 ? 'The request body' : `Request property [${path.map(String).join('.')}]`
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `Request property [${[...path, key].map(String).join('.')}] is not known`)
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The alternative that got furthest is the one the sender meant.
    const meant = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? []
    if (depth(meant) > 0) return meant.flatMap((inner) => explain(inner, path))
    return [`${field} must be one of its documented forms: ${issue.errors.flat().map(lowerCase).join(', or ')}`]
  }
  return [`${field} cannot be parsed: ${lowerCase(issue)}`]
}

function depth(issues: z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)))
}

function lowerCase(issue: z.core.$ZodIssue): string {
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
}
