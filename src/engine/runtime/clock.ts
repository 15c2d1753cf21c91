import type { EngineClock } from '../protocol/engine.ts'

/**
 * Makes the clock that the engine and everything around it share.
 * The one place of the engine that reads the machine's time.
 */
export function createEngineClock(): EngineClock {
  let pinned: number | undefined
  return {
    now: () => new Date(pinned ?? Date.now()),
    pin(instant) {
      const time = instant.getTime()
      if (Number.isNaN(time)) throw new RangeError('clock.pin: the instant is not a valid date')
      pinned = time
    },
    reset() {
      pinned = undefined
    },
  }
}
