import { DatabaseSync } from 'node:sqlite'
import type { EngineQuery } from '../protocol/engine.ts'
import { applyEvent } from '../state/apply.ts'
import { State } from '../state/state.ts'
import { readJournal } from './journal.ts'
import { openTables } from './tables.ts'

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
    for (const entry of readJournal(query)) {
      for (const event of entry.events) applyEvent(state, event, entry.time)
      state.restoreLastKey(entry.lastKey)
    }
    state.flush()
    return readTables({
      all: <Row>(sql: string) => database.prepare(sql).all() as Row[],
      get: <Row>(sql: string) => database.prepare(sql).get() as Row | undefined,
    })
  } finally {
    database.close()
  }
}
