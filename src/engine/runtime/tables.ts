import type { DatabaseSync } from 'node:sqlite'
import { type EngineEvent, EVENT_FORMAT } from '../protocol/events.ts'
import { applyEvent } from '../state/apply.ts'
import { SCHEMA, SCHEMA_VERSION } from '../state/schema.ts'
import { State } from '../state/state.ts'
import { Journal } from './journal.ts'

/** Entries of an old journal that are applied between two looks at the cache. */
const UPGRADE_BATCH = 500

/** Opens (or makes) the tables of a database, of an older version after an upgrade. @throws {Error} when they are of a newer version or not the engine's */
export function openTables(database: DatabaseSync): void {
  const tables = new Set(
    database
      .prepare('SELECT name FROM sqlite_schema')
      .all()
      .map(({ name }) => name),
  )
  if (tables.size === 0) {
    database.exec('BEGIN IMMEDIATE')
    createTables(database)
    database.exec('COMMIT')
    return
  }
  if (!tables.has('meta') || !tables.has('journal'))
    throw new Error('the file belongs to another program: choose another directory for the engine')
  const version = database.prepare("SELECT value FROM meta WHERE name = 'schemaVersion'").get()?.value
  if (version === 1) upgradeFrom1(database)
  else if (version !== SCHEMA_VERSION)
    throw new Error(
      `the data are of schema version ${String(version)}, this engine knows versions up to ${SCHEMA_VERSION}: ` +
        'start the version of the program that wrote them, or put a backup of before the upgrade in their place',
    )
}

function createTables(database: DatabaseSync): void {
  database.exec(`${SCHEMA}; INSERT INTO meta VALUES ('schemaVersion', ${SCHEMA_VERSION})`)
}

/** Version 1 had other tables and a journal of JSON texts: the tables are made anew from it, all or nothing. */
function upgradeFrom1(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    database.exec('ALTER TABLE journal RENAME TO journal_1')
    const old = database.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'journal_1'",
    )
    for (const { name } of old.all()) database.exec(`DROP TABLE ${String(name)}`)
    createTables(database)
    const state = new State(database)
    const journal = new Journal(database)
    const entries = database.prepare('SELECT time, lastKey, format, events FROM journal_1 ORDER BY position')
    let count = 0
    for (const { time, lastKey, format, events: text } of entries.iterate()) {
      if (format !== EVENT_FORMAT) throw new Error(`the journal has events of format ${String(format)}`)
      const events = JSON.parse(String(text)) as EngineEvent[]
      for (const event of events) applyEvent(state, event, Number(time))
      state.restoreLastKey(Number(lastKey))
      journal.append({ time: Number(time), lastKey: Number(lastKey), events })
      count += 1
      if (count % UPGRADE_BATCH !== 0) continue
      state.flush()
      journal.flush()
    }
    state.flush()
    journal.flush()
    database.exec('DROP TABLE journal_1; COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
