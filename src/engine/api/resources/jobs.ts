import { z } from 'zod'
import type { ActivatedJob, Engine, UserTaskProperties } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { invalidArgument } from '../http/problem.ts'
import type { ReadRoute } from '../http/read.ts'
import type { Route } from '../http/router.ts'
import type { ApiRequest, ApiResponse, Handler } from '../http/server.ts'
import { pollJobs } from '../long-poll.ts'
import { code, dateTime, flag, integer, key, text } from '../search/filter.ts'
import { defineSearch, type SearchField } from '../search/search.ts'
import { jobResult, jobResultOf } from './job-result.ts'
import { bodyOf, input, NO_CONTENT, ok, optionalInput } from './responses.ts'
import {
  int64,
  isoTime,
  jsonOf,
  keyText,
  operationReference,
  pathKey,
  TENANT,
  variables,
  variablesOf,
} from './values.ts'

const activation = z.strictObject({
  type: z.string().min(1, 'must not be empty: name the job type'),
  worker: z.string().nullish(),
  timeout: int64.refine((timeout) => timeout > 0, 'must be greater than 0: the milliseconds a worker has for a job'),
  maxJobsToActivate: z.int().min(1, 'must be greater than 0'),
  fetchVariable: z.array(z.string()).nullish(),
  requestTimeout: int64.nullish(),
  tenantIds: z.array(z.literal(DEFAULT_TENANT, `must be ${DEFAULT_TENANT}: multi-tenancy is disabled`)).nullish(),
})
const completion = z.strictObject({ variables, result: jobResult.nullish() })
const failure = z.strictObject({
  retries: z.int().nullish(),
  errorMessage: z.string().nullish(),
  retryBackOff: int64.refine((backOff) => backOff >= 0, 'must not be negative').nullish(),
  variables,
})
const error = z.strictObject({
  errorCode: z.string().min(1, 'must not be empty: name the BPMN error'),
  errorMessage: z.string().nullish(),
  variables,
})
const update = z.strictObject({
  changeset: z.strictObject({ retries: z.int().nullish(), timeout: int64.nullish() }),
  operationReference,
})

const STATES = [
  'CANCELED',
  'COMPLETED',
  'CREATED',
  'ERROR_THROWN',
  'FAILED',
  'MIGRATED',
  'RETRIES_UPDATED',
  'TIMED_OUT',
] as const
const KINDS = ['BPMN_ELEMENT', 'EXECUTION_LISTENER', 'TASK_LISTENER', 'AD_HOC_SUB_PROCESS'] as const
const LISTENER_EVENTS = [
  'ASSIGNING',
  'CANCELING',
  'COMPLETING',
  'CREATING',
  'END',
  'START',
  'UNSPECIFIED',
  'UPDATING',
] as const

const FIELDS: Record<string, SearchField> = {
  deadline: { type: dateTime, sql: 'j.deadline', nullable: true },
  elementId: { type: text, sql: 'j.elementId' },
  elementInstanceKey: { type: key, sql: 'j.elementInstanceKey' },
  endTime: { type: dateTime, sql: 'j.endTime', nullable: true },
  errorCode: { type: text, sql: 'j.errorCode', nullable: true },
  errorMessage: { type: text, sql: 'j.errorMessage', nullable: true, long: true },
  jobKey: { type: key, sql: 'j.key' },
  kind: { type: code(KINDS), sql: 'j.kind' },
  listenerEventType: { type: code(LISTENER_EVENTS), sql: 'j.listenerEventType' },
  processDefinitionId: { type: text, sql: 'j.processDefinitionId' },
  processDefinitionKey: { type: key, sql: 'j.processDefinitionKey' },
  processInstanceKey: { type: key, sql: 'j.processInstanceKey' },
  retries: { type: integer, sql: 'j.retries' },
  state: { type: code(STATES), sql: 'j.state' },
  tenantId: TENANT,
  type: { type: text, sql: 'j.type' },
  worker: { type: text, sql: 'j.worker' },
  deniedReason: { type: text, sql: 'j.deniedReason', nullable: true },
  isDenied: { type: flag, sql: '(j.deniedReason IS NOT NULL)' },
}

