import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bpmn, element, flows, serviceTask, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { type Operation, operations } from './client-schemas.ts'
import { type Answer, resourceFiles, type ServedEngine, startServedEngine } from './served-engine.ts'
import { faultsOf } from './strict-responses.ts'

// Every operation of the official client, by its name there: served with success, or refused on purpose.
let served: ServedEngine
let keys: Record<string, string>

const T0 = Date.UTC(2026, 10, 23, 1)
const DAY = 86_400_000

beforeAll(async () => {
  served = await startServedEngine()
  await served.client.pinClock({ timestamp: T0 })
  keys = await prepare()
})
afterAll(() => served.close())

/** Administration of who may do what: not kept in this engine. */
const IDENTITY = /^\/v2\/(users|groups|roles|tenants|mapping-rules|authorizations|setup\/user)(\/|$)/

const identity = operations.filter(({ path }) => IDENTITY.test(path))
const others = operations.filter(({ path }) => !IDENTITY.test(path))

/** What is needed for a success: values of the path and the body, when the defaults below do not do. */
const REQUESTS: Record<
  string,
  () => { body?: unknown; path?: Record<string, string>; query?: string } | Promise<object>
> = {
  activateJobs: () => ({ body: { type: 'fetch-book', timeout: 1_000, maxJobsToActivate: 1, requestTimeout: -1 } }),
  failJob: async () => ({ path: { jobKey: await freshJob() }, body: { retries: 1, errorMessage: 'no' } }),
  throwJobError: async () => ({ path: { jobKey: await freshJob() }, body: { errorCode: 'book-lost' } }),
  completeJob: async () => ({ path: { jobKey: await freshJob() }, body: {} }),
  updateJob: async () => ({ path: { jobKey: await freshJob() }, body: { changeset: { retries: 2 } } }),
  completeUserTask: () => ({
    path: { userTaskKey: keys.secondUserTaskKey ?? '' },
    body: { variables: { approved: true } },
  }),
  assignUserTask: () => ({ body: { assignee: 'lee' } }),
  updateUserTask: () => ({ body: { changeset: { priority: 10 } } }),
  pinClock: () => ({ body: { timestamp: T0 + 20 * DAY } }),
  createProcessInstance: () => ({ body: { processDefinitionId: 'loan', variables: { branch: 'east' } } }),
  cancelProcessInstance: async () => ({ path: { processInstanceKey: await freshInstance() }, body: {} }),
  modifyProcessInstance: async () => ({ path: { processInstanceKey: await freshInstance() }, body: {} }),
  migrateProcessInstance: async () => ({
    path: { processInstanceKey: await freshInstance() },
    body: {
      targetProcessDefinitionKey: keys.processDefinitionKey,
      mappingInstructions: [{ sourceElementId: 'fetch', targetElementId: 'fetch' }],
    },
  }),
  cancelProcessInstancesBatchOperation: () => ({ body: { filter: { processInstanceKey: '1' } } }),
  resolveIncidentsBatchOperation: () => ({ body: { filter: { processDefinitionId: 'loan' } } }),
  migrateProcessInstancesBatchOperation: () => ({
    body: {
      filter: { processInstanceKey: '1' },
      migrationPlan: {
        targetProcessDefinitionKey: keys.processDefinitionKey,
        mappingInstructions: [{ sourceElementId: 'fetch', targetElementId: 'fetch' }],
      },
    },
  }),
  modifyProcessInstancesBatchOperation: () => ({
    body: {
      filter: { processInstanceKey: '1' },
      moveInstructions: [{ sourceElementId: 'fetch', targetElementId: 'fetch' }],
    },
  }),
  suspendBatchOperation: async () => ({ path: { batchOperationKey: await freshBatchOperation('ACTIVE') } }),
  resumeBatchOperation: async () => ({ path: { batchOperationKey: await freshBatchOperation('SUSPENDED') } }),
  cancelBatchOperation: async () => ({ path: { batchOperationKey: await freshBatchOperation('SUSPENDED') } }),
  getBatchOperation: async () => ({ path: { batchOperationKey: await freshBatchOperation('SUSPENDED') } }),
  deleteResource: async () => ({ path: { resourceKey: await freshScript() } }),
  getResource: async () => ({ path: { resourceKey: await freshScript() } }),
  getResourceContent: async () => ({ path: { resourceKey: await freshScript() } }),
  activateAdHocSubProcessActivities: async () => ({
    path: { adHocSubProcessInstanceKey: await freshAdHocSubprocess() },
    body: { elements: [{ elementId: 'look', variables: { shelf: 'A-7' } }] },
  }),
  evaluateDecision: () => ({ body: { decisionDefinitionId: 'fine-rate', variables: { days: 3 } } }),
  publishMessage: () => ({ body: { name: 'book-returned', correlationKey: 'none', timeToLive: 1_000 } }),
  correlateMessage: () => ({ body: { name: 'book-returned', correlationKey: 'L-3' } }),
  broadcastSignal: () => ({ body: { signalName: 'library-closed', variables: { until: 'Monday' } } }),
  createElementInstanceVariables: () => ({ body: { variables: { days: 4 } } }),
  createDocument: () => ({ body: form(['file', text('a note', 'note.txt')]), query: '?documentId=another' }),
  createDocuments: () => ({ body: form(['files', text('one', '1.txt')], ['files', text('two', '2.txt')]) }),
  getUsageMetrics: () => ({ query: '?startTime=2026-11-01T00:00:00Z&endTime=2026-12-31T00:00:00Z&withTenants=true' }),
  getDocument: () => ({ query: `?contentHash=${keys.contentHash}` }),
  createDocumentLink: () => ({ query: `?contentHash=${keys.contentHash}` }),
  deleteDocument: () => ({ path: { documentId: keys.secondDocumentId ?? '' } }),
  createDeployment: async () => ({ body: await deployment('fine.bpmn') }),
}

