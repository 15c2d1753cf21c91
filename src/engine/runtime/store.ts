import { join } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EngineQuery, SqlValue } from '../protocol/engine.ts'
import type { EngineEvent } from '../protocol/events.ts'
import { State } from '../state/state.ts'
import { Journal } from './journal.ts'
import { acquireLock, openDatabase } from './open-database.ts'

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
    if (directory !== null) this.#lock = acquireLock(directory)
    const { writer, reader } = openDatabase(this.file, this.#lock)
    this.#writer = writer
    this.#reader = reader
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
    // Left open by a rollback that failed, else not.
    if (this.#writer.isTransaction) this.#writer.exec('ROLLBACK')
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
      this.#journal.forget()
      this.#rollBack()
      throw error
    }
  }

  #rollBack(): void {
    try {
      // A full disk may have ended the transaction already.
      if (this.#writer.isTransaction) this.#writer.exec('ROLLBACK')
    } catch {
      // The disk fails: what made the transaction fail says more, and the next one tries again.
    }
  }

  /** Closes the files and gives up the lock. */
  close(): void {
    if (this.#reader !== this.#writer) this.#reader.close()
    this.#writer.close()
    this.#lock?.close()
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
