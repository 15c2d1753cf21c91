import type { ScheduledCommand } from '../protocol/commands.ts'
import type { EngineClock } from '../protocol/engine.ts'
import { CommandRejection } from '../protocol/rejections.ts'
import type { Key } from '../protocol/values.ts'
import type { BatchOperationItemRow } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import { Postponed } from './postponed.ts'

/** Longest sleep: the clock may be set from outside, or the machine may have slept. */
const LONGEST_SLEEP = 1_000
/** Due rows taken at a time, so that commands are served between. */
const BATCH = 200
/** Items of each batch operation taken at a time: one may end a whole tree of instances. */
const BATCH_ITEMS = 20

/**
 * Processes due rows; resolves when they are on disk, to what went wrong with each, in their order: a `CommandRejection`
 * when the disk did not let it through, any other error when the engine is at fault. It must not reject.
 */
type CarryOut = (due: readonly ScheduledCommand[]) => Promise<readonly unknown[]>

/**
 * Wakes when the next timer, job timeout, back-off or message expiry is due. Nothing is kept in memory but the earliest
 * instant; the rows say what is due.
 */
export class Scheduler {
  readonly #state: State
  readonly #clock: EngineClock
  readonly #carryOut: CarryOut
  readonly #onFault: (fault: unknown) => void
  #nextDue = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  readonly #postponed = new Postponed()
  #running = false
  #closed = false
  #idle: (() => void)[] = []

  constructor(state: State, clock: EngineClock, carryOut: CarryOut, onFault: (fault: unknown) => void) {
    this.#state = state
    this.#onFault = onFault
    this.#clock = clock
    this.#carryOut = carryOut
  }

  /** Something new is due at `instant`. */
  notice(instant: number): void {
    this.#nextDue = Math.min(this.#nextDue, instant)
    this.#arm()
  }

  /** The clock was set: looks at the rows again. @returns a promise for the moment when nothing is due any more */
  recheck(): Promise<void> {
    this.notice(Number.NEGATIVE_INFINITY)
    return this.#closed ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve))
  }

  /** Stops waking. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#becomeIdle()
  }

  #arm(): void {
    if (this.#closed || this.#running) return
    clearTimeout(this.#timer)
    const sleep = Math.min(this.#nextDue - this.#clock.now().getTime(), this.#postponed.nextTry())
    if (sleep === Number.POSITIVE_INFINITY) return
    this.#timer = setTimeout(() => void this.#wake(), Math.min(Math.max(sleep, 0), LONGEST_SLEEP))
  }

  async #wake(): Promise<void> {
    if (this.#running || this.#closed) return
    if (this.#nextDue > this.#clock.now().getTime() && this.#postponed.nextTry() > 0) {
      this.#arm()
      return
    }
    this.#running = true
    // What is noticed from here on counts; what the rows say is asked below.
    this.#nextDue = Number.POSITIVE_INFINITY
    const done = await this.#carryOutDue()
    this.#running = false
    if (this.#closed) return
    if (!done) {
      this.#becomeIdle()
      // Whatever is noticed meanwhile waits as well: the disk fails.
      this.#running = true
      this.#timer = setTimeout(() => {
        this.#running = false
        this.notice(Number.NEGATIVE_INFINITY)
      }, LONGEST_SLEEP)
      return
    }
    if (this.#nextDue > this.#clock.now().getTime()) this.#becomeIdle()
    this.#arm()
  }

  /** @returns whether the disk does its part; if not, all is tried again after a pause */
  async #carryOutDue(): Promise<boolean> {
    try {
      const due = this.#dueRows(this.#clock.now().getTime())
      const faults = due.length === 0 ? [] : await this.#carryOut(due)
      let diskWorks = true
      due.forEach((command, index) => {
        const fault = faults[index]
        if (fault === undefined) this.#postponed.remove(keyOf(command))
        else {
          this.#onFault(fault)
          if (fault instanceof CommandRejection) diskWorks = false
          // The engine is at fault: the others go on without this one.
          else this.#postponed.add(keyOf(command))
        }
      })
      if (!this.#closed) this.#nextDue = Math.min(this.#nextDue, this.#earliest())
      return diskWorks
    } catch (fault) {
      this.#onFault(fault)
      return false
    }
  }

