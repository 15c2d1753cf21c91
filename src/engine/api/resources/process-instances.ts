import { z } from 'zod'
import type { Engine, EngineQuery, Key } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { invalidArgument, Problem } from '../http/problem.ts'
import type { ReadRequest, ReadRoute } from '../http/read.ts'
import type { Route } from '../http/router.ts'
import type { ApiRequest, ApiResponse, Handler } from '../http/server.ts'
import type { Row } from '../search/search.ts'
import { incidents } from './incidents.ts'
import { processInstances } from './process-instance-search.ts'
import { bodyOf, input, NO_CONTENT, ok, optionalInput } from './responses.ts'
import { searchRoutes } from './search-routes.ts'
import {
  int64,
  keyString,
  keyText,
  operationReference,
  pathKey,
  requireRow,
  tenantId,
  variables,
  variablesOf,
} from './values.ts'

const creation = z
  .strictObject({
    processDefinitionId: z.string().min(1).nullish(),
    processDefinitionKey: keyString.nullish(),
    processDefinitionVersion: z.int().nullish(),
    variables,
    tenantId,
    operationReference,
    awaitCompletion: z.boolean().nullish(),
    fetchVariables: z.array(z.string()).nullish(),
    requestTimeout: int64.nullish(),
    tags: z
      .array(
        z.string().regex(/^[A-Za-z][A-Za-z0-9_\-:.]{0,99}$/, 'must be a tag: a letter, then letters, digits, _-:.'),
      )
      .max(10)
      .nullish(),
    startInstructions: z.array(z.strictObject({ elementId: z.string() })).nullish(),
    runtimeInstructions: z
      .array(z.strictObject({ type: z.literal('TERMINATE_PROCESS_INSTANCE'), afterElementId: z.string() }))
      .nullish(),
  })
  .superRefine((body, context) => {
    const given = [body.processDefinitionId, body.processDefinitionKey].filter((value) => value != null).length
    if (given === 1) return
    const rule = given === 0 ? 'At least' : 'Only'
    context.addIssue(
      `${rule} one of [processDefinitionId, processDefinitionKey] is ${given === 0 ? 'required' : 'allowed'}`,
    )
  })
const cancellation = z.strictObject({ operationReference })

/** Searches and reads of `/v2/process-instances`. */
export const processInstanceReads: readonly ReadRoute[] = [
  ...searchRoutes(processInstances, {
    path: '/v2/process-instances',
    keyName: 'processInstanceKey',
    entity: 'Process Instance',
  }),
  {
    method: 'GET',
    path: '/v2/process-instances/:processInstanceKey/call-hierarchy',
    quick: true,
    read: (query, request) => ok(callHierarchy(query, existing(query, request))),
  },
  {
    method: 'GET',
    path: '/v2/process-instances/:processInstanceKey/sequence-flows',
    quick: true,
    read: (query, request) => ok({ items: sequenceFlows(query, existing(query, request)) }),
  },
  {
    method: 'GET',
    path: '/v2/process-instances/:processInstanceKey/statistics/element-instances',
    read: (query, request) => ok({ items: elementStatistics(query, existing(query, request)) }),
  },
  {
    method: 'POST',
    path: '/v2/process-instances/:processInstanceKey/incidents/search',
    read(query, request) {
      const scope = { sql: `i.processInstanceKey IN (${WITH_CALLED_INSTANCES})`, params: [existing(query, request)] }
      return ok(incidents.run(query, bodyOf(request), [scope]))
    },
  },
]

/** Commands of `/v2/process-instances`. */
export function processInstanceRoutes(engine: Engine): Route<Handler>[] {
  return [
    { method: 'POST', path: '/v2/process-instances', handler: (request) => create(engine, request) },
    {
      method: 'POST',
      path: '/v2/process-instances/:processInstanceKey/cancellation',
      async handler(request) {
        optionalInput(request, cancellation)
        const processInstanceKey = pathKey(request, 'processInstanceKey')
        await engine.execute({ type: 'CancelProcessInstance', processInstanceKey })
        return NO_CONTENT
      },
    },
  ]
}

/** Selects the keys of an instance and of everything that its call activities started, at any depth. */
const WITH_CALLED_INSTANCES = `
  WITH RECURSIVE tree (key) AS (
    SELECT ?
    UNION
    SELECT called.key FROM tree
      JOIN element_instance caller ON caller.processInstanceKey = tree.key AND caller.type = 'CALL_ACTIVITY'
      JOIN process_instance called ON called.parentElementInstanceKey = caller.key
  ) SELECT key FROM tree`

function existing(query: EngineQuery, request: ReadRequest): Key {
  const key = pathKey(request, 'processInstanceKey')
  requireRow(query, 'process_instance', 'Process Instance', key)
  return key
}

