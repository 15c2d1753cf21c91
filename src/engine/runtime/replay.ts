import { DatabaseSync } from 'node:sqlite'
import type { EngineQuery } from '../protocol/engine.ts'
import { type EngineEvent, EVENT_FORMAT } from '../protocol/events.ts'
import { applyEvent } from '../state/apply.ts'
import { State } from '../state/state.ts'
import { openTables } from './store.ts'

/** All rows of all tables but the journal, each table ordered; two engines in the same state give equal contents. */
type TableContents = Record<string, unknown[]>

/** Reads all tables but the journal. */
export function readTables(query: EngineQuery): TableContents {
  const tables = query.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'journal' ORDER BY name",
  )
  return Object.fromEntries(
    tables.map(({ name }) => [
      name,
      query.all(`SELECT * FROM ${name} ORDER BY 1, 2`).map((row) => ({ ...(row as object) })),
    ]),
  )
}

/**
 * Applies a journal to an empty store in memory and reads the tables that result.
 * @throws {Error} when the journal is of another event format
 */
export function replayJournal(query: EngineQuery): TableContents {
  const database = new DatabaseSync(':memory:')
  try {
    openTables(database)
    const state = new State(database)
    const entries = query.all<{ time: number; lastKey: number; format: number; events: string }>(
      'SELECT time, lastKey, format, events FROM journal ORDER BY position',
    )
    for (const entry of entries) {
      if (entry.format !== EVENT_FORMAT) throw new Error(`the journal has events of format ${entry.format}`)
      state.transaction(() => {
        for (const event of JSON.parse(entry.events) as EngineEvent[]) applyEvent(state, event, entry.time)
        state.restoreLastKey(entry.lastKey)
      })
    }
    return readTables({
      all: <Row>(sql: string) => database.prepare(sql).all() as Row[],
      get: <Row>(sql: string) => database.prepare(sql).get() as Row | undefined,
    })
  } finally {
    database.close()
  }
}
