import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { z } from 'zod'
import { startApplication } from '../../src/application.ts'
import { loadConfig } from '../../src/config.ts'
import { readPostmaster } from '../../src/database/postgres-process.ts'
import { createDemoUsers } from '../../src/demo/load.ts'
import { demoUsers } from '../../src/demo/users.ts'
import { Court, type OpenTask } from '../../src/rehearsal/court.ts'
import { atTime } from '../../src/rehearsal/rehearse.ts'
import { type Answers, readScenario, type Scenario } from '../../src/rehearsal/scenario.ts'
import { projectRoot, testPassword } from '../support/application.ts'
import { removeServerData, type ServerProcess, startServerProcess } from '../support/server-process.ts'

/** How far the court's clock goes on with each restart: back-offs pass, no deadline comes near. */
const STEP_MS = 10_000

const filed = z.object({ caseId: z.string() })
const caseList = z.object({ items: z.array(z.object({ caseId: z.string() })) })
const taskState = z.object({ state: z.string() })
const dossier = z.object({
  entries: z.array(z.object({ volume: z.string(), title: z.string(), version: z.number() })),
  verification: z.object({ intact: z.boolean() }),
})
const nodes = z.object({
  items: z.array(
    z.object({ elementId: z.string(), deadlineKey: z.string(), escalations: z.array(z.object({ role: z.string() })) }),
  ),
})

/** What is left of a case, in an order that does not depend on which of two parallel branches was faster. */
export interface Traces {
  status: string
  documents: string[]
  dossier: string[]
  intact: boolean
  nodes: string[]
  escalations: string[]
}

/** A court whose server process is killed again and again; it remembers what was acknowledged. */
export class KilledCourt {
  readonly dataDirectory: string
  readonly scenario: Scenario
  server!: ServerProcess
  court!: Court
  kills = 0
  /** Cases whose filing was acknowledged, and those that a kill kept from being acknowledged but that were filed. */
  readonly cases = new Set<string>()
  readonly acknowledgedCases = new Set<string>()
  readonly acknowledgedTasks: string[] = []
  cutOff = 0
  private checkedTasks = 0
  private now: Date
  private readonly answers: Map<string, Answers>

  private constructor(dataDirectory: string, scenario: Scenario) {
    this.dataDirectory = dataDirectory
    this.scenario = scenario
    this.now = new Date(scenario.start)
    this.answers = new Map(
      scenario.steps.flatMap((step) =>
        'task' in step ? [[step.task, { ...scenario.usual[step.task], ...step.answers }] as const] : [],
      ),
    )
  }

  /** A court with its people, whose clock stands at the scenario's start. */
  static async open(scenarioFile: string): Promise<KilledCourt> {
    const scenario = await readScenario(join(projectRoot, scenarioFile))
    const dataDirectory = await mkdtemp(join(tmpdir(), 'killed-court-'))
    const config = loadConfig(['--data', dataDirectory, '--port', '0', '--demo', 'off'], {})
    const application = await startApplication(config, pino({ level: 'silent' }), projectRoot)
    await createDemoUsers(application, testPassword)
    await application.orchestration.pinClock(new Date(scenario.start))
    await application.close()
    return new KilledCourt(dataDirectory, scenario)
  }

  async start(): Promise<void> {
    this.server = await startServerProcess(this.dataDirectory)
    const { url } = this.server
    this.court = new Court({ url, password: testPassword, people: demoUsers, patienceMs: 60_000 })
  }

  /** Kills the server; every second time its PostgreSQL as well, else that one is left without its master. */
  async kill(): Promise<void> {
    this.kills++
    const postmaster = readPostmaster(join(this.dataDirectory, 'postgresql'))
    await this.server.kill()
    if (postmaster && this.kills % 2 === 0) process.kill(postmaster.pid, 'SIGKILL')
  }

