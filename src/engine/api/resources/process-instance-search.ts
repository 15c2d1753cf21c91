import { z } from 'zod'
import type { SqlValue } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { allOf, type Condition } from '../search/condition.ts'
import { equalValues } from '../search/criteria.ts'
import { code, compare, dateTime, flag, integer, key, type Operators, text } from '../search/filter.ts'
import { hasMember } from '../search/members.ts'
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
 * Whether an instance, or one that it called, has an active incident: for a few rows cheaper than to look for all of them.
 * @param instance the expression of its key
 */
export function hasIncidentWithin(instance: string): string {
  return `EXISTS (WITH RECURSIVE tree (key) AS (
      SELECT ${instance}
      UNION ALL
      SELECT called.key FROM tree JOIN process_instance called ON called.parentProcessInstanceKey = tree.key
    ) SELECT 1 FROM tree JOIN process_instance within ON within.key = tree.key WHERE within.incidentCount > 0)`
}

/** Values up to this length are in the index of variables by value; the same number as in `variable_value`. */
export const INDEXED_LENGTH = 100

/**
 * A filter on variables: each entry must be matched by a variable that refers to the searched row.
 * Values are compared as JSON text: `"\"open\""` for the string `open`.
 * @param column column of `variable v` that refers to it
 * @param searched the expression that it refers to
 */
export function variablesFilter(column: string, searched: string) {
  const schema = z.array(z.strictObject({ name: z.string(), value: text.filter }))
  return special(schema, (entries, _filter, query) =>
    entries.map(({ name, value }) => {
      const members = {
        table: 'variable v',
        where: { sql: 'v.name = ?', params: [name] },
        refersTo: [column, searched] as const,
      }
      const matches = compare('v.value', value)
      const short = equalValues(value)?.every((one) => String(one).length <= INDEXED_LENGTH)
      const indexed = { ...matches, sql: `length(v.value) <= ${INDEXED_LENGTH} AND ${matches.sql}` }
      return hasMember(query, members, matches, short ? indexed : undefined)
    }),
  )
}

const STATES = ['ACTIVE', 'COMPLETED', 'TERMINATED'] as const
const EACH_STATE = { filter: 'state', sql: 'p.state', values: STATES }

const FIELDS: Record<string, SearchField> = {
  processInstanceKey: { type: key, sql: 'p.key', reach: 'selective' },
  processDefinitionId: { type: text, sql: 'p.processDefinitionId', reach: 'coarse' },
  processDefinitionName: { type: text, sql: 'coalesce(d.name, p.processDefinitionId)' },
  processDefinitionVersion: { type: integer, sql: 'p.processDefinitionVersion' },
  processDefinitionVersionTag: { type: text, sql: 'd.versionTag', nullable: true },
  processDefinitionKey: { type: key, sql: 'p.processDefinitionKey' },
  parentProcessInstanceKey: { type: key, sql: 'p.parentProcessInstanceKey', nullable: true, reach: 'selective' },
  parentElementInstanceKey: { type: key, sql: 'p.parentElementInstanceKey', nullable: true, reach: 'selective' },
  startDate: { type: dateTime, sql: 'p.startDate', walks: [{ index: 'process_instance_start' }] },
  endDate: { type: dateTime, sql: 'p.endDate', nullable: true },
  state: { type: code(STATES), sql: 'p.state', reach: 'coarse' },
  hasIncident: { type: flag, sql: `(p.key IN (${INSTANCES_WITH_INCIDENT}))` },
  tenantId: TENANT,
}

const { hasIncident: _, ...FIELDS_WITHOUT_INCIDENT } = FIELDS

const ACTIVE_INCIDENT = "SELECT 1 FROM incident i WHERE i.processInstanceKey = p.key AND i.state = 'ACTIVE'"

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

/** The hash of an error message by which Camunda groups incidents: that of a Java string. */
function hashCode(message: string): number {
  let hash = 0
  for (let index = 0; index < message.length; index++) hash = (Math.imul(31, hash) + message.charCodeAt(index)) | 0
  return hash
}

