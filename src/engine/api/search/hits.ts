import type { SqlValue } from '../../index.ts'
import type { ReadQuery } from '../http/read.ts'
import { allOf, type Condition } from './condition.ts'
import type { Criteria } from './criteria.ts'
import { beyond, comparePositions, orderBy, type SortTerm } from './order.ts'
import { type Cursor, MAX_HITS, type Page } from './page.ts'

/** A row of a read-only query. */
export type Row = Record<string, SqlValue>

/**
 * A way through an index in the order of a sort, taken when more rows match than are counted: then one in a few rows on
 * the way matches, and a page is soon full. With fewer, all that match are read and sorted.
 */
export interface Walk {
  /** The index. It has the columns of `given`, then that of `each`, then that of the sort, then the key. */
  index: string
  /** Filters that must be there with one value for it. */
  given?: readonly string[]
  /** A column of few values before that of the sort: the index is walked for each, and the ways are merged. */
  each?: { filter: string; sql: string; values: readonly string[] }
}

/** What is searched, in SQL. */
export interface Source {
  /** The searched table with its alias. */
  table: string
  /** What follows it: joins. */
  joins: string
  /** The expression of the key. */
  key: string
  /** Expressions to read along with the order, for rows without a key that could be looked up. */
  columns: string | undefined
  criteria: Criteria
  terms: readonly SortTerm[]
  page: Page
}

/** One page of hits, each with `hit`, its key, and `sort_0`, `sort_1`, … its position. */
export interface Hits {
  rows: Row[]
  /** Counted up to one more than the most that is counted. */
  total: number
}

/** Finds the hits of a page, and how many there are. */
export function findHits(query: ReadQuery, source: Source, walk: Walk | undefined, states: readonly string[]): Hits {
  // When there may be many, it is worth to count first: that reads no more of a row than the filters need. Hits that are
  // found by their members have their rows read anyway.
  const { selective, gathered } = source.criteria
  const total = walk && !selective && !gathered.distinct ? countHits(query, source) : 0
  const few = total <= MAX_HITS ? fewHits(query, source) : undefined
  if (few && few.total <= MAX_HITS) return few
  const { terms, page } = source
  const backward = page.kind === 'before'
  const rows = walk
    ? walkHits(query, source, walk, states)
    : sortHits(query, source, source.table, [], terms, limitOf(page))
  return { rows: backward ? rows.reverse() : rows, total: few?.total ?? total }
}

function countHits(query: ReadQuery, { joins, criteria }: Source): number {
  const { from, where } = criteria.gathered
  const row = query.get<Row>(
    `SELECT count(*) AS total FROM (SELECT 1 FROM ${from} ${joins} ${clause(where)}
      LIMIT ${MAX_HITS + 1})`,
    ...(where?.params ?? []),
  )
  return Number(row?.total ?? 0)
}

/** Reads what matches, up to one more than is counted, and sorts it. */
function fewHits(query: ReadQuery, { joins, key, columns, criteria, terms, page }: Source): Hits {
  const { from, where, distinct } = criteria.gathered
  const hits = `SELECT ${distinct ? 'DISTINCT ' : ''}${columns ?? `${key} AS hit`}, ${sortColumns(terms)}
    FROM ${from} ${joins} ${clause(where)} LIMIT ${MAX_HITS + 1}`
  const params = where?.params ?? []
  const sorted = terms.map((term, index) => ({ ...term, sql: `sort_${index}` }))
  const backward = page.kind === 'before'
  const position = page.kind === 'offset' ? undefined : beyond(sorted, page.cursor, backward)
  const rows = query.all<Row>(
    `WITH hits AS MATERIALIZED (${hits})
     SELECT *, (SELECT count(*) FROM hits) AS total FROM hits ${clause(position)}
      ORDER BY ${orderBy(sorted, backward)} LIMIT ? OFFSET ?`,
    ...params,
    ...(position?.params ?? []),
    ...limitOf(page),
  )
  const total = rows[0]?.total ?? query.get<Row>(`SELECT count(*) AS total FROM (${hits})`, ...params)?.total
  return { rows: backward ? rows.reverse() : rows, total: Number(total ?? 0) }
}

