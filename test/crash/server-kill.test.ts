import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readScenario } from '../../src/rehearsal/scenario.ts'
import { projectRoot } from '../support/application.ts'
import { runningIn } from '../support/server-process.ts'
import { KilledCourt } from './killed-court.ts'

/** Two courts side by side, so that one works while the other starts. */
const KILLS_PER_COURT = 25
const CASES_AT_A_TIME = 2

/** Works on some cases at the same time while the server is killed under it. */
async function workUnderKills(court: KilledCourt): Promise<void> {
  const archived = new Set<string>()
  while (court.kills < KILLS_PER_COURT) {
    const running = [...court.cases].filter((caseId) => !archived.has(caseId))
    const commands: (() => Promise<unknown>)[] = []
    for (const caseId of running) {
      const open = await court.nextTask(caseId)
      if (open === null) archived.add(caseId)
      else commands.push(() => court.complete(caseId, open))
    }
    for (let count = commands.length; count < CASES_AT_A_TIME; count++) commands.push(() => court.file())
    const work = Promise.all(commands.map((command) => command()))
    // Seen at `await work`, after the kill.
    work.catch(() => {})
    // Every third kill comes right after the acknowledgements, the others somewhere within the commands.
    if (court.kills % 3 === 2) await work
    else await sleep((court.kills * 37) % 260)
    await court.kill()
    await work
    await court.restart()
  }
}

describe('SIGKILL of the whole server between and during commands', () => {
  let courts: KilledCourt[] = []

  beforeAll(async () => {
    courts = await Promise.all([1, 2].map(() => KilledCourt.open('scenarios/window-small-loan.yaml')))
    for (const court of courts) await court.start()
  })

  afterAll(async () => {
    for (const court of courts) await court.remove()
  })

  it(`loses nothing in ${2 * KILLS_PER_COURT} kills over running cases`, { timeout: 600_000 }, async () => {
    await Promise.all(courts.map(workUnderKills))
    expect(courts.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThanOrEqual(50)

    const [first] = courts as [KilledCourt]
    const undisturbed = await first.file()
    await Promise.all(
      courts.map(async (court) => {
        // Both kinds of kills have happened, else the test has shown nothing.
        expect(court.acknowledgedTasks.length).toBeGreaterThan(0)
        expect(court.cutOff).toBeGreaterThan(0)
        await Promise.all([...court.cases].map((caseId) => court.finish(caseId)))
        await court.checkTasks()
      }),
    )

    // Every case, also one whose filing was cut off, left the same traces as the one that nobody disturbed: no document, entry
    // or node is missing or there twice.
    const expected = await first.traces(undisturbed ?? '')
    expect(expected).toMatchObject({
      status: 'archived',
      documents: first.scenario.expect.documents,
      intact: true,
      escalations: [],
    })
    for (const court of courts) {
      for (const caseId of court.cases) expect(await court.traces(caseId)).toEqual(expected)
    }
  })

  it('keeps the timers: a deadline that passes after the kill raises its escalation once', {
    timeout: 120_000,
  }, async () => {
    const [court] = courts as [KilledCourt]
    const online = await readScenario(join(projectRoot, 'scenarios', 'online-late.yaml'))
    const caseId = (await court.file(online.filing)) ?? ''
    await court.nextTask(caseId)
    await court.kill()
    await court.restart()
    // Two days after the filing, at midnight.
    await court.moveClock(new Date('2026-03-05T00:00:00+08:00'))
    const supervised = async () =>
      (await court.court.openTasks(caseId)).filter((task) => task.elementId === 'superviseNode')
    await court.court.waitFor(caseId, 'superviseNode', (open) =>
      open.find(({ elementId }) => elementId === 'superviseNode'),
    )
    await court.kill()
    await court.restart()
    expect((await supervised()).map(({ candidateGroups }) => candidateGroups)).toEqual([['node-supervisor']])
    expect((await court.traces(caseId)).escalations).toEqual(['node-supervisor'])
  })

  it('leaves one process a case, no incident and no process of the machine behind', async () => {
    for (const court of courts) {
      expect(await court.server.interrupt()).toMatchObject({ code: 0 })
      expect(runningIn(court.dataDirectory)).toEqual([])
      const engine = new DatabaseSync(join(court.dataDirectory, 'engine', 'engine.db'), { readOnly: true })
      const one = (sql: string) => engine.prepare(sql).get()
      expect(one("SELECT COUNT(*) AS n FROM process_instance WHERE processDefinitionId = 'enforcement-case'")).toEqual({
        n: court.cases.size,
      })
      expect(one('SELECT COUNT(*) AS n FROM incident')).toEqual({ n: 0 })
      engine.close()
    }
  })
})
