import { z } from 'zod'
import type { Engine, UserTaskChangeset } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { entityNotFound, invalidArgument } from '../http/problem.ts'
import type { ReadRequest, ReadRoute } from '../http/read.ts'
import type { Route } from '../http/router.ts'
import type { ApiRequest, ApiResponse, Handler } from '../http/server.ts'
import { code, dateTime, integer, key, text } from '../search/filter.ts'
import type { Walk } from '../search/hits.ts'
import { defineSearch, type Row, type SearchField } from '../search/search.ts'
import { formByKey } from './forms.ts'
import { variablesFilter } from './process-instance-search.ts'
import { bodyOf, input, NO_CONTENT, ok, optionalInput } from './responses.ts'
import { searchRoutes } from './search-routes.ts'
import { booleanQuery, isoTime, jsonOf, keyText, pathKey, TENANT, variables, variablesOf } from './values.ts'
import { searchVariables } from './variables.ts'

const STATES = [
  'CREATING',
  'CREATED',
  'ASSIGNING',
  'UPDATING',
  'COMPLETING',
  'COMPLETED',
  'CANCELING',
  'CANCELED',
  'FAILED',
] as const

const EACH_STATE = { filter: 'state', sql: 't.state', values: STATES }

/** The walk through an index of tasks by state. */
function walks(index: string): Walk[] {
  return [{ index, each: EACH_STATE }]
}

const SORTS: Record<string, SearchField> = {
  creationDate: { type: dateTime, sql: 't.creationDate', walks: walks('user_task_creation') },
  completionDate: { type: dateTime, sql: 't.completionDate', nullable: true },
  followUpDate: { type: dateTime, sql: 't.followUpDate', nullable: true },
  dueDate: { type: dateTime, sql: 't.dueDate', nullable: true, walks: walks('user_task_due_date') },
  priority: { type: integer, sql: 't.priority', walks: walks('user_task_priority') },
  name: { type: text, sql: 't.name', nullable: true, long: true },
}

function candidates(kind: 'GROUP' | 'USER'): SearchField {
  return {
    type: text,
    sql: 'c.value',
    members: {
      table: 'user_task_candidate c',
      where: { sql: `c.kind = '${kind}'`, params: [] },
      refersTo: ['c.userTaskKey', 't.key'],
    },
  }
}

const userTasks = defineSearch({
  from: 'user_task t',
  joins: 'LEFT JOIN process_definition d ON d.key = t.processDefinitionKey',
  columns: 't.*, coalesce(d.name, t.processDefinitionId) AS processName',
  key: 't.key',
  filters: {
    ...SORTS,
    state: { type: code(STATES), sql: 't.state', reach: 'coarse' },
    assignee: { type: text, sql: 't.assignee', reach: 'selective' },
    elementId: { type: text, sql: 't.elementId' },
    candidateGroup: candidates('GROUP'),
    candidateUser: candidates('USER'),
    tenantId: TENANT,
    processDefinitionId: { type: text, sql: 't.processDefinitionId' },
    userTaskKey: { type: key, sql: 't.key', reach: 'selective' },
    processDefinitionKey: { type: key, sql: 't.processDefinitionKey' },
    processInstanceKey: { type: key, sql: 't.processInstanceKey', reach: 'selective' },
    elementInstanceKey: { type: key, sql: 't.elementInstanceKey', reach: 'selective' },
  },
  special: {
    processInstanceVariables: variablesFilter('v.scopeKey', 't.processInstanceKey'),
    localVariables: variablesFilter('v.scopeKey', 't.elementInstanceKey'),
  },
  sorts: SORTS,
  walks: [{ index: 'user_task_assignee', given: ['assignee'], each: EACH_STATE }, ...walks('user_task_state')],
  item: (row) => ({
    userTaskKey: keyText(row.key),
    name: row.name ?? undefined,
    state: row.state,
    assignee: row.assignee ?? undefined,
    candidateGroups: jsonOf(row.candidateGroups),
    candidateUsers: jsonOf(row.candidateUsers),
    creationDate: isoTime(row.creationDate),
    completionDate: isoTime(row.completionDate),
    dueDate: isoTime(row.dueDate),
    followUpDate: isoTime(row.followUpDate),
    priority: row.priority,
    formKey: keyText(row.formKey),
    externalFormReference: row.externalFormReference ?? undefined,
    customHeaders: jsonOf(row.customHeaders),
    elementId: row.elementId,
    elementInstanceKey: keyText(row.elementInstanceKey),
    processInstanceKey: keyText(row.processInstanceKey),
    processDefinitionKey: keyText(row.processDefinitionKey),
    processDefinitionId: row.processDefinitionId,
    processDefinitionVersion: row.processDefinitionVersion,
    processName: row.processName,
    tenantId: DEFAULT_TENANT,
  }),
})

