import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOW, resourceFiles, type ServedEngine, startServedEngine } from './served-engine.ts'

// One loan of a book, from request to return, through both clients of the SDK. The tests build on each other.
let served: ServedEngine
let client: ServedEngine['client']
let definitionKey: string
let loan: string

const MORNING = Date.UTC(2026, 10, 23, 1)
const DUE = '2026-11-26T17:00:00+08:00'

beforeAll(async () => {
  served = await startServedEngine()
  client = served.client
  await client.pinClock({ timestamp: MORNING })
})
afterAll(() => served.close())

/** Resolves when a worker has finished a job. */
function nextJob<Seen>(): { done: Promise<Seen>; report: (seen: Seen) => void } {
  const { promise, resolve } = Promise.withResolvers<Seen>()
  return { done: promise, report: resolve }
}

describe('deployment', () => {
  test('of diagrams, decision and forms together', async () => {
    const files = await resourceFiles(
      'loan.bpmn',
      'reminder.bpmn',
      'fine.bpmn',
      'fine.dmn',
      'loan-approval.form',
      'loan-request.form',
    )
    const result = await client.createDeployment({ resources: files })
    expect(result.processes.map((process) => process.processDefinitionId)).toEqual(['loan', 'reminder', 'fine'])
    expect(result.decisions).toMatchObject([{ decisionDefinitionId: 'fine-rate', version: 1, name: 'Fine rate' }])
    expect(result.decisionRequirements).toMatchObject([{ decisionRequirementsId: 'fines', resourceName: 'fine.dmn' }])
    expect(result.forms.map((form) => form.formId)).toEqual(['loan-approval', 'loan-request'])
    definitionKey = result.processes[0]?.processDefinitionKey ?? ''
  })

  test('again, by the older client: nothing new', async () => {
    const [file] = await resourceFiles('loan.bpmn')
    const content = Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer(0))
    // The type says string, but only bytes come through unharmed when there is Chinese in the file.
    const result = await served.olderClient.deployResources([
      { name: 'loan.bpmn', content: content as unknown as string },
    ])
    expect(result.processes).toMatchObject([{ processDefinitionKey: definitionKey, processDefinitionVersion: 1 }])
  })

  test('can be found, read, and shows its start form', async () => {
    const found = await client.searchProcessDefinitions(
      { filter: { isLatestVersion: true }, sort: [{ field: 'processDefinitionId' }] },
      NOW,
    )
    expect(found.items?.map((item) => [item.processDefinitionId, item.name, item.hasStartForm])).toEqual([
      ['fine', '逾期费用', false],
      ['loan', '图书借阅', true],
      ['reminder', '催还', false],
    ])
    expect(await client.getProcessDefinition({ processDefinitionKey: definitionKey }, NOW)).toMatchObject({
      version: 1,
      resourceName: 'loan.bpmn',
    })
    expect(await client.getProcessDefinitionXml({ processDefinitionKey: definitionKey }, NOW)).toContain(
      'name="图书借阅"',
    )
    expect(await served.olderClient.getProcessDefinitionXML(definitionKey)).toContain('name="图书借阅"')
    expect(await client.getStartProcessForm({ processDefinitionKey: definitionKey }, NOW)).toMatchObject({
      formId: 'loan-request',
      version: 1,
    })
  })
})

