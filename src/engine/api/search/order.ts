import type { SqlValue } from '../../index.ts'
import { allOf, anyOf, type Condition } from './condition.ts'
import type { Cursor } from './page.ts'

/** One criterion of an order. Rows without a value come last, in either direction. */
export interface SortTerm {
  /** An SQL expression. */
  sql: string
  descending: boolean
  /** Whether `sql` may be NULL. */
  nullable: boolean
}

/** The ORDER BY list of some terms; `backward` turns all of them round. */
export function orderBy(terms: readonly SortTerm[], backward: boolean): string {
  return terms
    .flatMap(({ sql, descending, nullable }) => [
      ...(nullable ? [`(${sql} IS NULL) ${backward ? 'DESC' : 'ASC'}`] : []),
      `${sql} ${descending !== backward ? 'DESC' : 'ASC'}`,
    ])
    .join(', ')
}

/** The rows that come after a position in an order, or before it. */
export function beyond(terms: readonly SortTerm[], cursor: Cursor, backward: boolean): Condition {
  const [first] = terms
  const downward = terms.map(({ descending }) => descending !== backward)
  if (first && terms.every(({ nullable }) => !nullable) && downward.every((direction) => direction === downward[0])) {
    // One comparison of rows, for which an index in this order is entered in the middle.
    const sign = downward[0] ? '<' : '>'
    const marks = terms.map(() => '?').join(', ')
    return { sql: `(${terms.map(({ sql }) => sql).join(', ')}) ${sign} (${marks})`, params: [...cursor] }
  }
  const alternatives = terms.flatMap((term, index) => {
    const same = terms
      .slice(0, index)
      .map(({ sql }, at): Condition => ({ sql: `${sql} IS ?`, params: [cursor[at] ?? null] }))
    const further = furtherBy(term, cursor[index] ?? null, backward)
    return further ? [allOf([...same, further]) ?? further] : []
  })
  return anyOf(alternatives) ?? { sql: 'FALSE', params: [] }
}

/** Further on by this term alone; `undefined` when nothing can be. */
function furtherBy({ sql, descending, nullable }: SortTerm, value: SqlValue, backward: boolean): Condition | undefined {
  if (value === null) return backward ? { sql: `${sql} IS NOT NULL`, params: [] } : undefined
  const compared = { sql: `${sql} ${descending !== backward ? '<' : '>'} ?`, params: [value] }
  return nullable && !backward ? { sql: `(${compared.sql} OR ${sql} IS NULL)`, params: [value] } : compared
}

/** Compares two positions in an order. */
export function comparePositions(terms: readonly SortTerm[], one: Cursor, other: Cursor): number {
  for (const [index, { descending }] of terms.entries()) {
    const [a, b] = [one[index] ?? null, other[index] ?? null]
    if (a === b) continue
    if (a === null) return 1
    if (b === null) return -1
    const order = typeof a === 'string' || typeof b === 'string' ? compareText(String(a), String(b)) : a - b
    if (order !== 0) return descending ? -order : order
  }
  return 0
}

/** As SQLite compares: by bytes. */
function compareText(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
