import { rmSync } from 'node:fs'
import path from 'node:path'
import { lockDataDirectory } from './data-lock.ts'
import { stopOrphan } from './postgres-process.ts'

/**
 * Removes the embedded database of a data directory, stopping a server that a killed process left behind, and with it what
 * refers to its rows.
 * @param directory data directory of the installation
 * @param others names of further folders in it that mean nothing without the database
 * @throws DatabaseError when a running process uses the data directory
 */
export async function discardEmbeddedData(directory: string, others: readonly string[]): Promise<void> {
  const lock = lockDataDirectory(directory)
  try {
    await stopOrphan(path.join(directory, 'postgresql'))
    // The password goes last: without it, a database that is still there could not be opened.
    for (const name of [...others, 'postgresql', 'postgresql.unfinished', 'postgresql-password']) {
      rmSync(path.join(directory, name), { recursive: true, force: true })
    }
  } finally {
    lock.release()
  }
}