describe('every operation of the client', () => {
  test('is one of those below', () => {
    expect(operations.length).toBeGreaterThanOrEqual(146)
    expect(identity.length).toBeGreaterThanOrEqual(68)
    expect(new Set(operations.map(({ method, path }) => `${method} ${path}`)).size).toBe(operations.length)
  })

  test.each(others.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    '%s is served',
    async (_, operation) => {
      const answer = await request(operation)
      // The schemas look at every answer: see strict-responses.ts.
      expect(answer.body?.detail ?? '').toBe('')
      expect(answer.status).toBeLessThan(300)
    },
  )

  test.each(identity.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    '%s: 501, for users and permissions are not kept here',
    async (_, operation) => {
      const path = operation.path.replaceAll(/\{\w+\}/g, 'x')
      const body = operation.method === 'GET' || operation.method === 'DELETE' ? undefined : {}
      expect(await served.send(operation.method, path, body)).toMatchObject({
        status: 501,
        contentType: 'application/problem+json',
        body: { title: 'Not Implemented', detail: expect.stringContaining('is not supported by this engine') },
      })
    },
  )
})

describe('the look at every answer', () => {
  const problem = { type: 'about:blank', title: 'Not Found', status: 404, detail: 'gone', instance: '/v2/jobs/7' }
  const page = { totalItems: 0, hasMoreTotalItems: false }
  const variable = {
    variableKey: '1',
    name: 'a',
    value: '1',
    scopeKey: '1',
    processInstanceKey: '1',
    tenantId: '<default>',
  }
  const wrong: [what: string, method: string, url: string, status: number, body: unknown, fault: RegExp][] = [
    ['a missing property', 'GET', '/v2/variables/1', 200, { ...variable, name: undefined }, /name: Invalid input/],
    ['a wrong type', 'GET', '/v2/variables/1', 200, { ...variable, name: 7 }, /name: Invalid input/],
    ['a key that is a number', 'GET', '/v2/variables/1', 200, { ...variable, scopeKey: 1 }, /scopeKey: Invalid input/],
    [
      'a key that is not digits',
      'GET',
      '/v2/variables/1',
      200,
      { ...variable, scopeKey: 'x' },
      /scopeKey: Invalid string/,
    ],
    ['an unknown property', 'GET', '/v2/variables/1', 200, { ...variable, isPreview: true }, /isPreview: the schema/],
    [
      'an unknown property of an item',
      'POST',
      '/v2/variables/search?truncateValues=false',
      200,
      { items: [{ ...variable, isTruncated: false, more: 1 }], page },
      /items\[0\]\.more: the schema does not know it/,
    ],
    [
      'null for nothing',
      'POST',
      '/v2/user-tasks/search',
      200,
      { items: [{ userTaskKey: '1', name: null }], page },
      /name/,
    ],
    ['another success', 'GET', '/v2/variables/1', 201, variable, /expects one of 200/],
    ['a body of nothing', 'POST', '/v2/clock/reset', 204, {}, /expected void/],
    ['a problem without detail', 'GET', '/v2/jobs/7', 404, { ...problem, detail: undefined }, /detail: missing/],
    ['a problem with more', 'GET', '/v2/jobs/7', 404, { ...problem, trace: 'x' }, /trace: the schema does not know it/],
    ['a problem of another status', 'GET', '/v2/jobs/7', 400, problem, /status: must be 400/],
    ['a problem of another path', 'GET', '/v2/jobs/8', 404, problem, /instance: must be the path/],
  ]
  test.each(wrong)('finds %s', (_, method, url, status, body, fault) => {
    const contentType = status < 400 ? 'application/json' : 'application/problem+json'
    expect(faultsOf({ method, url }, status, contentType, JSON.stringify(body)).join('\n')).toMatch(fault)
  })
})

async function request(operation: Operation): Promise<Answer> {
  const {
    body,
    path = {},
    query = '',
  } = ((await REQUESTS[operation.name]?.()) as {
    body?: unknown
    path?: Record<string, string>
    query?: string
  }) ?? {}
  const url = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name] ?? keys[name]
    if (value === undefined) throw new Error(`${operation.name} needs a ${name}`)
    return encodeURIComponent(value)
  })
  const search = operation.path.endsWith('/search') || operation.path.endsWith('/element-instances')
  const given = body ?? (operation.method === 'POST' && search ? {} : undefined)
  return served.send(operation.method, `${url}${query}`, given)
}

