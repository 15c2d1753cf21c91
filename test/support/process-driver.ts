import { join } from 'node:path'
import { z } from 'zod'
import {
  type ActivatedJob,
  createEngineClock,
  type Engine,
  type JsonValue,
  type Key,
  openEngine,
  type Variables,
} from '../../src/engine/index.ts'
import { readResources } from '../../src/orchestration/resources.ts'
import { createWorkers, type WorkerDependencies } from '../../workers/index.ts'

/** Answers a job by fixed rules instead of the court's capabilities; what it returns goes to the element. */
export type JobScript = (job: ActivatedJob, driver: ProcessDriver) => Variables | Promise<Variables>

/** Which elements were gone through, as the engine's history has them. */
export interface ProcessCoverage {
  nodes: { processId: string; elementId: string }[]
  flows: { processId: string; elementId: string }[]
}

/** A user task as the reader of a test wants it. */
export interface OpenTask {
  key: Key
  elementId: string
  name: string | null
  candidateGroups: string[]
  assignee: string | null
  formId: string | null
  /** As the diagram gave them, with offset. */
  dueAt: string | null
  remindAt: string | null
  /** What the task sees, the innermost scope first. */
  variables: Variables
}

/** A process instance that a call activity started. */
export interface CalledProcess {
  state: string
  /** Variables of the instance itself. */
  variables: Variables
  /** Element id of the call activity. */
  calledBy: string
}

/** The folder with bpmn/, forms/ and scenarios/. */
export const projectRoot = join(import.meta.dirname, '..', '..')
const decoder = new TextDecoder()

/**
 * What the product's workers take and give. The scripts stand in for what the workers do, never for what they accept: each scripted
 * job is checked by both schemas, so that a diagram that forgets a variable fails here as it would in the court.
 */
const contracts = new Map(createWorkers({} as WorkerDependencies).map((worker) => [worker.type, worker]))

/**
 * The diagrams, decisions and forms as they are on disk, on an engine in memory whose clock only the test moves. One driver holds one
 * case: what it tells is about every instance in its engine.
 */
export class ProcessDriver {
  readonly engine: Engine
  /** Every job done so far, oldest first. */
  readonly jobs: ActivatedJob[] = []
  private readonly scripts: Record<string, JobScript>
  private readonly answers: (elementId: string, now: Date) => Record<string, JsonValue>
  private root = ''

  private constructor(engine: Engine, options: ProcessDriverOptions) {
    this.engine = engine
    this.scripts = { ...options.scripts }
    this.answers = options.answers
  }

  /** Deploys everything at the instant `options.at`. @throws CommandRejection when a diagram is not deployable */
  static async open(options: ProcessDriverOptions): Promise<ProcessDriver> {
    const clock = createEngineClock()
    clock.pin(new Date(options.at))
    const engine = await openEngine({ directory: null, clock, timeZone: 'Asia/Shanghai' })
    await engine.execute({ type: 'PinClock', timestamp: Date.parse(options.at) })
    const resources = (await readResources(projectRoot)).map(({ name, content }) => ({
      name,
      content: decoder.decode(content),
    }))
    await engine.execute({ type: 'DeployResources', resources })
    return new ProcessDriver(engine, options)
  }

  /** Closes the engine. Answers what was gone through. */
  async close(): Promise<ProcessCoverage> {
    const coverage = this.coverage()
    await this.engine.close()
    return coverage
  }

  /** Starts a process by its id and goes on until somebody must act. */
  async start(processId: string, variables: Variables): Promise<this> {
    this.root = processId
    await this.engine.execute({ type: 'CreateProcessInstance', processDefinitionId: processId, variables })
    return this.settle()
  }

  /** Starts a process by message. */
  async startByMessage(processId: string, name: string, correlationKey: string, variables: Variables): Promise<this> {
    this.root = processId
    await this.engine.execute({ type: 'PublishMessage', name, correlationKey, variables })
    return this.settle()
  }

  /** Replaces the script of a job type from now on. */
  script(jobType: string, script: JobScript): this {
    this.scripts[jobType] = script
    return this
  }

  /** Does all jobs that wait, and fires what is due, until nothing is left but people and time. @throws Error at an incident */
  async settle(): Promise<this> {
    for (;;) {
      const [waiting] = this.engine.query.all<{ type: string }>(
        'SELECT type FROM job WHERE activatable = 1 ORDER BY key',
      )
      if (waiting) await this.work(waiting.type)
      else if (this.timersDue() > 0) await new Promise((resolve) => setImmediate(resolve))
      else break
    }
    const incidents = this.incidents()
    if (incidents.length > 0) throw new Error(`incident at ${incidents.join('\n')}`)
    return this
  }

