interface Waiter {
  readonly types: readonly string[]
  readonly finish: (found: boolean) => void
}

/** Who waits for jobs of which type. */
export class JobWaiters {
  readonly #byType = new Map<string, Set<Waiter>>()

  /** Waits for `notify` with one of `types`, for `timeoutMs` of real time, or for `signal`. */
  wait(types: readonly string[], timeoutMs: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (found: boolean) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', giveUp)
        this.#remove(waiter)
        resolve(found)
      }
      const giveUp = () => finish(false)
      const waiter: Waiter = { types, finish }
      const timer = setTimeout(giveUp, Math.min(Math.max(timeoutMs, 0), 2 ** 31 - 1))
      signal?.addEventListener('abort', giveUp)
      for (const type of types) {
        const waiters = this.#byType.get(type) ?? new Set()
        this.#byType.set(type, waiters.add(waiter))
      }
      if (signal?.aborted === true) giveUp()
    })
  }

  /** Jobs of a type can be activated: those who wait for them try. */
  notify(type: string): void {
    for (const waiter of [...(this.#byType.get(type) ?? [])]) waiter.finish(true)
  }

  /** The engine closes: nobody gets a job any more. */
  close(): void {
    for (const waiters of [...this.#byType.values()]) for (const waiter of [...waiters]) waiter.finish(false)
  }

  #remove(waiter: Waiter): void {
    for (const type of waiter.types) {
      const waiters = this.#byType.get(type)
      waiters?.delete(waiter)
      if (waiters?.size === 0) this.#byType.delete(type)
    }
  }
}
