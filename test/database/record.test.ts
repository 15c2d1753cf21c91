import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import connectPgSimple from 'connect-pg-simple'
import session from 'express-session'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemaDifference } from '../../scripts/schema-difference.ts'
import { migrate } from '../../src/database/migrate.ts'
import { connect } from '../../src/database/open.ts'
import { openTestDatabase } from '../support/database.ts'

const database = await openTestDatabase()
const fresh = await openTestDatabase()
const { prisma, pool } = database
const at = new Date('2026-03-02T01:00:00Z')

async function fillOneCase(): Promise<void> {
  const filedCase = await prisma.case.create({
    data: {
      id: '00000000-0000-4000-8000-000000000001',
      caseNumber: '（2026）豫0922执1号',
      channel: 'window',
      status: 'filed',
      cause: '民间借贷纠纷',
      causeCategory: 'other',
      subjectType: 'money',
      amount: '9999999999999999.99',
      basisNumber: '（2025）豫0922民初88号',
      basisContent: '偿还借款',
      application: {},
      applicationReceivedAt: at,
      filedAt: at,
      filedBy: 'filing1',
    },
  })
  await prisma.auditEntry.create({
    data: { at, actor: 'x', action: 'x', subjectType: 'x', subjectId: 'x', detail: {} },
  })
  await prisma.blob.create({
    data: { sha256: 'a', mediaType: 'text/plain', size: 1, bytes: Buffer.from('a'), createdAt: at },
  })
  const node = await prisma.nodeEntry.create({
    data: {
      caseId: filedCase.id,
      node: 'reception',
      elementId: 'verifyAndReceive',
      elementInstanceKey: '1',
      processInstanceKey: '1',
      deadlineKey: 'reception.online',
      kind: 'hard',
      runsFrom: at,
      dueAt: at,
      remindAt: at,
      provisional: false,
      explanation: [],
      startedAt: at,
    },
  })
  const change = {
    nodeEntryId: node.id,
    elementInstanceKey: '2',
    fromDueAt: at,
    toDueAt: at,
    reason: '延期',
    decidedAt: at,
  }
  await prisma.dueDateChange.create({ data: change })
  await prisma.escalation.create({
    data: { nodeEntryId: node.id, elementInstanceKey: '3', rung: 1, role: 'x', raisedAt: at },
  })
  await prisma.dossierEntry.create({
    data: {
      caseId: filedCase.id,
      position: 1,
      volume: 'main',
      number: 1,
      version: 1,
      title: 'x',
      kind: 'x',
      source: 'x',
      sha256: 'a',
      mediaType: 'text/plain',
      pages: 1,
      enteredBy: 'x',
      enteredAt: at,
      previousHash: '',
      hash: 'x',
    },
  })
}

describe('append-only records', () => {
  beforeAll(fillOneCase)

  test.each(['audit_entry', 'dossier_entry', 'blob', 'due_date_change', 'escalation'])(
    'nobody changes or removes rows of %s, not even by SQL',
    async (table) => {
      const column = (await pool.query(`SELECT * FROM "${table}"`)).fields[0]?.name
      const before = await pool.query(`SELECT * FROM "${table}"`)
      expect(before.rowCount).toBe(1)
      for (const sql of [
        `UPDATE "${table}" SET "${column}" = "${column}"`,
        `DELETE FROM "${table}"`,
        `TRUNCATE "${table}" CASCADE`,
      ]) {
        await expect(pool.query(sql), sql).rejects.toThrow(`${table} is append-only`)
      }
      expect((await pool.query(`SELECT * FROM "${table}"`)).rows).toEqual(before.rows)
    },
  )

  test('instants are stored as what they are, whatever zone the server keeps', async () => {
    await pool.query(`ALTER DATABASE "${new URL(database.url).pathname.slice(1)}" SET timezone TO 'Asia/Shanghai'`)
    const other = await connect(database.url)
    const written = await other.prisma.auditEntry.create({
      data: { at, actor: 'x', action: 'zone', subjectType: 'x', subjectId: 'x', detail: {} },
    })
    expect(written.at).toEqual(at)
    const { rows } = await pool.query(
      `SELECT extract(epoch FROM "at")::int AS seconds FROM "audit_entry" WHERE "action" = 'zone'`,
    )
    expect(rows).toEqual([{ seconds: at.getTime() / 1000 }])
    await other.close()
  })

  test('money keeps every cent of the largest sum', async () => {
    const row = await prisma.case.findFirstOrThrow()
    expect(row.amount?.toFixed(2)).toBe('9999999999999999.99')
  })
})

