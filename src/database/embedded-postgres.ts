import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type DataLock, lockDataDirectory } from './data-lock.ts'
import { DatabaseError } from './errors.ts'
import { type PostgresAccount, postgresAccount } from './postgres-account.ts'
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts'
import { readPostmaster, stopOrphan, stopServer } from './postgres-process.ts'

/** A running server of our own on 127.0.0.1. */
export interface EmbeddedPostgres {
  /** Address of the database `court`, with password. */
  url: string
  /** Process id of the server. */
  pid: number
  /** Fast shutdown: running transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>
}

const user = 'court'
const databaseName = 'court'
const startLimitMs = 60_000
const largestLogBytes = 16 * 1024 * 1024

/**
 * Starts PostgreSQL in `directory`/postgresql, made on first use. A server that a killed process left behind is stopped first.
 * @param options.settings further server settings, for tests (`{ fsync: 'off' }`)
 * @throws DatabaseError
 */
export async function startEmbeddedPostgres(options: {
  directory: string
  settings?: Record<string, string>
}): Promise<EmbeddedPostgres> {
  const directory = path.resolve(options.directory)
  makeWritable(directory)
  const binaries = findPostgres()
  const lock = lockDataDirectory(directory)
  try {
    const data = path.join(directory, 'postgresql')
    const account = postgresAccount([directory, binaries.postgres])
    const password = keptPassword(directory, data)
    if (!existsSync(data)) initialise(directory, data, password, binaries, account)
    checkVersion(data)
    await stopOrphan(data)
    return await start({ directory, data, password, binaries, account, lock, settings: options.settings ?? {} })
  } catch (error) {
    lock.release()
    throw error
  }
}

function makeWritable(directory: string): void {
  try {
    makeDirectory(directory)
    accessSync(directory, constants.W_OK | constants.X_OK)
    // Root passes every access check; a read-only file system shows only when one writes.
    const probe = path.join(directory, `.write-probe-${process.pid}`)
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    throw new DatabaseError(
      'unwritable',
      `数据目录 ${directory} 无法写入（${(error as NodeJS.ErrnoException).code}）：请检查权限，或用 --data 指定其他目录`,
      `data directory ${directory} cannot be written: check its permissions, or choose another with --data`,
      { cause: error },
    )
  }
}

/** Like `mkdir -p`; Node's own recursive mkdir never returns below /proc. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return
  makeDirectory(path.dirname(directory))
  mkdirSync(directory)
}

function keptPassword(directory: string, data: string): string {
  const file = path.join(directory, 'postgresql-password')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  if (existsSync(data)) {
    throw new DatabaseError(
      'start-failed',
      `缺少数据库口令文件 ${file}：请从备份中恢复该文件`,
      `the database's password file ${file} is gone: restore it from a backup`,
    )
  }
  const password = randomBytes(24).toString('base64url')
  writeFileSync(file, `${password}\n`, { mode: 0o600 })
  return password
}

/** Builds the cluster beside its place and moves it there whole, so that a killed first start leaves nothing half made. */
function initialise(
  directory: string,
  data: string,
  password: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
): void {
  const unfinished = `${data}.unfinished`
  const passwordFile = path.join(directory, 'postgresql-password.initdb')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  account.own(unfinished)
  try {
    rmSync(passwordFile, { force: true })
    writeFileSync(passwordFile, password, { mode: 0o600 })
    account.own(passwordFile)
    const { file, args, ...as } = account.command(binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
      '--no-instructions',
    ])
    const run = spawnSync(file, args, { ...as, cwd: '/', env: environment(), encoding: 'utf8' })
    if (run.status !== 0) {
      throw new DatabaseError(
        'start-failed',
        `数据库初始化失败：${lastLine(run.stderr ?? '') || run.error?.message}`,
        `initdb failed in ${directory}`,
        { cause: run.error ?? new Error(run.stderr) },
      )
    }
    renameSync(unfinished, data)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function checkVersion(data: string): void {
  const version = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim()
  if (version !== '18') {
    throw new DatabaseError(
      'start-failed',
      `${data} 由 PostgreSQL ${version} 创建，本程序内置 PostgreSQL 18：请先导出再导入`,
      `${data} was made by PostgreSQL ${version}, this program brings PostgreSQL 18: dump and restore`,
    )
  }
}

interface Start {
  directory: string
  data: string
  password: string
  binaries: PostgresBinaries
  account: PostgresAccount
  lock: DataLock
  settings: Record<string, string>
}

async function start(how: Start): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const child = launch(how, port)
    const failure = await untilReady(child, how.data)
    if (failure === undefined) {
      const url = `postgresql://${user}:${how.password}@127.0.0.1:${port}/${databaseName}`
      const server: EmbeddedPostgres = {
        url,
        pid: child.pid ?? 0,
        async stop() {
          try {
            await stopServer(child)
          } finally {
            how.lock.release()
          }
        },
      }
      try {
        await ensureDatabase(url)
      } catch (error) {
        await stopServer(child)
        throw error
      }
      return server
    }
    const log = readFileSync(path.join(how.directory, 'postgresql.log'), 'utf8').slice(-4000)
    // Another program may take the port between our look and the server's; a killed server's workers need a moment to go.
    const passing = /could not bind|Address already in use|pre-existing shared memory block/.test(log)
    if (!passing || attempt === 5) {
      throw new DatabaseError(
        'start-failed',
        `数据库未能启动（${failure}）：${lastLine(log)}；日志见 ${how.directory}/postgresql.log`,
        `the database did not start; its log is postgresql.log in the data directory`,
      )
    }
    await delay(100 * attempt)
  }
}

