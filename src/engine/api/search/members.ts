import type { SqlValue } from '../../index.ts'
import type { ReadQuery } from '../http/read.ts'
import { allOf, type Condition, not } from './condition.ts'
import { compare, type Operators } from './filter.ts'

/** Rows of another table that belong to the searched rows: candidate groups of a task, variables of an instance. */
export interface Members {
  /** The other table with its alias: `user_task_candidate c`. */
  table: string
  /** A condition on it. */
  where: Condition
  /** Its column that refers to the searched row, and the column or expression that it refers to. */
  refersTo: readonly [column: string, searched: string]
}

/** A condition on searched rows, with what helps to find them. */
export interface Criterion extends Condition {
  /** Set when an index finds the few rows that it lets through. */
  selective?: true
  /** Set when an index finds the rows, but they are many: the same in a form that no index answers. */
  hidden?: Condition
  /** Members, found by an index, to which all rows belong that it lets through; they are many. */
  from?: { table: string; condition: Condition }
}

/**
 * With fewer members than this the members are looked up first and then what they belong to; with more, searched rows are
 * looked at one by one, since one in a few will match.
 */
const FEW = 10_000

/**
 * The condition that a searched row has a member for which `matches` holds.
 * @param indexed the same as `matches` in a form that an index answers, if there is one
 */
export function hasMember(query: ReadQuery, members: Members, matches: Condition, indexed?: Condition): Criterion {
  const { table, where, refersTo } = members
  const [column, searched] = refersTo
  const both = allOf([where, matches]) ?? matches
  const sql = `EXISTS (SELECT 1 FROM ${table} WHERE ${column} = ${searched} AND (${both.sql}))`
  const criterion: Criterion = { sql, params: both.params }
  if (indexed === undefined) return criterion
  const found = allOf([where, indexed]) ?? indexed
  const rows = `FROM ${table} WHERE ${found.sql}`
  const count = `SELECT count(*) AS found FROM (SELECT 1 ${rows} LIMIT ${FEW})`
  if ((query.get<{ found: number }>(count, ...found.params)?.found ?? 0) < FEW)
    return { sql: `${searched} IN (SELECT ${column} ${rows})`, params: found.params, selective: true }
  const belongs: Condition = { sql: `${column} = ${searched}`, params: [] }
  return { ...criterion, from: { table, condition: allOf([found, belongs]) ?? belongs } }
}

/**
 * The condition that operators state about a field of several values (candidate groups): it matches when one of the
 * values matches; `$neq` and `$notIn` match when none of the values is among them.
 * @param value the expression of one value within `members`
 */
export function compareMembers(
  query: ReadQuery,
  members: Members,
  value: string,
  operators: Operators<SqlValue>,
): Criterion[] {
  const { $neq, $notIn, $exists, ...positive } = operators
  const criteria: Criterion[] = []
  if (Object.values(positive).some((operand) => operand !== undefined)) {
    const matches = compare(value, positive)
    const indexed = positive.$eq !== undefined || positive.$in !== undefined
    criteria.push(hasMember(query, members, matches, indexed ? matches : undefined))
  }
  if ($exists !== undefined) {
    const has = hasMember(query, members, { sql: 'TRUE', params: [] })
    criteria.push($exists ? has : not(has))
  }
  if ($neq !== undefined) criteria.push(not(hasMember(query, members, compare(value, { $eq: $neq }))))
  if ($notIn !== undefined) criteria.push(not(hasMember(query, members, compare(value, { $in: $notIn }))))
  return criteria
}
