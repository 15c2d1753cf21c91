import { z } from 'zod'
import type { SqlValue } from '../../index.ts'
import { validate } from '../http/body.ts'
import type { ReadQuery } from '../http/read.ts'
import { allOf, anyOf, type Condition } from './condition.ts'
import { compare, compareAny, type Operators, type ValueType } from './filter.ts'
import { type Cursor, encodeCursor, MAX_HITS, type Page, pageOf, pageSchema } from './page.ts'

/** A row of a read-only query. */
export type Row = Record<string, SqlValue>

/** A property that requests may filter or sort by. */
export interface SearchField {
  type: ValueType
  /** The SQL expression of its value; of one value within `owners` for a field of several values. */
  sql: string
  /** For a field of several values: a SELECT of the keys of rows, with a WHERE clause. */
  owners?: string
  /** Set when `sql` may be NULL: such rows sort last. */
  nullable?: true
  /** Set when values may be long: they sort by their first characters, so that cursors stay short. */
  long?: true
}

/** A search over one table: what `POST /v2/<plural>/search` needs to know. */
interface SearchDefinition<Item> {
  /** What follows FROM, joins included. */
  from: string
  /** The expressions after SELECT. */
  columns: string
  /** The SQL expression of the unique key. */
  key: string
  /** The last sort criteria, which tell all rows apart, as SQL expressions. Default: the key. */
  position?: string[]
  /** Filterable properties by name. */
  filters: Record<string, SearchField>
  /** Sortable properties by name. */
  sorts: Record<string, SearchField>
  /** Filters that no single column answers, each a schema and the condition that its value states. */
  special?: Record<string, SpecialFilter>
  /** Set when a filter may hold alternatives in `$or`. */
  alternatives?: true
  /** An item of the answer. */
  item: (row: Row, query: ReadQuery) => Item
}

/** See {@link SearchDefinition.special}; make one with {@link special}. */
interface SpecialFilter {
  schema: z.ZodType
  condition: (value: unknown, filter: Filter) => Condition
}

/** The checked `filter` of a request. */
export type Filter = Record<string, unknown>

/**
 * A filter with its own schema and SQL; the condition may also look at the rest of the filter.
 */
export function special<Schema extends z.ZodType>(
  schema: Schema,
  condition: (value: z.output<Schema>, filter: Filter) => Condition,
): SpecialFilter {
  // The schema of the request holds this schema under the same name, so the value is its output.
  return { schema, condition: (value, filter) => condition(value as z.output<Schema>, filter) }
}

/** The answer to a search. */
interface SearchResult<Item> {
  items: Item[]
  page: { totalItems: number; hasMoreTotalItems: boolean; startCursor?: string; endCursor?: string }
}

interface SortTerm {
  sql: string
  descending: boolean
}

const LONG_SORT_CHARACTERS = 40

/**
 * Compiles a search: `run(query, body, scope)` checks the body of a request and answers it.
 * `scope` is a condition that the path of the request adds (`process_instance_key = ?`).
 */
export function defineSearch<Item>(definition: SearchDefinition<Item>) {
  const schema = requestSchema(definition)
  return {
    /** Accepts the `filter` of a request. */
    filterSchema: filterSchema(definition),
    /** The conditions that a filter accepted by `filterSchema` states. */
    conditions: (filter: Filter): Condition[] => conditionsOf(definition, filter),
    run(query: ReadQuery, body: unknown, scope: readonly Condition[] = []): SearchResult<Item> {
      const request = validate(schema, body ?? {}, 'body')
      const where = allOf([...guardOf(query), ...scope, ...conditionsOf(definition, request.filter ?? {})])
      const terms = sortTerms(definition, request.sort ?? [])
      const page = pageOf(request.page, terms.length)
      const rows = select(query, definition, where, terms, page)
      const total = countHits(query, definition, where)
      const [first, last] = [rows[0], rows.at(-1)]
      return {
        items: rows.map((row) => definition.item(row, query)),
        page: {
          totalItems: Math.min(total, MAX_HITS),
          hasMoreTotalItems: total > MAX_HITS,
          ...(first ? { startCursor: encodeCursor(cursorOf(first, terms)) } : {}),
          ...(last ? { endCursor: encodeCursor(cursorOf(last, terms)) } : {}),
        },
      }
    },
    /** The item with this key, or `undefined`. A scope that finds it faster may be added. */
    get(query: ReadQuery, key: string | number, scope: readonly Condition[] = []): Item | undefined {
      const where = allOf([...scope, { sql: `${definition.key} = ?`, params: [key] }])
      const row = query.get<Row>(
        `SELECT ${definition.columns} FROM ${definition.from}${clause(where)}`,
        ...(where?.params ?? []),
      )
      return row && definition.item(row, query)
    },
  }
}

/** See {@link ReadQuery.guard}. */
export function guardOf(query: ReadQuery): Condition[] {
  return query.guard === undefined ? [] : [{ sql: query.guard, params: [] }]
}

function filterSchema<Item>(definition: SearchDefinition<Item>) {
  const shape: Record<string, z.ZodType> = {}
  for (const [name, field] of Object.entries(definition.filters)) shape[name] = field.type.filter.nullish()
  for (const [name, filter] of Object.entries(definition.special ?? {})) shape[name] = filter.schema.nullish()
  if (definition.alternatives) shape.$or = z.array(z.strictObject({ ...shape })).optional()
  return z.strictObject(shape)
}

