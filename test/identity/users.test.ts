import { describe, expect, test } from 'vitest'
import { createAudit, createIdentity, IdentityError } from '../../src/identity/index.ts'
import { StandingClock } from '../cases/fixtures.ts'
import { openTestDatabase } from '../support/database.ts'

const { prisma } = await openTestDatabase()
const clock = new StandingClock('2026-03-02T09:00:00+08:00')
const identity = createIdentity({ prisma, clock })
const password = 'correct horse'
const newUser = (username: string) => ({
  username,
  displayName: '甲某一',
  password,
  roles: ['triage-specialist' as const],
})

async function fieldOf(deed: Promise<unknown>): Promise<string> {
  const error = await deed.then(
    () => undefined,
    (failure: unknown) => failure,
  )
  return error instanceof IdentityError ? error.field : `no refusal: ${String(error)}`
}

describe('users', () => {
  test('a user signs in with the right password only', async () => {
    const created = await identity.createUser(newUser('triage1'))
    expect(created).toMatchObject({ username: 'triage1', active: true, roles: ['triage-specialist'] })
    expect(await identity.authenticate('triage1', password)).toEqual({ ok: true, user: created })
    for (const wrong of ['', 'Correct horse', `${password} `, password.repeat(100)]) {
      expect(await createIdentity({ prisma, clock }).authenticate('triage1', wrong)).toEqual({
        ok: false,
        reason: 'refused',
      })
    }
  })

  test('the password is kept as an Argon2id hash and leaves the module in no form', async () => {
    const row = await prisma.user.findUniqueOrThrow({ where: { username: 'triage1' } })
    expect(row.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(JSON.stringify(await identity.findUser('triage1'))).not.toContain('argon2')
  })

  test('an unknown and an inactive user get the same answer as a wrong password', async () => {
    await identity.createUser(newUser('gone1'))
    await identity.setActive('gone1', false)
    for (const username of ['nobody1', 'gone1', '', "' OR 1=1 --"]) {
      expect(await identity.authenticate(username, password)).toEqual({ ok: false, reason: 'refused' })
    }
  })

  test('a changed password replaces the old one', async () => {
    await identity.createUser(newUser('dossier1'))
    await identity.setPassword('dossier1', 'another password')
    expect((await identity.authenticate('dossier1', password)).ok).toBe(false)
    expect((await identity.authenticate('dossier1', 'another password')).ok).toBe(true)
  })

  test('roles are given and taken; who is inactive counts for no role', async () => {
    await identity.createUser(newUser('judge1'))
    expect((await identity.setRoles('judge1', ['fast-team', 'panel', 'fast-team'])).roles).toEqual([
      'fast-team',
      'panel',
    ])
    expect((await identity.usersWithRole('panel')).map(({ username }) => username)).toEqual(['judge1'])
    await identity.setActive('judge1', false)
    expect(await identity.usersWithRole('panel')).toEqual([])
    expect((await identity.listUsers()).map(({ username }) => username)).toContain('judge1')
  })

  test('what cannot be a user is refused, naming the field', async () => {
    expect(await fieldOf(identity.createUser(newUser('triage1')))).toBe('username')
    expect(await fieldOf(identity.createUser(newUser('Triage 1')))).toBe('username')
    expect(await fieldOf(identity.createUser({ ...newUser('short1'), password: 'short' }))).toBe('password')
    expect(await fieldOf(identity.createUser({ ...newUser('role1'), roles: ['janitor' as never] }))).toBe('roles')
    expect(await fieldOf(identity.setPassword('nobody1', password))).toBe('username')
    expect(await identity.findUser('nobody1')).toBeNull()
  })
})

describe('guessing passwords', () => {
  test('five failures are free, then each doubles the wait, and even the right password waits', async () => {
    await identity.createUser(newUser('target1'))
    clock.move('2026-03-02T10:00:00+08:00')
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await identity.authenticate('target1', 'wrong guess')).toEqual({ ok: false, reason: 'refused' })
    }
    const locked = await identity.authenticate('target1', password)
    expect(locked).toEqual({ ok: false, reason: 'locked', until: new Date('2026-03-02T10:00:30+08:00') })

    clock.move('2026-03-02T10:00:30+08:00')
    expect(await identity.authenticate('target1', 'wrong guess')).toMatchObject({ reason: 'refused' })
    expect(await identity.authenticate('target1', password)).toMatchObject({
      until: new Date('2026-03-02T10:01:30+08:00'),
    })

    clock.move('2026-03-02T10:01:30+08:00')
    expect((await identity.authenticate('target1', password)).ok).toBe(true)
    expect(await identity.authenticate('target1', 'wrong guess')).toMatchObject({ reason: 'refused' })
  })

  test('guesses made at the same moment do not slip past the limit', async () => {
    await identity.createUser(newUser('target2'))
    const answers = await Promise.all(Array.from({ length: 12 }, () => identity.authenticate('target2', 'wrong guess')))
    expect(answers.filter((answer) => !answer.ok && answer.reason === 'refused')).toHaveLength(5)
  })

  test('a name that does not exist is locked like one that does, and the wait never exceeds a quarter of an hour', async () => {
    let now = Date.parse('2026-03-02T12:00:00+08:00')
    let answer = await identity.authenticate('nobody2', 'wrong guess')
    for (let attempt = 0; attempt < 40; attempt++) {
      clock.move(new Date(now).toISOString())
      answer = await identity.authenticate('nobody2', 'wrong guess')
      if (!answer.ok && answer.reason === 'locked') {
        expect(answer.until.getTime() - now).toBeLessThanOrEqual(15 * 60_000)
        now = answer.until.getTime()
      }
    }
    expect(answer.ok).toBe(false)
  })
})

describe('audit trail', () => {
  test('entries are read by subject, oldest first, with the time of the clock', async () => {
    clock.move('2026-03-02T09:00:00+08:00')
    const audit = createAudit({ prisma, clock })
    await audit.record({ actor: 'triage1', action: 'case.read', subjectType: 'case', subjectId: '1' })
    await audit.record({
      actor: 'system',
      action: 'case.close',
      subjectType: 'case',
      subjectId: '1',
      detail: { mode: 'completed' },
    })
    await audit.record({ actor: 'triage1', action: 'case.read', subjectType: 'case', subjectId: '2' })
    expect(await audit.list('case', '1')).toMatchObject([
      { actor: 'triage1', action: 'case.read', at: new Date('2026-03-02T09:00:00+08:00'), detail: {} },
      { actor: 'system', action: 'case.close', detail: { mode: 'completed' } },
    ])
  })

  test('an entry falls with the transaction that it belongs to', async () => {
    const audit = createAudit({ prisma, clock })
    const failing = prisma.$transaction(async (transaction) => {
      await audit.record({ actor: 'system', action: 'case.close', subjectType: 'case', subjectId: '3' }, transaction)
      throw new Error('undone')
    })
    await expect(failing).rejects.toThrow('undone')
    expect(await audit.list('case', '3')).toEqual([])
  })
})
