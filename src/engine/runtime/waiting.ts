import type { Key } from '../protocol/values.ts'

/** Callers whose command is answered only when later commands have brought something about. */
export class Waiting<Outcome> {
  readonly #callers = new Map<Key, PromiseWithResolvers<Outcome | undefined>>()

  /** Has the outcome of `key` kept for its caller. To be called while the command is processed: it may come with the same commit. */
  expect(key: Key): void {
    const caller = Promise.withResolvers<Outcome | undefined>()
    // Until the caller waits for it a rejection is nobody's fault.
    caller.promise.catch(() => undefined)
    this.#callers.set(key, caller)
  }

  /** Waits for an expected outcome; `undefined` when it has not come after `timeoutMs` of real time. */
  async outcomeOf(key: Key, timeoutMs: number): Promise<Outcome | undefined> {
    const caller = this.#callers.get(key)
    if (caller === undefined) throw new Error(`the outcome of ${key} is not expected`)
    const timer = setTimeout(() => caller.resolve(undefined), timeoutMs)
    try {
      return await caller.promise
    } finally {
      clearTimeout(timer)
      if (this.#callers.get(key) === caller) this.#callers.delete(key)
    }
  }

  /** Something has come about; nothing happens when nobody waits for it. */
  settle(key: Key, outcome: Outcome): void {
    this.#callers.get(key)?.resolve(outcome)
  }

  /** Nothing will come about any more: whoever waits is told `reason`. */
  close(reason: Error): void {
    for (const caller of this.#callers.values()) caller.reject(reason)
  }
}
