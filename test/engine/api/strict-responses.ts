/**
 * Looks at every answer that a server of this process sends, whoever asked: one that does not pass the client's schema, or
 * has a property that the schema does not know, fails the test that is running. Importing this file is enough.
 */
import { type IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, expect } from 'vitest'
import { z } from 'zod'
import { operationOf, responseSchema, schemas } from './client-schemas.ts'

/** Answers that any request may get, whether the client's types list them for its operation or not. */
const ANYWHERE = new Set([400, 401, 404, 405, 413, 415, 500, 501, 503, 504])

/** What was wrong with answers since the last test. */
const faults: string[] = []

/** Takes what was wrong with answers so far. */
export function refusedAnswers(): string[] {
  return faults.splice(0)
}

// Where test files share their modules this is there for the first of them only: closing a served engine looks again.
afterEach(() => expect(refusedAnswers(), 'answers that the schemas of the client refuse').toEqual([]))

/** Headers that were given to `writeHead`: Node does not show them afterwards. */
const written = new WeakMap<ServerResponse, Record<string, unknown>>()
const { writeHead, end } = ServerResponse.prototype

ServerResponse.prototype.writeHead = function (this: ServerResponse, ...parameters: unknown[]) {
  written.set(this, (parameters.at(-1) ?? {}) as Record<string, unknown>)
  return Reflect.apply(writeHead, this, parameters)
} as typeof writeHead

ServerResponse.prototype.end = function (this: ServerResponse, ...parameters: unknown[]) {
  const [chunk] = parameters
  const body = typeof chunk === 'string' ? chunk : chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : ''
  const contentType = written.get(this)?.['content-type'] ?? this.getHeader('content-type') ?? ''
  faults.push(...faultsOf(this.req, this.statusCode, String(contentType), body))
  return Reflect.apply(end, this, parameters)
} as typeof end

/** What is wrong with an answer. */
export function faultsOf(
  request: Pick<IncomingMessage, 'method' | 'url'>,
  status: number,
  contentType: string,
  body: string,
): string[] {
  const { method = '', url = '' } = request
  const path = url.split('?', 1)[0] ?? ''
  const at = `${method} ${path} → ${status}`
  if (status >= 400) return problemFaults(path, status, contentType, body).map((fault) => `${at}: ${fault}`)
  const operation = operationOf(method, path)
  if (!operation) return [`${at}: the client knows no such operation`]
  if (!operation.statuses.has(status)) return [`${at}: the client expects one of ${[...operation.statuses].join(', ')}`]
  const schema = responseSchema(operation)
  const json = contentType.startsWith('application/json') && !(schema instanceof z.ZodString)
  const value = json ? JSON.parse(body) : body === '' && contentType === '' ? undefined : body
  // The client's schema wants an id even where no decision failed; Camunda leaves it empty.
  if (operation.name === 'evaluateDecision' && value.failedDecisionDefinitionId === '')
    value.failedDecisionDefinitionId = 'none'
  return schemaFaults(schema, value).map((fault) => `${at}: ${fault}`)
}

function problemFaults(path: string, status: number, contentType: string, body: string): string[] {
  if (contentType !== 'application/problem+json')
    return [`a problem must be application/problem+json, not ${contentType}`]
  const value = JSON.parse(body) as Record<string, unknown>
  const { instance, ...rest } = value
  const names = ['type', 'title', 'status', 'detail'].filter((name) => !(name in rest))
  return [
    // The client's schema wants a URL; Camunda answers with the path, as RFC 9457 allows.
    ...(instance === path ? [] : [`instance: must be the path, not ${String(instance)}`]),
    ...(rest.status === status ? [] : [`status: must be ${status}, not ${String(rest.status)}`]),
    ...(ANYWHERE.has(status) || status === 409 ? [] : ['no such status is answered']),
    ...names.map((name) => `${name}: missing`),
    ...schemaFaults(schemas.zProblemDetail as z.ZodType, rest),
  ]
}

/** What a schema has against a value: wrong or missing properties, and properties that it does not know. */
function schemaFaults(schema: z.ZodType, value: unknown): string[] {
  const result = schema.safeParse(value)
  return [
    ...(result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
    ...unknownProperties(schema, value, ''),
  ]
}

/** Properties that a schema does not name. Objects of these schemas strip such properties silently. */
function unknownProperties(schema: z.ZodType, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) {
    const element = elementOf(schema, value)
    return element ? value.flatMap((item, index) => unknownProperties(element, item, `${path}[${index}]`)) : []
  }
  const shape = shapeOf(schema, value)
  if (shape === 'anything') return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`
    const property = shape.get(name)
    if (inner === null && property && !property.safeParse(null).success) return [`${at}: must be left out, not null`]
    return property ? unknownProperties(property, inner, at) : [`${at}: the schema does not know it`]
  })
}

function elementOf(schema: z.ZodType, value: unknown): z.ZodType | undefined {
  const inner = unwrap(schema, value)
  return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined
}

/** The properties that an object may have by a schema, all parts of an intersection together. */
function shapeOf(schema: z.ZodType, value: object): ReadonlyMap<string, z.ZodType> | 'anything' {
  const inner = unwrap(schema, value)
  if (inner instanceof z.ZodObject) return new Map(Object.entries(inner.shape as Record<string, z.ZodType>))
  if (inner instanceof z.ZodIntersection) {
    const left = shapeOf(inner.def.left as z.ZodType, value)
    const right = shapeOf(inner.def.right as z.ZodType, value)
    return left === 'anything' || right === 'anything' ? 'anything' : new Map([...left, ...right])
  }
  if (inner instanceof z.ZodRecord) {
    const property = inner.valueType as z.ZodType
    return new Map(Object.keys(value).map((name) => [name, property]))
  }
  return 'anything'
}

function unwrap(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrap(schema.unwrap() as z.ZodType, value)
  if (schema instanceof z.ZodUnion) {
    const options = schema.options as z.ZodType[]
    const option = options.find((candidate) => candidate.safeParse(value).success) ?? options[0]
    return option ? unwrap(option, value) : schema
  }
  return schema
}
