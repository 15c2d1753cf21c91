import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseError } from './errors.ts'

/** Held while this process uses a data directory. */
export interface DataLock {
  release(): void
}

/**
 * Makes this process the only one that runs the embedded database of a data directory. The file names the holder by
 * process id and start time, so that what a killed process left behind is recognised even when its id is in use again.
 * @throws DatabaseError `in-use`
 */
export function lockDataDirectory(directory: string): DataLock {
  const file = path.join(directory, 'database.lock')
  const own = `${process.pid} ${processStartTime(process.pid)}\n`
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(file, own, { flag: 'wx', mode: 0o600 })
      return { release: () => rmSync(file, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = readHolder(file)
    if (holder === undefined) continue
    if (isRunning(holder)) throw inUse(directory, holder)
    removeStale(file, directory, holder)
  }
  throw inUse(directory, readHolder(file) ?? '?')
}

/** When a process was started, in clock ticks since boot, or undefined when there is no such process. */
export function processStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name and may contain blanks and brackets; field 22 is the start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function readHolder(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isRunning(holder: string): boolean {
  const [pid, startTime] = holder.split(' ')
  return startTime !== undefined && processStartTime(Number(pid)) === startTime
}

/** Takes the stale file away under a name of our own; if a faster process has replaced it meanwhile, puts that one back. */
function removeStale(file: string, directory: string, stale: string): void {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const taken = readHolder(aside) ?? ''
  if (taken !== stale) {
    try {
      linkSync(aside, file)
    } finally {
      rmSync(aside, { force: true })
    }
    throw inUse(directory, taken)
  }
  rmSync(aside, { force: true })
}

function inUse(directory: string, holder: string): DatabaseError {
  const pid = holder.split(' ')[0]
  return new DatabaseError(
    'in-use',
    `数据目录 ${directory} 正被另一个进程（${pid}）使用：请先停止它，或用 --data 指定其他目录`,
    `data directory ${directory} is in use by process ${pid}: stop it, or choose another with --data`,
  )
}