const jobs = defineSearch({
  from: 'job j',
  columns: 'j.*',
  key: 'j.key',
  filters: {
    ...FIELDS,
    hasFailedWithRetriesLeft: { type: flag, sql: "(j.state = 'FAILED' AND j.retries > 0)" },
  },
  sorts: FIELDS,
  item: (row) => ({
    jobKey: keyText(row.key),
    type: row.type,
    kind: row.kind,
    listenerEventType: row.listenerEventType,
    state: row.state,
    worker: row.worker,
    retries: row.retries,
    hasFailedWithRetriesLeft: row.state === 'FAILED' && Number(row.retries) > 0,
    deadline: isoTime(row.deadline),
    endTime: isoTime(row.endTime),
    errorCode: row.errorCode ?? undefined,
    errorMessage: row.errorMessage ?? undefined,
    isDenied: row.deniedReason !== null,
    deniedReason: row.deniedReason ?? undefined,
    customHeaders: jsonOf(row.customHeaders),
    elementId: row.elementId,
    elementInstanceKey: keyText(row.elementInstanceKey),
    processInstanceKey: keyText(row.processInstanceKey),
    processDefinitionKey: keyText(row.processDefinitionKey),
    processDefinitionId: row.processDefinitionId,
    tenantId: DEFAULT_TENANT,
  }),
})

/** The search of `/v2/jobs`. */
export const jobReads: readonly ReadRoute[] = [
  { method: 'POST', path: '/v2/jobs/search', read: (query, request) => ok(jobs.run(query, bodyOf(request))) },
]

/** `/v2/jobs`: activation with long polling, completion, failure, error and update. */
export function jobRoutes(engine: Engine): Route<Handler>[] {
  return [
    { method: 'POST', path: '/v2/jobs/activation', handler: (request) => activate(engine, request) },
    {
      method: 'POST',
      path: '/v2/jobs/:jobKey/completion',
      async handler(request) {
        const { variables, result } = optionalInput(request, completion)
        await engine.execute({
          type: 'CompleteJob',
          jobKey: pathKey(request, 'jobKey'),
          ...variablesOf(variables),
          ...(result ? { result: jobResultOf(result) } : {}),
        })
        return NO_CONTENT
      },
    },
    {
      method: 'POST',
      path: '/v2/jobs/:jobKey/failure',
      async handler(request) {
        const { retries, errorMessage, retryBackOff, variables } = optionalInput(request, failure)
        await engine.execute({
          type: 'FailJob',
          jobKey: pathKey(request, 'jobKey'),
          retries: retries ?? 0,
          errorMessage: errorMessage ?? '',
          retryBackOff: retryBackOff ?? 0,
          ...variablesOf(variables),
        })
        return NO_CONTENT
      },
    },
    {
      method: 'POST',
      path: '/v2/jobs/:jobKey/error',
      async handler(request) {
        const { errorCode, errorMessage, variables } = input(request, error)
        await engine.execute({
          type: 'ThrowJobError',
          jobKey: pathKey(request, 'jobKey'),
          errorCode,
          errorMessage: errorMessage ?? '',
          ...variablesOf(variables),
        })
        return NO_CONTENT
      },
    },
    {
      method: 'PATCH',
      path: '/v2/jobs/:jobKey',
      async handler(request) {
        const { retries, timeout } = input(request, update).changeset
        if (retries == null && timeout == null) {
          throw invalidArgument('Request property [changeset] must hold at least one of [retries, timeout].')
        }
        await engine.execute({
          type: 'UpdateJob',
          jobKey: pathKey(request, 'jobKey'),
          ...(retries == null ? {} : { retries }),
          ...(timeout == null ? {} : { timeout }),
        })
        return NO_CONTENT
      },
    },
  ]
}

/** Hands out jobs, waiting for them as long as the request says. */
async function activate(engine: Engine, request: ApiRequest): Promise<ApiResponse> {
  const body = input(request, activation)
  const command = {
    type: 'ActivateJobs',
    jobType: body.type,
    worker: body.worker ?? '',
    timeout: body.timeout,
    maxJobs: body.maxJobsToActivate,
    ...(body.fetchVariable ? { fetchVariables: body.fetchVariable } : {}),
  } as const
  const jobs = await pollJobs(engine, command, body.requestTimeout ?? 0, request)
  return ok({ jobs: jobs.map(jobOf) })
}

function jobOf(job: ActivatedJob) {
  return {
    ...job,
    jobKey: keyText(job.jobKey),
    processInstanceKey: keyText(job.processInstanceKey),
    processDefinitionKey: keyText(job.processDefinitionKey),
    elementInstanceKey: keyText(job.elementInstanceKey),
    tenantId: DEFAULT_TENANT,
    userTask: job.userTask && userTaskOf(job.userTask),
  }
}

function userTaskOf(task: UserTaskProperties) {
  return { ...task, userTaskKey: keyText(task.userTaskKey), formKey: keyText(task.formKey) }
}
