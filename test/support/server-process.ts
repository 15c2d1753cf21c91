import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { discardEmbeddedData } from '../../src/database/index.ts'
import { projectRoot } from './application.ts'

/** How a run of `src/main.ts` ended. */
export interface Ending {
  code: number | null
  stdout: string
  stderr: string
}

/** The product as `npm start` runs it, in a process of its own that a test may kill. */
export interface ServerProcess {
  url: string
  pid: number
  /** The one line that it printed. */
  line: string
  /** Ends the process without giving it a moment: nothing is flushed or closed. */
  kill(): Promise<void>
  /** Ctrl-C, or what a service manager sends. */
  interrupt(signal?: 'SIGINT' | 'SIGTERM'): Promise<Ending>
}

export interface ServerOptions {
  flags?: string[]
  env?: Record<string, string>
  /** User that it runs as; the test's own without it. */
  uid?: number
}

/** A run of the server that may or may not become ready. */
export interface Launch {
  child: ChildProcess
  /** The line that says it is ready. @throws Error with what it printed when it ends instead */
  ready: Promise<string>
  ended: Promise<Ending>
}

/** Compiled modules are kept between the many starts of a test run, as `npm start` keeps them. */
const compileCache = join(projectRoot, 'node_modules', '.cache', 'compile')

/** What was launched and still runs. */
const running = new Set<Launch>()

/**
 * Ends what a failed test left running on the directory, and removes the directory. @returns what was still running there
 */
export async function removeServerData(directory: string): Promise<string[]> {
  const left = runningIn(directory)
  for (const { child, ended } of running) {
    if (!child.spawnargs.includes(directory)) continue
    child.kill('SIGKILL')
    await ended
  }
  await discardEmbeddedData(directory, [])
  await rm(directory, { recursive: true, force: true })
  return left
}

/** Runs `src/main.ts` with the data directory, on a free port, without demonstration court, with a movable clock. */
export function launchServer(dataDirectory: string, options: ServerOptions = {}): Launch {
  mkdirSync(compileCache, { recursive: true })
  const { flags = [], env = {}, uid } = options
  const fixed = ['--data', dataDirectory, '--port', '0', '--demo', 'off', '--allow-clock-control', 'on']
  const child = spawn(process.execPath, [join('src', 'main.ts'), ...fixed, ...flags], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_NO_WARNINGS: '1',
      NODE_COMPILE_CACHE: compileCache,
      ...(process.env.CHROMIUM_PATH && { CHROMIUM_PATH: process.env.CHROMIUM_PATH }),
      ...env,
    },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  // "close" and not "exit": then all that it printed has arrived.
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const line = /^已就绪：.*(?=\n)/m.exec(stdout)?.[0]
      if (line) resolve(line)
    })
    ended.then(({ code }) => reject(new Error(`the server ended with ${code}: ${stdout}${stderr}`)), reject)
  })
  // Whoever waits for the end alone need not hear that it never was ready.
  ready.catch(() => {})
  const launch = { child, ready, ended }
  running.add(launch)
  ended.finally(() => running.delete(launch)).catch(() => {})
  return launch
}

/** Starts it and waits for its one line. @throws Error with what it printed when it ends instead */
export async function startServerProcess(dataDirectory: string, options: ServerOptions = {}): Promise<ServerProcess> {
  const { child, ready, ended } = launchServer(dataDirectory, options)
  const line = await ready
  const url = /http:\/\/[\w.:[\]]+/.exec(line)?.[0]
  if (!url || child.pid === undefined) throw new Error(`no address in: ${line}`)
  return {
    url,
    line,
    pid: child.pid,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    interrupt: (signal = 'SIGINT') => {
      child.kill(signal)
      return ended
    },
  }
}

/** Command lines of the processes that work in the directory or name it: the database, the browser, the server itself. */
export function runningIn(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        const works = readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)
        return works || commandLine.includes(directory) ? [commandLine] : []
      } catch {
        // Ended while we looked.
        return []
      }
    })
}
