import { addDuration } from '../model/calendar.ts'
import { parseDuration } from '../model/timer-expression.ts'
import type { Key } from '../protocol/values.ts'

/** Real time between two rounds over the history, and between two steps of a round, milliseconds. */
const ROUND_PAUSE = 60_000
const STEP_PAUSE = 20

/** Reads a retention. @returns the instant before which what has ended is not kept @throws {Error} when it is neither */
export function retentionOf(retention: string | number, zone: string): (now: number) => number {
  const duration =
    typeof retention === 'number' ? { months: 0, days: 0, milliseconds: retention } : parseDuration(retention)
  const { months = 0, days = 0, milliseconds = Number.NaN } = duration ?? {}
  if (!(months >= 0 && days >= 0 && milliseconds >= 0))
    throw new Error(
      `historyRetention must be an ISO-8601 duration (P5Y) or milliseconds, not negative; it is '${retention}'`,
    )
  return (now) => addDuration(now, { months: -months, days: -days, milliseconds: -milliseconds }, zone)
}

/** Goes over the history in small steps, each a command between others; where it is need not survive a restart. */
export class HistoryPruner {
  readonly #step: (after: Key) => Promise<Key | undefined>
  readonly #onFault: (fault: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #closed = false

  /** @param step prunes a little behind a key; gives where to look on */
  constructor(step: (after: Key) => Promise<Key | undefined>, onFault: (fault: unknown) => void) {
    this.#step = step
    this.#onFault = onFault
    this.#later(0, STEP_PAUSE)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  /** The clock was moved: begins a new round. */
  restart(): void {
    this.#later(0, STEP_PAUSE)
  }

  #later(after: Key, pause: number): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#goOn(after), pause)
    this.#timer.unref()
  }

  async #goOn(after: Key): Promise<void> {
    try {
      const next = await this.#step(after)
      this.#later(next ?? 0, next === undefined ? ROUND_PAUSE : STEP_PAUSE)
    } catch (fault) {
      this.#onFault(fault)
      this.#later(0, ROUND_PAUSE)
    }
  }
}
