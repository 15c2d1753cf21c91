/**
 * The source of business time. Every component that needs "now" gets a clock, so that tests and
 * demonstrations move time instead of waiting for it.
 */
export interface Clock {
  now(): Date
}

/** The clock of the machine, for production. */
export const systemClock: Clock = {
  now: () => new Date(),
}
