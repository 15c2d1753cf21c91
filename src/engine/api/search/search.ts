import { z } from 'zod'
import type { SqlValue } from '../../index.ts'
import { validate } from '../http/body.ts'
import { invalidArgument } from '../http/problem.ts'
import type { ReadQuery } from '../http/read.ts'
import { allOf, anyOf, type Condition } from './condition.ts'
import { criteriaOf, equalValues, fieldCriteria } from './criteria.ts'
import type { Operators, ValueType } from './filter.ts'
import { cursorOf, findHits, type Row, type Walk } from './hits.ts'
import { type Criterion, compareMembers, type Members } from './members.ts'
import type { SortTerm } from './order.ts'
import { type Cursor, encodeCursor, MAX_HITS, pageOf, pageSchema } from './page.ts'

export type { Row } from './hits.ts'

/** A property that requests may filter or sort by. */
export interface SearchField {
  type: ValueType
  /** The SQL expression of its value; of one value within `members` for a field of several values. */
  sql: string
  /** What an index of it finds for one value: few rows, or many. */
  reach?: 'selective' | 'coarse'
  /** Equal values are found by an index only up to so many characters. */
  indexedLength?: number
  /** For a field of several values: where they are. */
  members?: Members
  /** Set when `sql` may be NULL: such rows sort last. */
  nullable?: true
  /** Set when values may be very long: they sort by their first characters, so that sorting does not carry them about. */
  long?: true
  /** Indexes in its order; the first one whose `given` filters are there is walked. */
  walks?: readonly Walk[]
}

/** A search over one table: what `POST /v2/<plural>/search` needs to know. */
interface SearchDefinition<Item> {
  /** The searched table with its alias. */
  from: string
  /** Joins of it. */
  joins?: string
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
  /** Indexes in the order of the key: see {@link SearchField.walks}. */
  walks?: readonly Walk[]
  /** Filters that no single column answers, each a schema and the condition that its value states. */
  special?: Record<string, SpecialFilter>
  /** Set when a filter may hold alternatives in `$or`. */
  alternatives?: true
  /** The expression of the size of a row in characters, when rows may be so large that a page of them is too much. */
  size?: string
  /** An item of the answer. */
  item: (row: Row, query: ReadQuery) => Item
}

/** See {@link SearchDefinition.special}; make one with {@link special}. */
interface SpecialFilter {
  schema: z.ZodType
  condition: (value: unknown, filter: Filter, query: ReadQuery) => Criterion[]
}

/** The checked `filter` of a request. */
export type Filter = Record<string, unknown>

/**
 * A filter with its own schema and SQL; the condition may also look at the rest of the filter.
 */
export function special<Schema extends z.ZodType>(
  schema: Schema,
  condition: (value: z.output<Schema>, filter: Filter, query: ReadQuery) => Criterion[],
): SpecialFilter {
  // The schema of the request holds this schema under the same name, so the value is its output.
  return { schema, condition: (value, filter, query) => condition(value as z.output<Schema>, filter, query) }
}

/** The answer to a search. */
interface SearchResult<Item> {
  items: Item[]
  page: { totalItems: number; hasMoreTotalItems: boolean; startCursor?: string; endCursor?: string }
}

