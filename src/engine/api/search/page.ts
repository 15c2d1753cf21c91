import { z } from 'zod'
import type { SqlValue } from '../../index.ts'
import { invalidArgument } from '../http/problem.ts'

/** The largest page, and the number up to which hits are counted; both as in Camunda. */
export const MAX_HITS = 10_000
const DEFAULT_LIMIT = 100

/** Which part of the hits is wanted. */
export type Page =
  | { kind: 'offset'; from: number; limit: number }
  | { kind: 'after' | 'before'; cursor: Cursor; limit: number }

/** The position of a hit: the values it is sorted by, the last one its key. */
export type Cursor = SqlValue[]

/** The `page` property of a search request. */
export const pageSchema = z
  .strictObject({
    from: z.int().min(0).optional(),
    limit: z.int().min(0).max(MAX_HITS).optional(),
    after: z.string().optional(),
    before: z.string().optional(),
  })
  .nullish()

/**
 * @param values how many values a cursor of this search has
 * @throws Problem 400 for `after` together with `before` or `from`, and for a cursor that this search did not give
 */
export function pageOf(request: z.output<typeof pageSchema>, values: number): Page {
  const limit = request?.limit ?? DEFAULT_LIMIT
  const { after, before, from } = request ?? {}
  if (after !== undefined && before !== undefined) {
    throw invalidArgument('Both after and before cannot be set at the same time.')
  }
  const text = after ?? before
  if (text === undefined) return { kind: 'offset', from: from ?? 0, limit }
  if (from !== undefined)
    throw invalidArgument('Both from and a cursor (after, before) cannot be set at the same time.')
  return { kind: after === undefined ? 'before' : 'after', cursor: decodeCursor(text, values), limit }
}

/** The cursor as it appears in requests and answers: base64 of a JSON array. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor), 'utf8').toString('base64')
}

const cursorSchema = z.array(z.union([z.string(), z.number(), z.null()]))

function decodeCursor(text: string, values: number): Cursor {
  const invalid = () =>
    invalidArgument(
      `The cursor '${text}' is not one of this search: pass on startCursor or endCursor of an answer to the same search and sort.`,
    )
  let decoded: unknown
  try {
    decoded = JSON.parse(Buffer.from(text, 'base64').toString('utf8'))
  } catch {
    throw invalid()
  }
  const cursor = cursorSchema.safeParse(decoded)
  if (!cursor.success || cursor.data.length !== values) throw invalid()
  return cursor.data
}
