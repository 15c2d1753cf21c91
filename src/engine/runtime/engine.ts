import { behaviors } from '../processing/behaviors/index.ts'
import { failBatchItem } from '../processing/commands/batch-operations.ts'
import { deployResources } from '../processing/commands/deploy.ts'
import { pruneHistory } from '../processing/history.ts'
import { LateRejection } from '../processing/late-rejection.ts'
import { processCommand, processDue, type StateCommand } from '../processing/process-command.ts'
import type { Effects, Environment, Processing } from '../processing/processing.ts'
import type { Command, CreateProcessInstance, ResourceFile, ScheduledCommand } from '../protocol/commands.ts'
import type { Engine, EngineClock, EngineOptions } from '../protocol/engine.ts'
import { CommandRejection } from '../protocol/rejections.ts'
import type { DeploymentResult, ProcessInstanceResult, ResultOf } from '../protocol/results.ts'
import type { Key, Variables } from '../protocol/values.ts'
import { createEngineClock } from './clock.ts'
import { checkLimits } from './command-limits.ts'
import { Committer } from './committer.ts'
import { sparingly } from './fault-reporter.ts'
import { HistoryPruner, retentionOf } from './history-pruner.ts'
import { JobWaiters } from './job-waiters.ts'
import { ModelCache, parseResources } from './models.ts'
import { refusal } from './refusal.ts'
import { Scheduler } from './scheduler.ts'
import { Store } from './store.ts'
import { Waiting } from './waiting.ts'

/** How long a command waits for what others have to do first when it does not say, milliseconds. */
const DEFAULT_REQUEST_TIMEOUT = 10_000

/** Opens the store and starts the engine on it. */
export function startEngine(options: EngineOptions): Engine {
  return new EmbeddedEngine(options)
}

type Ended = Effects['ended'][number]
type TaskChange = Effects['taskChanges'][number]
type TaskCommand = Extract<
  Command,
  { readonly type: 'AssignUserTask' | 'UnassignUserTask' | 'UpdateUserTask' | 'CompleteUserTask' | 'SetVariables' }
>

class EmbeddedEngine implements Engine {
  readonly clock: EngineClock
  readonly query: Engine['query']
  readonly databaseFile: string | null
  readonly #store: Store
  readonly #models = new ModelCache()
  readonly #committer: Committer
  readonly #scheduler: Scheduler
  readonly #pruner: HistoryPruner | undefined
  readonly #jobWaiters = new JobWaiters()
  readonly #completions = new Waiting<Ended>()
  readonly #taskChanges = new Waiting<TaskChange>()
  readonly #onFault: (fault: unknown) => void
  #closed: Promise<void> | undefined

