/** Opens an engine on a disk that can only be read: with data of before, and without. Prints both errors. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { openEngine } from '../../../src/engine/index.ts'

const folder = process.argv[2] ?? ''
await (await openEngine({ directory: join(folder, 'data') })).close()
execFileSync('mount', ['-o', 'remount,ro', folder])
const messageOf = async (directory: string) => {
  try {
    await openEngine({ directory })
    return 'opened'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
console.log(JSON.stringify([await messageOf(join(folder, 'data')), await messageOf(join(folder, 'new'))]))