/** The most characters of one answer; see {@link SearchDefinition.size}. */
const MAX_PAGE_CHARACTERS = 64 * 1024 * 1024
const LONG_SORT_CHARACTERS = 256

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
    conditions: (query: ReadQuery, filter: Filter): Condition[] => filterCriteria(definition, query, filter),
    run(query: ReadQuery, body: unknown, scope: readonly Condition[] = []): SearchResult<Item> {
      const request = validate(schema, body ?? {}, 'body')
      const filter = request.filter ?? {}
      const terms = sortTerms(definition, request.sort ?? [])
      const walk = walkOf(definition, request.sort?.[0]?.field, filter)
      const { rows, total } = findHits(
        query,
        {
          table: definition.from,
          joins: definition.joins ?? '',
          key: definition.key,
          // A composite position has no key to look rows up by: the columns are read along with the order.
          columns: definition.position ? definition.columns : undefined,
          criteria: criteriaOf(
            definition.from,
            [...guardOf(query), ...scope],
            filterCriteria(definition, query, filter),
          ),
          terms,
          page: pageOf(request.page, {
            values: terms.length,
            positionOf: (key) => positionOf(query, definition, terms, key),
          }),
        },
        walk,
        walk?.each ? valuesOf(filter[walk.each.filter], walk.each.values) : [],
      )
      const keys = keyExpressions(definition).map((sql) => terms.findIndex((term) => term.sql === sql))
      const cursor = (row: Row) => {
        const position = cursorOf(row, terms)
        return encodeCursor(
          position,
          keys.map((at) => position[at] ?? null),
        )
      }
      const [first, last] = [rows[0], rows.at(-1)]
      return {
        items: (definition.position ? rows : withColumns(query, definition, rows)).map((row) =>
          definition.item(row, query),
        ),
        page: {
          totalItems: Math.min(total, MAX_HITS),
          hasMoreTotalItems: total > MAX_HITS,
          ...(first ? { startCursor: cursor(first) } : {}),
          ...(last ? { endCursor: cursor(last) } : {}),
        },
      }
    },
    /** The item with this key, or `undefined`. A scope that finds it faster may be added. */
    get(query: ReadQuery, key: string | number, scope: readonly Condition[] = []): Item | undefined {
      const where = allOf([...scope, { sql: `${definition.key} = ?`, params: [key] }])
      const row = query.get<Row>(
        `SELECT ${definition.columns} FROM ${definition.from} ${definition.joins ?? ''} WHERE ${where?.sql}`,
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
  for (const [name, field] of Object.entries(definition.filters)) {
    shape[name] = field.type.filter.nullish()
  }
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

function filterCriteria<Item>(definition: SearchDefinition<Item>, query: ReadQuery, filter: Filter): Criterion[] {
  const criteria: Criterion[] = []
  for (const [name, value] of Object.entries(filter)) {
    if (value === undefined || value === null) continue
    const field = definition.filters[name]
    const specialFilter = definition.special?.[name]
    if (field) {
      // The schema of the request, built from the same fields, has turned every value into operators.
      const operators = value as Operators<SqlValue>
      if (field.members) criteria.push(...compareMembers(query, field.members, field.sql, operators))
      else criteria.push(...fieldCriteria(field, operators))
    } else if (specialFilter) {
      criteria.push(...specialFilter.condition(value, filter, query))
    } else if (name === '$or' && Array.isArray(value)) {
      const alternatives = value.map(
        (alternative) => allOf(filterCriteria(definition, query, alternative)) ?? { sql: 'TRUE', params: [] },
      )
      const condition = anyOf(alternatives)
      if (condition) criteria.push(condition)
    }
  }
  return criteria
}

function sortTerms<Item>(
  definition: SearchDefinition<Item>,
  sort: readonly { field: string; order?: 'ASC' | 'DESC' | null | undefined }[],
): SortTerm[] {
  const terms: SortTerm[] = []
  const add = (term: SortTerm) => {
    if (!terms.some(({ sql }) => sql === term.sql)) terms.push(term)
  }
  for (const { field: name, order } of sort) {
    const field = definition.sorts[name]
    if (!field) continue
    const sql = field.long ? `substr(${field.sql}, 1, ${LONG_SORT_CHARACTERS})` : field.sql
    add({ sql, descending: order === 'DESC', nullable: field.nullable ?? false })
  }
  // What is equal so far follows by key, in the direction of the last criterion: the direction of an index.
  const descending = terms.at(-1)?.descending ?? false
  for (const sql of keyExpressions(definition)) add({ sql, descending, nullable: false })
  return terms
}

/** The expressions that tell all rows apart. */
function keyExpressions<Item>(definition: SearchDefinition<Item>): readonly string[] {
  return definition.position ?? [definition.key]
}

/** Where the row with a key is in an order. */
function positionOf<Item>(
  query: ReadQuery,
  definition: SearchDefinition<Item>,
  terms: readonly SortTerm[],
  key: Cursor,
): Cursor | undefined {
  const keys = keyExpressions(definition)
  if (key.length !== keys.length) return undefined
  const row = query.get<Row>(
    `SELECT ${terms.map(({ sql }, index) => `${sql} AS sort_${index}`).join(', ')}
       FROM ${definition.from} ${definition.joins ?? ''} WHERE ${keys.map((sql) => `${sql} = ?`).join(' AND ')}`,
    ...key,
  )
  return row && cursorOf(row, terms)
}

function walkOf<Item>(definition: SearchDefinition<Item>, sort: string | undefined, filter: Filter): Walk | undefined {
  const field = sort === undefined ? undefined : definition.sorts[sort]
  const walks = field === undefined || field.sql === definition.key ? definition.walks : field.walks
  return walks?.find(({ given = [] }) => given.every((name) => isOneValue(filter[name])))
}

function isOneValue(operators: unknown): boolean {
  return typeof operators === 'object' && operators !== null && '$eq' in operators && operators.$eq !== undefined
}

/** Those of some values that a filter with operators may let through; the filter itself decides. */
function valuesOf(filter: unknown, values: readonly string[]): readonly string[] {
  const sought = equalValues((filter ?? {}) as Operators<SqlValue>)
  return sought === undefined ? values : values.filter((value) => sought.includes(value))
}

/** Reads the columns of the hits of one page only: sorting all hits with all their columns would cost much more. */
function withColumns<Item>(query: ReadQuery, definition: SearchDefinition<Item>, hits: readonly Row[]): Row[] {
  if (hits.length === 0) return []
  const keys = JSON.stringify(hits.map((row) => row.hit))
  const from = `FROM ${definition.from} ${definition.joins ?? ''}
    WHERE ${definition.key} IN (SELECT value FROM json_each(?))`
  if (definition.size !== undefined) {
    const { size } = query.get<Row>(`SELECT sum(${definition.size}) AS size ${from}`, keys) ?? {}
    if (Number(size ?? 0) > MAX_PAGE_CHARACTERS) {
      throw invalidArgument(
        `The items of this page hold ${size} characters, too many for one answer: lower [page.limit].`,
      )
    }
  }
  const rows = query.all<Row>(`SELECT ${definition.columns}, ${definition.key} AS hit ${from}`, keys)
  const byKey = new Map(rows.map((row) => [row.hit, row]))
  return hits.map((row) => ({ ...byKey.get(row.hit ?? null), ...row }))
}