  #becomeIdle(): void {
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }

  #dueRows(now: number): ScheduledCommand[] {
    const { timers, jobs, messages } = this.#state
    const found: { at: number; command: ScheduledCommand }[] = []
    // The postponed ones come first, being the oldest.
    const limit = BATCH + this.#postponed.size
    for (const { key, dueAt } of timers.find(`dueAt <= ? ORDER BY dueAt, key LIMIT ${limit}`, now))
      found.push({ at: dueAt, command: { type: 'TriggerTimer', timerKey: key } })
    for (const { key, deadline } of jobs.find(`deadline <= ? ORDER BY deadline LIMIT ${limit}`, now))
      found.push({ at: deadline ?? now, command: { type: 'TimeOutJob', jobKey: key } })
    for (const { key, retryAt } of jobs.find(`retryAt <= ? ORDER BY retryAt LIMIT ${limit}`, now))
      found.push({ at: retryAt ?? now, command: { type: 'ReactivateJob', jobKey: key } })
    for (const { key, expiresAt } of messages.find(`expiresAt <= ? ORDER BY expiresAt LIMIT ${limit}`, now))
      found.push({ at: expiresAt, command: { type: 'ExpireMessage', messageKey: key } })
    for (const { id, itemKey } of this.#batchItems(BATCH_ITEMS))
      found.push({ at: now, command: { type: 'ProcessBatchItem', itemKey, itemId: id } })
    const due = found.sort((a, b) => a.at - b.at).map(({ command }) => command)
    if (this.#postponed.size === 0) return due
    this.#postponed.forgetEnded(new Set(due.map(keyOf)))
    return due.filter((command) => !this.#postponed.waits(keyOf(command)))
  }

  /** The next items of each batch operation, at least `count` besides the postponed ones. */
  #batchItems(count: number): BatchOperationItemRow[] {
    const { batchOperations, batchOperationItems } = this.#state
    return batchOperations
      .find("state = 'ACTIVE' ORDER BY key")
      .flatMap(({ key }) =>
        batchOperationItems.find(
          "batchOperationKey = ? AND state = 'ACTIVE' ORDER BY itemKey LIMIT ?",
          key,
          count + this.#postponed.size,
        ),
      )
      .filter(({ itemKey }) => !this.#postponed.waits(itemKey))
  }

  #earliest(): number {
    if (this.#batchItems(1).length > 0) return Number.NEGATIVE_INFINITY
    const { timers, jobs, messages } = this.#state
    // The postponed ones come first, being the oldest.
    const limit = this.#postponed.size + 1
    const first = (rows: readonly { readonly key: Key; readonly at: number | null }[]) =>
      rows.find(({ key }) => !this.#postponed.waits(key))?.at ?? Number.POSITIVE_INFINITY
    return Math.min(
      first(timers.find('TRUE ORDER BY dueAt, key LIMIT ?', limit).map(({ key, dueAt: at }) => ({ key, at }))),
      first(
        jobs
          .find('deadline IS NOT NULL ORDER BY deadline LIMIT ?', limit)
          .map(({ key, deadline: at }) => ({ key, at })),
      ),
      first(
        jobs.find('retryAt IS NOT NULL ORDER BY retryAt LIMIT ?', limit).map(({ key, retryAt: at }) => ({ key, at })),
      ),
      first(messages.find('TRUE ORDER BY expiresAt LIMIT ?', limit).map(({ key, expiresAt: at }) => ({ key, at }))),
    )
  }
}

function keyOf(command: ScheduledCommand): Key {
  switch (command.type) {
    case 'TriggerTimer':
      return command.timerKey
    case 'TimeOutJob':
    case 'ReactivateJob':
      return command.jobKey
    case 'ExpireMessage':
      return command.messageKey
    case 'ProcessBatchItem':
      return command.itemKey
  }
}
