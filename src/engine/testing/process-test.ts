import { type Engine, openEngine } from '../index.ts'
import type { Command } from '../protocol/commands.ts'
import type { JobResult } from '../protocol/job-result.ts'
import type { ActivatedJob, ResultOf } from '../protocol/results.ts'
import type { Key, Variables } from '../protocol/values.ts'

/** Where the clock of a test stands at first. */
const TEST_START = Date.parse('2026-11-23T09:00:00+08:00')

/** How to open a test engine. */
export interface ProcessTestOptions {
  /** Folder of the data; in memory when left out. */
  readonly directory?: string
  /** BPMN, DMN or forms by file name; deployed together. */
  readonly resources?: Readonly<Record<string, string>>
}

/** An engine with a clock that only the test moves, and words to drive processes and to ask where they are. */
export class ProcessTest {
  readonly engine: Engine

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** Opens an engine with its clock pinned at `TEST_START` (or where it was pinned) and deploys. */
  static async open(options: ProcessTestOptions = {}): Promise<ProcessTest> {
    const engine = await openEngine({ directory: options.directory ?? null, timeZone: 'Asia/Shanghai' })
    const test = new ProcessTest(engine)
    if (engine.query.get("SELECT 1 FROM meta WHERE name = 'clockPinnedAt'") === undefined)
      await test.execute({ type: 'PinClock', timestamp: TEST_START })
    if (options.resources !== undefined) await test.deploy(options.resources)
    return test
  }

  execute<C extends Command>(command: C): Promise<ResultOf<C>> {
    return this.engine.execute(command)
  }

  /** Deploys files by name. */
  deploy(resources: Readonly<Record<string, string>>) {
    const files = Object.entries(resources).map(([name, content]) => ({ name, content }))
    return this.execute({ type: 'DeployResources', resources: files })
  }

  /** Starts the latest version of a process. */
  async start(processDefinitionId: string, variables: Variables = {}): Promise<Key> {
    const result = await this.execute({ type: 'CreateProcessInstance', processDefinitionId, variables })
    return result.processInstanceKey
  }

  /** Deploys one diagram and starts its process. */
  async run(xml: string, variables: Variables = {}): Promise<Key> {
    const { processes } = await this.deploy({ 'test.bpmn': xml })
    return this.start(processes[0]?.processDefinitionId ?? '', variables)
  }

  /** Moves the clock to an instant (ISO-8601); everything due by then has happened when this resolves. */
  async moveTo(instant: string): Promise<void> {
    await this.execute({ type: 'PinClock', timestamp: Date.parse(instant) })
  }

  /** Moves the clock forward by milliseconds. */
  async moveBy(milliseconds: number): Promise<void> {
    await this.execute({ type: 'PinClock', timestamp: this.engine.clock.now().getTime() + milliseconds })
  }

  /** Takes jobs of a type. */
  async takeJobs(
    jobType: string,
    maxJobs = 100,
    fetchVariables: readonly string[] = [],
  ): Promise<readonly ActivatedJob[]> {
    const command = { type: 'ActivateJobs', jobType, worker: 'test', timeout: 60_000, maxJobs, fetchVariables } as const
    return (await this.execute(command)).jobs
  }

  /** Takes exactly one job of a type. @throws {Error} when there is none */
  async takeJob(jobType: string): Promise<ActivatedJob> {
    const [job] = await this.takeJobs(jobType, 1)
    if (job === undefined) throw new Error(`no job of type '${jobType}' can be activated`)
    return job
  }

  /** Takes one job of a type and completes it. */
  async completeJob(jobType: string, variables: Variables = {}): Promise<void> {
    const { jobKey } = await this.takeJob(jobType)
    await this.execute({ type: 'CompleteJob', jobKey, variables })
  }

  /** Takes one job of a type and completes it with a result. */
  async answerJob(jobType: string, result: JobResult): Promise<void> {
    const { jobKey } = await this.takeJob(jobType)
    await this.execute({ type: 'CompleteJob', jobKey, result })
  }

