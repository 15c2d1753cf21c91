import type { SqlValue } from '../../index.ts'
import { allOf, type Condition } from './condition.ts'
import { compare, type Operators } from './filter.ts'
import type { Criterion } from './members.ts'

/** What the filters of a request state, in the forms that the ways of finding hits need. */
export interface Criteria {
  /** Whether few rows are found. */
  selective: boolean
  /** For the way through an index in the order of the sort. */
  walked: Condition | undefined
  /** For reading all that matches: where rows come from, and which are taken. */
  gathered: { from: string; where: Condition | undefined; distinct: boolean }
}

/**
 * Puts criteria together.
 *
 * SQLite keeps no statistics here and takes any index for a good one. So indexes that find many rows are hidden from it
 * when another finds few; and when members are many, reading begins with them.
 * @param table the searched table with its alias
 * @param conditions others that hold anyway
 */
export function criteriaOf(table: string, conditions: readonly Condition[], criteria: readonly Criterion[]): Criteria {
  const walked = allOf([...conditions, ...criteria])
  const selective = criteria.some((criterion) => criterion.selective)
  const start = selective ? undefined : criteria.find(({ from }) => from !== undefined)
  if (!selective && start === undefined)
    return { selective, walked, gathered: { from: table, where: walked, distinct: false } }
  const looked = criteria.map((criterion) => criterion.hidden ?? criterion)
  if (!start?.from)
    return { selective, walked, gathered: { from: table, where: allOf([...conditions, ...looked]), distinct: false } }
  const rest = looked.filter((_, index) => criteria[index] !== start)
  return {
    selective,
    walked,
    gathered: {
      // CROSS JOIN: in this order.
      from: `${start.from.table} CROSS JOIN ${table}`,
      where: allOf([start.from.condition, ...conditions, ...rest]),
      distinct: true,
    },
  }
}

/** A column with what its index does. */
interface IndexedColumn {
  sql: string
  reach?: 'selective' | 'coarse'
  indexedLength?: number
}

/** What operators on one column state. */
export function fieldCriteria(
  { sql, reach, indexedLength }: IndexedColumn,
  operators: Operators<SqlValue>,
): Criterion[] {
  const condition = compare(sql, operators)
  const sought = equalValues(operators)
  if (reach === 'selective' && sought) return [{ ...condition, selective: true }]
  // A unary plus changes no value, and makes of a column an expression that has no index.
  if (reach) return [{ ...condition, hidden: compare(`+${sql}`, operators) }]
  const short = indexedLength !== undefined && sought?.every((value) => String(value).length <= indexedLength)
  return short ? [{ sql: `length(${sql}) <= ${indexedLength}`, params: [] }, condition] : [condition]
}

/** The values that a field must be equal to one of, when operators say so. */
export function equalValues({ $eq, $in }: Operators<SqlValue>): SqlValue[] | undefined {
  return $eq === undefined ? $in : [$eq]
}
