import { join } from 'node:path'
import { z } from 'zod'
import {
  type ActivatedJob,
  createEngineClock,
  type Engine,
  type JsonValue,
  openEngine,
  type Variables,
} from '../../src/engine/index.ts'
import { validateSubmission } from '../../src/http/form-validation.ts'
import { readResources } from '../../src/orchestration/resources.ts'
import { createWorkers, type WorkerDependencies } from '../../workers/index.ts'
import { type OpenTask, type ProcessCoverage, ProcessView } from './process-view.ts'
import { readForm } from './task-form.ts'

/** Answers a job by fixed rules instead of the court's capabilities; what it returns goes to the element. */
export type JobScript = (job: ActivatedJob, driver: ProcessDriver) => Variables | Promise<Variables>

/** Fields of a task's form. */
export type Answers = Record<string, JsonValue>

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
export class ProcessDriver extends ProcessView {
  /** Every job done so far, oldest first. */
  readonly jobs: ActivatedJob[] = []
  private readonly scripts: Record<string, JobScript>
  private readonly usualAnswers: ProcessDriverOptions['answers']

  private constructor(engine: Engine, options: ProcessDriverOptions) {
    super(engine)
    this.scripts = { ...options.scripts }
    this.usualAnswers = options.answers
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

  /** Completes the one open task with that element id with the usual answers and `changes` over them. */
  async complete(elementId: string, changes: Answers = {}): Promise<this> {
    return this.answer(elementId, { ...this.usualAnswers(elementId, this.engine.clock.now()), ...changes })
  }

  /**
   * Completes the one open task with that element id with exactly these answers over what is prefilled, in the variable that its
   * form binds; who completes it is noted there, as the web application does.
   * @throws Error when the form, checked as the web application checks it, refuses them
   */
  async answer(elementId: string, answers: Answers): Promise<this> {
    const task = this.task(elementId)
    const variable = this.formVariable(task)
    const prefilled = task.variables[variable]
    const filled = { ...(isObject(prefilled) ? prefilled : {}), ...answers }
    const submission = await validateSubmission(this.form(task), task.variables, { [variable]: filled })
    if (!submission.ok) {
      const errors = submission.errors.map(({ field, message }) => `${field}: ${message}`)
      throw new Error(`the form ${task.formId} of ${elementId} refuses ${errors.join('; ')}`)
    }
    const { [variable]: accepted } = submission.variables as Variables
    if (!isObject(accepted)) throw new Error(`the form of ${elementId} gives no object ${variable}`)
    const variables = { [variable]: { ...accepted, completedBy: completer(task) } }
    await this.engine.execute({ type: 'CompleteUserTask', userTaskKey: task.key, variables })
    return this.settle()
  }

  /** What the form's own variable holds when the one open task with that element id is opened; undefined where it does not exist. */
  opensWith(elementId: string): JsonValue | undefined {
    const task = this.task(elementId)
    return task.variables[this.formVariable(task)]
  }

  /** What the form of the one open task with that element id tells its reader above and between its fields. */
  async reads(elementId: string): Promise<string> {
    const task = this.task(elementId)
    return readForm(this.form(task), task.variables)
  }

  /** Completes whatever is open with the usual answers until `elementId` waits. @throws Error when it never comes */
  async goOnTo(elementId: string, changes: Record<string, Answers> = {}): Promise<this> {
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
  async goOnToTheEnd(changes: Record<string, Answers> = {}): Promise<this> {
    for (let step = 0; step < 50; step++) {
      const [next] = this.openTasks()
      if (!next) return this
      await this.complete(next.elementId, changes[next.elementId])
    }
    throw new Error(`the case does not end; waiting at ${this.waitsAt().join(', ')}`)
  }

  /** The input of every job of a type so far, oldest first. */
  inputsOf(jobType: string): Variables[] {
    return this.jobs.filter((job) => job.type === jobType).map((job) => job.variables)
  }

  private form({ elementId, formId }: OpenTask): unknown {
    const row = this.engine.query.get<{ content: string }>('SELECT content FROM form WHERE formId = ?', formId)
    if (!row) throw new Error(`${elementId} has no form`)
    return JSON.parse(row.content)
  }

  /** The one variable whose fields the task's form fills: `materials` of `materials.pages`. */
  private formVariable(task: OpenTask): string {
    const fields = JSON.stringify(this.form(task)).matchAll(/"(?:key|path)":"([A-Za-z]+)\./g)
    const [name, another] = new Set([...fields].map((field) => field[1]))
    if (name === undefined || another !== undefined)
      throw new Error(`the form of ${task.elementId} binds not one variable`)
    return name
  }
}

/** What a driver needs to know of the court. */
export interface ProcessDriverOptions {
  /** The instant at which everything is deployed and the case begins. */
  at: string
  scripts: Record<string, JobScript>
  /** The fields with which a task is usually answered. */
  answers: (elementId: string, now: Date) => Answers
}

function accept(schema: z.ZodType, value: unknown, what: string): void {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Error(`${what}:\n${z.prettifyError(parsed.error)}`)
}

/** Who completes a task here: the judge to whom it is assigned, otherwise the first of those who may. */
function completer({ assignee, candidateGroups: [group] }: OpenTask): string {
  return assignee ?? `${group}1`
}

function isObject(value: JsonValue | undefined): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