  private async work(type: string): Promise<void> {
    const contract = contracts.get(type)
    const script = this.scripts[type]
    if (!contract || !script) throw new Error(`no ${contract ? 'script' : 'worker'} for job type ${type}`)
    const { jobs } = await this.engine.execute({
      type: 'ActivateJobs',
      jobType: type,
      worker: 'test',
      timeout: 60_000,
      maxJobs: 1,
      // As the worker runtime does it: a variable that the worker does not name is not fetched.
      fetchVariables: contract.input instanceof z.ZodObject ? Object.keys(contract.input.shape) : [],
    })
    for (const job of jobs) {
      accept(contract.input, job.variables, `input of ${type} at ${job.elementId}`)
      this.jobs.push(job)
      const variables = await script(job, this)
      accept(contract.output, variables, `output of ${type} at ${job.elementId}`)
      await this.engine.execute({ type: 'CompleteJob', jobKey: job.jobKey, variables })
    }
  }

  private timersDue(): number {
    const now = this.engine.clock.now().getTime()
    return this.engine.query.get<{ n: number }>('SELECT count(*) AS n FROM timer WHERE dueAt <= ?', now)?.n ?? 0
  }

  /** Moves the clock to `instant` (ISO-8601 with offset) and lets happen what is due by then. */
  async moveTo(instant: string): Promise<this> {
    await this.engine.execute({ type: 'PinClock', timestamp: Date.parse(instant) })
    return this.settle()
  }

  /** Moves the clock by milliseconds from `instant`: -1 is just before it. */
  async moveToJust(offsetMs: number, instant: string): Promise<this> {
    return this.moveTo(new Date(Date.parse(instant) + offsetMs).toISOString())
  }

  /**
   * Completes the one open task with that element id: its prefilled answers, the usual ones over them and `changes` over both, in
   * the variable that its form binds.
   */
  async complete(elementId: string, changes: Record<string, JsonValue> = {}): Promise<this> {
    const task = this.task(elementId)
    const variable = this.formVariable(task)
    const prefilled = task.variables[variable]
    const usual = this.answers(elementId, this.engine.clock.now())
    const filled = { ...(isObject(prefilled) ? prefilled : {}), ...usual, ...changes }
    await this.engine.execute({ type: 'CompleteUserTask', userTaskKey: task.key, variables: { [variable]: filled } })
    return this.settle()
  }

  /** Completes whatever is open with the usual answers until `elementId` waits. @throws Error when it never comes */
  async goOnTo(elementId: string, changes: Record<string, Record<string, JsonValue>> = {}): Promise<this> {
    for (let step = 0; step < 50; step++) {
      const open = this.openTasks()
      if (open.some((task) => task.elementId === elementId)) return this
      const [next] = open
      if (!next) break
      await this.complete(next.elementId, changes[next.elementId])
    }
    throw new Error(`${elementId} does not come; waiting at ${this.waitsAt().join(', ') || 'nothing'}`)
  }

  /** Completes everything with the usual answers until the case needs nobody any more. */
  async goOnToTheEnd(changes: Record<string, Record<string, JsonValue>> = {}): Promise<this> {
    for (let step = 0; step < 50; step++) {
      const [next] = this.openTasks()
      if (!next) return this
      await this.complete(next.elementId, changes[next.elementId])
    }
    throw new Error(`the case does not end; waiting at ${this.waitsAt().join(', ')}`)
  }

  /** Element ids of what waits for a person, a time or a message, in the order in which it began to wait. */
  waitsAt(): string[] {
    return this.engine.query
      .all<{ elementId: string }>(
        `SELECT elementId FROM element_instance
         WHERE state = 'ACTIVATED' AND type IN ('USER_TASK', 'INTERMEDIATE_CATCH_EVENT', 'EVENT_BASED_GATEWAY') ORDER BY key`,
      )
      .map((row) => row.elementId)
  }

  /** How often the element (of the process that was started, unless said otherwise) was completed. */
  timesThrough(elementId: string, processId = this.root): number {
    const row = this.engine.query.get<{ n: number }>(
      `SELECT count(*) AS n FROM element_instance
       WHERE processDefinitionId = ? AND elementId = ? AND state = 'COMPLETED' AND type <> 'MULTI_INSTANCE_BODY'`,
      processId,
      elementId,
    )
    return row?.n ?? 0
  }

  /** Whether the started process has come to its end. */
  isCompleted(): boolean {
    const row = this.engine.query.get<{ state: string }>(
      'SELECT state FROM process_instance WHERE parentProcessInstanceKey IS NULL ORDER BY key DESC',
    )
    return row?.state === 'COMPLETED'
  }

  /** The open task with that element id. @throws Error when there is none, or more than one */
  task(elementId: string): OpenTask {
    const found = this.openTasks().filter((task) => task.elementId === elementId)
    const [task] = found
    if (!task || found.length > 1) {
      throw new Error(`${found.length} open tasks ${elementId}; waiting at ${this.waitsAt().join(', ') || 'nothing'}`)
    }
    return task
  }

