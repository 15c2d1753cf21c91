import { z } from 'zod'
import type { Engine } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import type { ReadRoute } from '../http/read.ts'
import type { Route } from '../http/router.ts'
import type { Handler } from '../http/server.ts'
import { code, dateTime, key, text } from '../search/filter.ts'
import { defineSearch, type SearchField } from '../search/search.ts'
import { NO_CONTENT, optionalInput } from './responses.ts'
import { searchRoutes } from './search-routes.ts'
import { isoTime, keyText, operationReference, pathKey, TENANT } from './values.ts'

const ERROR_TYPES = [
  'UNSPECIFIED',
  'UNKNOWN',
  'IO_MAPPING_ERROR',
  'JOB_NO_RETRIES',
  'EXECUTION_LISTENER_NO_RETRIES',
  'TASK_LISTENER_NO_RETRIES',
  'AD_HOC_SUB_PROCESS_NO_RETRIES',
  'CONDITION_ERROR',
  'EXTRACT_VALUE_ERROR',
  'CALLED_ELEMENT_ERROR',
  'UNHANDLED_ERROR_EVENT',
  'MESSAGE_SIZE_EXCEEDED',
  'CALLED_DECISION_ERROR',
  'DECISION_EVALUATION_ERROR',
  'FORM_NOT_FOUND',
  'RESOURCE_NOT_FOUND',
] as const

const STATES = ['ACTIVE', 'MIGRATED', 'RESOLVED', 'PENDING'] as const
const EACH_STATE = { filter: 'state', sql: 'i.state', values: STATES }

const FIELDS: Record<string, SearchField> = {
  incidentKey: { type: key, sql: 'i.key', reach: 'selective' },
  processDefinitionKey: { type: key, sql: 'i.processDefinitionKey' },
  processDefinitionId: { type: text, sql: 'i.processDefinitionId' },
  processInstanceKey: { type: key, sql: 'i.processInstanceKey', reach: 'selective' },
  errorType: { type: code(ERROR_TYPES), sql: 'i.errorType' },
  errorMessage: { type: text, sql: 'i.errorMessage', long: true },
  elementId: { type: text, sql: 'i.elementId' },
  elementInstanceKey: { type: key, sql: 'i.elementInstanceKey' },
  creationTime: { type: dateTime, sql: 'i.creationTime', walks: [{ index: 'incident_creation', each: EACH_STATE }] },
  state: { type: code(STATES), sql: 'i.state', reach: 'coarse' },
  jobKey: { type: key, sql: 'i.jobKey', nullable: true },
  tenantId: TENANT,
}

/** The search for incidents, over `incident i`. */
export const incidents = defineSearch({
  from: 'incident i',
  columns: 'i.*',
  key: 'i.key',
  filters: FIELDS,
  sorts: FIELDS,
  walks: [{ index: 'incident_state', each: EACH_STATE }],
  item: (row) => ({
    incidentKey: keyText(row.key),
    errorType: row.errorType,
    errorMessage: row.errorMessage,
    state: row.state,
    creationTime: isoTime(row.creationTime),
    elementId: row.elementId,
    elementInstanceKey: keyText(row.elementInstanceKey),
    processInstanceKey: keyText(row.processInstanceKey),
    processDefinitionKey: keyText(row.processDefinitionKey),
    processDefinitionId: row.processDefinitionId,
    jobKey: keyText(row.jobKey),
    tenantId: DEFAULT_TENANT,
  }),
})

const resolution = z.strictObject({ operationReference })

/** Searches of `/v2/incidents`. */
export const incidentReads: readonly ReadRoute[] = searchRoutes(incidents, {
  path: '/v2/incidents',
  keyName: 'incidentKey',
  entity: 'Incident',
})

/** Commands of `/v2/incidents`. */
export function incidentRoutes(engine: Engine): Route<Handler>[] {
  return [
    {
      method: 'POST',
      path: '/v2/incidents/:incidentKey/resolution',
      async handler(request) {
        optionalInput(request, resolution)
        await engine.execute({ type: 'ResolveIncident', incidentKey: pathKey(request, 'incidentKey') })
        return NO_CONTENT
      },
    },
  ]
}
