import { z } from 'zod'
import type { Engine } from '../../index.ts'
import { DEFAULT_TENANT, ELEMENT_TYPES } from '../../protocol/values.ts'
import type { ReadRoute } from '../http/read.ts'
import type { Route } from '../http/router.ts'
import type { Handler } from '../http/server.ts'
import { code, dateTime, flag, key, text } from '../search/filter.ts'
import { defineSearch, type SearchField } from '../search/search.ts'
import { hasIncidentWithin, INSTANCES_WITH_INCIDENT } from './process-instance-search.ts'
import { input, NO_CONTENT } from './responses.ts'
import { searchRoutes } from './search-routes.ts'
import { isoTime, keyText, operationReference, pathKey, TENANT, variables, variablesOf } from './values.ts'

/** Element types that Camunda's searches know and this engine never makes. */
const OTHER_TYPES = ['UNSPECIFIED', 'UNKNOWN'] as const

/** Of a few rows: see {@link hasIncidentWithin}. */
const SHOWS_INCIDENT = `(e.incidentKey IS NOT NULL OR (e.type = 'CALL_ACTIVITY' AND EXISTS (
  SELECT 1 FROM process_instance called WHERE called.parentElementInstanceKey = e.key AND ${hasIncidentWithin('called.key')})))`
const HAS_INCIDENT = `(e.incidentKey IS NOT NULL OR (e.type = 'CALL_ACTIVITY' AND e.key IN (
  SELECT called.parentElementInstanceKey FROM process_instance called
   WHERE called.parentElementInstanceKey IS NOT NULL AND called.key IN (${INSTANCES_WITH_INCIDENT}))))`

const FIELDS: Record<string, SearchField> = {
  elementInstanceKey: { type: key, sql: 'e.key' },
  processInstanceKey: { type: key, sql: 'e.processInstanceKey' },
  processDefinitionKey: { type: key, sql: 'e.processDefinitionKey' },
  processDefinitionId: { type: text, sql: 'e.processDefinitionId' },
  startDate: { type: dateTime, sql: 'e.startDate' },
  endDate: { type: dateTime, sql: 'e.endDate', nullable: true },
  elementId: { type: text, sql: 'e.elementId' },
  elementName: { type: text, sql: 'coalesce(e.elementName, e.elementId)', long: true },
  type: { type: code([...ELEMENT_TYPES, ...OTHER_TYPES]), sql: 'e.type' },
  state: {
    type: code(['ACTIVE', 'COMPLETED', 'TERMINATED']),
    sql: `CASE WHEN e.state IN ('COMPLETED', 'TERMINATED') THEN e.state ELSE 'ACTIVE' END`,
  },
  incidentKey: { type: key, sql: 'e.incidentKey', nullable: true },
  tenantId: TENANT,
}

const elementInstances = defineSearch({
  from: 'element_instance e',
  columns: `e.key, e.processInstanceKey, e.processDefinitionKey, e.processDefinitionId, e.elementId, e.elementName,
    e.type, e.state, e.startDate, e.endDate, e.incidentKey, ${SHOWS_INCIDENT} AS hasIncident`,
  key: 'e.key',
  filters: {
    ...FIELDS,
    hasIncident: { type: flag, sql: HAS_INCIDENT },
    elementInstanceScopeKey: { type: key, sql: 'e.flowScopeKey' },
  },
  sorts: FIELDS,
  item: (row) => ({
    elementInstanceKey: keyText(row.key),
    processInstanceKey: keyText(row.processInstanceKey),
    processDefinitionKey: keyText(row.processDefinitionKey),
    processDefinitionId: row.processDefinitionId,
    elementId: row.elementId,
    elementName: row.elementName ?? row.elementId,
    type: row.type,
    state: row.state === 'COMPLETED' || row.state === 'TERMINATED' ? row.state : 'ACTIVE',
    startDate: isoTime(row.startDate),
    endDate: isoTime(row.endDate),
    hasIncident: row.hasIncident === 1,
    incidentKey: keyText(row.incidentKey),
    tenantId: DEFAULT_TENANT,
  }),
})

const setVariables = z.strictObject({
  variables: variables.unwrap().unwrap(),
  local: z.boolean().nullish(),
  operationReference,
})

/** Searches of `/v2/element-instances`. */
export const elementInstanceReads: readonly ReadRoute[] = searchRoutes(elementInstances, {
  path: '/v2/element-instances',
  keyName: 'elementInstanceKey',
  entity: 'Element Instance',
})

/** Commands of `/v2/element-instances`. */
const activation = z.strictObject({
  elements: z
    .array(z.strictObject({ elementId: z.string().min(1, 'must not be empty: name the activity'), variables }))
    .min(1, 'must not be empty: name the activities to start'),
  cancelRemainingInstances: z.boolean().nullish(),
})

export function elementInstanceRoutes(engine: Engine): Route<Handler>[] {
  return [
    {
      method: 'PUT',
      path: '/v2/element-instances/:elementInstanceKey/variables',
      async handler(request) {
        const body = input(request, setVariables)
        await engine.execute({
          type: 'SetVariables',
          elementInstanceKey: pathKey(request, 'elementInstanceKey'),
          variables: body.variables,
          local: body.local ?? false,
        })
        return NO_CONTENT
      },
    },
    {
      method: 'POST',
      path: '/v2/element-instances/ad-hoc-activities/:adHocSubProcessInstanceKey/activation',
      async handler(request) {
        const { elements, cancelRemainingInstances } = input(request, activation)
        await engine.execute({
          type: 'ActivateAdHocActivities',
          adHocSubProcessInstanceKey: pathKey(request, 'adHocSubProcessInstanceKey'),
          elements: elements.map(({ elementId, variables }) => ({ elementId, ...variablesOf(variables) })),
          cancelRemainingInstances: cancelRemainingInstances ?? false,
        })
        return NO_CONTENT
      },
    },
  ]
}
