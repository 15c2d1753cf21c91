import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const schemaFile = path.join(root, 'prisma/schema.prisma')
const stampFile = path.join(import.meta.dirname, 'generated/schema.sha256')

/**
 * Generates the Prisma client into `src/database/generated` unless it is there for this schema and this Prisma.
 * Needs no network: `prisma generate` asks for its native schema engine, which it does not use here.
 * @returns whether it had to be generated
 * @throws Error with Prisma's words when the schema is wrong
 */
export function generateClient(): boolean {
  const require = createRequire(import.meta.url)
  const prismaPackage = require.resolve('prisma/package.json')
  const { version, bin } = JSON.parse(readFileSync(prismaPackage, 'utf8')) as {
    version: string
    bin: { prisma: string }
  }
  const stamp = createHash('sha256').update(version).update('\0').update(readFileSync(schemaFile)).digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false
  const run = spawnSync(
    process.execPath,
    [path.join(path.dirname(prismaPackage), bin.prisma), 'generate', '--schema', schemaFile],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
    },
  )
  if (run.status !== 0) {
    throw new Error(`prisma generate failed:\n${run.stderr || run.stdout || run.error?.message}`)
  }
  writeFileSync(stampFile, stamp)
  return true
}

if (process.argv[1] === import.meta.filename) generateClient()
