import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** A value that SQLite takes or gives here. */
type Cell = null | number | string

/** What a row of a table has at least. */
type AnyRow = object

type Change = 'insert' | 'update' | 'delete'

/**
 * One table, written back in groups: changes stay in memory until `flush`, so that a row which passes several states in
 * one batch is written once. Rows are never mutated, they are replaced.
 */
export class Table<Row extends AnyRow> {
  readonly name: string
  readonly #database: DatabaseSync
  readonly #columns: readonly string[]
  readonly #mutable: readonly string[]
  readonly #keyColumn: string
  readonly #rows = new Map<Cell, Row | undefined>()
  readonly #changes = new Map<Cell, Change>()
  readonly #statements = new Map<string, StatementSync>()

  /** @param mutable columns that an update may change (the others, and their indexes, are not touched by it) */
  constructor(database: DatabaseSync, name: string, mutable: readonly (keyof Row & string)[] = []) {
    this.#database = database
    this.name = name
    const columns = database.prepare(`SELECT name, pk FROM pragma_table_info(?)`).all(name) as {
      name: string
      pk: number
    }[]
    this.#columns = columns.map((column) => column.name)
    this.#keyColumn = columns.find((column) => column.pk === 1)?.name ?? 'key'
    this.#mutable = mutable
  }

  /** The row of a key, if there is one. */
  get(key: Cell): Row | undefined {
    if (this.#rows.has(key)) return this.#rows.get(key)
    const row = this.#statement(`SELECT * FROM ${this.name} WHERE ${this.#keyColumn} = ?`).get(key) as Row | undefined
    this.#rows.set(key, row)
    return row
  }

  /** The row of a key that must have one. @throws {Error} when there is none */
  require(key: Cell): Row {
    const row = this.get(key)
    if (row === undefined) throw new Error(`${this.name} has no row ${String(key)}`)
    return row
  }

  /** Adds a row. */
  insert(row: Row): void {
    const key = this.#keyOf(row)
    this.#rows.set(key, row)
    this.#changes.set(key, this.#changes.get(key) === 'delete' ? 'update' : 'insert')
  }

  /** Replaces columns of a row. @throws {Error} when there is no such row: an applier got an impossible event */
  update(key: Cell, patch: Partial<Row>): void {
    this.#rows.set(key, { ...this.require(key), ...patch })
    if (this.#changes.get(key) !== 'insert') this.#changes.set(key, 'update')
  }

  /** Removes a row; nothing happens when there is none. */
  delete(key: Cell): void {
    if (this.#changes.get(key) === 'insert') this.#changes.delete(key)
    else this.#changes.set(key, 'delete')
    this.#rows.set(key, undefined)
  }

  /** Rows that match, e.g. `find('scopeKey = ? ORDER BY key', scopeKey)`. Pending changes are written first. */
  find(where: string, ...parameters: Cell[]): Row[] {
    this.flush()
    return this.#statement(`SELECT * FROM ${this.name} WHERE ${where}`).all(...parameters) as unknown as Row[]
  }

  /** The first row that matches. */
  findFirst(where: string, ...parameters: Cell[]): Row | undefined {
    this.flush()
    return this.#statement(`SELECT * FROM ${this.name} WHERE ${where} LIMIT 1`).get(...parameters) as Row | undefined
  }

  /** One number, e.g. `number('MIN(dueAt)', '1')`; `undefined` for NULL. */
  number(expression: string, where: string, ...parameters: Cell[]): number | undefined {
    this.flush()
    const row = this.#statement(`SELECT ${expression} AS value FROM ${this.name} WHERE ${where}`).get(...parameters)
    const value = row?.value
    return typeof value === 'number' ? value : undefined
  }

  /** Writes pending changes to the database. */
  flush(): void {
    if (this.#changes.size === 0) return
    for (const [key, change] of this.#changes) {
      if (change === 'delete') {
        this.#statement(`DELETE FROM ${this.name} WHERE ${this.#keyColumn} = ?`).run(key)
        continue
      }
      const row = this.#rows.get(key) as Readonly<Record<string, Cell>>
      if (change === 'insert') this.#insert().run(...this.#columns.map((column) => row[column] ?? null))
      else this.#update().run(...this.#mutable.map((column) => row[column] ?? null), key)
    }
    this.#changes.clear()
  }

  /** Drops cached rows beyond `limit`; to be called with nothing pending. */
  trim(limit: number): void {
    if (this.#rows.size > limit) this.#rows.clear()
  }

  /** Forgets everything that was not written: the transaction was rolled back. */
  forget(): void {
    this.#rows.clear()
    this.#changes.clear()
  }

  #keyOf(row: Row): Cell {
    return (row as Readonly<Record<string, Cell>>)[this.#keyColumn] as Cell
  }

  #insert(): StatementSync {
    return this.#statement(
      `INSERT INTO ${this.name} (${this.#columns.join(', ')}) VALUES (${this.#columns.map(() => '?').join(', ')})`,
    )
  }

  #update(): StatementSync {
    if (this.#mutable.length === 0) throw new Error(`rows of ${this.name} cannot change`)
    return this.#statement(
      `UPDATE ${this.name} SET ${this.#mutable.map((column) => `${column} = ?`).join(', ')} WHERE ${this.#keyColumn} = ?`,
    )
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}
