import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { MAX_CACHED_TEXT } from '../protocol/limits.ts'
import { Generations } from './generations.ts'

/** A value that SQLite takes or gives here. */
type Cell = null | number | string

/** What a row of a table has at least. */
type AnyRow = object

/** What is to be written of a row: all of it, nothing more, or these columns. */
type Change = 'insert' | 'delete' | 'replace' | ColumnSet

/** Stands in the cache for "there is no such row". */
const ABSENT = Symbol('absent')

/** Columns that an update changes; equal sets are the same object, which keeps their statement. */
class ColumnSet {
  readonly columns: readonly string[]
  statement: StatementSync | undefined
  readonly #more = new Map<string, ColumnSet>()

  constructor(columns: readonly string[]) {
    this.columns = columns
  }

  /** This set and one more column. */
  with(column: string, interned: Map<string, ColumnSet>): ColumnSet {
    let more = this.#more.get(column)
    if (more === undefined) {
      const columns = this.columns.includes(column) ? this.columns : [...this.columns, column].sort()
      const name = columns.join()
      more = interned.get(name) ?? new ColumnSet(columns)
      interned.set(name, more)
      this.#more.set(column, more)
    }
    return more
  }
}

/**
 * One table, written back in groups: changes stay in memory until `flush`, so that a row which passes several states in
 * one batch is written once, and only the columns (and their indexes) that differ. Rows are never mutated, they are replaced.
 */
export class Table<Row extends AnyRow> {
  readonly name: string
  readonly #database: DatabaseSync
  readonly #columns: readonly string[]
  readonly #keyColumn: string
  readonly #rows = new Generations<Cell, Row | typeof ABSENT>()
  readonly #changes = new Map<Cell, Change>()
  readonly #statements = new Map<string, StatementSync>()
  readonly #columnSets = new Map<string, ColumnSet>()
  readonly #noColumns = new ColumnSet([])
  readonly #emptyRow: Readonly<Record<string, Cell>>
  readonly #select: StatementSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync

  readonly #longColumn: (keyof Row & string) | undefined
  /** Characters of long columns that came into the cache since rows were last dropped for them. */
  #longText = 0