function requestSchema<Item>(definition: SearchDefinition<Item>) {
  const names = Object.keys(definition.sorts)
  return z.strictObject({
    filter: filterSchema(definition).nullish(),
    sort: z
      .array(
        z.strictObject({
          field: z.string().refine((name) => names.includes(name), { error: `must be one of ${names.join(', ')}` }),
          order: z
            .string()
            .transform((order) => order.toUpperCase())
            .pipe(z.enum(['ASC', 'DESC']))
            .nullish(),
        }),
      )
      .nullish(),
    page: pageSchema,
  })
}

function conditionsOf<Item>(definition: SearchDefinition<Item>, filter: Filter): Condition[] {
  const conditions: Condition[] = []
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined || value === null) continue
    const field = definition.filters[name]
    const specialFilter = definition.special?.[name]
    if (field) {
      // The schema of the request, built from the same fields, has turned every value into operators.
      const operators = value as Operators<SqlValue>
      conditions.push(
        field.owners ? compareAny(definition.key, field.owners, field.sql, operators) : compare(field.sql, operators),
      )
    } else if (specialFilter) {
      conditions.push(specialFilter.condition(value, filter))
    } else if (name === '$or' && Array.isArray(value)) {
      const alternatives = value.map(
        (alternative) => allOf(conditionsOf(definition, alternative)) ?? { sql: 'TRUE', params: [] },
      )
      const condition = anyOf(alternatives)
      if (condition) conditions.push(condition)
    }
  }
  return conditions
}

function sortTerms<Item>(
  definition: SearchDefinition<Item>,
  sort: readonly { field: string; order?: 'ASC' | 'DESC' | null | undefined }[],
): SortTerm[] {
  const terms: SortTerm[] = []
  for (const { field: name, order } of sort) {
    const field = definition.sorts[name]
    if (!field) continue
    const descending = order === 'DESC'
    if (field.nullable) terms.push({ sql: `(${field.sql} IS NULL)`, descending: false })
    terms.push({ sql: field.long ? `substr(${field.sql}, 1, ${LONG_SORT_CHARACTERS})` : field.sql, descending })
  }
  for (const sql of definition.position ?? [definition.key]) terms.push({ sql, descending: false })
  return terms
}

function select<Item>(
  query: ReadQuery,
  definition: SearchDefinition<Item>,
  where: Condition | undefined,
  terms: readonly SortTerm[],
  page: Page,
): Row[] {
  const backward = page.kind === 'before'
  const order = terms.map(({ sql, descending }) => `${sql} ${descending !== backward ? 'DESC' : 'ASC'}`).join(', ')
  const position = page.kind === 'offset' ? undefined : beyond(terms, page.cursor, backward)
  const condition = allOf([where, position].filter((part) => part !== undefined))
  const sorted = terms.map(({ sql }, index) => `${sql} AS sort_${index}`).join(', ')
  // A composite position has no key to look rows up by: the columns are read along with the order.
  const columns = definition.position ? definition.columns : `${definition.key} AS hit`
  const hits = query.all<Row>(
    `SELECT ${columns}, ${sorted} FROM ${definition.from}${clause(condition)} ORDER BY ${order} LIMIT ? OFFSET ?`,
    ...(condition?.params ?? []),
    page.limit,
    page.kind === 'offset' ? page.from : 0,
  )
  if (backward) hits.reverse()
  return definition.position ? hits : withColumns(query, definition, hits)
}

/** Reads the columns of the hits of one page only: sorting all hits with all their columns would cost much more. */
function withColumns<Item>(query: ReadQuery, definition: SearchDefinition<Item>, hits: readonly Row[]): Row[] {
  if (hits.length === 0) return []
  const rows = query.all<Row>(
    `SELECT ${definition.columns}, ${definition.key} AS hit FROM ${definition.from}
      WHERE ${definition.key} IN (SELECT value FROM json_each(?))`,
    JSON.stringify(hits.map((row) => row.hit)),
  )
  const byKey = new Map(rows.map((row) => [row.hit, row]))
  return hits.map((row) => ({ ...byKey.get(row.hit ?? null), ...row }))
}

/** The rows that come after a position in the order of `terms`, or before it. */
function beyond(terms: readonly SortTerm[], cursor: Cursor, backward: boolean): Condition {
  const alternatives = terms.map(({ sql, descending }, index): Condition => {
    const same = terms.slice(0, index).map((term) => `${term.sql} IS ?`)
    return {
      sql: [...same, `${sql} ${descending !== backward ? '<' : '>'} ?`].join(' AND '),
      params: cursor.slice(0, index + 1),
    }
  })
  return anyOf(alternatives) ?? { sql: 'TRUE', params: [] }
}

function cursorOf(row: Row, terms: readonly SortTerm[]): Cursor {
  return terms.map((_, index) => row[`sort_${index}`] ?? null)
}

function countHits<Item>(query: ReadQuery, definition: SearchDefinition<Item>, where: Condition | undefined): number {
  const row = query.get<Row>(
    `SELECT count(*) AS hits FROM (SELECT 1 FROM ${definition.from}${clause(where)} LIMIT ${MAX_HITS + 1})`,
    ...(where?.params ?? []),
  )
  return Number(row?.hits ?? 0)
}

function clause(condition: Condition | undefined): string {
  return condition ? ` WHERE ${condition.sql}` : ''
}
