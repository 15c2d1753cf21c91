import type { DatabaseSync } from 'node:sqlite'
import type { JsonValue, Key } from '../protocol/values.ts'
import { Generations } from './generations.ts'
import type { VariableRow } from './rows.ts'
import { Table } from './table.ts'

/** Lists kept between batches. */
const MAX_LISTS = 100

/** A JSON list whose items are set one by one. */
class ItemList {
  readonly #items: string[]
  #length: number
  #changed = false

  constructor(text: string) {
    const value: unknown = JSON.parse(text)
    this.#items = Array.isArray(value) ? value.map((item) => JSON.stringify(item)) : []
    this.#length = text.length
  }

  /** Characters of its text. */
  get length(): number {
    return this.#length
  }

  set(index: number, item: string): void {
    while (this.#items.length <= index) this.#items.push('null')
    this.#length += item.length - (this.#items[index]?.length ?? 0)
    this.#items[index] = item
    this.#changed = true
  }

  /** Its text, when that has changed since it was last asked for. */
  changedText(): string | undefined {
    if (!this.#changed) return undefined
    this.#changed = false
    return `[${this.#items.join(',')}]`
  }
}

/** Variables, found by scope and name; scopes that a batch works in are kept in memory. */
export class VariableTable {
  readonly #table: Table<VariableRow>
  readonly #scopes = new Generations<Key, Map<string, Key>>()
  readonly #parsed = new WeakMap<VariableRow, JsonValue>()
  /** Lists whose items are set one by one: written as one text when that is asked for. */
  readonly #lists = new Map<Key, ItemList>()

  constructor(database: DatabaseSync) {
    this.#table = new Table(database, 'variable', 'value')
  }

  /** The variable that a scope itself holds under a name. */
  local(scopeKey: Key, name: string): VariableRow | undefined {
    const key = this.#scope(scopeKey).get(name)
    return key === undefined ? undefined : this.#get(key)
  }

  /** Key of the variable that a scope itself holds under a name. */
  keyOf(scopeKey: Key, name: string): Key | undefined {
    return this.#scope(scopeKey).get(name)
  }

  /** Length of a variable's text. */
  lengthOf(key: Key): number {
    return this.#lists.get(key)?.length ?? this.#table.require(key).value.length
  }

  /** All variables that a scope itself holds. */
  locals(scopeKey: Key): VariableRow[] {
    const found: VariableRow[] = []
    for (const key of this.#scope(scopeKey).values()) {
      const row = this.#get(key)
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
    this.#lists.delete(key)
    this.#table.update(key, { value })
  }

  /** Sets one item of a list; what is no list becomes one. */
  setItem(key: Key, index: number, value: string): void {
    let list = this.#lists.get(key)
    if (list === undefined) {
      list = new ItemList(this.#table.require(key).value)
      this.#lists.set(key, list)
    }
    list.set(index, value)
  }

  flush(): void {
    for (const key of this.#lists.keys()) this.#writeList(key)
    this.#table.flush()
  }

  trim(limit: number): void {
    this.#table.trim(limit)
    if (this.#lists.size > MAX_LISTS) this.#lists.clear()
    this.#scopes.trim(limit)
  }

  forget(): void {
    this.#table.forget()
    this.#lists.clear()
    this.#scopes.clear()
  }

  #get(key: Key): VariableRow | undefined {
    this.#writeList(key)
    return this.#table.get(key)
  }

  #writeList(key: Key): void {
    const text = this.#lists.get(key)?.changedText()
    if (text !== undefined) this.#table.update(key, { value: text })
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
