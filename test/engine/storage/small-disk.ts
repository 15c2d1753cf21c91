/** Runs programs on a disk of their own that is small: a file system in memory in a name space of the program. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const run = (command: string, args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 })

/** Whether this machine lets us have a file system of our own. */
export const canMount = run('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

/** Runs a program of this folder with the folder of a disk of `size` (`3m`) as argument. @returns what it printed */
export function onSmallDisk(size: string, program: string): unknown {
  return inFolder((folder) => [
    'unshare',
    ['-Urm', 'sh', '-c', `mount -t tmpfs -o size=${size} tmpfs '${folder}' && exec "$@"`, 'sh'],
    program,
  ])
}

/** Runs a program of this folder that may write no file larger than `size` KiB. @returns what it printed */
export function withFileSizeLimit(size: number, program: string): unknown {
  // Ignored, the signal becomes an error of `write`.
  return inFolder(() => ['bash', ['-c', `trap '' XFSZ; ulimit -S -f ${size}; exec "$@"`, 'bash'], program])
}

/** Runs a program of this folder in a child process. @returns what it printed */
export function inChild(program: string): unknown {
  return inFolder(() => ['env', [], program])
}

function inFolder(command: (folder: string) => [string, string[], string]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'storage-'))
  try {
    const [runner, args, program] = command(folder)
    const file = join(import.meta.dirname, `${program}.ts`)
    const { stdout, stderr, status } = run(runner, [...args, process.execPath, file, folder])
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`)
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
