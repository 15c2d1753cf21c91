import type { SqlValue } from '../../index.ts'

/** A boolean SQL expression with its positional parameters, in order. */
export interface Condition {
  sql: string
  params: SqlValue[]
}

/** All of the conditions; `undefined` when there is none. */
export function allOf(conditions: readonly Condition[]): Condition | undefined {
  return combine(conditions, ' AND ')
}

/** At least one of the conditions; `undefined` when there is none. */
export function anyOf(conditions: readonly Condition[]): Condition | undefined {
  return combine(conditions, ' OR ')
}

function combine(conditions: readonly Condition[], operator: string): Condition | undefined {
  if (conditions.length <= 1) return conditions[0]
  return {
    sql: conditions.map((condition) => `(${condition.sql})`).join(operator),
    params: conditions.flatMap((condition) => condition.params),
  }
}

/** The opposite of a condition. */
export function not(condition: Condition): Condition {
  return { sql: `NOT (${condition.sql})`, params: condition.params }
}
