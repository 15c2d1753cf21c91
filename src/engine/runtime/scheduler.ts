import type { ScheduledCommand } from '../protocol/commands.ts'
import type { EngineClock } from '../protocol/engine.ts'
import type { State } from '../state/state.ts'

/** Longest sleep: the clock may be set from outside, or the machine may have slept. */
const LONGEST_SLEEP = 1_000
/** Due rows taken at a time, so that commands are served between. */
const BATCH = 200

/**
 * Wakes when the next timer, job timeout, back-off or message expiry is due. Nothing is kept in memory but the earliest
 * instant; the rows say what is due.
 */
export class Scheduler {
  readonly #state: State
  readonly #clock: EngineClock
  readonly #carryOut: (due: readonly ScheduledCommand[]) => Promise<boolean>
  readonly #onFault: (fault: unknown) => void
  #nextDue = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #running = false
  #closed = false
  #idle: (() => void)[] = []

  /**
   * @param carryOut processes due rows; resolves when they are on disk, to whether all were
   * (it must not reject); otherwise they are tried again after a pause
   */
  constructor(
    state: State,
    clock: EngineClock,
    carryOut: (due: readonly ScheduledCommand[]) => Promise<boolean>,
    onFault: (fault: unknown) => void,
  ) {
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
    const sleep = this.#nextDue - this.#clock.now().getTime()
    if (sleep === Number.POSITIVE_INFINITY) return
    this.#timer = setTimeout(() => void this.#wake(), Math.min(Math.max(sleep, 0), LONGEST_SLEEP))
  }

  async #wake(): Promise<void> {
    if (this.#running || this.#closed) return
    if (this.#nextDue > this.#clock.now().getTime()) {
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
      this.#timer = setTimeout(() => this.notice(Number.NEGATIVE_INFINITY), LONGEST_SLEEP)
      return
    }
    if (this.#nextDue > this.#clock.now().getTime()) this.#becomeIdle()
    this.#arm()
  }

  /** @returns whether all went well; if not, it is tried again after a pause */
  async #carryOutDue(): Promise<boolean> {
    try {
      const due = this.#dueRows(this.#clock.now().getTime())
      const done = due.length === 0 || (await this.#carryOut(due))
      if (!this.#closed) this.#nextDue = Math.min(this.#nextDue, this.#earliest())
      return done
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
    for (const { key, dueAt } of timers.find(`dueAt <= ? ORDER BY dueAt, key LIMIT ${BATCH}`, now))
      found.push({ at: dueAt, command: { type: 'TriggerTimer', timerKey: key } })
    for (const { key, deadline } of jobs.find(`deadline <= ? ORDER BY deadline LIMIT ${BATCH}`, now))
      found.push({ at: deadline ?? now, command: { type: 'TimeOutJob', jobKey: key } })
    for (const { key, retryAt } of jobs.find(`retryAt <= ? ORDER BY retryAt LIMIT ${BATCH}`, now))
      found.push({ at: retryAt ?? now, command: { type: 'ReactivateJob', jobKey: key } })
    for (const { key, expiresAt } of messages.find(`expiresAt <= ? ORDER BY expiresAt LIMIT ${BATCH}`, now))
      found.push({ at: expiresAt, command: { type: 'ExpireMessage', messageKey: key } })
    return found.sort((a, b) => a.at - b.at).map(({ command }) => command)
  }

  #earliest(): number {
    const { timers, jobs, messages } = this.#state
    return Math.min(
      timers.number('MIN(dueAt)', 'TRUE') ?? Number.POSITIVE_INFINITY,
      jobs.number('MIN(deadline)', 'deadline IS NOT NULL') ?? Number.POSITIVE_INFINITY,
      jobs.number('MIN(retryAt)', 'retryAt IS NOT NULL') ?? Number.POSITIVE_INFINITY,
      messages.number('MIN(expiresAt)', 'TRUE') ?? Number.POSITIVE_INFINITY,
    )
  }
}