describe('process instances', () => {
  test('are created by id, by key and by version', async () => {
    const variables = { loanId: 'L-1', branch: 'east', dueAt: DUE, book: { title: '论语', price: 12.5 } }
    const created = await client.createProcessInstance({
      processDefinitionId: 'loan',
      variables,
      tags: ['demo', 'library:1'],
    })
    expect(created).toMatchObject({
      processDefinitionId: 'loan',
      processDefinitionVersion: 1,
      processDefinitionKey: definitionKey,
      tags: ['demo', 'library:1'],
    })
    loan = created.processInstanceKey
    const byKey = await client.createProcessInstance({
      processDefinitionKey: definitionKey,
      variables: { ...variables, loanId: 'L-2' },
    })
    const byVersion = await served.olderClient.createProcessInstance({
      processDefinitionId: 'loan',
      processDefinitionVersion: 1,
      variables: { ...variables, loanId: 'L-3' },
    })
    expect(new Set([loan, byKey.processInstanceKey, byVersion.processInstanceKey]).size).toBe(3)
  })

  test('are found by state, variables, tags and element', async () => {
    const found = await client.searchProcessInstances(
      {
        filter: {
          processDefinitionId: 'loan',
          state: 'ACTIVE',
          variables: [{ name: 'loanId', value: '"L-1"' }],
          tags: ['demo'],
          elementId: 'fetch',
          elementInstanceState: 'ACTIVE',
          startDate: { $gte: new Date(MORNING).toISOString() },
        },
      },
      NOW,
    )
    expect(found.items).toMatchObject([
      {
        processInstanceKey: loan,
        processDefinitionName: '图书借阅',
        hasIncident: false,
        startDate: '2026-11-23T01:00:00.000Z',
      },
    ])
    expect(found.page.totalItems).toBe(1)
  })

  test('that are canceled end at once, with everything in them', async () => {
    const { items } = await client.searchProcessInstances(
      { filter: { variables: [{ name: 'loanId', value: '"L-3"' }] } },
      NOW,
    )
    const processInstanceKey = items[0]?.processInstanceKey ?? ''
    await client.cancelProcessInstance({ processInstanceKey })
    expect(await client.getProcessInstance({ processInstanceKey }, NOW)).toMatchObject({
      state: 'TERMINATED',
      endDate: '2026-11-23T01:00:00.000Z',
    })
    const statistics = await client.getProcessInstanceStatistics({ processInstanceKey }, NOW)
    expect(statistics.items).toContainEqual({
      elementId: 'fetch',
      active: 0,
      canceled: 1,
      incidents: 0,
      completed: 0,
    })
  })
})

describe('workers', () => {
  test('of the 8.8 client get the job with its headers and variables, and complete it', async () => {
    const { done, report } = nextJob<{ headers: unknown; variables: unknown; processInstanceKey: string }>()
    const worker = client.createJobWorker({
      jobType: 'fetch-book',
      jobTimeoutMs: 60_000,
      maxParallelJobs: 1,
      pollTimeoutMs: 60_000,
      fetchVariables: ['loanId'],
      async jobHandler(job) {
        const receipt = await job.complete({ fetched: true })
        report({ headers: job.customHeaders, variables: job.variables, processInstanceKey: job.processInstanceKey })
        worker.stop()
        return receipt
      },
    })
    expect(await done).toEqual({ headers: { shelf: 'A-7' }, variables: { loanId: 'L-1' }, processInstanceKey: loan })
  })

  test('of the older client throw a BPMN error that the diagram catches', async () => {
    const { done, report } = nextJob<string>()
    const worker = served.olderClient.createJobWorker({
      type: 'fetch-book',
      worker: 'older-worker',
      timeout: 60_000,
      maxJobsToActivate: 1,
      pollIntervalMs: 10,
      async jobHandler(job) {
        const receipt = await job.error({ errorCode: 'book-lost', errorMessage: '找不到', variables: {} })
        report(String(job.processInstanceKey))
        return receipt
      },
    })
    const processInstanceKey = await done
    await worker.stop()
    expect(await client.getProcessInstance({ processInstanceKey }, NOW)).toMatchObject({ state: 'COMPLETED' })
    const flows = await client.getProcessInstanceSequenceFlows({ processInstanceKey }, NOW)
    expect(flows.items?.map((flow) => flow.elementId)).toEqual(['to_fetch', 'to_refused'])
    const { items } = await client.searchJobs({ filter: { processInstanceKey, state: 'ERROR_THROWN' } }, NOW)
    expect(items).toMatchObject([
      { errorCode: 'book-lost', errorMessage: '找不到', worker: 'older-worker', elementId: 'fetch' },
    ])
  })
})

