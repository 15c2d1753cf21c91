import type { Key } from '../protocol/values.ts'

/** First pause after a fault, and the longest, milliseconds of real time. */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 60_000

/**
 * Due rows at which the engine failed: each waits for a while, longer each time, so that the others go on. A timer keeps
 * its key, a job its own, so one table of keys is enough.
 */
export class Postponed {
  readonly #rows = new Map<Key, { readonly until: number; readonly pause: number }>()

  /** How many there are, waiting or not. */
  get size(): number {
    return this.#rows.size
  }

  /** The engine failed at a row: it waits. */
  add(key: Key): void {
    const pause = Math.min((this.#rows.get(key)?.pause ?? FIRST_PAUSE / 2) * 2, LONGEST_PAUSE)
    this.#rows.set(key, { until: performance.now() + pause, pause })
  }

  /** A row was carried out, or is not due any more. */
  remove(key: Key): void {
    this.#rows.delete(key)
  }

  /** Whether a row still waits. */
  waits(key: Key): boolean {
    const row = this.#rows.get(key)
    return row !== undefined && row.until > performance.now()
  }

  /** Rows whose pause is over and that are not among the due ones have ended otherwise. */
  forgetEnded(due: ReadonlySet<Key>): void {
    for (const key of this.#rows.keys()) if (!this.waits(key) && !due.has(key)) this.#rows.delete(key)
  }

  /** Milliseconds of real time until the next one is tried again; infinite without any. */
  nextTry(): number {
    let next = Number.POSITIVE_INFINITY
    for (const { until } of this.#rows.values()) next = Math.min(next, until - performance.now())
    return Math.max(next, 0)
  }
}
