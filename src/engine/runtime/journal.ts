import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { EngineQuery } from '../protocol/engine.ts'
import { type EngineEvent, EVENT_FORMAT } from '../protocol/events.ts'
import type { Key } from '../protocol/values.ts'

/** What one command has done. */
export interface JournalEntry {
  /** The engine's time of processing. */
  readonly time: number
  /** Last key handed out up to here. */
  readonly lastKey: Key
  readonly events: readonly EngineEvent[]
}

/** An entry as it is written: shorter than with names. */
type WrittenEntry = readonly [time: number, lastKey: Key, events: readonly EngineEvent[]]

/** The fastest level: events of one transaction repeat each other so much that a higher one gains little. */
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Writes the journal: one row a transaction, its commands as compressed JSON. */
export class Journal {
  readonly #insert: StatementSync
  readonly #written: StatementSync
  #pending: WrittenEntry[] = []
  /** Of the last row; unknown at first and after a rollback. */
  #position: number | undefined

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT INTO journal VALUES (?, ?, ?)')
    this.#written = database.prepare('SELECT MAX(position) AS last FROM journal')
  }

  /** Notes what a command has done; written by `flush`. */
  append(entry: JournalEntry): void {
    this.#pending.push([entry.time, entry.lastKey, entry.events])
  }

  /** Writes what was noted, inside the transaction that wrote the tables. */
  flush(): void {
    if (this.#pending.length === 0) return
    this.#position = (this.#position ?? this.#lastWritten()) + 1
    this.#insert.run(this.#position, EVENT_FORMAT, zstdCompressSync(JSON.stringify(this.#pending), COMPRESSION))
    this.#pending = []
  }

  /** The transaction was rolled back. */
  forget(): void {
    this.#pending = []
    this.#position = undefined
  }

  #lastWritten(): number {
    return Number(this.#written.get()?.last ?? 0)
  }
}

/**
 * Reads a journal, oldest entry first.
 * @param after position behind which to begin; 0: at the beginning
 * @throws {Error} when it is of another event format
 */
export function* readJournal(query: EngineQuery, after = 0): Generator<JournalEntry & { readonly position: number }> {
  for (;;) {
    const row = query.get<{ position: number; format: number; entries: Uint8Array }>(
      'SELECT position, format, entries FROM journal WHERE position > ? ORDER BY position LIMIT 1',
      after,
    )
    if (row === undefined) return
    if (row.format !== EVENT_FORMAT) throw new Error(`the journal has events of format ${row.format}`)
    for (const [time, lastKey, events] of JSON.parse(zstdDecompressSync(row.entries).toString()) as WrittenEntry[])
      yield { position: row.position, time, lastKey, events }
    after = row.position
  }
}