describe('a user task', () => {
  test('is completed with variables, which the diagram maps out of it', async () => {
    const tasks = await client.searchUserTasks({ filter: { processInstanceKey: loan } }, NOW)
    const userTaskKey = tasks.items[0]?.userTaskKey ?? ''
    await client.completeUserTask({ userTaskKey, variables: { approved: true } })
    const { items } = await client.searchVariables({ filter: { processInstanceKey: loan, name: 'approved' } }, NOW)
    expect(items.map(({ scopeKey, value }) => [scopeKey, value])).toEqual([
      [tasks.items[0]?.elementInstanceKey, 'true'],
      [loan, 'true'],
    ])
    expect(await client.getVariable({ variableKey: items[1]?.variableKey ?? '' }, NOW)).toMatchObject({
      name: 'approved',
      scopeKey: loan,
    })
  })
})

describe('messages', () => {
  test('are waited for by a subscription that can be found', async () => {
    const { items } = await client.searchMessageSubscriptions(
      { filter: { processInstanceKey: loan, messageSubscriptionState: 'CREATED' } },
      NOW,
    )
    expect(items).toMatchObject([{ messageName: 'book-returned', correlationKey: 'L-1', elementId: 'returned' }])
  })

  test('correlated to nothing are refused; published to the instance they end it', async () => {
    await expect(client.correlateMessage({ name: 'book-returned', correlationKey: 'L-99' })).rejects.toMatchObject({
      status: 404,
      title: 'NOT_FOUND',
    })
    const published = await client.publishMessage({
      name: 'book-returned',
      correlationKey: 'L-1',
      timeToLive: 60_000,
      messageId: 'm-1',
      variables: { stains: 0 },
    })
    expect(published.messageKey).toMatch(/^\d+$/)
    expect(await client.getProcessInstance({ processInstanceKey: loan }, NOW)).toMatchObject({ state: 'COMPLETED' })
  })

  test('correlate to a waiting instance and name it', async () => {
    const variables = { loanId: 'L-4', branch: 'east', dueAt: DUE }
    const { processInstanceKey } = await client.createProcessInstance({ processDefinitionId: 'loan', variables })
    const { jobs } = await client.activateJobs({
      type: 'fetch-book',
      timeout: 60_000,
      maxJobsToActivate: 1,
      worker: 'test',
    })
    await client.completeJob({ jobKey: jobs[0]?.jobKey ?? '' })
    const { items } = await client.searchUserTasks({ filter: { processInstanceKey } }, NOW)
    await client.completeUserTask({ userTaskKey: items[0]?.userTaskKey ?? '', variables: { approved: true } })
    const correlated = await served.olderClient.correlateMessage({
      name: 'book-returned',
      correlationKey: 'L-4',
      variables: {},
    })
    expect(correlated.processInstanceKey).toBe(processInstanceKey)
    expect(await client.getProcessInstance({ processInstanceKey }, NOW)).toMatchObject({ state: 'COMPLETED' })
  })
})

describe('element instances', () => {
  test('tell the whole path of an instance', async () => {
    const { items } = await client.searchElementInstances(
      { filter: { processInstanceKey: loan }, sort: [{ field: 'elementInstanceKey' }] },
      NOW,
    )
    expect(items?.map(({ elementId, type, state }) => [elementId, type, state])).toEqual([
      ['loan', 'PROCESS', 'COMPLETED'],
      ['requested', 'START_EVENT', 'COMPLETED'],
      ['fetch', 'SERVICE_TASK', 'COMPLETED'],
      ['approve', 'USER_TASK', 'COMPLETED'],
      ['returned', 'INTERMEDIATE_CATCH_EVENT', 'COMPLETED'],
      ['done', 'END_EVENT', 'COMPLETED'],
    ])
    const elementInstanceKey = items?.[3]?.elementInstanceKey ?? ''
    expect(await client.getElementInstance({ elementInstanceKey }, NOW)).toMatchObject({
      elementName: '审批借阅',
      hasIncident: false,
    })
  })

  test('of all instances are counted by element', async () => {
    const statistics = await client.getProcessDefinitionStatistics(
      { processDefinitionKey: definitionKey, filter: { state: 'COMPLETED' } },
      NOW,
    )
    expect(statistics.items?.find((item) => item.elementId === 'fetch')).toEqual({
      elementId: 'fetch',
      active: 0,
      canceled: 1,
      incidents: 0,
      completed: 2,
    })
  })
})