  /** @param longColumn a column whose texts may be long, so that not many of them are kept */
  constructor(database: DatabaseSync, name: string, longColumn?: keyof Row & string) {
    this.#longColumn = longColumn
    this.#database = database
    this.name = name
    const columns = database.prepare(`SELECT name, pk FROM pragma_table_info(?)`).all(name) as {
      name: string
      pk: number
    }[]
    this.#columns = columns.map((column) => column.name)
    this.#emptyRow = Object.fromEntries(this.#columns.map((column) => [column, null]))
    this.#keyColumn = columns.find((column) => column.pk === 1)?.name ?? 'key'
    this.#select = this.#prepareSelect(`${this.#keyColumn} = ?`)
    this.#insert = database.prepare(
      `INSERT INTO ${name} (${this.#columns.join(', ')}) VALUES (${this.#columns.map(() => '?').join(', ')})`,
    )
    this.#delete = database.prepare(`DELETE FROM ${name} WHERE ${this.#keyColumn} = ?`)
  }

  /** The row of a key, if there is one. */
  get(key: Cell): Row | undefined {
    let row = this.#rows.get(key)
    if (row === undefined) {
      const cells = this.#select.get(key)
      row = cells === undefined ? ABSENT : this.#toRow(cells)
      this.#rows.set(key, row)
      if (this.#longColumn !== undefined && row !== ABSENT) this.#countText(row)
    }
    return row === ABSENT ? undefined : row
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
    if (this.#longColumn !== undefined) this.#countText(row)
    this.#changes.set(key, this.#changes.get(key) === 'delete' ? 'replace' : 'insert')
  }

  /** Replaces columns of a row. @throws {Error} when there is no such row: an applier got an impossible event */
  update(key: Cell, patch: Partial<Row>): void {
    const row = this.require(key)
    let change = this.#changes.get(key) ?? this.#noColumns
    if (change instanceof ColumnSet)
      for (const column in patch) if (row[column] !== patch[column]) change = change.with(column, this.#columnSets)
    if (change === this.#noColumns) return
    this.#changes.set(key, change)
    this.#rows.set(key, { ...row, ...patch })
    if (this.#longColumn !== undefined) this.#countText(patch)
  }

  /** Removes a row; nothing happens when there is none. */
  delete(key: Cell): void {
    if (this.#changes.get(key) === 'insert') this.#changes.delete(key)
    else this.#changes.set(key, 'delete')
    this.#rows.set(key, ABSENT)
  }

  /** Rows that match, e.g. `find('scopeKey = ? ORDER BY key', scopeKey)`. Pending changes are written first. */
  find(where: string, ...parameters: Cell[]): Row[] {
    this.flush()
    return this.#query(where)
      .all(...parameters)
      .map((cells) => this.#toRow(cells))
  }

  /** The first row that matches. */
  findFirst(where: string, ...parameters: Cell[]): Row | undefined {
    this.flush()
    const cells = this.#query(`${where} LIMIT 1`).get(...parameters)
    return cells === undefined ? undefined : this.#toRow(cells)
  }

  /** One number, e.g. `number('MIN(dueAt)', '1')`; `undefined` for NULL. */
  number(expression: string, where: string, ...parameters: Cell[]): number | undefined {
    this.flush()
    const id = `${expression} ${where}`
    let statement = this.#statements.get(id)
    if (statement === undefined) {
      statement = this.#database.prepare(`SELECT ${expression} AS value FROM ${this.name} WHERE ${where}`)
      this.#statements.set(id, statement)
    }
    const value = statement.get(...parameters)?.value
    return typeof value === 'number' ? value : undefined
  }

  /** Writes pending changes to the database. */
  flush(): void {
    if (this.#changes.size === 0) return
    for (const [key, change] of this.#changes) {
      if (change === 'delete' || change === 'replace') this.#delete.run(key)
      if (change === 'delete') continue
      const row = this.get(key) as Readonly<Record<string, Cell>>
      if (change instanceof ColumnSet) {
        change.statement ??= this.#update(change.columns)
        change.statement.run(...cells(row, change.columns), key)
      } else this.#insert.run(...cells(row, this.#columns))
    }
    this.#changes.clear()
  }

  /** Drops cached rows beyond `limit`; to be called with nothing pending. */
  trim(limit: number): void {
    this.#rows.trim(this.#longText > MAX_CACHED_TEXT ? 0 : limit)
    if (this.#longText > MAX_CACHED_TEXT) this.#longText = 0
  }

  /** Forgets everything that was not written: the transaction was rolled back. */
  forget(): void {
    this.#rows.clear()
    this.#changes.clear()
  }

  #countText(row: Partial<Row>): void {
    const text = this.#longColumn && row[this.#longColumn]
    if (typeof text === 'string') this.#longText += text.length
  }

  #keyOf(row: Row): Cell {
    return (row as Readonly<Record<string, Cell>>)[this.#keyColumn] as Cell
  }

  #update(columns: readonly string[]): StatementSync {
    return this.#database.prepare(
      `UPDATE ${this.name} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE ${this.#keyColumn} = ?`,
    )
  }

  #query(where: string): StatementSync {
    let statement = this.#statements.get(where)
    if (statement === undefined) {
      statement = this.#prepareSelect(where)
      this.#statements.set(where, statement)
    }
    return statement
  }

  #prepareSelect(where: string): StatementSync {
    const statement = this.#database.prepare(`SELECT * FROM ${this.name} WHERE ${where}`)
    statement.setReturnArrays(true)
    return statement
  }

  /** An object of the usual kind: those that `node:sqlite` makes itself are ten times as slow to copy. */
  #toRow(result: unknown): Row {
    const values = result as readonly Cell[]
    const row: Record<string, Cell> = { ...this.#emptyRow }
    for (let index = 0; index < values.length; index += 1) row[this.#columns[index] as string] = values[index] ?? null
    return row as Row
  }
}

function cells(row: Readonly<Record<string, Cell>>, columns: readonly string[]): Cell[] {
  const values = new Array<Cell>(columns.length)
  for (let index = 0; index < columns.length; index += 1) values[index] = row[columns[index] as string] ?? null
  return values
}
