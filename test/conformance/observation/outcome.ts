import type { JsonValue } from '../../../src/engine/index.ts'
import { canonical } from '../names.ts'
import type { JobObservation, Observation, UserTaskObservation } from './observations.ts'
import { type Neighbours, normalForm, type TraceEvent } from './trace.ts'

/** What one step of a scenario did, in lines that can be compared; what did not happen is left out. */
export interface StepOutcome {
  step: string
  /** What the engine answered. */
  result?: JsonValue
  /** The refusal: code and words. */
  rejected?: string
  path?: string[]
  jobs?: string[]
  userTasks?: string[]
  incidents?: string[]
}

/** What a scenario did: step by step, and the variables of every scope at the end. */
export interface Outcome {
  steps: StepOutcome[]
  variables: Record<string, Record<string, JsonValue>>
}

interface Instance {
  readonly name: string
  readonly elementType: string
  readonly elementId: string
  readonly scopeKey: number
  readonly ancestors: readonly number[]
}

/** Names what an engine's observations speak of, and gathers them step by step. */
export class OutcomeRecorder {
  readonly #instances = new Map<number, Instance>()
  readonly #names = new Map<string, number>()
  readonly #variables = new Map<number, Map<string, JsonValue>>()
  readonly #jobs = new Map<number, JobObservation>()
  readonly #userTasks = new Map<number, UserTaskObservation>()
  readonly #incidents = new Map<number, { elementKey: number; active: boolean }>()
  readonly #ended = new Set<number>()
  readonly #formNames = new Map<string, string>()
  readonly #isOwn: (processId: string) => boolean
  neighbours: Neighbours = new Set()

  /** @param isOwn whether a root process belongs to the scenario */
  constructor(isOwn: (processId: string) => boolean) {
    this.#isOwn = isOwn
  }

  /** Tells under which name a form's key is to be shown. */
  nameForm(key: string, name: string): void {
    this.#formNames.set(key, name)
  }