  /** Broadcasts a signal. */
  async broadcast(signalName: string, variables: Variables = {}): Promise<void> {
    await this.execute({ type: 'BroadcastSignal', signalName, variables })
  }

  /** Completes the open user task of an element. */
  async completeUserTask(elementId: string, variables: Variables = {}): Promise<void> {
    await this.execute({ type: 'CompleteUserTask', userTaskKey: this.userTask(elementId).key, variables })
  }

  /** The user task of an element that has not ended. @throws {Error} when there is none */
  userTask(elementId: string): { key: Key; [column: string]: unknown } {
    const task = this.engine.query.get<{ key: Key }>(
      "SELECT * FROM user_task WHERE elementId = ? AND state NOT IN ('COMPLETED', 'CANCELED') ORDER BY key",
      elementId,
    )
    if (task === undefined) throw new Error(`no open user task at '${elementId}'`)
    return task
  }

  /** Whether an instance waits at an element. */
  isWaitingAt(processInstanceKey: Key, elementId: string): boolean {
    return this.waitingAt(processInstanceKey).includes(elementId)
  }

  /** The innermost active elements of an instance, in the order in which they were reached. */
  waitingAt(processInstanceKey: Key): string[] {
    return this.engine.query
      .all<{ elementId: string }>(
        "SELECT elementId FROM element_instance WHERE processInstanceKey = ? AND activeChildren = 0 AND type <> 'PROCESS' " +
          "AND state NOT IN ('COMPLETED', 'TERMINATED') ORDER BY key",
        processInstanceKey,
      )
      .map(({ elementId }) => elementId)
  }

  /** State of a process instance: ACTIVE, COMPLETED or TERMINATED. */
  stateOf(processInstanceKey: Key): string {
    const row = this.engine.query.get<{ state: string }>(
      'SELECT state FROM process_instance WHERE key = ?',
      processInstanceKey,
    )
    if (row === undefined) throw new Error(`no process instance ${processInstanceKey}`)
    return row.state
  }

  /** Elements that have completed, in the order in which they were reached. */
  completed(processInstanceKey: Key): string[] {
    return this.#elements(processInstanceKey, 'COMPLETED')
  }

  /** Elements that were terminated. */
  terminated(processInstanceKey: Key): string[] {
    return this.#elements(processInstanceKey, 'TERMINATED')
  }

  #elements(processInstanceKey: Key, state: string): string[] {
    return this.engine.query
      .all<{ elementId: string }>(
        "SELECT elementId FROM element_instance WHERE processInstanceKey = ? AND state = ? AND type <> 'PROCESS' ORDER BY key",
        processInstanceKey,
        state,
      )
      .map(({ elementId }) => elementId)
  }

  /** The variables of an element's newest instance; those of the root when no element is named. */
  variables(processInstanceKey: Key, elementId?: string): Variables {
    const scope =
      elementId === undefined
        ? processInstanceKey
        : this.engine.query.get<{ key: Key }>(
            'SELECT key FROM element_instance WHERE processInstanceKey = ? AND elementId = ? ORDER BY key DESC',
            processInstanceKey,
            elementId,
          )?.key
    const rows = this.engine.query.all<{ name: string; value: string }>(
      'SELECT name, value FROM variable WHERE scopeKey = ? ORDER BY name',
      scope ?? null,
    )
    return Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)]))
  }

  /** Active incidents of an instance. */
  incidents(processInstanceKey: Key): { key: Key; errorType: string; errorMessage: string; elementId: string }[] {
    return this.engine.query.all(
      "SELECT key, errorType, errorMessage, elementId FROM incident WHERE processInstanceKey = ? AND state = 'ACTIVE' ORDER BY key",
      processInstanceKey,
    )
  }

  /** The only incident of an instance, tried again. */
  async resolveIncident(processInstanceKey: Key): Promise<void> {
    const [incident] = this.incidents(processInstanceKey)
    if (incident === undefined) throw new Error(`no active incident in ${processInstanceKey}`)
    await this.execute({ type: 'ResolveIncident', incidentKey: incident.key })
  }

  close(): Promise<void> {
    return this.engine.close()
  }
}
