import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, expect } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'
import type { Database } from '../../src/database/index.ts'
import { migrate } from '../../src/database/migrate.ts'
import { connect } from '../../src/database/open.ts'

const template = 'migrated'

interface Server {
  postgres: EmbeddedPostgres
  directory: string
}

let server: Promise<Server> | undefined
let users = 0
let databases = 0

/**
 * A fresh, migrated database of its own on the embedded server that this test process shares; call it once at the top of a
 * test file (`const database = await openTestDatabase()`). It is closed, and the last one stops the server, after the
 * file's tests. Writes are not flushed to disk: tests that kill the server start one of their own.
 */
export async function openTestDatabase(): Promise<Database> {
  if (expect.getState().currentTestName !== undefined)
    throw new Error('call openTestDatabase at the top of the test file')
  users++
  server ??= startServer()
  const { postgres } = await server
  const name = `test_${++databases}`
  await administer(postgres.url, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  const database = await connect(address(postgres.url, name))
  afterAll(async () => {
    await database.close()
    if (--users === 0) await stopServer()
  })
  return database
}

async function startServer(): Promise<Server> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'test-database-'))
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', shared_buffers: '32MB' }
  const postgres = await startEmbeddedPostgres({ directory, settings })
  // The hooks do not run when the test process ends on an error.
  process.once('exit', () => killQuietly(postgres.pid))
  await administer(postgres.url, `CREATE DATABASE ${template}`)
  const client = new pg.Client({ connectionString: address(postgres.url, template) })
  await client.connect()
  await migrate(client)
  await client.end()
  return { postgres, directory }
}

async function stopServer(): Promise<void> {
  const running = await server
  server = undefined
  await running?.postgres.stop()
  if (running) rmSync(running.directory, { recursive: true, force: true })
}

function killQuietly(pid: number): void {
  try {
    if (server !== undefined) process.kill(pid, 'SIGQUIT')
  } catch {
    // It has ended already.
  }
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: address(url, 'postgres') })
  await client.connect()
  await client.query(sql)
  await client.end()
}

function address(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href
}
