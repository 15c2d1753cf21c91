import type { Clock } from '../calendar/clock.ts'

/** Attempts that are free of waiting. */
const freeAttempts = 5
const firstWaitMs = 30_000
const longestWaitMs = 15 * 60_000
// Names are the caller's input: without a bound an attacker could fill the memory with invented ones.
const rememberedNames = 10_000

interface Failures {
  count: number
  lastAt: number
}

/** Slows down guessing: after five failures each further one doubles the wait, from 30 s to 15 min. */
export interface Throttle {
  /** Until when attempts for this name are refused unseen; undefined when one may be made now. */
  lockedUntil(name: string): Date | undefined
  /** Counts an attempt as failed until `succeeded` is called. */
  attempt(name: string): void
  succeeded(name: string): void
}

/** Creates a throttle that remembers failures per name, in memory: a restart forgives, which no remote guesser controls. */
export function createThrottle(clock: Clock): Throttle {
  const failures = new Map<string, Failures>()
  return {
    lockedUntil(name) {
      const failed = failures.get(name)
      if (!failed || failed.count < freeAttempts) return undefined
      const wait = Math.min(firstWaitMs * 2 ** (failed.count - freeAttempts), longestWaitMs)
      const until = failed.lastAt + wait
      return until > clock.now().getTime() ? new Date(until) : undefined
    },
    attempt(name) {
      const count = (failures.get(name)?.count ?? 0) + 1
      failures.delete(name)
      failures.set(name, { count, lastAt: clock.now().getTime() })
      if (failures.size > rememberedNames) {
        const oldest = failures.keys().next().value
        if (oldest !== undefined) failures.delete(oldest)
      }
    },
    succeeded(name) {
      failures.delete(name)
    },
  }
}
