/**
 * Loss of power in the middle of writing: a database whose write-ahead log (WAL) ends anywhere, or ends in garbage, or
 * whose main file was being brought up to date from the log.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EngineQuery, openEngine } from '../../../src/engine/index.ts'
import { readTables, replayJournal } from '../../../src/engine/runtime/replay.ts'
import { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { violations } from '../support/invariants.ts'
import { CRASH_RESOURCES } from './processes.ts'

const WAL_HEADER = 32
const FRAME_HEADER = 24

/** What opening torn files has shown. */
export interface TornReport {
  /** Transactions in the log. */
  readonly transactions: number
  readonly opened: number
  readonly faults: readonly string[]
}

/**
 * Cuts the log at every page and opens what is left: it must be the state after some of the acknowledged transactions,
 * the first ones, and more of the log never gives fewer.
 * @param instances how many process instances the log tells of
 * @param step at every so many pages the log is also cut in the middle of a page, and ends in garbage
 */
export async function tearWrites(instances: number, step: number): Promise<TornReport> {
  const folder = mkdtempSync(join(tmpdir(), 'torn-'))
  try {
    const original = await writeLog(join(folder, 'original'), instances)
    const faults: string[] = []
    let opened = 0
    let before = 0
    const open = async (cut: string, wal: Uint8Array, database = original.database) => {
      const directory = join(folder, `torn-${opened}`)
      mkdirSync(directory)
      writeFileSync(join(directory, 'engine.db'), database)
      writeFileSync(join(directory, 'engine.db-wal'), wal)
      opened += 1
      const found = await examine(directory, original.journal)
      faults.push(...found.faults.map((fault) => `${cut}: ${fault}`))
      rmSync(directory, { recursive: true, force: true })
      return found.transactions
    }
    const { wal, pageSize } = original
    const frame = FRAME_HEADER + pageSize
    const frames = Math.floor((wal.length - WAL_HEADER) / frame)
    for (let count = 0; count <= frames; count += 1) {
      const end = WAL_HEADER + count * frame
      const transactions = await open(`cut after page ${count}`, wal.subarray(0, end))
      if (transactions < before) faults.push(`cut after page ${count}: fewer transactions than with less of the log`)
      before = transactions
      if (count % step !== 0) continue
      for (const more of [1, FRAME_HEADER, FRAME_HEADER + Math.floor(pageSize / 2)])
        await open(`cut ${more} bytes after page ${count}`, wal.subarray(0, end + more))
      await open(`garbage after page ${count}`, Buffer.concat([wal.subarray(0, end), garbage(frame)]))
      await open(`page ${count} is garbage`, Buffer.concat([wal.subarray(0, end - pageSize), garbage(pageSize)]))
    }
    if (before !== original.journal.length) faults.push('the whole log does not give all transactions')
    const halfDone = halfCopied(original.database, wal, pageSize)
    if ((await open('main file half brought up to date', wal, halfDone)) !== original.journal.length)
      faults.push('transactions are lost while the main file is brought up to date')
    return { transactions: original.journal.length, opened, faults }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Makes a database whose transactions but the first ones are in the log. */
async function writeLog(directory: string, instances: number) {
  await (await ProcessTest.open({ directory, resources: CRASH_RESOURCES })).close()
  const test = await ProcessTest.open({ directory })
  for (let index = 0; index < instances; index += 1) {
    const id = `id ${index}`
    await test.start('p', { id })
    for (const { jobKey } of await test.takeJobs('work'))
      await test.execute({ type: 'CompleteJob', jobKey, variables: { done: true } })
    await test.execute({ type: 'PublishMessage', name: 'go', correlationKey: id, timeToLive: 3_600_000 })
    await test.completeUserTask('task', { answer: 'x'.repeat(9_000) })
    await test.moveBy(1_000)
  }
  // Copied while the engine is idle and open: closing brings the main file up to date.
  for (const name of ['engine.db', 'engine.db-wal'])
    copyFileSync(join(directory, name), join(directory, `${name}.copy`))
  const journal = journalOf(test.engine.query)
  await test.close()
  const database = readFileSync(join(directory, 'engine.db.copy'))
  const wal = readFileSync(join(directory, 'engine.db-wal.copy'))
  return { database, wal, journal, pageSize: wal.readUInt32BE(8) }
}

const journalOf = (query: EngineQuery): string[] =>
  query
    .all<{ position: number; entries: Uint8Array }>('SELECT position, entries FROM journal ORDER BY position')
    .map(({ position, entries }) => `${position} ${Buffer.from(entries).toString('base64')}`)

async function examine(directory: string, journal: readonly string[]) {
  const faults: string[] = []
  const onFault = (fault: unknown) => faults.push(String(fault))
  try {
    const engine = await openEngine({ directory, onFault })
    const { query } = engine
    const found = journalOf(query)
    if (found.some((entry, index) => entry !== journal[index])) faults.push('not the first transactions')
    if (JSON.stringify(readTables(query)) !== JSON.stringify(replayJournal(query))) faults.push('the replay differs')
    faults.push(...violations(query))
    for (const { integrity_check: text } of query.all<{ integrity_check: string }>(
      'SELECT * FROM pragma_integrity_check',
    ))
      if (text !== 'ok') faults.push(`integrity: ${text}`)
    // It goes on from there.
    await engine.execute({ type: 'PublishMessage', name: 'after', timeToLive: 1_000 })
    await engine.close()
    return { transactions: found.length, faults }
  } catch (error) {
    return { transactions: 0, faults: [...faults, String(error)] }
  }
}

function garbage(length: number): Buffer<ArrayBuffer> {
  return Buffer.from(Array.from({ length }, (_, index) => (index * 167 + 13) % 251))
}

/** The main file as a crash leaves it in the middle of a checkpoint: pages that are in the log are torn in it. */
function halfCopied(database: Buffer, wal: Buffer, pageSize: number): Buffer<ArrayBuffer> {
  const copy = Buffer.from(database)
  for (let at = WAL_HEADER; at + FRAME_HEADER <= wal.length; at += FRAME_HEADER + pageSize) {
    const start = (wal.readUInt32BE(at) - 1) * pageSize
    if (start < copy.length) copy.set(garbage(Math.floor(pageSize / 2)), start)
  }
  return copy
}