const completion = z.strictObject({ variables, action: z.string().nullish() })
const assignment = z.strictObject({
  assignee: z.string().min(1, 'must not be empty: name the user, or DELETE …/assignee to take the assignee off'),
  allowOverride: z.boolean().nullish(),
  action: z.string().nullish(),
})
/** A date of a changeset: ISO 8601 with offset, `''` to clear it, `null` to leave it. */
const changedDate = z
  .union([
    z.literal(''),
    z.iso.datetime({ offset: true, message: "must be a date and time in ISO 8601 with offset, or '' to clear it" }),
  ])
  .nullish()
const update = z.strictObject({
  changeset: z
    .strictObject({
      dueDate: changedDate,
      followUpDate: changedDate,
      candidateUsers: z.array(z.string()).nullish(),
      candidateGroups: z.array(z.string()).nullish(),
      priority: z.int().min(0).max(100).nullish(),
    })
    .nullish(),
  action: z.string().nullish(),
})

/** Selects the element instance of a user task and all scopes around it. */
const SCOPES_OF_TASK = `
  WITH RECURSIVE scope (key) AS (
    SELECT elementInstanceKey FROM user_task WHERE key = ?
    UNION
    SELECT e.flowScopeKey FROM scope JOIN element_instance e ON e.key = scope.key
  ) SELECT key FROM scope`

/** Searches of `/v2/user-tasks`. */
export const userTaskReads: readonly ReadRoute[] = [
  ...searchRoutes(userTasks, { path: '/v2/user-tasks', keyName: 'userTaskKey', entity: 'User Task' }),
  {
    method: 'GET',
    path: '/v2/user-tasks/:userTaskKey/form',
    quick: true,
    read(query, request) {
      const row = query.get<Row>('SELECT formKey FROM user_task WHERE key = ?', pathKey(request, 'userTaskKey'))
      if (!row) throw notFound(request)
      const form = row.formKey === null ? undefined : formByKey(query, Number(row.formKey))
      return form ? ok(form) : NO_CONTENT
    },
  },
  {
    method: 'POST',
    path: '/v2/user-tasks/:userTaskKey/variables/search',
    quick: true,
    read(query, request) {
      const userTaskKey = pathKey(request, 'userTaskKey')
      if (!query.get('SELECT 1 AS found FROM user_task WHERE key = ?', userTaskKey)) throw notFound(request)
      const scope = { sql: `v.scopeKey IN (${SCOPES_OF_TASK})`, params: [userTaskKey] }
      return ok(searchVariables(query, bodyOf(request), booleanQuery(request, 'truncateValues', true), [scope]))
    },
  },
]

/** Commands of `/v2/user-tasks`. */
export function userTaskRoutes(engine: Engine): Route<Handler>[] {
  return [
    { method: 'PATCH', path: '/v2/user-tasks/:userTaskKey', handler: (request) => change(engine, request) },
    {
      method: 'POST',
      path: '/v2/user-tasks/:userTaskKey/assignment',
      async handler(request) {
        const { assignee, allowOverride, action } = input(request, assignment)
        await engine.execute({
          type: 'AssignUserTask',
          userTaskKey: pathKey(request, 'userTaskKey'),
          assignee,
          allowOverride: allowOverride ?? true,
          ...(action == null ? {} : { action }),
        })
        return NO_CONTENT
      },
    },
    {
      method: 'DELETE',
      path: '/v2/user-tasks/:userTaskKey/assignee',
      async handler(request) {
        await engine.execute({ type: 'UnassignUserTask', userTaskKey: pathKey(request, 'userTaskKey') })
        return NO_CONTENT
      },
    },
    {
      method: 'POST',
      path: '/v2/user-tasks/:userTaskKey/completion',
      async handler(request) {
        const { variables, action } = optionalInput(request, completion)
        await engine.execute({
          type: 'CompleteUserTask',
          userTaskKey: pathKey(request, 'userTaskKey'),
          ...variablesOf(variables),
          ...(action == null ? {} : { action }),
        })
        return NO_CONTENT
      },
    },
  ]
}

function notFound(request: ReadRequest) {
  return entityNotFound('User Task', request.params.userTaskKey ?? '')
}

async function change(engine: Engine, request: ApiRequest): Promise<ApiResponse> {
  const { changeset, action } = optionalInput(request, update)
  const { dueDate, followUpDate, candidateGroups, candidateUsers, priority } = changeset ?? {}
  const changes: UserTaskChangeset = {
    ...(dueDate == null ? {} : { dueDate: dueDate || null }),
    ...(followUpDate == null ? {} : { followUpDate: followUpDate || null }),
    ...(candidateGroups == null ? {} : { candidateGroups }),
    ...(candidateUsers == null ? {} : { candidateUsers }),
    ...(priority == null ? {} : { priority }),
  }
  if (Object.keys(changes).length === 0 && action == null) {
    throw invalidArgument(
      'No update data provided. Provide at least an [action] or a value in [changeset] for one of [dueDate, followUpDate, candidateGroups, candidateUsers, priority].',
    )
  }
  await engine.execute({
    type: 'UpdateUserTask',
    userTaskKey: pathKey(request, 'userTaskKey'),
    changeset: changes,
    ...(action == null ? {} : { action }),
  })
  return NO_CONTENT
}
