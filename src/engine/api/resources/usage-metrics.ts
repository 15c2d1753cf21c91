import { z } from 'zod'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { validate } from '../http/body.ts'
import type { ReadQuery, ReadRoute } from '../http/read.ts'
import { ok } from './responses.ts'
import { booleanQuery, tenantId } from './values.ts'

const instant = z.iso
  .datetime({ offset: true, message: 'must be a date and time in ISO 8601 with offset, e.g. 2026-11-23T08:00:00Z' })
  .transform((text) => Date.parse(text))
const parameters = z
  .object({ startTime: instant, endTime: instant, tenantId })
  .refine(({ startTime, endTime }) => startTime <= endTime, { error: 'startTime must not be after endTime' })

/** `/v2/system/usage-metrics`: what was started, decided and assigned from one time to another, both included. */
export const usageMetricsReads: readonly ReadRoute[] = [
  {
    method: 'GET',
    path: '/v2/system/usage-metrics',
    read(query, request) {
      const { startTime, endTime } = validate(parameters, Object.fromEntries(request.query), 'query')
      const total = usage(query, startTime, endTime)
      const used = Object.values(total).some((count) => count > 0)
      return ok({
        ...total,
        activeTenants: used ? 1 : 0,
        tenants: booleanQuery(request, 'withTenants', false) && used ? { [DEFAULT_TENANT]: total } : {},
      })
    },
  },
]

function usage(query: ReadQuery, from: number, to: number) {
  const count = (sql: string) => Number(query.get<{ total: number }>(sql, from, to)?.total ?? 0)
  return {
    processInstances: count(
      'SELECT count(*) AS total FROM process_instance WHERE startDate BETWEEN ? AND ? AND parentProcessInstanceKey IS NULL',
    ),
    decisionInstances: count(
      `SELECT sum(json_array_length(evaluatedDecisions)) AS total FROM decision_instance
        WHERE evaluationDate BETWEEN ? AND ?`,
    ),
    assignees: count('SELECT count(DISTINCT assignee) AS total FROM task_assignee WHERE assignedAt BETWEEN ? AND ?'),
  }
}
