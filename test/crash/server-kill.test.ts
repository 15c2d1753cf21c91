import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startApplication } from '../../src/application.ts'
import { loadConfig } from '../../src/config.ts'
import { createDemoUsers } from '../../src/demo/load.ts'
import { demoUsers } from '../../src/demo/users.ts'
import { Court } from '../../src/rehearsal/court.ts'
import { atTime } from '../../src/rehearsal/rehearse.ts'
import { readScenario } from '../../src/rehearsal/scenario.ts'
import { projectRoot, testPassword } from '../support/application.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'

const KILLS = 50
const filed = z.object({ caseId: z.string() })
const taskState = z.object({ state: z.string() })

describe('SIGKILL between and during commands', () => {
  let dataDirectory: string
  let server: ServerProcess
  let court: Court

  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'kill-'))
    const config = loadConfig(['--data', dataDirectory, '--port', '0', '--demo', 'off'], {})
    const application = await startApplication(config, pino({ level: 'silent' }), projectRoot)
    await createDemoUsers(application, testPassword)
    await application.close()
    await start()
  })

  afterAll(async () => {
    await server?.kill()
    await rm(dataDirectory, { recursive: true, force: true })
  })

  async function start(): Promise<void> {
    server = await startServerProcess(dataDirectory)
    court = new Court({ url: server.url, password: testPassword, people: demoUsers })
  }

  it(`given ${KILLS} kills over running cases, when the server starts again, then every acknowledged command is there`, {
    timeout: 600_000,
  }, async () => {
    const scenario = await readScenario(join(projectRoot, 'scenarios', 'window-small-loan.yaml'))
    const answers = new Map(
      scenario.steps.flatMap((step) =>
        'task' in step
          ? [[step.task, atTime({ ...scenario.usual[step.task], ...step.answers }, new Date(scenario.start))] as const]
          : [],
      ),
    )
    const completed: string[] = []
    const archived: string[] = []
    let caseId: string | undefined
    let kills = 0

    while (kills < KILLS) {
      if (!caseId) {
        const clerk = await court.asHolderOf('filing-clerk')
        caseId = filed.parse(await clerk.send('POST', '/api/cases', scenario.filing)).caseId
        // The filing is acknowledged: the process must start although nobody lives to start it.
        await server.kill()
        kills++
        await start()
      }
      const running = caseId
      const open = await court.waitFor(running, 'an open task or the archive', async (tasks) => {
        if (tasks.length > 0) return tasks[kills % tasks.length]
        return (await court.caseState(running)).status === 'archived' ? null : undefined
      })
      if (open === null) {
        archived.push(running)
        caseId = undefined
        continue
      }
      const acknowledged = court.answer(running, open, answers.get(open.elementId) ?? {}).then(
        () => true,
        () => false,
      )
      // Every third kill comes right after the acknowledgement, the others somewhere within the commands.
      if (kills % 3 !== 0) await sleep((kills * 37) % 260)
      else await acknowledged
      await server.kill()
      kills++
      if (await acknowledged) completed.push(open.taskKey)
      await start()
      const supervisor = await court.asHolderOf('node-supervisor')
      for (const taskKey of completed) {
        const { state } = await supervisor.get(`/api/tasks/${taskKey}`, taskState)
        expect(state, `task ${taskKey}`).toBe('COMPLETED')
      }
    }

    // What was running when the killing ended still reaches its end, and no document was made twice.
    for (let running = caseId; running; ) {
      const current: string = running
      const open = await court.waitFor(
        current,
        'an open task or the archive',
        async (tasks) => tasks[0] ?? ((await court.caseState(current)).status === 'archived' ? null : undefined),
      )
      if (open) await court.answer(current, open, answers.get(open.elementId) ?? {})
      else {
        archived.push(current)
        running = undefined
      }
    }
    expect(archived.length).toBeGreaterThan(0)
    for (const done of archived) expect(await court.documentKinds(done)).toEqual(scenario.expect.documents)
  })
})
