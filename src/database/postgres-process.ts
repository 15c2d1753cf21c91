import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { processStartTime } from './data-lock.ts'
import { DatabaseError } from './errors.ts'

const fastLimitMs = 20_000
const immediateLimitMs = 10_000

/** What the server's lock file says of it; undefined when there is none. */
export function readPostmaster(data: string): { pid: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Stops a server that a killed process of ours left running on this data directory. Only a process that is PostgreSQL and
 * works in exactly this directory is touched; a lock file whose process is gone or is something else is removed.
 */
export async function stopOrphan(data: string): Promise<void> {
  const postmaster = readPostmaster(data)
  if (!postmaster) return
  const { pid } = postmaster
  if (!isServerOf(pid, data)) {
    rmSync(path.join(data, 'postmaster.pid'), { force: true })
    return
  }
  const startTime = processStartTime(pid)
  const gone = () => processStartTime(pid) !== startTime
  if (await signalUntil(pid, 'SIGINT', gone, fastLimitMs)) return
  if (await signalUntil(pid, 'SIGQUIT', gone, immediateLimitMs)) return
  throw new DatabaseError(
    'in-use',
    `上次遗留的数据库进程 ${pid} 无法停止：请手工结束后重试`,
    `the database process ${pid} left from an earlier run does not stop: end it and try again`,
  )
}

/** Stops our own child: fast shutdown, and if that takes too long, immediate (the next start recovers from the log). */
export async function stopServer(child: ChildProcess): Promise<void> {
  const ended = () => child.exitCode !== null || child.signalCode !== null
  if (ended() || child.pid === undefined) return
  child.ref()
  const exit = once(child, 'exit')
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGQUIT'), fastLimitMs)
  try {
    await exit
  } finally {
    clearTimeout(timer)
  }
}

function isServerOf(pid: number, data: string): boolean {
  try {
    const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? ''
    return path.basename(program) === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
  } catch {
    // No such process, or one that is not ours to look at: not our server.
    return false
  }
}

async function signalUntil(
  pid: number,
  signal: NodeJS.Signals,
  gone: () => boolean,
  limitMs: number,
): Promise<boolean> {
  const limit = performance.now() + limitMs
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true
    throw error
  }
  while (!gone()) {
    if (performance.now() > limit) return false
    await delay(10)
  }
  return true
}