  constructor(options: EngineOptions) {
    this.clock = options.clock ?? createEngineClock()
    this.#onFault = sparingly(options.onFault ?? ((fault) => console.error(fault)))
    this.#store = new Store(options.directory)
    this.query = this.#store.query
    this.databaseFile = this.#store.file
    const { state } = this.#store
    const pinnedAt = state.meta.get('clockPinnedAt')?.value
    if (pinnedAt != null) this.clock.pin(new Date(pinnedAt))
    const zone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
    const environment: Environment = {
      state,
      models: this.#models,
      behaviors,
      expressions: { clock: this.clock, zone },
    }
    this.#committer = new Committer(this.#store, environment, this.clock, (effects) => this.#committed(effects))
    this.#scheduler = new Scheduler(state, this.clock, (due) => this.#carryOut(due), this.#onFault)
    this.#scheduler.notice(Number.NEGATIVE_INFINITY)
    if (options.historyRetention !== undefined) {
      const endedBefore = retentionOf(options.historyRetention, zone)
      this.#pruner = new HistoryPruner(
        (after) => this.#committer.submit((processing) => pruneHistory(processing, endedBefore(processing.now), after)),
        this.#onFault,
      )
    }
  }

  async execute<C extends Command>(command: C): Promise<ResultOf<C>> {
    if (this.#closed !== undefined) throw new CommandRejection('UNAVAILABLE', command.type, 'The engine is closed')
    try {
      checkLimits(command)
      return (await this.#dispatch(command)) as ResultOf<C>
    } catch (error) {
      throw refusal(error, command.type, this.databaseFile)
    }
  }

  async #dispatch(command: Command): Promise<unknown> {
    switch (command.type) {
      case 'DeployResources':
        return this.#deploy(command.resources)
      case 'CreateProcessInstance':
        return command.awaitCompletion === true ? this.#createAndAwait(command) : this.#submit(command)
      case 'AssignUserTask':
      case 'UnassignUserTask':
      case 'UpdateUserTask':
      case 'CompleteUserTask':
      case 'SetVariables':
        return this.#changeTask(command)
      case 'PinClock':
      case 'ResetClock':
        await this.#committer.submit((processing) => processCommand<StateCommand>(processing, command), true)
        if (command.type === 'PinClock') this.clock.pin(new Date(command.timestamp))
        else this.clock.reset()
        this.#pruner?.restart()
        return this.#scheduler.recheck()
      default:
        return this.#submit(command)
    }
  }

  #submit<C extends StateCommand>(command: C): Promise<ResultOf<C>> {
    return this.#commit((processing) => processCommand(processing, command))
  }

  async #commit<Result>(run: (processing: Processing) => Result): Promise<Result> {
    try {
      return await this.#committer.submit(run)
    } catch (error) {
      throw error instanceof LateRejection ? error.rejection : error
    }
  }

  async #deploy(files: readonly ResourceFile[]): Promise<DeploymentResult> {
    const resources = await parseResources(files)
    const loaded: (() => void)[] = []
    const result = await this.#commit((processing) => {
      loaded.length = 0
      return deployResources(processing, resources, (key, model) => loaded.push(() => this.#models.keep(key, model)))
    })
    for (const keep of loaded) keep()
    return result
  }

  async #createAndAwait(command: CreateProcessInstance): Promise<ProcessInstanceResult> {
    const created = await this.#commit((processing) => {
      const result = processCommand(processing, command)
      this.#completions.expect(result.processInstanceKey)
      return result
    })
    const timeout = command.requestTimeout ?? DEFAULT_REQUEST_TIMEOUT
    const outcome = await this.#completions.outcomeOf(created.processInstanceKey, timeout)
    if (outcome?.completed === true)
      return { ...created, variables: this.#rootVariables(created.processInstanceKey, command.fetchVariables) }
    const instance = `The process instance '${created.processInstanceKey}'`
    throw outcome === undefined
      ? new CommandRejection('DEADLINE_EXCEEDED', command.type, `${instance} did not complete within ${timeout} ms`)
      : new CommandRejection('INVALID_STATE', command.type, `${instance} was terminated before it completed`)
  }

  #rootVariables(processInstanceKey: Key, names: readonly string[] = []): Variables {
    const rows = this.query.all<{ name: string; value: string }>(
      'SELECT name, value FROM variable WHERE scopeKey = ? ORDER BY key',
      processInstanceKey,
    )
    const wanted = rows.filter(({ name }) => names.length === 0 || names.includes(name))
    return Object.fromEntries(wanted.map(({ name, value }) => [name, JSON.parse(value)]))
  }

  /** Answers when the listeners of the user task, if it has any for this, have agreed. */
  async #changeTask<C extends TaskCommand>(command: C): Promise<ResultOf<C>> {
    const { result, awaited } = await this.#commit((processing) => {
      const result = processCommand(processing, command)
      if (processing.awaitedTask !== undefined) this.#taskChanges.expect(processing.awaitedTask)
      return { result, awaited: processing.awaitedTask }
    })
    if (awaited === undefined) return result
    const outcome = await this.#taskChanges.outcomeOf(awaited, DEFAULT_REQUEST_TIMEOUT)
    if (outcome === undefined)
      throw new CommandRejection(
        'DEADLINE_EXCEEDED',
        command.type,
        `Expected the listeners of user task '${awaited}' to answer within ${DEFAULT_REQUEST_TIMEOUT} ms, but they did not`,
      )
    if (outcome.refusal !== null) throw new CommandRejection('INVALID_STATE', command.type, outcome.refusal)
    return result
  }

  async waitForJobs(types: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.#closed !== undefined) return false
    for (const type of types)
      if (this.query.get('SELECT 1 FROM job WHERE type = ? AND activatable = 1', type) !== undefined) return true
    return this.#jobWaiters.wait(types, timeoutMs, signal)
  }

  close(): Promise<void> {
    this.#closed ??= this.#shutDown()
    return this.#closed
  }

  async #shutDown(): Promise<void> {
    this.#scheduler.close()
    this.#pruner?.close()
    this.#jobWaiters.close()
    await this.#committer.drain()
    const closed = new CommandRejection('UNAVAILABLE', 'Close', 'The engine was closed before it could answer')
    this.#completions.close(closed)
    this.#taskChanges.close(closed)
    this.#store.close()
  }

  async #carryOut(due: readonly ScheduledCommand[]): Promise<unknown[]> {
    const outcomes = await Promise.allSettled(due.map((command) => this.#carryOutOne(command)))
    return outcomes.map((outcome, index) => {
      if (outcome.status === 'fulfilled') return undefined
      const { reason } = outcome
      // Too deep or too large is no fault of the disk: the others go on.
      return reason instanceof RangeError ? reason : refusal(reason, due[index]?.type ?? '', this.databaseFile)
    })
  }

  async #carryOutOne(command: ScheduledCommand): Promise<void> {
    try {
      await this.#committer.submit((processing) => processDue(processing, command))
    } catch (error) {
      if (!(error instanceof LateRejection) || command.type !== 'ProcessBatchItem') throw error
      await this.#committer.submit((processing) => failBatchItem(processing, command.itemId, error.message))
    }
  }

  #committed(effects: Effects): void {
    this.#models.trim()
    for (const type of effects.jobTypes) this.#jobWaiters.notify(type)
    for (const change of effects.taskChanges) this.#taskChanges.settle(change.userTaskKey, change)
    for (const ended of effects.ended) this.#completions.settle(ended.key, ended)
    if (effects.dueAt !== Number.POSITIVE_INFINITY) this.#scheduler.notice(effects.dueAt)
  }
}
