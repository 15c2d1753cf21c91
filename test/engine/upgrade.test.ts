import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEngine } from '../../src/engine/index.ts'
import { readJournal } from '../../src/engine/runtime/journal.ts'
import { readTables, replayJournal } from '../../src/engine/runtime/replay.ts'
import { bpmn, end, flows, serviceTask, start, userTask } from '../../src/engine/testing/bpmn-builder.ts'
import { ProcessTest } from '../../src/engine/testing/process-test.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'upgrade-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Writes what an engine has done as version 0.1.0 did: one row a command, plain JSON. */
function writeVersion1(of: ProcessTest, events = (text: string) => text): void {
  const database = new DatabaseSync(join(directory, 'engine.db'))
  database.exec(
    'CREATE TABLE journal (position INTEGER PRIMARY KEY, time INTEGER, lastKey INTEGER, format INTEGER, events TEXT);' +
      "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID; INSERT INTO meta VALUES ('schemaVersion', 1)",
  )
  let position = 0
  for (const entry of readJournal(of.engine.query)) {
    position += 1
    database
      .prepare('INSERT INTO journal VALUES (?, ?, ?, 1, ?)')
      .run(position, entry.time, entry.lastKey, events(JSON.stringify(entry.events)))
  }
  database.close()
}

describe('data of version 0.1.0', () => {
  it('are taken over from their journal, and the cases go on', async () => {
    const xml = bpmn('p', start() + serviceTask('a') + userTask('b') + end() + flows('start -> a -> b -> end'))
    const before = await ProcessTest.open()
    const first = await before.run(xml, { amount: 3 })
    const second = await before.start('p')
    await before.completeJob('a', { done: true })
    writeVersion1(before)
    const tables = readTables(before.engine.query)
    await before.close()

    const after = await ProcessTest.open({ directory })
    expect(readTables(after.engine.query)).toEqual(tables)
    expect(replayJournal(after.engine.query)).toEqual(tables)
    expect([after.waitingAt(first), after.waitingAt(second)]).toEqual([['b'], ['a']])
    await after.completeUserTask('b')
    expect(after.stateOf(first)).toBe('COMPLETED')
    await after.close()
  })

  it('are left as they were when they cannot be read', async () => {
    const before = await ProcessTest.open()
    writeVersion1(before, (text) => text.replace('ClockPinned', 'ClockBroken'))
    await before.close()
    await expect(openEngine({ directory })).rejects.toThrow('no applier for the event type ClockBroken')
    const database = new DatabaseSync(join(directory, 'engine.db'))
    expect(database.prepare('SELECT COUNT(*) AS entries FROM journal').get()).toMatchObject({ entries: 1 })
    database.close()
  })
})