async function create(engine: Engine, request: ApiRequest): Promise<ApiResponse> {
  const body = input(request, creation)
  const version = body.processDefinitionVersion
  if (version != null && version !== -1 && version < 1) {
    throw invalidArgument('Request property [processDefinitionVersion] must be 1 or more, or -1 for the latest.')
  }
  if (version != null && version !== -1 && body.processDefinitionKey != null) {
    throw invalidArgument('Request property [processDefinitionVersion] goes with processDefinitionId only.')
  }
  const created = engine.execute({
    type: 'CreateProcessInstance',
    ...(body.processDefinitionId == null ? {} : { processDefinitionId: body.processDefinitionId }),
    ...(body.processDefinitionKey == null ? {} : { processDefinitionKey: body.processDefinitionKey }),
    ...(version == null || version === -1 ? {} : { processDefinitionVersion: version }),
    ...variablesOf(body.variables),
    ...(body.tags ? { tags: body.tags } : {}),
    ...(body.startInstructions ? { startInstructions: body.startInstructions } : {}),
    ...(body.runtimeInstructions ? { runtimeInstructions: body.runtimeInstructions } : {}),
    ...(body.awaitCompletion ? { awaitCompletion: true } : {}),
    ...(body.fetchVariables ? { fetchVariables: body.fetchVariables } : {}),
    ...(body.requestTimeout && body.requestTimeout > 0 ? { requestTimeout: body.requestTimeout } : {}),
  })
  const result = await (body.awaitCompletion ? unlessAbandoned(created, request) : created)
  return ok({
    processInstanceKey: keyText(result.processInstanceKey),
    processDefinitionKey: keyText(result.processDefinitionKey),
    processDefinitionId: result.processDefinitionId,
    processDefinitionVersion: result.processDefinitionVersion,
    tenantId: DEFAULT_TENANT,
    variables: result.variables,
    tags: result.tags,
  })
}

/** Lets go of a result that takes its time when the server closes meanwhile; the instance itself runs on. */
async function unlessAbandoned<Result>(result: Promise<Result>, request: ApiRequest): Promise<Result> {
  const signal = request.abandoned
  return new Promise((resolve, reject) => {
    const abort = () =>
      reject(
        new Problem(503, 'The engine closes. The process instance was created and goes on when it is started again.'),
      )
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** From the instance that nobody called down to `key`. */
function callHierarchy(query: EngineQuery, key: Key) {
  const rows = query.all<Row>(
    `WITH RECURSIVE line (key, depth) AS (
       SELECT ?, 0
       UNION ALL
       SELECT instance.parentProcessInstanceKey, line.depth + 1
         FROM line JOIN process_instance instance ON instance.key = line.key
        WHERE instance.parentProcessInstanceKey IS NOT NULL
     )
     SELECT p.key, p.processDefinitionKey, coalesce(d.name, p.processDefinitionId) AS name
       FROM line
       JOIN process_instance p ON p.key = line.key
       LEFT JOIN process_definition d ON d.key = p.processDefinitionKey
      ORDER BY line.depth DESC`,
    key,
  )
  return rows.map((row) => ({
    processInstanceKey: keyText(row.key),
    processDefinitionKey: keyText(row.processDefinitionKey),
    processDefinitionName: row.name,
  }))
}

function sequenceFlows(query: EngineQuery, key: Key) {
  const rows = query.all<Row>(
    `SELECT elementId, processDefinitionKey, processDefinitionId FROM sequence_flow
      WHERE processInstanceKey = ? ORDER BY elementId`,
    key,
  )
  return rows.map((row) => ({
    sequenceFlowId: `${key}_${row.elementId}`,
    processInstanceKey: keyText(key),
    processDefinitionKey: keyText(row.processDefinitionKey),
    processDefinitionId: row.processDefinitionId,
    elementId: row.elementId,
    tenantId: DEFAULT_TENANT,
  }))
}

function elementStatistics(query: EngineQuery, key: Key) {
  return query.all(`${ELEMENT_STATISTICS} WHERE e.processInstanceKey = ? ${ELEMENT_STATISTICS_GROUPS}`, key)
}

/**
 * Counts of element instances by element, to be completed by a WHERE clause and {@link ELEMENT_STATISTICS_GROUPS}.
 * An element instance with an incident counts as an incident, not as active.
 */
export const ELEMENT_STATISTICS = `
  SELECT e.elementId,
         sum(e.state NOT IN ('COMPLETED', 'TERMINATED') AND e.incidentKey IS NULL) AS active,
         sum(e.state = 'TERMINATED') AS canceled,
         sum(e.state NOT IN ('COMPLETED', 'TERMINATED') AND e.incidentKey IS NOT NULL) AS incidents,
         sum(e.state = 'COMPLETED') AS completed
    FROM element_instance e`

/** See {@link ELEMENT_STATISTICS}; the process itself and the bodies of multi-instances are not elements of a diagram. */
export const ELEMENT_STATISTICS_GROUPS = `
  AND e.type NOT IN ('PROCESS', 'MULTI_INSTANCE_BODY') GROUP BY e.elementId ORDER BY e.elementId`