  /** Starts again, and finds everything that was acknowledged. @throws Error naming what was lost */
  async restart(): Promise<void> {
    await this.start()
    const director = await this.court.asHolderOf('enforcement-director')
    for (const { caseId } of (await director.get('/api/cases?size=200', caseList)).items) this.cases.add(caseId)
    for (const caseId of this.acknowledgedCases) if (!this.cases.has(caseId)) throw new Error(`lost: case ${caseId}`)
    await this.checkTasks(this.acknowledgedTasks.slice(this.checkedTasks))
    this.checkedTasks = this.acknowledgedTasks.length
    await this.moveClock(new Date(this.now.getTime() + STEP_MS))
  }

  /** @throws Error when one that was acknowledged as completed is not */
  async checkTasks(taskKeys = this.acknowledgedTasks): Promise<void> {
    const supervisor = await this.court.asHolderOf('node-supervisor')
    for (const taskKey of taskKeys) {
      const { state } = await supervisor.get(`/api/tasks/${taskKey}`, taskState)
      if (state !== 'COMPLETED') throw new Error(`lost: task ${taskKey} is ${state}`)
    }
  }

  async moveClock(to: Date): Promise<void> {
    const administrator = await this.court.asHolderOf('system-administrator')
    await administrator.send('PUT', '/api/clock', { instant: to.toISOString() })
    this.now = to
  }

  /** Files a case; a kill may keep it from being acknowledged. */
  async file(filing = this.scenario.filing): Promise<string | undefined> {
    return this.unlessCutOff(async () => {
      const clerk = await this.court.asHolderOf('filing-clerk')
      const { caseId } = filed.parse(await clerk.send('POST', '/api/cases', filing))
      this.cases.add(caseId)
      this.acknowledgedCases.add(caseId)
      return caseId
    })
  }

  /** The next open task of the case, null when it is archived. */
  nextTask(caseId: string): Promise<OpenTask | null> {
    return this.court.waitFor(caseId, 'an open task or the archive', async (open) => {
      if (open.length > 0) return open[this.kills % open.length]
      return (await this.court.caseState(caseId)).status === 'archived' ? null : undefined
    })
  }

  /** Answers the task; a kill may keep that from being acknowledged. */
  async complete(caseId: string, open: OpenTask): Promise<void> {
    const answers = this.answers.get(open.elementId)
    if (!answers) throw new Error(`no answers to ${open.elementId} (${open.name})`)
    await this.unlessCutOff(async () => {
      await this.court.answer(caseId, open, atTime(answers, this.now))
      this.acknowledgedTasks.push(open.taskKey)
    })
  }

  /** Answers every task of the case until it is archived. */
  async finish(caseId: string): Promise<void> {
    for (;;) {
      const open = await this.nextTask(caseId)
      if (open === null) return
      await this.complete(caseId, open)
    }
  }

  async traces(caseId: string): Promise<Traces> {
    const director = await this.court.asHolderOf('enforcement-director')
    const { entries, verification } = await director.get(`/api/cases/${caseId}/dossier`, dossier)
    const { items } = await director.get(`/api/cases/${caseId}/nodes`, nodes)
    return {
      status: (await this.court.caseState(caseId)).status,
      documents: await this.court.documentKinds(caseId),
      dossier: entries.map(({ volume, title, version }) => `${volume} ${title} ${version}`).sort(),
      intact: verification.intact,
      nodes: items.map(({ elementId, deadlineKey }) => `${elementId} ${deadlineKey}`).sort(),
      escalations: items.flatMap(({ escalations }) => escalations.map(({ role }) => role)),
    }
  }

  async remove(): Promise<void> {
    await removeServerData(this.dataDirectory)
  }

  /** Lets pass that the connection broke off, and nothing else: an answer of the server is a fault of the test. */
  private async unlessCutOff<T>(command: () => Promise<T>): Promise<T | undefined> {
    try {
      return await command()
    } catch (error) {
      // fetch reports a broken connection, and one that is refused, as TypeError.
      if (!(error instanceof TypeError)) throw error
      this.cutOff++
      return undefined
    }
  }
}