/** A loan that waits for its return, one with an open user task, a called process with an incident, a decision. */
async function prepare(): Promise<Record<string, string>> {
  const { client } = served
  const deployed = await client.createDeployment({
    resources: await resourceFiles(
      'loan.bpmn',
      'reminder.bpmn',
      'fine.bpmn',
      'fine.dmn',
      'loan-approval.form',
      'loan-request.form',
    ),
  })
  for (const loanId of ['L-1', 'L-2', 'L-3']) await freshInstance(loanId)
  const { jobs } = await client.activateJobs({ type: 'fetch-book', timeout: 60_000, maxJobsToActivate: 3 })
  for (const { jobKey } of jobs) await client.completeJob({ jobKey })
  const tasks = (await served.send('POST', '/v2/user-tasks/search', {})).body.items
  await client.completeUserTask({ userTaskKey: tasks[2].userTaskKey, variables: { approved: true } })
  await client.createProcessInstance({ processDefinitionId: 'reminder', variables: {} })
  await client.pinClock({ timestamp: T0 + 15 * DAY })
  await served.send('POST', '/v2/decision-definitions/evaluation', {
    decisionDefinitionId: 'fine-rate',
    variables: { days: 3 },
  })
  const first = async (plural: string) => (await served.send('POST', `/v2/${plural}/search`, {})).body.items[0]
  const document = (await served.send('POST', '/v2/documents', form(['file', text('minutes', 'minutes.txt')]))).body
  const other = (await served.send('POST', '/v2/documents', form(['file', text('draft', 'draft.txt')]))).body
  const requirements = await first('decision-requirements')
  const incident = await first('incidents')
  return {
    processDefinitionKey: deployed.processes[0]?.processDefinitionKey ?? '',
    userTaskKey: tasks[0].userTaskKey,
    secondUserTaskKey: tasks[1].userTaskKey,
    documentId: document.documentId,
    contentHash: document.contentHash,
    secondDocumentId: other.documentId,
    variableKey: (await first('variables')).variableKey,
    elementInstanceKey: incident.processInstanceKey,
    processInstanceKey: tasks[0].processInstanceKey,
    incidentKey: incident.incidentKey,
    decisionDefinitionKey: deployed.decisions[0]?.decisionDefinitionKey ?? '',
    decisionRequirementsKey: requirements.decisionRequirementsKey,
    decisionEvaluationInstanceKey: (await first('decision-instances')).decisionEvaluationInstanceKey,
  }
}

function form(...parts: [name: string, file: File][]): FormData {
  const data = new FormData()
  for (const [name, file] of parts) data.append(name, file)
  return data
}

function text(content: string, name: string): File {
  return new File([content], name, { type: 'text/plain' })
}

/** A batch operation with so many items that it is still active when it is asked for. */
async function freshBatchOperation(state: 'ACTIVE' | 'SUSPENDED'): Promise<string> {
  const { batchOperationKey } = await served.engine.execute({
    type: 'CreateBatchOperation',
    plan: { type: 'CANCEL_PROCESS_INSTANCE' },
    processInstanceKeys: Array.from({ length: 20_000 }, (_, index) => index + 1),
  })
  if (state === 'SUSPENDED') await served.engine.execute({ type: 'SuspendBatchOperation', batchOperationKey })
  return String(batchOperationKey)
}

async function freshScript(): Promise<string> {
  const form = new FormData()
  form.append('resources', new File([JSON.stringify({ id: 'bot', script: 'Open' })], 'bot.rpa'))
  return (await served.send('POST', '/v2/deployments', form)).body.deployments[0].resource.resourceKey
}

async function freshInstance(loanId = 'L-9'): Promise<string> {
  const variables = { loanId, branch: 'east', dueAt: '2026-11-26T17:00:00+08:00' }
  return (await served.client.createProcessInstance({ processDefinitionId: 'loan', variables })).processInstanceKey
}

async function freshJob(): Promise<string> {
  const processInstanceKey = await freshInstance()
  const { items } = await served.client.searchJobs(
    { filter: { processInstanceKey } },
    { consistency: { waitUpToMs: 0 } },
  )
  return items[0]?.jobKey ?? ''
}

async function deployment(...names: string[]): Promise<FormData> {
  const form = new FormData()
  for (const file of await resourceFiles(...names)) form.append('resources', file)
  return form
}

/** An ad-hoc subprocess that waits to be told what starts in it. */
async function freshAdHocSubprocess(): Promise<string> {
  const { client } = served
  const adHoc = element('adHocSubProcess', { id: 'search' }, serviceTask('look'))
  const xml = bpmn('search-book', start() + adHoc + flows('start -> search'))
  await client.createDeployment({ resources: [new File([xml], 'search-book.bpmn')] })
  const { processInstanceKey } = await client.createProcessInstance({ processDefinitionId: 'search-book' })
  const { items } = await client.searchElementInstances(
    { filter: { processInstanceKey, type: 'AD_HOC_SUB_PROCESS' } },
    { consistency: { waitUpToMs: 0 } },
  )
  return items?.[0]?.elementInstanceKey ?? ''
}
