import { z } from 'zod'
import type { BatchOperationPlan, Engine } from '../../index.ts'
import type { ReadRoute } from '../http/read.ts'
import type { Route } from '../http/router.ts'
import type { ApiRequest, Handler } from '../http/server.ts'
import { allOf, type Condition } from '../search/condition.ts'
import { code, dateTime, key } from '../search/filter.ts'
import { defineSearch, type Filter, type SearchField } from '../search/search.ts'
import { migrationPlan, moveInstructions } from './modifications.ts'
import { processInstances } from './process-instance-search.ts'
import { bodyOf, input, NO_CONTENT, ok } from './responses.ts'
import { searchRoutes } from './search-routes.ts'
import { isoTime, keyText, pathKey } from './values.ts'

const TYPES = [
  'CANCEL_PROCESS_INSTANCE',
  'RESOLVE_INCIDENT',
  'MIGRATE_PROCESS_INSTANCE',
  'MODIFY_PROCESS_INSTANCE',
  'DELETE_PROCESS_INSTANCE',
  'ADD_VARIABLE',
  'UPDATE_VARIABLE',
  'DELETE_DECISION_DEFINITION',
  'DELETE_PROCESS_DEFINITION',
] as const
const STATES = ['ACTIVE', 'CANCELED', 'COMPLETED', 'CREATED', 'FAILED', 'PARTIALLY_COMPLETED', 'SUSPENDED'] as const
const ITEM_STATES = ['ACTIVE', 'COMPLETED', 'CANCELED', 'FAILED'] as const

const FIELDS: Record<string, SearchField> = {
  batchOperationKey: { type: key, sql: 'b.key' },
  operationType: { type: code(TYPES), sql: 'b.type' },
  state: { type: code(STATES), sql: 'b.state' },
}

/** The search for batch operations, over `batch_operation b`. */
const batchOperations = defineSearch({
  from: 'batch_operation b',
  columns: 'b.*',
  key: 'b.key',
  filters: FIELDS,
  sorts: {
    ...FIELDS,
    startDate: { type: dateTime, sql: 'b.startDate' },
    endDate: { type: dateTime, sql: 'b.endDate', nullable: true },
  },
  item: (row) => ({
    batchOperationKey: keyText(row.key),
    batchOperationType: row.type,
    state: row.state,
    startDate: isoTime(row.startDate),
    endDate: isoTime(row.endDate),
    operationsTotalCount: row.totalCount,
    operationsCompletedCount: row.completedCount,
    operationsFailedCount: row.failedCount,
    errors: [],
  }),
})

const ITEM_FIELDS: Record<string, SearchField> = {
  batchOperationKey: { type: key, sql: 'i.batchOperationKey', reach: 'coarse' },
  itemKey: { type: key, sql: 'i.itemKey' },
  processInstanceKey: { type: key, sql: 'i.processInstanceKey', reach: 'selective' },
  state: { type: code(ITEM_STATES), sql: 'i.state' },
}

/** The search for their items, over `batch_operation_item i`. */
const batchOperationItems = defineSearch({
  from: 'batch_operation_item i',
  joins: 'JOIN batch_operation b ON b.key = i.batchOperationKey',
  columns: 'i.*, b.type',
  key: 'i.id',
  position: ['i.batchOperationKey', 'i.itemKey'],
  filters: ITEM_FIELDS,
  sorts: ITEM_FIELDS,
  item: (row) => ({
    batchOperationKey: keyText(row.batchOperationKey),
    operationType: row.type,
    itemKey: keyText(row.itemKey),
    processInstanceKey: keyText(row.processInstanceKey),
    state: row.state,
    processedDate: isoTime(row.processedDate),
    errorMessage: row.errorMessage ?? undefined,
  }),
})

/** Searches of `/v2/batch-operations` and `/v2/batch-operation-items`. */
export const batchOperationReads: readonly ReadRoute[] = [
  ...searchRoutes(batchOperations, {
    path: '/v2/batch-operations',
    keyName: 'batchOperationKey',
    entity: 'Batch Operation',
  }),
  {
    method: 'POST',
    path: '/v2/batch-operation-items/search',
    read: (query, request) => ok(batchOperationItems.run(query, bodyOf(request))),
  },
]

const filter = processInstances.filterSchema
const filtered = z.strictObject({ filter })
const migrated = z.strictObject({ filter, migrationPlan })
const modified = z.strictObject({ filter, moveInstructions })

const ACTIVE: Condition = { sql: "p.state = 'ACTIVE'", params: [] }
/** Called instances end with the one that called them. */
const ROOT: Condition = { sql: 'p.parentProcessInstanceKey IS NULL', params: [] }

/** Commands that make batch operations, and those of `/v2/batch-operations`. */
export function batchOperationRoutes(engine: Engine): Route<Handler>[] {
  const create = async (plan: BatchOperationPlan, wanted: Filter, scope: readonly Condition[] = []) => {
    const where = allOf([ACTIVE, ...scope, ...processInstances.conditions(engine.query, wanted)])
    const rows = engine.query.all<{ key: number }>(
      `SELECT p.key FROM process_instance p LEFT JOIN process_definition d ON d.key = p.processDefinitionKey
        WHERE ${where?.sql} ORDER BY p.key`,
      ...(where?.params ?? []),
    )
    const processInstanceKeys = rows.map(({ key }) => key)
    const { batchOperationKey } = await engine.execute({ type: 'CreateBatchOperation', plan, processInstanceKeys })
    return ok({ batchOperationKey: keyText(batchOperationKey), batchOperationType: plan.type })
  }
  return [
    {
      method: 'POST',
      path: '/v2/process-instances/cancellation',
      handler: (request) => create({ type: 'CANCEL_PROCESS_INSTANCE' }, input(request, filtered).filter, [ROOT]),
    },
    {
      method: 'POST',
      path: '/v2/process-instances/incident-resolution',
      handler: (request) => create({ type: 'RESOLVE_INCIDENT' }, input(request, filtered).filter),
    },
    {
      method: 'POST',
      path: '/v2/process-instances/migration',
      handler(request) {
        const { filter, migrationPlan } = input(request, migrated)
        return create({ type: 'MIGRATE_PROCESS_INSTANCE', ...migrationPlan }, filter)
      },
    },
    {
      method: 'POST',
      path: '/v2/process-instances/modification',
      handler(request) {
        const { filter, moveInstructions } = input(request, modified)
        return create({ type: 'MODIFY_PROCESS_INSTANCE', moveInstructions }, filter)
      },
    },
    change('suspension', (batchOperationKey) => engine.execute({ type: 'SuspendBatchOperation', batchOperationKey })),
    change('resumption', (batchOperationKey) => engine.execute({ type: 'ResumeBatchOperation', batchOperationKey })),
    change('cancellation', (batchOperationKey) => engine.execute({ type: 'CancelBatchOperation', batchOperationKey })),
  ]
}

function change(what: string, execute: (batchOperationKey: number) => Promise<undefined>): Route<Handler> {
  return {
    method: 'POST',
    path: `/v2/batch-operations/:batchOperationKey/${what}`,
    async handler(request: ApiRequest) {
      await execute(pathKey(request, 'batchOperationKey'))
      return NO_CONTENT
    },
  }
}
