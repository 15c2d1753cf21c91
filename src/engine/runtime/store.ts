import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { EngineQuery, SqlValue } from '../protocol/engine.ts'
import type { EngineEvent } from '../protocol/events.ts'
import { State } from '../state/state.ts'
import { Journal } from './journal.ts'
import { openTables } from './tables.ts'

/** File of the tables inside the engine's directory. */
const DATABASE_FILE = 'engine.db'

/** The engine's data: tables, journal, and a connection that only reads. */
export class Store {
  readonly state: State
  readonly query: EngineQuery
  /** The file of the tables; null: in memory. */
  readonly file: string | null
  readonly #writer: DatabaseSync
  readonly #reader: DatabaseSync
  readonly #lock: DatabaseSync | undefined
  readonly #journal: Journal

  /** @param directory folder of the data; null: in memory */
  constructor(directory: string | null) {
    this.file = directory === null ? null : join(directory, DATABASE_FILE)
    if (directory === null) {
      this.#writer = new DatabaseSync(':memory:')
      this.#reader = this.#writer
    } else {
      mkdirSync(directory, { recursive: true })
      this.#lock = acquireLock(directory)
      this.#writer = new DatabaseSync(join(directory, DATABASE_FILE))
      // FULL: what was acknowledged survives a loss of power, not only of the process.
      // cache_size in KiB: deadlines that fall due together touch pages all over the file.
      this.#writer.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000',
      )
    }
    openTables(this.#writer)
    this.#reader ??= new DatabaseSync(join(directory ?? '', DATABASE_FILE), { readOnly: true })
    this.state = new State(this.#writer)
    this.query = readOnlyQuery(this.#reader)
    this.#journal = new Journal(this.#writer)
  }

  /** Notes what one command has done for the journal; inside `transaction`. */
  append(time: number, events: readonly EngineEvent[]): void {
    this.#journal.append({ time, lastKey: this.state.lastKey, events })
  }

  /** Runs `work` in one transaction that is on disk when this returns; what it changed is forgotten when it throws. */
  transaction<Result>(work: () => Result): Result {
    const { lastKey } = this.state
    this.#writer.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.state.flush()
      this.#journal.flush()
      this.#writer.exec('COMMIT')
      this.state.trim()
      return result
    } catch (error) {
      this.state.forget(lastKey)
      // A full disk may have ended the transaction already.
      if (this.#writer.isTransaction) this.#writer.exec('ROLLBACK')
      this.#journal.forget()
      throw error
    }
  }

  /** Closes the files and gives up the lock. */
  close(): void {
    if (this.#reader !== this.#writer) this.#reader.close()
    this.#writer.close()
    this.#lock?.close()
  }
}

/**
 * Takes the directory for this process. The lock is SQLite's own file lock, held by an open transaction, so that the
 * operating system gives it up with the process, however that ends.
 */
function acquireLock(directory: string): DatabaseSync {
  const lock = new DatabaseSync(join(directory, 'engine.lock'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    throw new Error(
      `the engine's directory ${directory} is in use by another process: stop that process or choose another directory`,
      { cause: error },
    )
  }
}

function readOnlyQuery(database: DatabaseSync): EngineQuery {
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql)
    if (statement === undefined) {
      if (!/^\s*(SELECT|WITH)\b/i.test(sql)) throw new Error(`a query must be a SELECT: ${sql}`)
      if (statements.size >= 500) statements.clear()
      statement = database.prepare(sql)
      statements.set(sql, statement)
    }
    return statement
  }
  return {
    all: <Row>(sql: string, ...parameters: SqlValue[]) => prepare(sql).all(...parameters) as Row[],
    get: <Row>(sql: string, ...parameters: SqlValue[]) => prepare(sql).get(...parameters) as Row | undefined,
  }
}