describe('sessions', () => {
  test('connect-pg-simple works on the table that the migrations make', async () => {
    const store = new (connectPgSimple(session))({ pool, createTableIfMissing: false, pruneSessionInterval: false })
    const content = { cookie: { originalMaxAge: 60_000 }, username: 'triage1' } as unknown as session.SessionData
    await new Promise<void>((resolve, reject) =>
      store.set('s1', content, (error) => (error ? reject(error) : resolve())),
    )
    const read = await new Promise((resolve, reject) =>
      store.get('s1', (error, found) => (error ? reject(error) : resolve(found))),
    )
    expect(read).toMatchObject({ username: 'triage1' })
    store.close()
  })
})

describe('migrations', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'migrations-'))
  const client = new pg.Client({ connectionString: database.url })
  const add = (name: string, sql: string) => {
    mkdirSync(path.join(directory, name), { recursive: true })
    writeFileSync(path.join(directory, name, 'migration.sql'), sql)
  }

  beforeAll(async () => {
    await client.connect()
    // A schema of its own: the court's tables and their bookkeeping stay as they are.
    await client.query('CREATE SCHEMA trial')
    await client.query('SET search_path TO trial')
  })
  afterAll(async () => {
    await client.end()
    rmSync(directory, { recursive: true, force: true })
  })

  test('schema.prisma describes exactly the migrated database', async () => {
    expect(await schemaDifference(fresh.url)).toBe('')
    await fresh.pool.query('ALTER TABLE "party" ADD "forgotten" int')
    expect(await schemaDifference(fresh.url)).toContain('DROP COLUMN "forgotten"')
  })

  test('each is applied once, in order', async () => {
    add('0001_first', 'CREATE TABLE a (x int);')
    add('0002_second', 'ALTER TABLE a ADD y int;')
    expect(await migrate(client, directory)).toEqual(['0001_first', '0002_second'])
    expect(await migrate(client, directory)).toEqual([])
    await client.query('INSERT INTO a (x, y) VALUES (1, 2)')
  })

  test('one that fails leaves nothing behind, is named, and can be applied once it is right', async () => {
    add('0003_third', 'CREATE TABLE b (x int); SELECT no_such_function();')
    await expect(migrate(client, directory)).rejects.toThrow(/0003_third.*no_such_function/)
    expect((await client.query(`SELECT to_regclass('b') AS found`)).rows).toEqual([{ found: null }])
    add('0003_third', 'CREATE TABLE b (x int);')
    expect(await migrate(client, directory)).toEqual(['0003_third'])
  })

  test('two processes that start together apply each once', async () => {
    add('0004_fourth', 'CREATE TABLE c (x int);')
    const other = new pg.Client({ connectionString: database.url, options: '-c search_path=trial' })
    await other.connect()
    const applied = await Promise.all([migrate(client, directory), migrate(other, directory)])
    expect(applied.flat()).toEqual(['0004_fourth'])
    await other.end()
  })

  test('one that was edited after it was applied is refused', async () => {
    add('0001_first', 'CREATE TABLE a (x bigint);')
    await expect(migrate(client, directory)).rejects.toThrow(/0001_first.*edited/)
    add('0001_first', 'CREATE TABLE a (x int);')
  })

  test('a database that is newer than the program is refused', async () => {
    rmSync(path.join(directory, '0004_fourth'), { recursive: true })
    await expect(migrate(client, directory)).rejects.toThrow(/0004_fourth/)
  })
})
