import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type pg from 'pg'
import { DatabaseError } from './errors.ts'

/** Where the migrations of this product lie: `<n>_<name>/migration.sql`, applied in the order of their names. */
export const migrationsDirectory = path.resolve(import.meta.dirname, '../../prisma/migrations')

// The number that Prisma's own tool locks, so that both could never work at once.
const advisoryLock = 72707369

// Prisma's table, so that its tools understand a database that we migrated.
const bookkeeping = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`

interface Applied {
  name: string
  checksum: string
  finished: boolean
}

/**
 * Applies outstanding migrations, each in a transaction of its own; processes that start together wait for one another.
 * @returns names of the migrations that were applied now
 * @throws DatabaseError `migration` when one fails, was edited after it was applied, or the database is newer than the program
 */
export async function migrate(client: pg.ClientBase, directory = migrationsDirectory): Promise<string[]> {
  const migrations = readMigrations(directory)
  await client.query('SELECT pg_advisory_lock($1)', [advisoryLock])
  try {
    const exists = await client.query<{ found: boolean }>(
      `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`,
    )
    if (!exists.rows[0]?.found) await client.query(bookkeeping)
    const { rows } = await client.query<Applied>(
      `SELECT "migration_name" AS name, "checksum", "finished_at" IS NOT NULL AS finished
         FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL`,
    )
    checkApplied(rows, migrations)
    const applied = new Set(rows.map(({ name }) => name))
    const outstanding = migrations.filter(({ name }) => !applied.has(name))
    for (const migration of outstanding) await apply(client, migration)
    return outstanding.map(({ name }) => name)
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [advisoryLock])
  }
}

interface Migration {
  name: string
  sql: string
  checksum: string
}

function readMigrations(directory: string): Migration[] {
  const names = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return names.map((name) => {
    const sql = readFileSync(path.join(directory, name, 'migration.sql'), 'utf8')
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
}

function checkApplied(applied: Applied[], migrations: Migration[]): void {
  for (const { name, checksum, finished } of applied) {
    const known = migrations.find((migration) => migration.name === name)
    if (!known) {
      throw new DatabaseError(
        'migration',
        `数据库含有本版本没有的迁移 ${name}：请使用更新版本的程序`,
        `the database has migration ${name}, which this version does not know: use the newer program`,
      )
    }
    if (!finished) {
      throw new DatabaseError(
        'migration',
        `迁移 ${name} 上次未完成：请修复数据库后重试`,
        `migration ${name} did not finish earlier: repair the database first`,
      )
    }
    if (known.checksum !== checksum) {
      throw new DatabaseError(
        'migration',
        `迁移 ${name} 在执行之后被改动：请恢复原文件，另建新的迁移`,
        `migration ${name} was edited after it was applied: restore it and add a new one`,
      )
    }
  }
}

async function apply(client: pg.ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "applied_steps_count")
       VALUES ($1, $2, now(), $3, 1)`,
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    const reason = (error as Error).message
    throw new DatabaseError('migration', `迁移 ${name} 失败：${reason}`, `migration ${name} failed`, { cause: error })
  }
}
