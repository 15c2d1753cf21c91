import { hash, verify } from '@node-rs/argon2'
import type { Clock } from '../calendar/clock.ts'
import type { PrismaClient } from '../database/index.ts'
import { isRole, type RoleCode } from '../procedure/index.ts'
import { IdentityError } from './errors.ts'
import { createThrottle } from './throttle.ts'

/** A person who works with the system; never carries the password. */
export interface User {
  id: string
  username: string
  displayName: string
  active: boolean
  roles: RoleCode[]
}

export interface NewUser {
  username: string
  displayName: string
  password: string
  roles: RoleCode[]
}

/** `refused` does not say whether the user exists; `locked` tells from when another attempt is looked at. */
export type AuthenticationResult =
  | { ok: true; user: User }
  | { ok: false; reason: 'refused' }
  | { ok: false; reason: 'locked'; until: Date }

export interface Identity {
  /** Checks a password; costs the same for an unknown, an inactive and a known user. */
  authenticate(username: string, password: string): Promise<AuthenticationResult>
  /** @throws IdentityError naming the field */
  createUser(user: NewUser): Promise<User>
  /** @throws IdentityError */
  setPassword(username: string, password: string): Promise<void>
  /** Replaces a user's roles. @throws IdentityError */
  setRoles(username: string, roles: RoleCode[]): Promise<User>
  /** An inactive user cannot sign in; his name stays in every record. @throws IdentityError */
  setActive(username: string, active: boolean): Promise<User>
  /** All users, by username. */
  listUsers(): Promise<User[]>
  /** Active users who hold the role, by username. */
  usersWithRole(role: RoleCode): Promise<User[]>
  findUser(username: string): Promise<User | null>
}

const shortestPassword = 8
// A password longer than this only makes the server hash for long.
const longestPassword = 256

/** Creates the user store. Passwords are Argon2id hashes with the library's parameters (19 MiB, 2 passes; OWASP). */
export function createIdentity({ prisma, clock }: { prisma: PrismaClient; clock: Clock }): Identity {
  const throttle = createThrottle(clock)
  // Compared against when the user is unknown, so that the answer takes as long.
  const decoy = hash('a password that nobody has')

  const stored = (username: string) => prisma.user.findUnique({ where: { username }, include: { roles: true } })

  async function existing(username: string): Promise<void> {
    if (!(await stored(username))) throw new IdentityError('unknown-user', 'username', `用户“${username}”不存在`)
  }

  return {
    async authenticate(username, password) {
      const until = throttle.lockedUntil(username)
      if (until) return { ok: false, reason: 'locked', until }
      // Counted before the slow comparison: parallel attempts must not slip past the limit.
      throttle.attempt(username)
      const row = await stored(username)
      const tooLong = password.length > longestPassword
      const matches = await verify(row?.passwordHash ?? (await decoy), tooLong ? '' : password)
      if (!row?.active || !matches || tooLong) return { ok: false, reason: 'refused' }
      throttle.succeeded(username)
      return { ok: true, user: toUser(row) }
    },

    async createUser(user) {
      if (!/^[a-z][a-z0-9-]{1,31}$/.test(user.username)) {
        throw new IdentityError(
          'invalid-username',
          'username',
          `用户名“${user.username}”不合要求：须为 2 至 32 位小写字母、数字或连字符，并以字母开头`,
        )
      }
      checkRoles(user.roles)
      checkPassword(user.password)
      const passwordHash = await hash(user.password)
      try {
        const row = await prisma.user.create({
          data: {
            username: user.username,
            displayName: user.displayName,
            passwordHash,
            createdAt: clock.now(),
            roles: { create: [...new Set(user.roles)].map((role) => ({ role })) },
          },
          include: { roles: true },
        })
        return toUser(row)
      } catch (error) {
        if ((error as { code?: string }).code !== 'P2002') throw error
        throw new IdentityError('username-taken', 'username', `用户名“${user.username}”已被使用`)
      }
    },

    async setPassword(username, password) {
      checkPassword(password)
      await existing(username)
      await prisma.user.update({ where: { username }, data: { passwordHash: await hash(password) } })
      throttle.succeeded(username)
    },

    async setRoles(username, roles) {
      checkRoles(roles)
      await existing(username)
      const create = [...new Set(roles)].map((role) => ({ role }))
      const row = await prisma.user.update({
        where: { username },
        data: { roles: { deleteMany: {}, create } },
        include: { roles: true },
      })
      return toUser(row)
    },

    async setActive(username, active) {
      await existing(username)
      return toUser(await prisma.user.update({ where: { username }, data: { active }, include: { roles: true } }))
    },

    async listUsers() {
      const rows = await prisma.user.findMany({ include: { roles: true }, orderBy: { username: 'asc' } })
      return rows.map(toUser)
    },

    async usersWithRole(role) {
      const rows = await prisma.user.findMany({
        where: { active: true, roles: { some: { role } } },
        include: { roles: true },
        orderBy: { username: 'asc' },
      })
      return rows.map(toUser)
    },

    async findUser(username) {
      const row = await stored(username)
      return row && toUser(row)
    },
  }
}

interface UserRow {
  id: string
  username: string
  displayName: string
  active: boolean
  roles: { role: string }[]
}

function toUser(row: UserRow): User {
  const roles = row.roles.map(({ role }) => role).filter(isRole)
  return { id: row.id, username: row.username, displayName: row.displayName, active: row.active, roles: roles.sort() }
}

function checkRoles(roles: readonly string[]): void {
  const unknown = roles.find((role) => !isRole(role))
  if (unknown !== undefined) throw new IdentityError('unknown-role', 'roles', `角色“${unknown}”不存在`)
}

function checkPassword(password: string): void {
  if (password.length < shortestPassword || password.length > longestPassword) {
    throw new IdentityError(
      'weak-password',
      'password',
      `密码长度须为 ${shortestPassword} 至 ${longestPassword} 个字符`,
    )
  }
}