  /** All open user tasks, oldest first. */
  openTasks(): OpenTask[] {
    return this.engine.query
      .all<{
        key: number
        elementId: string
        name: string | null
        candidateGroups: string
        assignee: string | null
        formId: string | null
        dueDateText: string | null
        followUpDateText: string | null
        elementInstanceKey: number
      }>(
        `SELECT user_task.key, elementId, name, candidateGroups, assignee, formId, dueDateText, followUpDateText, elementInstanceKey
         FROM user_task LEFT JOIN form ON form.key = user_task.formKey WHERE state = 'CREATED' ORDER BY user_task.key`,
      )
      .map((row) => ({
        key: row.key,
        elementId: row.elementId,
        name: row.name,
        candidateGroups: z.array(z.string()).parse(JSON.parse(row.candidateGroups)),
        assignee: row.assignee,
        formId: row.formId,
        dueAt: row.dueDateText,
        remindAt: row.followUpDateText,
        variables: this.visibleFrom(row.elementInstanceKey),
      }))
  }

  /** Every instance of a called process, oldest first. */
  calls(processId: string): CalledProcess[] {
    return this.engine.query
      .all<{ key: number; state: string; calledBy: string }>(
        `SELECT process_instance.key, process_instance.state, element_instance.elementId AS calledBy FROM process_instance
         JOIN element_instance ON element_instance.key = parentElementInstanceKey
         WHERE process_instance.processDefinitionId = ? ORDER BY process_instance.key`,
        processId,
      )
      .map(({ key, state, calledBy }) => ({ state, calledBy, variables: this.variablesOf(key) }))
  }

  /** Variables of the started process itself: what leaves it when it is called. */
  variables(): Variables {
    const row = this.engine.query.get<{ key: number }>(
      'SELECT key FROM process_instance WHERE parentProcessInstanceKey IS NULL ORDER BY key DESC',
    )
    return row ? this.variablesOf(row.key) : {}
  }

  /** The input of every job of a type so far, oldest first. */
  inputsOf(jobType: string): Variables[] {
    return this.jobs.filter((job) => job.type === jobType).map((job) => job.variables)
  }

  /** Active incidents as `elementId: message`. */
  incidents(): string[] {
    return this.engine.query
      .all<{ elementId: string; errorMessage: string }>(
        "SELECT elementId, errorMessage FROM incident WHERE state = 'ACTIVE' ORDER BY key",
      )
      .map(({ elementId, errorMessage }) => `${elementId}: ${errorMessage}`)
  }

  private variablesOf(scopeKey: Key): Variables {
    const rows = this.engine.query.all<{ name: string; value: string }>(
      'SELECT name, value FROM variable WHERE scopeKey = ? ORDER BY name',
      scopeKey,
    )
    return Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value) as JsonValue]))
  }

  private visibleFrom(elementInstanceKey: Key): Variables {
    const row = this.engine.query.get<{ flowScopeKey: number }>(
      'SELECT flowScopeKey FROM element_instance WHERE key = ?',
      elementInstanceKey,
    )
    const outer = row && row.flowScopeKey > 0 ? this.visibleFrom(row.flowScopeKey) : {}
    return { ...outer, ...this.variablesOf(elementInstanceKey) }
  }

  /** The one variable whose fields the task's form fills: `materials` of `materials.pages`. */
  private formVariable({ elementId, formId }: OpenTask): string {
    const form = this.engine.query.get<{ content: string }>('SELECT content FROM form WHERE formId = ?', formId)
    const names = new Set(
      [...(form?.content ?? '').matchAll(/"(?:key|path)"\s*:\s*"([A-Za-z]+)\./g)].map((hit) => hit[1]),
    )
    const [name] = names
    if (name === undefined || names.size > 1) {
      throw new Error(`the form ${formId} of ${elementId} binds ${[...names].join(', ') || 'no variable'}, not one`)
    }
    return name
  }

  private coverage(): ProcessCoverage {
    const read = (sql: string) => this.engine.query.all<{ processId: string; elementId: string }>(sql)
    return {
      nodes: read(
        `SELECT DISTINCT processDefinitionId AS processId, elementId FROM element_instance WHERE state = 'COMPLETED'`,
      ),
      flows: read('SELECT DISTINCT processDefinitionId AS processId, elementId FROM sequence_flow'),
    }
  }
}

/** What a driver needs to know of the court. */
export interface ProcessDriverOptions {
  /** The instant at which everything is deployed and the case begins. */
  at: string
  scripts: Record<string, JobScript>
  /** The fields with which a task is usually answered. */
  answers: (elementId: string, now: Date) => Record<string, JsonValue>
}

function accept(schema: z.ZodType, value: unknown, what: string): void {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Error(`${what}:\n${z.prettifyError(parsed.error)}`)
}

function isObject(value: JsonValue | undefined): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
