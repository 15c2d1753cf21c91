/**
 * Writes the migration that turns the database of the existing migrations into prisma/schema.prisma:
 *
 *   node scripts/create-migration.ts add_something
 *
 * Works without network: the schema engine runs as WebAssembly against a throw-away embedded PostgreSQL. Review the SQL: a
 * rename shows up as drop and add, and triggers are written by hand.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../src/database/embedded-postgres.ts'
import { migrationsDirectory } from '../src/database/migrate.ts'
import { schemaDifference } from './schema-difference.ts'

const name = process.argv[2]
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('usage: node scripts/create-migration.ts <name in lower_case>')
  process.exit(2)
}

const directory = mkdtempSync(path.join(os.tmpdir(), 'create-migration-'))
const server = await startEmbeddedPostgres({ directory, settings: { fsync: 'off' } })
try {
  const sql = await schemaDifference(server.url)
  if (sql === '') {
    console.log('prisma/schema.prisma and the migrations agree: nothing to do')
  } else {
    mkdirSync(migrationsDirectory, { recursive: true })
    const count = readdirSync(migrationsDirectory, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    ).length
    const target = path.join(migrationsDirectory, `${String(count + 1).padStart(4, '0')}_${name}`)
    mkdirSync(target)
    writeFileSync(path.join(target, 'migration.sql'), sql)
    console.log(`wrote ${path.relative(process.cwd(), target)}/migration.sql`)
  }
} finally {
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}
