import type { z } from 'zod'
import { parseJson, validate } from '../http/body.ts'
import type { ReadRequest } from '../http/read.ts'
import type { ApiResponse } from '../http/server.ts'

/** 204: done, with nothing to tell. */
export const NO_CONTENT: ApiResponse = { status: 204 }

/** 200 with a JSON body; properties that are `undefined` are left out. */
export function ok(json: unknown): ApiResponse {
  return { status: 200, json }
}

/** The JSON body of a request, not checked; `undefined` when empty. */
export function bodyOf(request: ReadRequest): unknown {
  return parseJson(request.body, request.contentType)
}

/**
 * The JSON body of a request, checked.
 * @throws Problem 400 naming each wrong field
 */
export function input<Schema extends z.ZodType>(request: ReadRequest, schema: Schema): z.output<Schema> {
  return validate(schema, bodyOf(request), 'body')
}

/** Like {@link input}, for an operation whose body may be left out: it is then read as an empty object. */
export function optionalInput<Schema extends z.ZodType>(request: ReadRequest, schema: Schema): z.output<Schema> {
  return validate(schema, bodyOf(request) ?? {}, 'body')
}