  /** Takes what was observed since the last step. */
  take(observations: readonly Observation[]): Omit<StepOutcome, 'step'> {
    const path: TraceEvent[] = []
    const jobs: string[] = []
    const incidents: string[] = []
    const userTasks = new Map<number, string>()
    // A process gets its variables before it is entered.
    for (const one of observations) if (one.kind === 'element' && one.state === 'entered') this.#enter(one)
    for (const one of observations) {
      if (!this.#instances.has(keyOf(one))) continue
      switch (one.kind) {
        case 'element':
          if (one.state !== 'entered') path.push(this.#event(one.key, one.state))
          if (one.state === 'completed' || one.state === 'terminated') this.#ended.add(one.key)
          break
        case 'flow':
          path.push(this.#flow(one.flowId, one.scopeKey))
          break
        case 'variable':
          this.#scope(one.scopeKey).set(one.name, one.value)
          break
        case 'job':
          this.#jobs.set(one.key, one)
          jobs.push(`${one.state} ${this.#name(one.elementKey)}: ${describeJob(one)}`)
          break
        case 'userTask':
          this.#userTasks.set(one.key, one)
          if (one.state !== 'CREATING')
            userTasks.set(one.key, `${one.state} ${this.#name(one.elementKey)}${this.#describeUserTask(one)}`)
          break
        case 'incident': {
          this.#incidents.set(one.key, { elementKey: one.elementKey, active: one.state === 'created' })
          const words = one.state === 'created' ? `: ${one.errorMessage}` : ''
          incidents.push(`${one.state} ${one.errorType} at ${this.#name(one.elementKey)}${words}`)
        }
      }
    }
    return {
      ...(path.length > 0 && { path: normalForm(path, this.neighbours) }),
      ...(jobs.length > 0 && { jobs: jobs.sort() }),
      ...(userTasks.size > 0 && { userTasks: [...userTasks.values()].sort() }),
      ...(incidents.length > 0 && { incidents: incidents.sort() }),
    }
  }

  /** Variables by scope, as they are now (of an ended scope: as they were at its end). */
  variables(): Outcome['variables'] {
    const scopes = [...this.#variables].map(([key, values]) => [
      this.#name(key),
      Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1))),
    ])
    return Object.fromEntries(scopes.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)))
  }

  /** Key of the newest instance of an element (or process) that has not ended. */
  instanceKey(elementId: string): string | undefined {
    return this.#newest(this.#instances, (one, key) => one.elementId === elementId && !this.#ended.has(key))
  }

  /** Key of the newest user task of an element. */
  userTaskKey(elementId: string): string | undefined {
    return this.#newest(this.#userTasks, (one) => this.#instances.get(one.elementKey)?.elementId === elementId)
  }

  /** Key of the newest job of a type. */
  jobKey(type: string): string | undefined {
    return this.#newest(this.#jobs, (one) => one.type === type)
  }

  /** Key of the newest incident at an element; one that is active before one that is not. */
  incidentKey(elementId: string): string | undefined {
    const at = (elementKey: number) => this.#instances.get(elementKey)?.elementId === elementId
    return (
      this.#newest(this.#incidents, (one) => one.active && at(one.elementKey)) ??
      this.#newest(this.#incidents, (one) => at(one.elementKey))
    )
  }

  /** Jobs that can be worked on, by the names of their element instances: in an order that all engines share. */
  openJobs(): { key: string; type: string }[] {
    return [...this.#jobs]
      .filter(([, { state, retries }]) => !['completed', 'canceled', 'error thrown'].includes(state) && retries > 0)
      .map(([key, { type, elementKey }]) => ({ key: String(key), type, name: this.#name(elementKey) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Elements with a user task that is open, by the names of the instances. */
  openUserTasks(): string[] {
    return this.#elementIds([...this.#userTasks.values()].filter(({ state }) => state === 'CREATED'))
  }

  /** Elements with an active incident, by the names of the instances. */
  activeIncidents(): string[] {
    return this.#elementIds([...this.#incidents.values()].filter(({ active }) => active))
  }

  #elementIds(things: readonly { elementKey: number }[]): string[] {
    return things
      .map(({ elementKey }) => elementKey)
      .sort((a, b) => (this.#name(a) < this.#name(b) ? -1 : 1))
      .map((key) => this.#instances.get(key)?.elementId ?? '')
  }

  /** Root processes that have not ended. */
  activeRoots(): string[] {
    return [...this.#instances]
      .filter(([key, one]) => one.scopeKey === -1 && !this.#ended.has(key))
      .map(([key]) => String(key))
  }

  #newest<T>(table: ReadonlyMap<number, T>, fits: (one: T, key: number) => boolean): string | undefined {
    const keys = [...table].filter(([key, one]) => fits(one, key)).map(([key]) => key)
    return keys.length === 0 ? undefined : String(Math.max(...keys))
  }

  #enter({ key, elementId, elementType, scopeKey }: { key: number } & Omit<Instance, 'name' | 'ancestors'>): void {
    const scope = this.#instances.get(scopeKey)
    if (scope === undefined && !(scopeKey === -1 && this.#isOwn(elementId))) return
    const place = `${scopeKey}/${elementId}`
    const count = (this.#names.get(place) ?? 0) + 1
    this.#names.set(place, count)
    this.#instances.set(key, {
      name: `${scope === undefined ? '' : `${scope.name}/`}${elementId}${count === 1 ? '' : `#${count}`}`,
      elementType,
      elementId,
      scopeKey,
      ancestors: scope === undefined ? [] : [scopeKey, ...scope.ancestors],
    })
  }

  #event(key: number, state: string): TraceEvent {
    const { name, elementId, elementType, scopeKey, ancestors } = this.#instances.get(key)!
    return { line: `${state} ${name}`, key, scopeKey, ancestors, elementId, elementType, state }
  }

  #flow(flowId: string, scopeKey: number): TraceEvent {
    const scope = this.#instances.get(scopeKey)!
    return {
      line: `took ${scope.name}/${flowId}`,
      key: undefined,
      scopeKey,
      ancestors: [scopeKey, ...scope.ancestors],
      elementId: flowId,
      elementType: 'SEQUENCE_FLOW',
      state: 'took',
    }
  }

  #name(key: number): string {
    return this.#instances.get(key)?.name ?? '?'
  }

  #scope(key: number): Map<string, JsonValue> {
    const scope = this.#variables.get(key) ?? new Map<string, JsonValue>()
    this.#variables.set(key, scope)
    return scope
  }

  #describeUserTask(task: UserTaskObservation): string {
    const formName = task.formKey === '' ? '' : (this.#formNames.get(task.formKey) ?? 'unknown')
    const { assignee, candidateGroups, candidateUsers, dueDate, followUpDate, priority, headers } = task
    return describe({
      assignee,
      candidateGroups,
      candidateUsers,
      dueDate: withoutSeconds(dueDate),
      followUpDate: withoutSeconds(followUpDate),
      priority: priority === 50 ? '' : priority,
      form: formName,
      externalFormReference: task.externalFormReference,
      headers,
    })
  }
}

/** Engines write a date-time with or without seconds that are zero. */
const withoutSeconds = (date: string) => date.replace(/(T\d\d:\d\d):00(?=Z|[+-])/, '$1')

function keyOf(one: Observation): number {
  if (one.kind === 'element') return one.key
  return one.kind === 'flow' || one.kind === 'variable' ? one.scopeKey : one.elementKey
}

function describeJob({ state, type, jobKind, listenerEventType, retries, headers, ...job }: JobObservation): string {
  if (state === 'created')
    return (
      type +
      describe({
        kind: jobKind === 'BPMN_ELEMENT' ? '' : `${jobKind} ${listenerEventType}`,
        retries,
        headers,
      })
    )
  if (state === 'failed') return type + describe({ retries, errorMessage: job.errorMessage })
  if (state === 'error thrown') return type + describe({ code: job.errorCode, errorMessage: job.errorMessage })
  return state === 'retries updated' ? type + describe({ retries }) : type
}

/** ` key value, …` of what is set. */
function describe(
  properties: Readonly<Record<string, JsonValue | readonly string[] | Record<string, JsonValue>>>,
): string {
  const set = Object.entries(properties).filter(
    ([, value]) => value !== '' && JSON.stringify(value) !== '[]' && JSON.stringify(value) !== '{}',
  )
  return set
    .map(([name, value], i) => `${i === 0 ? ' ' : ', '}${name} ${typeof value === 'string' ? value : canonical(value)}`)
    .join('')
}
