import type { JsonValue, Variables } from '../../src/engine/index.ts'
import { bpmn } from '../../src/engine/testing/bpmn-builder.ts'
import {
  type Deployed,
  type Job,
  type JobResult,
  type Modification,
  Rejection,
  type UserTaskChanges,
} from './clients/client.ts'
import type { EngineUnderTest } from './engines/engine.ts'
import { canonical, Names } from './names.ts'
import { type Outcome, OutcomeRecorder, type StepOutcome } from './observation/outcome.ts'
import { readNeighbours } from './observation/trace.ts'
import { inBrackets, milliseconds, refusal, some } from './words.ts'

/** A worker's job that was taken before, or the type of which one is to be taken now. */
type JobOrType = Job | string

/** The words that a scenario is told in. Each is a step: done on the engine, then everything that followed is recorded. */
export class Run {
  readonly #engine: EngineUnderTest
  readonly #names: Names
  readonly #recorder: OutcomeRecorder
  readonly #steps: StepOutcome[] = []
  readonly #xmls: string[] = []
  readonly #deployed = new Map<string, string>()
  #instance = ''
  /** Whether a step waits for what is due at once, such as a timer whose date has passed. */
  awaitsDue = false

  /** @param suffix what makes its names unique on the engine */
  constructor(engine: EngineUnderTest, suffix: string) {
    this.#engine = engine
    this.#names = new Names(suffix)
    this.#recorder = new OutcomeRecorder(this.#names.isOwn)
  }

  /** What has happened. */
  outcome(): Outcome {
    return this.#names.plain({ steps: this.#steps, variables: this.#recorder.variables() })
  }

  /** Ends what is still running, so that it cannot disturb what comes after. */
  async cleanUp(): Promise<void> {
    const { client } = this.#engine
    const quietly = (work: Promise<unknown>) => work.catch(() => undefined)
    for (const key of this.#recorder.activeRoots()) await quietly(client.cancel(key))
    for (const key of new Set(this.#deployed.values())) await quietly(client.deleteResource(key))
  }

  /** Deploys files by name; a diagram alone is `process.bpmn`. */
  async deploy(files: string | Readonly<Record<string, string>>): Promise<void> {
    const byName = typeof files === 'string' ? { 'process.bpmn': files } : files
    const resources = Object.entries(byName).map(([name, content]) => ({ name, content: this.#names.file(content) }))
    this.#xmls.push(...resources.map(({ content }) => content))
    this.#recorder.neighbours = readNeighbours(this.#xmls)
    await this.#step(`deploy ${Object.keys(byName).join(', ')}`, async () => {
      const deployed = await this.#engine.client.deploy(resources)
      this.#remember(deployed)
      const list = (kind: string, items: readonly { id: string; version: number }[]) =>
        items.map(({ id, version }) => `${kind} ${id} v${version}`)
      return [
        ...list('process', deployed.processes),
        ...list('decision', deployed.decisions),
        ...list('form', deployed.forms),
      ].sort()
    })
  }

  #remember({ processes, decisions, forms }: Deployed): void {
    for (const { id, version, key } of processes) this.#deployed.set(`${id} v${version}`, key)
    for (const { id, version, requirementsKey } of decisions) this.#deployed.set(`${id} v${version}`, requirementsKey)
    for (const { id, version, key } of forms) {
      this.#deployed.set(`${id} v${version}`, key)
      this.#recorder.nameForm(key, `${id} v${version}`)
    }
  }

  /** Deletes what was deployed under an id and version: a process, a form, or the DMN file of a decision. */
  deleteResource(id: string, version = 1): Promise<void> {
    return this.#step(`delete ${id} v${version}`, () =>
      this.#engine.client.deleteResource(this.#deployed.get(`${this.#names.own(id)} v${version}`) ?? MISSING_KEY),
    )
  }

  /** Starts a process, the latest version unless told. Later steps that name no instance mean the newest. */
  start(
    processId: string,
    variables: Variables = {},
    options: { version?: number; startBefore?: string[] } = {},
  ): Promise<void> {
    return this.#step(`start ${processId}${inBrackets({ ...options, ...some(variables) })}`, async () => {
      const request = { processId: this.#names.own(processId), variables, ...options }
      const { key, version } = await this.#engine.client.start(request)
      this.#instance = key
      return { version }
    })
  }

  /** Starts a process and awaits its variables. */
  startAndAwait(processId: string, variables: Variables = {}, fetchVariables: string[] = []): Promise<void> {
    return this.#step(`start ${processId} and await`, () =>
      this.#engine.client.startAndAwait({ processId: this.#names.own(processId), variables }, fetchVariables),
    )
  }

