import { z } from 'zod'
import type { SqlValue } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { allOf, type Condition } from '../search/condition.ts'
import { code, compare, dateTime, flag, integer, key, type Operators, text } from '../search/filter.ts'
import { defineSearch, type SearchField, special } from '../search/search.ts'
import { isoTime, jsonOf, keyText, TENANT } from './values.ts'

/** Keys of the instances with an active incident, their own or one of an instance that they called. */
export const INSTANCES_WITH_INCIDENT = `
  WITH RECURSIVE affected (key, parent) AS (
    SELECT p.key, p.parentProcessInstanceKey FROM incident i JOIN process_instance p ON p.key = i.processInstanceKey
     WHERE i.state = 'ACTIVE'
    UNION
    SELECT p.key, p.parentProcessInstanceKey FROM affected JOIN process_instance p ON p.key = affected.parent
  ) SELECT key FROM affected`

/**
 * A filter on variables: each entry must be matched by a variable of the rows that `scope` selects.
 * Values are compared as JSON text: `"\"open\""` for the string `open`.
 * @param scope an SQL condition on the table `variable v`
 */
export function variablesFilter(scope: string) {
  const schema = z.array(z.strictObject({ name: z.string(), value: text.filter }))
  return special(schema, (entries) => {
    const conditions = entries.map(({ name, value }): Condition => {
      const matches = compare('v.value', value)
      return {
        sql: `EXISTS (SELECT 1 FROM variable v WHERE ${scope} AND v.name = ? AND ${matches.sql})`,
        params: [name, ...matches.params],
      }
    })
    return allOf(conditions) ?? { sql: 'TRUE', params: [] }
  })
}

const HAS_INCIDENT = `(p.key IN (${INSTANCES_WITH_INCIDENT}))`

const FIELDS: Record<string, SearchField> = {
  processInstanceKey: { type: key, sql: 'p.key' },
  processDefinitionId: { type: text, sql: 'p.processDefinitionId' },
  processDefinitionName: { type: text, sql: 'coalesce(d.name, p.processDefinitionId)' },
  processDefinitionVersion: { type: integer, sql: 'p.processDefinitionVersion' },
  processDefinitionVersionTag: { type: text, sql: 'd.versionTag', nullable: true },
  processDefinitionKey: { type: key, sql: 'p.processDefinitionKey' },
  parentProcessInstanceKey: { type: key, sql: 'p.parentProcessInstanceKey', nullable: true },
  parentElementInstanceKey: { type: key, sql: 'p.parentElementInstanceKey', nullable: true },
  startDate: { type: dateTime, sql: 'p.startDate' },
  endDate: { type: dateTime, sql: 'p.endDate', nullable: true },
  state: { type: code(['ACTIVE', 'COMPLETED', 'TERMINATED']), sql: 'p.state' },
  hasIncident: { type: flag, sql: HAS_INCIDENT },
  tenantId: TENANT,
}

const ELEMENT_STATE = `CASE WHEN e.state IN ('COMPLETED', 'TERMINATED') THEN e.state ELSE 'ACTIVE' END`
const elementStates = code(['ACTIVE', 'COMPLETED', 'TERMINATED'])

/** An element instance that matches all of the filter's `elementId`, `elementInstanceState`, `hasElementInstanceIncident`. */
function elementCondition(filter: Record<string, unknown>): Condition {
  const parts: Condition[] = []
  // The schemas of these three filters have made operators of the values.
  if (filter.elementId) parts.push(compare('e.elementId', filter.elementId as Operators<SqlValue>))
  if (filter.elementInstanceState) {
    parts.push(compare(ELEMENT_STATE, filter.elementInstanceState as Operators<SqlValue>))
  }
  if (filter.hasElementInstanceIncident) {
    parts.push(compare('(e.incidentKey IS NOT NULL)', filter.hasElementInstanceIncident as Operators<SqlValue>))
  }
  const matches = allOf(parts) ?? { sql: 'TRUE', params: [] }
  return {
    sql: `EXISTS (SELECT 1 FROM element_instance e WHERE e.processInstanceKey = p.key AND e.type <> 'PROCESS' AND (${matches.sql}))`,
    params: matches.params,
  }
}

/** The search for process instances, over `process_instance p` and its `process_definition d`. */
export const processInstances = defineSearch({
  from: 'process_instance p LEFT JOIN process_definition d ON d.key = p.processDefinitionKey',
  columns: `p.*, coalesce(d.name, p.processDefinitionId) AS processDefinitionName, d.versionTag, ${HAS_INCIDENT} AS hasIncident`,
  key: 'p.key',
  filters: FIELDS,
  sorts: FIELDS,
  alternatives: true,
  special: {
    variables: variablesFilter('v.processInstanceKey = p.key'),
    tags: special(z.array(z.string()), (tags) => ({
      sql: tags.map(() => 'EXISTS (SELECT 1 FROM json_each(p.tags) t WHERE t.value = ?)').join(' AND ') || 'TRUE',
      params: tags,
    })),
    errorMessage: special(text.filter, (operators) => {
      const matches = compare('i.errorMessage', operators)
      return {
        sql: `EXISTS (SELECT 1 FROM incident i WHERE i.processInstanceKey = p.key AND i.state = 'ACTIVE' AND (${matches.sql}))`,
        params: matches.params,
      }
    }),
    hasRetriesLeft: special(z.boolean(), (wanted) => ({
      sql: `${wanted ? '' : 'NOT '}EXISTS (SELECT 1 FROM job j WHERE j.processInstanceKey = p.key AND j.state = 'FAILED' AND j.retries > 0)`,
      params: [],
    })),
    elementId: special(text.filter, (_, filter) => elementCondition(filter)),
    elementInstanceState: special(elementStates.filter, (_, filter) => elementCondition(filter)),
    hasElementInstanceIncident: special(flag.filter, (_, filter) => elementCondition(filter)),
  },
  item: (row) => ({
    processInstanceKey: keyText(row.key),
    processDefinitionId: row.processDefinitionId,
    processDefinitionName: row.processDefinitionName,
    processDefinitionVersion: row.processDefinitionVersion,
    processDefinitionVersionTag: row.versionTag ?? undefined,
    processDefinitionKey: keyText(row.processDefinitionKey),
    parentProcessInstanceKey: keyText(row.parentProcessInstanceKey),
    parentElementInstanceKey: keyText(row.parentElementInstanceKey),
    startDate: isoTime(row.startDate),
    endDate: isoTime(row.endDate),
    state: row.state,
    hasIncident: row.hasIncident === 1,
    tenantId: DEFAULT_TENANT,
    tags: jsonOf(row.tags),
  }),
})
