import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { resultCode, storageFault } from './storage-fault.ts'
import { openTables } from './tables.ts'

/** SQLite's code for a file that another process has locked. */
const BUSY = 5

// FULL: what was acknowledged survives a loss of power, not only of the process.
// cache_size in KiB: deadlines that fall due together touch pages all over the file.
const PRAGMAS =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000'

/**
 * Opens the connections, one that writes and one that only reads. When that fails the lock is given up.
 * @throws {Error} naming the file, what is wrong and what to do
 */
export function openDatabase(file: string | null, lock: DatabaseSync | undefined) {
  const opened: DatabaseSync[] = []
  const open = (path: string, options = {}) => {
    const database = new DatabaseSync(path, options)
    opened.push(database)
    return database
  }
  try {
    const writer = open(file ?? ':memory:')
    if (file !== null) writer.exec(PRAGMAS)
    openTables(writer)
    return { writer, reader: file === null ? writer : open(file, { readOnly: true }) }
  } catch (error) {
    for (const database of opened) database.close()
    lock?.close()
    throw cannotOpen(error, file ?? 'the database in memory')
  }
}

function cannotOpen(error: unknown, file: string): Error {
  const reason = error instanceof Error ? error.message : String(error)
  return new Error(`the engine cannot be opened: ${storageFault(error, file)?.message ?? `${file}: ${reason}`}`, {
    cause: error,
  })
}

/**
 * Takes the directory for this process, made when missing. The lock is SQLite's own file lock, held by an open
 * transaction, so that the operating system gives it up with the process, however that ends.
 */
export function acquireLock(directory: string): DatabaseSync {
  const file = join(directory, 'engine.lock')
  let lock: DatabaseSync | undefined
  try {
    mkdirSync(directory, { recursive: true })
    lock = new DatabaseSync(file, { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    if (resultCode(error) !== BUSY) throw cannotOpen(error, file)
    throw new Error(
      `the engine's directory ${directory} is in use by another process: stop that process or choose another directory`,
      { cause: error },
    )
  }
}
