import type { DatabaseSync } from 'node:sqlite'
import type { JsonValue, Key } from '../protocol/values.ts'
import { Generations } from './generations.ts'
import type { VariableRow } from './rows.ts'
import { Table } from './table.ts'

/** Variables, found by scope and name; scopes that a batch works in are kept in memory. */
export class VariableTable {
  readonly #table: Table<VariableRow>
  readonly #scopes = new Generations<Key, Map<string, Key>>()
  readonly #parsed = new WeakMap<VariableRow, JsonValue>()

  constructor(database: DatabaseSync) {
    this.#table = new Table(database, 'variable')
  }

  /** The variable that a scope itself holds under a name. */
  local(scopeKey: Key, name: string): VariableRow | undefined {
    const key = this.#scope(scopeKey).get(name)
    return key === undefined ? undefined : this.#table.get(key)
  }

  /** All variables that a scope itself holds. */
  locals(scopeKey: Key): VariableRow[] {
    const found: VariableRow[] = []
    for (const key of this.#scope(scopeKey).values()) {
      const row = this.#table.get(key)
      if (row !== undefined) found.push(row)
    }
    return found
  }

  /** The value of a variable, parsed once a row. */
  valueOf(row: VariableRow): JsonValue {
    let value = this.#parsed.get(row)
    if (value === undefined) {
      value = JSON.parse(row.value) as JsonValue
      this.#parsed.set(row, value)
    }
    return value
  }

  /** A scope that was just made holds nothing: saves asking the database. */
  begin(scopeKey: Key): void {
    this.#scopes.set(scopeKey, new Map())
  }

  insert(row: VariableRow): void {
    this.#scope(row.scopeKey).set(row.name, row.key)
    this.#table.insert(row)
  }

  update(key: Key, value: string): void {
    this.#table.update(key, { value })
  }

  flush(): void {
    this.#table.flush()
  }

  trim(limit: number): void {
    this.#table.trim(limit)
    this.#scopes.trim(limit)
  }

  forget(): void {
    this.#table.forget()
    this.#scopes.clear()
  }

  #scope(scopeKey: Key): Map<string, Key> {
    let scope = this.#scopes.get(scopeKey)
    if (scope === undefined) {
      scope = new Map(this.#table.find('scopeKey = ? ORDER BY key', scopeKey).map((row) => [row.name, row.key]))
      this.#scopes.set(scopeKey, scope)
    }
    return scope
  }
}
