import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { processStartTime } from '../../src/database/data-lock.ts'
import { DatabaseError, openDatabase } from '../../src/database/index.ts'

const root = mkdtempSync(path.join(os.tmpdir(), 'embedded-postgres-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const at = new Date('2026-03-02T01:00:00Z')
const entry = (action: string) => ({ at, actor: 'system', action, subjectType: 'test', subjectId: '1', detail: {} })

async function codeOf(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => new Error('opened'),
    (failure: Error) => failure,
  )
  if (!(error instanceof DatabaseError)) throw error
  expect(error.message).toMatch(/\p{Script=Han}.*\([\w ].*\)$/su)
  return error.code
}

/** A program of ours that opens the database, writes a row and waits to be killed. */
async function startHolder(directory: string) {
  const program = `
    const { openDatabase } = await import(${JSON.stringify(path.resolve('src/database/index.ts'))})
    const { prisma } = await openDatabase({ directory: ${JSON.stringify(directory)} })
    await prisma.auditEntry.create({ data: ${JSON.stringify(entry('written before the kill'))} })
    console.log('written')
    setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  return holder
}

describe('embedded PostgreSQL', () => {
  const directory = path.join(root, 'court')

  test('first start makes a durable, checksummed UTF-8 database whose password only the owner can read', async () => {
    const database = await openDatabase({ directory })
    const { rows } = await database.pool.query(`SELECT current_setting('fsync') AS fsync,
      current_setting('data_checksums') AS checksums, current_setting('server_encoding') AS encoding,
      current_setting('listen_addresses') AS address, current_setting('password_encryption') AS password`)
    expect(rows).toEqual([
      { fsync: 'on', checksums: 'on', encoding: 'UTF8', address: '127.0.0.1', password: 'scram-sha-256' },
    ])
    await database.prisma.auditEntry.create({ data: entry('first') })
    await database.close()
    expect(statSync(path.join(directory, 'postgresql-password')).mode & 0o777).toBe(0o600)
  })

  test('close stops the server and leaves no lock; a second close does nothing', async () => {
    const database = await openDatabase({ directory })
    const pid = Number(readFileSync(path.join(directory, 'postgresql/postmaster.pid'), 'utf8').split('\n')[0])
    expect(processStartTime(pid)).toBeDefined()
    await database.close()
    await database.close()
    expect(processStartTime(pid)).toBeUndefined()
    expect(existsSync(path.join(directory, 'postgresql/postmaster.pid'))).toBe(false)
    expect(existsSync(path.join(directory, 'database.lock'))).toBe(false)
  })

  test('what was written is there after opening again', async () => {
    const database = await openDatabase({ directory })
    expect(await database.prisma.auditEntry.count({ where: { action: 'first' } })).toBe(1)
    await database.close()
  })

  test('after our process was killed, its orphaned server is taken over and nothing is lost', async () => {
    const holder = await startHolder(directory)
    const orphan = Number(readFileSync(path.join(directory, 'postgresql/postmaster.pid'), 'utf8').split('\n')[0])
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(processStartTime(orphan)).toBeDefined()

    const database = await openDatabase({ directory })
    expect(await database.prisma.auditEntry.count({ where: { action: 'written before the kill' } })).toBe(1)
    expect(processStartTime(orphan)).toBeUndefined()
    await database.close()
  })

  test('a server that was itself killed is recovered from its log', async () => {
    const database = await openDatabase({ directory })
    await database.prisma.auditEntry.create({ data: entry('before the crash') })
    process.kill(
      Number(readFileSync(path.join(directory, 'postgresql/postmaster.pid'), 'utf8').split('\n')[0]),
      'SIGKILL',
    )
    await database.close()

    const reopened = await openDatabase({ directory })
    expect(await reopened.prisma.auditEntry.count({ where: { action: 'before the crash' } })).toBe(1)
    await reopened.close()
  })

  test('a lock file that names a process of something else is not trusted, and that process is left alone', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    writeFileSync(path.join(directory, 'postgresql/postmaster.pid'), `${stranger.pid}\n/elsewhere\n`)
    const database = await openDatabase({ directory })
    await database.close()
    expect(processStartTime(stranger.pid as number)).toBeDefined()
    stranger.kill()
  })

  test('two processes cannot use one data directory', async () => {
    const holder = await startHolder(directory)
    expect(await codeOf(openDatabase({ directory }))).toBe('in-use')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    await (await openDatabase({ directory })).close()
  })

  test('a first start that was killed half way begins anew', async () => {
    const halfMade = path.join(root, 'half-made')
    mkdirSync(path.join(halfMade, 'postgresql.unfinished/base'), { recursive: true })
    const database = await openDatabase({ directory: halfMade })
    expect(await database.prisma.case.count()).toBe(0)
    await database.close()
  })

  test('below a directory that only its owner may enter it runs all the same', async () => {
    const home = path.join(root, 'private-home')
    mkdirSync(home, { mode: 0o700 })
    const database = await openDatabase({ directory: path.join(home, 'data') })
    expect(await database.prisma.case.count()).toBe(0)
    await database.close()
  })
})

describe('a database that cannot be opened says why in one line', () => {
  test('nobody answers at DATABASE_URL', async () => {
    const opening = openDatabase({ url: 'postgresql://court:secret@127.0.0.1:1/court', directory: root })
    await expect(opening).rejects.not.toThrow(/secret/)
    expect(await codeOf(openDatabase({ url: 'postgresql://court:secret@127.0.0.1:1/court', directory: root }))).toBe(
      'unreachable',
    )
  })

  test('the data directory is a file, or lies where nothing can be made', async () => {
    const file = path.join(root, 'a-file')
    writeFileSync(file, '')
    expect(await codeOf(openDatabase({ directory: file }))).toBe('unwritable')
    expect(await codeOf(openDatabase({ directory: path.join(file, 'data') }))).toBe('unwritable')
    expect(await codeOf(openDatabase({ directory: '/proc/court/data' }))).toBe('unwritable')
  })

  test('the log-in is refused, or its user may not make tables', async () => {
    const directory = path.join(root, 'refused')
    const database = await openDatabase({ directory })
    await database.pool.query(`CREATE DATABASE narrow`)
    await database.pool.query(`CREATE ROLE reader LOGIN PASSWORD 'reader'`)
    const at = (user: string, password: string) =>
      Object.assign(new URL(database.url), { username: user, password, pathname: '/narrow' }).href
    expect(await codeOf(openDatabase({ url: at('court', 'wrong'), directory }))).toBe('unreachable')
    expect(await codeOf(openDatabase({ url: at('reader', 'reader'), directory }))).toBe('migration')
    await database.close()
  })

  test('the password file was lost', async () => {
    const directory = path.join(root, 'lost-password')
    await (await openDatabase({ directory })).close()
    rmSync(path.join(directory, 'postgresql-password'))
    expect(await codeOf(openDatabase({ directory }))).toBe('start-failed')
  })
})
