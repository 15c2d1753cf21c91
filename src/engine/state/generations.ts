/**
 * A bounded cache: entries that were used since the last turn are young, the others old; when the young are too many,
 * the old are dropped and the young become old. What is in use stays, without a list to keep in order.
 */
export class Generations<Key, Value> {
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  /** Whether there is an entry, also one whose value is `undefined`. */
  has(key: Key): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  /** The entry of a key; it is young again. */
  get(key: Key): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.#young.set(key, old)
    return old
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value)
  }

  /** Drops what was not used lately, so that at most twice `limit` entries (and those of one batch) are kept. */
  trim(limit: number): void {
    if (this.#young.size <= limit) return
    this.#old = this.#young
    this.#young = new Map()
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