/** Takes a page along an index. */
function walkHits(query: ReadQuery, source: Source, walk: Walk, states: readonly string[]): Row[] {
  const { terms, page } = source
  const backward = page.kind === 'before'
  const table = `${source.table} INDEXED BY ${walk.index}`
  const ways = walk.each ? states.map((state) => ({ sql: `${walk.each?.sql} = ?`, params: [state] })) : [undefined]
  const parts = partsOf(terms, page, backward)
  const [part] = parts
  if (ways.length === 1 && parts.length === 1 && part) {
    const conditions = [...(ways[0] ? [ways[0]] : []), ...part.conditions]
    return sortHits(query, source, table, conditions, part.terms, limitOf(page))
  }
  const from = page.kind === 'offset' ? page.from : 0
  const wanted = from + page.limit
  const found = ways.map((way) => {
    const rows: Row[] = []
    for (const part of parts) {
      if (rows.length >= wanted) break
      const conditions = [...(way ? [way] : []), ...part.conditions]
      rows.push(...sortHits(query, source, table, conditions, part.terms, [wanted - rows.length, 0]))
    }
    return rows
  })
  const merged = found.length === 1 ? (found[0] ?? []) : found.flat()
  if (found.length > 1) {
    const direction = backward ? -1 : 1
    merged.sort((a, b) => direction * comparePositions(terms, cursorOf(a, terms), cursorOf(b, terms)))
  }
  return merged.slice(from, wanted)
}

interface Part {
  conditions: Condition[]
  terms: readonly SortTerm[]
}

/**
 * An index has the rows without a value at its other end. So what has a value is one part of the way and what has none is
 * another; within each, the first term cannot be NULL, or need not be looked at.
 */
function partsOf(terms: readonly SortTerm[], page: Page, backward: boolean): Part[] {
  const [first, ...rest] = terms
  const cursor = page.kind === 'offset' ? undefined : page.cursor
  if (!first?.nullable) return [{ conditions: cursor ? [beyond(terms, cursor, backward)] : [], terms }]
  const valued = [{ ...first, nullable: false }, ...rest]
  const withValue: Part = { conditions: [{ sql: `${first.sql} IS NOT NULL`, params: [] }], terms: valued }
  const without: Part = { conditions: [{ sql: `${first.sql} IS NULL`, params: [] }], terms }
  const parts = backward ? [without, withValue] : [withValue, without]
  if (!cursor) return parts
  const from = cursor[0] === null ? without : withValue
  if (cursor[0] === null) without.conditions.push(beyond(rest, cursor.slice(1), backward))
  else withValue.conditions.push(beyond(valued, cursor, backward))
  return parts.slice(parts.indexOf(from))
}

function sortHits(
  query: ReadQuery,
  source: Source,
  table: string,
  conditions: Condition[],
  terms: readonly SortTerm[],
  limit: [number, number],
): Row[] {
  const { joins, key, columns, criteria, page } = source
  const where = criteria.walked
  const backward = page.kind === 'before'
  const walked = table !== source.table
  const position = page.kind === 'offset' || walked ? [] : [beyond(terms, page.cursor, backward)]
  const condition = allOf([...(where ? [where] : []), ...conditions, ...position])
  // The first term is the same in all rows of a part without values: the order is that of the others.
  const order = walked && terms[0]?.nullable ? terms.slice(1) : terms
  return query.all<Row>(
    `SELECT ${columns ?? `${key} AS hit`}, ${sortColumns(source.terms)} FROM ${table} ${joins} ${clause(condition)}
      ORDER BY ${orderBy(order, backward)} LIMIT ? OFFSET ?`,
    ...(condition?.params ?? []),
    ...limit,
  )
}

/** The position of a hit. */
export function cursorOf(row: Row, terms: readonly SortTerm[]): Cursor {
  return terms.map((_, index) => row[`sort_${index}`] ?? null)
}

function limitOf(page: Page): [limit: number, offset: number] {
  return [page.limit, page.kind === 'offset' ? page.from : 0]
}

function sortColumns(terms: readonly SortTerm[]): string {
  return terms.map(({ sql }, index) => `${sql} AS sort_${index}`).join(', ')
}

function clause(condition: Condition | undefined): string {
  return condition ? `WHERE ${condition.sql}` : ''
}