/** Whether a number is what operators ask for. */
function isMatch(value: number, operators: Operators<SqlValue>): boolean {
  const tests: Record<string, (operand: never) => boolean> = {
    $eq: (operand: number) => value === operand,
    $neq: (operand: number) => value !== operand,
    $exists: (operand: boolean) => operand,
    $gt: (operand: number) => value > operand,
    $gte: (operand: number) => value >= operand,
    $lt: (operand: number) => value < operand,
    $lte: (operand: number) => value <= operand,
    $in: (operand: number[]) => operand.includes(value),
  }
  return Object.entries(operators).every(
    ([name, operand]) => operand === undefined || tests[name]?.(operand as never) === true,
  )
}

/** The search for process instances, over `process_instance p` and its `process_definition d`. */
export const processInstances = defineSearch({
  from: 'process_instance p',
  joins: 'LEFT JOIN process_definition d ON d.key = p.processDefinitionKey',
  columns: `p.*, coalesce(d.name, p.processDefinitionId) AS processDefinitionName, d.versionTag,
    ${hasIncidentWithin('p.key')} AS hasIncident`,
  key: 'p.key',
  filters: {
    ...FIELDS_WITHOUT_INCIDENT,
    batchOperationId: {
      type: text,
      sql: 'CAST(o.batchOperationKey AS TEXT)',
      members: {
        table: 'batch_operation_item o',
        where: { sql: 'TRUE', params: [] },
        refersTo: ['o.processInstanceKey', 'p.key'],
      },
    },
  },
  sorts: FIELDS,
  walks: [
    { index: 'process_instance_definition', given: ['processDefinitionId'], each: EACH_STATE },
    { index: 'process_instance_state', each: EACH_STATE },
  ],
  alternatives: true,
  special: {
    hasIncident: special(z.boolean(), (wanted) =>
      wanted
        ? [{ sql: `p.key IN (${INSTANCES_WITH_INCIDENT})`, params: [], selective: true }]
        : [{ sql: `NOT ${hasIncidentWithin('p.key')}`, params: [] }],
    ),
    variables: variablesFilter('v.processInstanceKey', 'p.key'),
    tags: special(z.array(z.string()), (tags) =>
      tags.map((tag) => ({ sql: 'EXISTS (SELECT 1 FROM json_each(p.tags) t WHERE t.value = ?)', params: [tag] })),
    ),
    errorMessage: special(text.filter, (operators) => {
      const matches = compare('i.errorMessage', operators)
      return [{ ...matches, sql: `EXISTS (${ACTIVE_INCIDENT} AND (${matches.sql}))` }]
    }),
    incidentErrorHashCode: special(integer.filter, (operators, _filter, query) => {
      const messages = query.all<{ errorMessage: string }>(
        "SELECT DISTINCT errorMessage FROM incident WHERE state = 'ACTIVE'",
      )
      const matching = messages.filter(({ errorMessage }) => isMatch(hashCode(errorMessage), operators))
      const list = JSON.stringify(matching.map(({ errorMessage }) => errorMessage))
      const sql = `EXISTS (${ACTIVE_INCIDENT} AND i.errorMessage IN (SELECT value FROM json_each(?)))`
      return [{ sql, params: [list] }]
    }),
    hasRetriesLeft: special(z.boolean(), (wanted) => {
      const failed = "SELECT 1 FROM job j WHERE j.processInstanceKey = p.key AND j.state = 'FAILED' AND j.retries > 0"
      return [{ sql: `${wanted ? '' : 'NOT '}EXISTS (${failed})`, params: [] }]
    }),
    elementId: special(text.filter, (_, filter) => [elementCondition(filter)]),
    elementInstanceState: special(elementStates.filter, (_, filter) => [elementCondition(filter)]),
    hasElementInstanceIncident: special(flag.filter, (_, filter) => [elementCondition(filter)]),
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
