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

/** The longest cursor that the schemas of the client take. */
const MAX_CURSOR = 300

/** The position of a hit: the values it is sorted by, its key among them. */
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

/** How a search reads cursors. */
export interface CursorReader {
  /** How many values a position has. */
  values: number
  /** The position of the row with a key; `undefined` when there is none any more. */
  positionOf: (key: Cursor) => Cursor | undefined
}

/**
 * @throws Problem 400 for `after` together with `before` or `from`, and for a cursor that this search did not give
 */
export function pageOf(request: z.output<typeof pageSchema>, reader: CursorReader): Page {
  const limit = request?.limit ?? DEFAULT_LIMIT
  const { after, before, from } = request ?? {}
  if (after !== undefined && before !== undefined) {
    throw invalidArgument('Both after and before cannot be set at the same time.')
  }
  const text = after ?? before
  if (text === undefined) return { kind: 'offset', from: from ?? 0, limit }
  if (from !== undefined)
    throw invalidArgument('Both from and a cursor (after, before) cannot be set at the same time.')
  return { kind: after === undefined ? 'before' : 'after', cursor: decodeCursor(text, reader), limit }
}

/**
 * The cursor as it appears in requests and answers: base64 of a position as JSON. When that is too long, of the key alone,
 * whose row then says the position.
 */
export function encodeCursor(position: Cursor, key: Cursor): string {
  const cursor = base64(position)
  return cursor.length <= MAX_CURSOR ? cursor : base64({ key })
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64')
}

const valuesSchema = z.array(z.union([z.string(), z.number(), z.null()]))
const cursorSchema = z.union([valuesSchema, z.strictObject({ key: valuesSchema })])

function decodeCursor(text: string, { values, positionOf }: CursorReader): Cursor {
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
  if (!cursor.success) throw invalid()
  const position = Array.isArray(cursor.data) ? cursor.data : positionOf(cursor.data.key)
  if (position?.length !== values) throw invalid()
  return position
}
