/** A search thread: carries out reading routes one after the other, on a read-only connection of its own. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { SqlValue } from '../../index.ts'
import { Problem } from '../http/problem.ts'
import type { ReadQuery } from '../http/read.ts'
import { READ_ROUTES } from '../read-routes.ts'
import type { ThreadResult, ThreadStart, ThreadTask } from './messages.ts'

/** Statements kept prepared. */
const STATEMENTS = 500
/** The guard looks at the clock and at its orders every so many rows. */
const ROWS_BETWEEN_LOOKS = 256

const { file, giveUp } = workerData as ThreadStart
const givenUp = new Int32Array(giveUp)
const database = new DatabaseSync(file, { readOnly: true })
// 32 MB of pages: what sorted pages of a million rows touch. Sorting stays in memory.
database.exec('PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY')

let task = 0
let endsAt = 0
let rows = 0
database.function('going_on', () => {
  if (rows++ % ROWS_BETWEEN_LOOKS === 0 && (performance.now() > endsAt || Atomics.load(givenUp, 0) === task)) {
    throw new Error('given up')
  }
  return 1
})

const statements = new Map<string, StatementSync>()
function prepare(sql: string): StatementSync {
  let statement = statements.get(sql)
  if (statement === undefined) {
    if (statements.size >= STATEMENTS) statements.clear()
    statement = database.prepare(sql)
    statements.set(sql, statement)
  }
  return statement
}

const query: ReadQuery = {
  all: <Row>(sql: string, ...parameters: SqlValue[]) => prepare(sql).all(...parameters) as Row[],
  get: <Row>(sql: string, ...parameters: SqlValue[]) => prepare(sql).get(...parameters) as Row | undefined,
  guard: 'going_on()',
}

function carryOut({ id, route, params, search, contentType, body, timeLimit }: ThreadTask): ThreadResult {
  task = id
  rows = 0
  endsAt = performance.now() + timeLimit
  const request = {
    params,
    query: new URLSearchParams(search),
    contentType,
    body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  }
  // One transaction: the statements of one answer see the same rows.
  database.exec('BEGIN')
  try {
    const response = READ_ROUTES[route]?.read(query, request) ?? { status: 204 as const }
    if ('json' in response) {
      const bytes = Buffer.from(JSON.stringify(response.json))
      return { id, response: { status: response.status, contentType: 'application/json', bytes } }
    }
    if ('text' in response) {
      const { status, contentType, text } = response
      return { id, response: { status, contentType, bytes: Buffer.from(text) } }
    }
    return { id, response }
  } catch (error) {
    if (error instanceof Problem) {
      const { status, message, title, headers } = error
      return { id, problem: { status, detail: message, title, headers } }
    }
    if (Atomics.load(givenUp, 0) === task) return { id, problem: { ...tooLong(), detail: 'The client has gone.' } }
    if (performance.now() > endsAt) return { id, problem: tooLong() }
    return { id, fault: error instanceof Error ? error : new Error(String(error)) }
  } finally {
    // An error may have ended the transaction.
    if (database.isTransaction) database.exec('COMMIT')
  }
}

function tooLong() {
  return {
    status: 504,
    detail:
      'The search took too long and was given up. Filter by keys, ids, states or dates, so that fewer rows match.',
    title: 'DEADLINE_EXCEEDED',
    headers: {},
  }
}

parentPort?.on('message', (received: ThreadTask) => {
  const result = carryOut(received)
  parentPort?.postMessage(result, transferable(result))
})

/** Large answers are handed over, not copied. Small ones share their memory with others. */
function transferable(result: ThreadResult): ArrayBuffer[] {
  if (!('response' in result) || !('bytes' in result.response)) return []
  const { buffer, byteLength } = result.response.bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []
}
