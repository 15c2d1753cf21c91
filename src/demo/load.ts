import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Application, StartError } from '../application.ts'
import type { Config } from '../config.ts'
import { discardEmbeddedData } from '../database/index.ts'
import { Court } from '../rehearsal/court.ts'
import { rehearse } from '../rehearsal/rehearse.ts'
import { readScenario, type Scenario } from '../rehearsal/scenario.ts'
import { demoUsers } from './users.ts'

/** Who is named in the line that start prints: one for each station of a case. */
const namedUsers = ['filing1', 'reception1', 'search1', 'triage1', 'fast-judge1', 'director1', 'node1', 'owner1']
const dayMs = 86_400_000

/** The password of the demonstration users; written when the court is complete. */
const passwordFile = (config: Config) => join(config.dataDirectory, 'demo-password')
/** Stands while the demonstration court is being loaded. */
const unfinishedFile = (config: Config) => join(config.dataDirectory, 'demo-unfinished')

/**
 * Clears away a demonstration court whose loading was interrupted, so that the next start loads it anew. Nobody can have
 * worked in it: its password is told only when it is complete.
 * @throws StartError where the data lie in the court's own database or cluster, which is not ours to clear
 * @throws DatabaseError when another process uses the data directory
 */
export async function discardUnfinishedCourt(config: Config): Promise<void> {
  if (!existsSync(unfinishedFile(config))) return
  if (config.databaseUrl || config.camunda.mode === 'cluster') {
    throw new StartError(
      `上次装载演示法院时被中断，数据不完整：请清空 DATABASE_URL 所指数据库，删除 ${config.dataDirectory} 后重新启动，或加 --demo off 使用另一空库。`,
    )
  }
  console.error('上次装载演示法院时被中断，现重新装载。')
  await discardEmbeddedData(config.dataDirectory, ['engine'])
  rmSync(unfinishedFile(config))
}

/**
 * Makes sure that somebody can sign in: the demonstration court where it is wanted, else a system administrator.
 * @returns how to sign in, for the one line that start prints
 */
export async function prepareCourt(application: Application, config: Config, root: string): Promise<string> {
  const empty = (await application.identity.listUsers()).length === 0
  if (empty && config.demo) await loadDemoCourt(application, config, root)
  else if (empty) {
    const password = newPassword()
    await application.identity.createUser({
      username: 'admin',
      displayName: '系统管理员',
      password,
      roles: ['system-administrator'],
    })
    return `首次启动，管理员 admin，密码 ${password}（请登录后修改）`
  }
  if (!existsSync(passwordFile(config))) return ''
  const password = readFileSync(passwordFile(config), 'utf8')
  return `演示账号 ${namedUsers.join('、')} 等 ${demoUsers.length} 个（见 README），密码 ${password}`
}

async function loadDemoCourt(application: Application, config: Config, root: string): Promise<void> {
  const password = newPassword()
  writeFileSync(unfinishedFile(config), '', { mode: 0o600 })
  await createDemoUsers(application, password)
  // A cluster's clock is not ours to set back: there the court starts without cases.
  if (config.camunda.mode === 'embedded') await runDemoCases(application, password, root)
  writeFileSync(passwordFile(config), password, { mode: 0o600 })
  rmSync(unfinishedFile(config))
}

function newPassword(): string {
  return randomBytes(9).toString('base64url')
}

/** The people of the demonstration court, all with one password. */
export async function createDemoUsers({ identity }: Pick<Application, 'identity'>, password: string): Promise<void> {
  await Promise.all(demoUsers.map((user) => identity.createUser({ ...user, password })))
}

/**
 * Runs the demonstration cases through the web application's API with the clock set back, those of one day at the same
 * time: the days lie apart as the scenarios say, the last of them yesterday. When the clock then goes on, what waits becomes
 * late by itself.
 */
async function runDemoCases(application: Application, password: string, root: string): Promise<void> {
  const folder = join(root, 'scenarios', 'demo')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort()
  const scenarios = await Promise.all(files.map((file) => readScenario(join(folder, file))))
  console.error(`首次启动：正在装载演示法院（${scenarios.length} 件案件，约半分钟）…`)
  const court = new Court({ url: application.url, password, people: demoUsers, patienceMs: 120_000, pollMs: 100 })
  const days = Map.groupBy(scenarios, (scenario) => Date.parse(scenario.start))
  const shift = Math.floor((application.clock.now().getTime() - dayMs - Math.max(...days.keys())) / dayMs) * dayMs
  try {
    for (const [day, cases] of [...days].sort(([a], [b]) => a - b)) {
      await application.orchestration.pinClock(new Date(day + shift))
      await Promise.all(cases.map((scenario) => runDemoCase(application, court, shifted(scenario, shift))))
    }
  } finally {
    await application.orchestration.resetClock()
  }
}

/** The scenario, so many milliseconds later. */
function shifted(scenario: Scenario, shift: number): Scenario {
  const later = (time: unknown) => new Date(Date.parse(String(time)) + shift).toISOString()
  const { filing, start } = scenario
  return {
    ...scenario,
    start: later(start),
    filing: { ...filing, applicationReceivedAt: later(filing.applicationReceivedAt) },
  }
}

async function runDemoCase(application: Application, court: Court, scenario: Scenario): Promise<void> {
  const result = await rehearse(scenario, {
    court,
    now: () => application.clock.now(),
    // The day's cases share one clock, which the caller has set.
    moveClock: async () => {},
    onStep: () => {},
  })
  if (!result.ok) throw new Error(`demonstration case ${scenario.name}: ${result.differences.join('; ')}`)
}
