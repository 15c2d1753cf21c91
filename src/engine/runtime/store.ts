import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { EngineQuery, SqlValue } from '../protocol/engine.ts'
import { type EngineEvent, EVENT_FORMAT } from '../protocol/events.ts'
import { SCHEMA, SCHEMA_VERSION } from '../state/schema.ts'
import { State } from '../state/state.ts'

/** File of the tables inside the engine's directory. */
const DATABASE_FILE = 'engine.db'

/** Opens (or makes) the tables of a database. @throws {Error} when they are of another version */
export function openTables(database: DatabaseSync): void {
  const known = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get() !== undefined
  if (!known) {
    database.exec(`BEGIN; ${SCHEMA}; INSERT INTO meta VALUES ('schemaVersion', ${SCHEMA_VERSION}); COMMIT`)
    return
  }
  const version = database.prepare("SELECT value FROM meta WHERE name = 'schemaVersion'").get()?.value
  if (version !== SCHEMA_VERSION)
    throw new Error(`the engine's data are of schema version ${String(version)}, this engine needs ${SCHEMA_VERSION}`)
}

/** The engine's data: tables, journal, and a connection that only reads. */
export class Store {
  readonly state: State
  readonly query: EngineQuery
  readonly #writer: DatabaseSync
  readonly #reader: DatabaseSync
  readonly #lock: DatabaseSync | undefined
  readonly #appendEntry: StatementSync
  #position: number

  /** @param directory folder of the data; null: in memory */
  constructor(directory: string | null) {
    if (directory === null) {
      this.#writer = new DatabaseSync(':memory:')
      this.#reader = this.#writer
    } else {
      mkdirSync(directory, { recursive: true })
      this.#lock = acquireLock(directory)
      this.#writer = new DatabaseSync(join(directory, DATABASE_FILE))
      // FULL: what was acknowledged survives a loss of power, not only of the process.
      this.#writer.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY')
    }
    openTables(this.#writer)
    this.#reader ??= new DatabaseSync(join(directory ?? '', DATABASE_FILE), { readOnly: true })
    this.state = new State(this.#writer)
    this.query = readOnlyQuery(this.#reader)
    this.#appendEntry = this.#writer.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?)')
    this.#position = Number(this.#writer.prepare('SELECT MAX(position) AS last FROM journal').get()?.last ?? 0)
  }

  /** Writes what one command has done to the journal; inside `transaction`. */
  append(time: number, events: readonly EngineEvent[]): void {
    this.#position += 1
    this.#appendEntry.run(this.#position, time, this.state.lastKey, EVENT_FORMAT, JSON.stringify(events))
  }

  /** Runs `work` in one transaction that is on disk when this returns. */
  transaction<Result>(work: () => Result): Result {
    const position = this.#position
    try {
      return this.state.transaction(work)
    } catch (error) {
      this.#position = position
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
