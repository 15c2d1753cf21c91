import { type Effects, type Environment, Processing } from '../processing/processing.ts'
import type { EngineClock } from '../protocol/engine.ts'
import { MAX_BATCH_EVENTS } from '../protocol/limits.ts'
import { CommandRejection } from '../protocol/rejections.ts'
import { ModelNotLoaded } from './models.ts'
import type { Store } from './store.ts'

/** Most commands in one transaction. */
const BATCH = 256

/** A command on its way: what it does, and who waits for it. */
interface Entry {
  readonly run: (processing: Processing) => unknown
  /** The clock changes with it: what follows belongs to the next batch. */
  readonly endsBatch: boolean
  readonly resolve: (result: unknown) => void
  readonly reject: (reason: unknown) => void
}

type Outcome = { readonly result: unknown } | { readonly reason: unknown }

/**
 * Processes commands one after the other, many in one transaction: whoever arrives while a batch is being written is in
 * the next. Nobody gets an answer before the batch is on disk.
 */
export class Committer {
  readonly #store: Store
  readonly #environment: Environment
  readonly #clock: EngineClock
  readonly #onCommit: (effects: Effects) => void
  readonly #queue: Entry[] = []
  #scheduled = false
  /** Of the batch that is being processed. */
  #events = 0
  #busy: Promise<void> = Promise.resolve()

  constructor(store: Store, environment: Environment, clock: EngineClock, onCommit: (effects: Effects) => void) {
    this.#store = store
    this.#environment = environment
    this.#clock = clock
    this.#onCommit = onCommit
  }

  /** Puts a command in the queue; resolves with its result once it is on disk. */
  submit<Result>(run: (processing: Processing) => Result, endsBatch = false): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#queue.push({ run, endsBatch, resolve: resolve as (result: unknown) => void, reject })
      this.#schedule()
    })
  }

  /** Resolves when the queue is empty. */
  async drain(): Promise<void> {
    while (this.#scheduled || this.#queue.length > 0) {
      await this.#busy
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    // All commands of this turn of the event loop share a transaction.
    setImmediate(() => {
      this.#busy = this.#work()
    })
  }

  async #work(): Promise<void> {
    await this.#commit(this.#take())
    this.#scheduled = false
    if (this.#queue.length > 0) this.#schedule()
  }

  #take(): Entry[] {
    const end = this.#queue.slice(0, BATCH).findIndex((entry) => entry.endsBatch)
    return this.#queue.splice(0, end < 0 ? BATCH : end + 1)
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    for (;;) {
      const effects: Effects = { jobTypes: new Set(), ended: [], taskChanges: [], dueAt: Number.POSITIVE_INFINITY }
      let outcomes: Outcome[]
      try {
        outcomes = this.#store.transaction(() => this.#processSome(batch, effects))
      } catch (error) {
        const fault = error instanceof ModelNotLoaded ? await loadFault(error) : error
        if (fault === undefined) continue
        if (batch.length === 1) batch[0]?.reject(fault)
        // One command at fault must not take the others with it.
        else for (const entry of batch) await this.#commit([entry])
        return
      }
      outcomes.forEach((outcome, index) => {
        const entry = batch[index] as Entry
        if ('result' in outcome) entry.resolve(outcome.result)
        else entry.reject(outcome.reason)
      })
      this.#queue.unshift(...batch.slice(outcomes.length))
      this.#onCommit(effects)
      return
    }
  }

  /** Processes the first commands of a batch, until they have done so much that others should have their turn. */
  #processSome(batch: readonly Entry[], effects: Effects): Outcome[] {
    const outcomes: Outcome[] = []
    this.#events = 0
    for (const entry of batch) {
      outcomes.push(this.#process(entry, effects))
      if (this.#events > MAX_BATCH_EVENTS) break
    }
    return outcomes
  }

  #process(entry: Entry, effects: Effects): Outcome {
    const { state } = this.#environment
    const lastKey = state.lastKey
    const processing = new Processing(this.#environment, this.#clock.now().getTime(), effects)
    let outcome: Outcome
    try {
      outcome = { result: entry.run(processing) }
    } catch (error) {
      if (!(error instanceof CommandRejection)) throw error
      if (processing.events.length > 0)
        throw new Error('a command was rejected after it had changed state', { cause: error })
      outcome = { reason: error }
    }
    this.#events += processing.events.length
    if (processing.events.length > 0 || state.lastKey !== lastKey) this.#store.append(processing.now, processing.events)
    return outcome
  }
}

/** Loads a model. @returns why it cannot be loaded, if so */
async function loadFault(missing: ModelNotLoaded): Promise<unknown> {
  try {
    await missing.load()
    return undefined
  } catch (error) {
    return error
  }
}