function launch(how: Start, port: number): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '60',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // What the product asks in error (a taken case number) is answered to the caller, not logged as a fault of the server.
    log_min_error_statement: 'panic',
    ...how.settings,
  }
  const { file, args, ...as } = how.account.command(how.binaries.postgres, [
    '-D',
    how.data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ])
  const logFile = path.join(how.directory, 'postgresql.log')
  const tooLarge = existsSync(logFile) && statSync(logFile).size > largestLogBytes
  const log = openSync(logFile, tooLarge ? 'w' : 'a', 0o600)
  try {
    // Detached: Ctrl-C reaches every process of the terminal, and the server must outlive the last request.
    const child = spawn(file, args, {
      ...as,
      cwd: '/',
      env: environment(),
      stdio: ['ignore', log, log],
      detached: true,
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** Undefined when the server accepts connections, else why not. */
async function untilReady(child: ChildProcess, data: string): Promise<string | undefined> {
  let failed: string | undefined
  child.once('error', (error) => {
    failed = error.message
  })
  const limit = performance.now() + startLimitMs
  while (failed === undefined) {
    if (child.exitCode !== null || child.signalCode !== null) return `exit ${child.exitCode ?? child.signalCode}`
    const postmaster = readPostmaster(data)
    if (postmaster?.pid === child.pid && postmaster?.ready) return undefined
    if (performance.now() > limit) {
      await stopServer(child)
      return `not ready after ${startLimitMs / 1000} s`
    }
    await delay(10)
  }
  return failed
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href })
  try {
    await client.connect()
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName])
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`)
  } catch (error) {
    throw new DatabaseError(
      'start-failed',
      `数据库已启动但无法登录：${(error as Error).message}`,
      'the database started but refuses the log-in: check postgresql-password in the data directory',
      { cause: error },
    )
  } finally {
    await client.end()
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** The server's environment: nothing of ours, least of all secrets or a PGDATA that leads elsewhere. */
function environment(): Record<string, string> {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}

function lastLine(text: string): string {
  const lines = text.trim().split('\n')
  return lines.findLast((line) => /FATAL|ERROR|error/.test(line)) ?? lines.at(-1) ?? ''
}