  /** Deploys one diagram and starts its process `p`. */
  async run(content: string, variables: Variables = {}, roots = ''): Promise<void> {
    await this.deploy(bpmn('p', content, roots))
    await this.start('p', variables)
  }

  /** Cancels the newest instance of a process; of the one started last when none is named. */
  cancel(processId?: string): Promise<void> {
    return this.#step(`cancel ${processId ?? 'the instance'}`, () =>
      this.#engine.client.cancel(processId === undefined ? this.#instance : this.#key(this.#names.own(processId))),
    )
  }

  /** Takes one job of a type and keeps it for later steps. */
  async take(type: string, options: { timeout?: string; fetchVariables?: string[] } = {}): Promise<Job> {
    const [job] = await this.takeAll(type, { ...options, max: 1 })
    return job ?? { ...NO_JOB, type }
  }

  /** Takes jobs of a type; what a worker gets to see is recorded. */
  async takeAll(
    type: string,
    options: { timeout?: string; fetchVariables?: string[]; max?: number } = {},
  ): Promise<Job[]> {
    let jobs: Job[] = []
    await this.#step(`take ${type}${inBrackets(options)}`, async () => {
      jobs = await this.#activate(type, options)
      return jobs
        .map(({ elementId, retries, headers, variables }) =>
          canonical({ elementId, retries, variables, ...(Object.keys(headers).length > 0 && { headers }) }),
        )
        .sort()
    })
    return jobs
  }

  /** Does something with one of the open jobs, if there is any: the same one on every engine. */
  withOpenJob(which: number, work: (job: Job) => Promise<void>): Promise<void> {
    return pick(this.#recorder.openJobs(), which, ({ key, type }) => work({ ...NO_JOB, key, type }))
  }

  /** Does something with one of the elements that have an open user task. */
  withOpenUserTask(which: number, work: (elementId: string) => Promise<void>): Promise<void> {
    return pick(this.#recorder.openUserTasks(), which, work)
  }

  /** Does something with one of the elements that have an active incident. */
  withActiveIncident(which: number, work: (elementId: string) => Promise<void>): Promise<void> {
    return pick(this.#recorder.activeIncidents(), which, work)
  }

  /** Completes a job. */
  completeJob(job: JobOrType, variables: Variables = {}, result?: JobResult): Promise<void> {
    const words = inBrackets({ ...some(variables), ...(result && { result: result as unknown as JsonValue }) })
    return this.#jobStep('complete', job, words, ({ key }) => this.#engine.client.completeJob(key, variables, result))
  }

  /** Fails a job; `retries` that are left, default none. */
  failJob(
    job: JobOrType,
    failure: { retries?: number; errorMessage?: string; backOff?: string; variables?: Variables } = {},
  ): Promise<void> {
    const { retries = 0, errorMessage = '', backOff = 'PT0S', variables } = failure
    return this.#jobStep('fail', job, inBrackets(failure), ({ key }) =>
      this.#engine.client.failJob(key, {
        retries,
        errorMessage,
        retryBackOff: milliseconds(backOff),
        ...(variables && { variables }),
      }),
    )
  }

  /** Throws a BPMN error from a job. */
  throwError(job: JobOrType, errorCode: string, errorMessage = '', variables: Variables = {}): Promise<void> {
    return this.#jobStep(`throw '${errorCode}' from`, job, inBrackets(some(variables)), ({ key }) =>
      this.#engine.client.throwError(key, { errorCode, errorMessage, variables }),
    )
  }

  /** Changes the retries of the newest job of a type. */
  updateRetries(type: string, retries: number): Promise<void> {
    return this.#step(`update retries of ${type} to ${retries}`, () =>
      this.#engine.client.updateRetries(this.#recorder.jobKey(this.#names.own(type)) ?? MISSING_KEY, retries),
    )
  }

  /** Changes how long the newest job of a type may still be held. */
  updateTimeout(type: string, timeout: string): Promise<void> {
    return this.#step(`update timeout of ${type} to ${timeout}`, () =>
      this.#engine.client.updateTimeout(
        this.#recorder.jobKey(this.#names.own(type)) ?? MISSING_KEY,
        milliseconds(timeout),
      ),
    )
  }

  /** Publishes a message. */
  publish(
    name: string,
    correlationKey = '',
    options: { variables?: Variables; ttl?: string; id?: string } = {},
  ): Promise<void> {
    const { variables = {}, ttl = 'PT0S', id = '' } = options
    return this.#step(`publish ${name} ${correlationKey}${inBrackets(options)}`, () =>
      this.#engine.client.publish({
        name: this.#names.own(name),
        correlationKey,
        timeToLive: milliseconds(ttl),
        messageId: id,
        variables,
      }),
    )
  }

  /** Correlates a message now. */
  correlate(name: string, correlationKey = '', variables: Variables = {}): Promise<void> {
    return this.#step(`correlate ${name} ${correlationKey}${inBrackets(some(variables))}`, () =>
      this.#engine.client.correlate({ name: this.#names.own(name), correlationKey, variables }),
    )
  }

  /** Broadcasts a signal. */
  broadcast(name: string, variables: Variables = {}): Promise<void> {
    return this.#step(`broadcast ${name}${inBrackets(some(variables))}`, () =>
      this.#engine.client.broadcast(this.#names.own(name), variables),
    )
  }

  /** Moves the clock forward. */
  moveClock(duration: string): Promise<void> {
    return this.#step(`move clock by ${duration}`, () => this.#engine.moveClock(milliseconds(duration)))
  }

  /** Tries again what made the newest incident at an element. */
  resolveIncident(elementId: string): Promise<void> {
    return this.#step(`resolve incident at ${elementId}`, () =>
      this.#engine.client.resolveIncident(this.#recorder.incidentKey(elementId) ?? MISSING_KEY),
    )
  }

  /** Sets variables at the newest active instance of an element, or of a process. */
  setVariables(at: string, variables: Variables, options: { local?: boolean } = {}): Promise<void> {
    const { local = false } = options
    return this.#step(`set variables at ${at}${inBrackets({ ...some(variables), ...options })}`, () =>
      this.#engine.client.setVariables(this.#key(at), variables, local),
    )
  }

  /** Completes the newest user task of an element. */
  completeUserTask(elementId: string, variables: Variables = {}, action?: string): Promise<void> {
    return this.#step(`complete user task ${elementId}${inBrackets({ ...some(variables), action })}`, () =>
      this.#engine.client.completeUserTask(this.#userTask(elementId), variables, action),
    )
  }

  /** Assigns a user task, or claims it. */
  assignUserTask(
    elementId: string,
    assignee: string,
    options: { claim?: boolean; action?: string } = {},
  ): Promise<void> {
    return this.#step(`assign user task ${elementId} to '${assignee}'${inBrackets(options)}`, () =>
      this.#engine.client.assignUserTask(this.#userTask(elementId), assignee, { claim: false, ...options }),
    )
  }

  /** Takes the assignee off. */
  unassignUserTask(elementId: string): Promise<void> {
    return this.#step(`unassign user task ${elementId}`, () =>
      this.#engine.client.unassignUserTask(this.#userTask(elementId)),
    )
  }

  /** Changes attributes of a user task. */
  updateUserTask(elementId: string, changes: UserTaskChanges, action?: string): Promise<void> {
    return this.#step(`update user task ${elementId}${inBrackets({ ...changes, action })}`, () =>
      this.#engine.client.updateUserTask(this.#userTask(elementId), changes, action),
    )
  }

  /** Modifies the instance started last. `terminate` and `inside` name elements; their newest instances are meant. */
  modify(modification: {
    activate?: (Omit<NonNullable<Modification['activate']>[number], 'ancestorKey'> & { inside?: string })[]
    terminate?: string[]
  }): Promise<void> {
    const { activate = [], terminate = [] } = modification
    return this.#step(`modify${inBrackets(modification as { [name: string]: JsonValue })}`, () =>
      this.#engine.client.modify(this.#instance, {
        activate: activate.map(({ inside, ...rest }) => ({
          ...rest,
          ...(inside && { ancestorKey: this.#key(inside) }),
        })),
        terminate: terminate.map((elementId) => this.#key(elementId)),
      }),
    )
  }

  /** Migrates the instance started last to a process, with a plan from element to element. */
  migrate(processId: string, version: number, plan: Readonly<Record<string, string>>): Promise<void> {
    return this.#step(`migrate to ${processId} v${version}${inBrackets(plan)}`, () =>
      this.#engine.client.migrate(
        this.#instance,
        this.#deployed.get(`${this.#names.own(processId)} v${version}`) ?? MISSING_KEY,
        Object.entries(plan).map(([sourceElementId, targetElementId]) => ({ sourceElementId, targetElementId })),
      ),
    )
  }

  /** Evaluates a decision. */
  evaluateDecision(decisionId: string, variables: Variables = {}): Promise<void> {
    return this.#step(`evaluate ${decisionId}${inBrackets(some(variables))}`, () =>
      this.#engine.client.evaluateDecision(this.#names.own(decisionId), variables),
    )
  }

  #activate(
    type: string,
    { timeout = 'PT1M', fetchVariables = [], max = 100 }: { timeout?: string; fetchVariables?: string[]; max?: number },
  ): Promise<Job[]> {
    const request = { type: this.#names.own(type), maxJobs: max, timeout: milliseconds(timeout), fetchVariables }
    return this.#engine.client.activateJobs(request)
  }

  #jobStep(verb: string, job: JobOrType, words: string, work: (job: Job) => Promise<void>): Promise<void> {
    const type = typeof job === 'string' ? job : this.#names.plain(job.type)
    return this.#step(`${verb} ${type}${words}`, async () => {
      if (typeof job !== 'string') return work(job)
      const [taken] = await this.#activate(job, { max: 1 })
      if (taken === undefined) return 'no job to take'
      return work(taken)
    })
  }

  #key(at: string): string {
    return this.#recorder.instanceKey(at) ?? this.#recorder.instanceKey(this.#names.own(at)) ?? MISSING_KEY
  }

  #userTask(elementId: string): string {
    return this.#recorder.userTaskKey(elementId) ?? MISSING_KEY
  }

  async #step(step: string, work: () => Promise<unknown>): Promise<void> {
    const outcome: StepOutcome = { step }
    try {
      const result = await work()
      if (result !== undefined) outcome.result = result as JsonValue
    } catch (error) {
      if (!(error instanceof Rejection)) throw error
      outcome.rejected = `${error.code}: ${refusal(error.message)}`
    }
    Object.assign(
      outcome,
      this.#recorder.take(await (this.awaitsDue ? this.#engine.observeDue() : this.#engine.observe())),
    )
    this.#steps.push(outcome)
  }
}

async function pick<T>(from: readonly T[], which: number, work: (one: T) => Promise<void>): Promise<void> {
  const one = from[which % Math.max(from.length, 1)]
  if (one !== undefined) await work(one)
}

/** A key of partition 1 that no engine has given out. */
const MISSING_KEY = String(2 ** 51 + 2 ** 48)
const NO_JOB: Job = { key: MISSING_KEY, type: '', elementId: '', retries: 0, headers: {}, variables: {} }
