import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Application } from '../application.ts'
import type { Config } from '../config.ts'
import { Court } from '../rehearsal/court.ts'
import { rehearse } from '../rehearsal/rehearse.ts'
import { readScenario } from '../rehearsal/scenario.ts'
import { demoUsers } from './users.ts'

/**
 * Makes sure that somebody can sign in: the demonstration court where it is wanted, else a system administrator.
 * @returns how to sign in, for the one line that start prints
 */
export async function prepareCourt(application: Application, config: Config, root: string): Promise<string> {
  const passwordFile = join(config.dataDirectory, 'demo-password')
  const empty = (await application.identity.listUsers()).length === 0
  if (empty && config.demo) {
    const password = newPassword()
    await createDemoUsers(application, password)
    writeFileSync(passwordFile, password, { mode: 0o600 })
    await runDemoCases(application, config, password, root)
  } else if (empty) {
    const password = newPassword()
    await application.identity.createUser({
      username: 'admin',
      displayName: '系统管理员',
      password,
      roles: ['system-administrator'],
    })
    return `首次启动，管理员 admin，密码 ${password}（请登录后修改）`
  }
  if (!existsSync(passwordFile)) return ''
  const some = ['filing1', 'reception1', 'triage1', 'fast-judge1', 'director1', 'node1', 'owner1'].join('、')
  return `演示账号 ${some} 等 ${demoUsers.length} 个（见 README），密码 ${readFileSync(passwordFile, 'utf8')}`
}

function newPassword(): string {
  return randomBytes(9).toString('base64url')
}

/** The people of the demonstration court, all with one password. */
export async function createDemoUsers({ identity }: Pick<Application, 'identity'>, password: string): Promise<void> {
  for (const user of demoUsers) await identity.createUser({ ...user, password })
}

/**
 * Runs the demonstration cases one after the other through the web application's API, with the clock set back, so that
 * they stand in different states and some are late.
 */
async function runDemoCases(application: Application, config: Config, password: string, root: string): Promise<void> {
  if (config.camunda.mode === 'cluster') return
  const folder = join(root, 'scenarios', 'demo')
  const court = new Court({ url: application.url, password, people: demoUsers })
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml') && file !== 'usual-answers.yaml').sort()
  const today = new Date()
  try {
    for (const [index, file] of files.entries()) {
      const scenario = await readScenario(join(folder, file))
      const daysAgo = 2 * (files.length - index)
      const start = new Date(today.getTime() - daysAgo * 86_400_000)
      start.setUTCHours(1, 0, 0, 0) // 09:00 in Shanghai
      await rehearse(
        { ...scenario, start: start.toISOString() },
        {
          court,
          now: () => application.clock.now(),
          moveClock: (instant) => application.orchestration.pinClock(instant),
          onStep: () => {},
        },
      )
    }
  } finally {
    await application.orchestration.resetClock()
  }
}
