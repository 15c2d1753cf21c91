import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, resourceFiles, type ServedEngine, startServedEngine } from './served-engine.ts'

let served: ServedEngine

beforeAll(async () => {
  served = await startServedEngine()
  await served.client.createDeployment({
    resources: await resourceFiles('loan.bpmn', 'loan-approval.form', 'loan-request.form'),
  })
})
afterAll(() => served.close())

/** A key of the right form that nothing has. */
const NOTHING = '2251799900000000'

function problem(status: number, title: string, detail: RegExp) {
  return expect.objectContaining<Partial<Answer>>({
    status,
    contentType: 'application/problem+json',
    body: {
      type: 'about:blank',
      title,
      status,
      detail: expect.stringMatching(detail),
      instance: expect.stringMatching(/^\/v2\//),
    },
  })
}

describe('400: the request is wrong, and the answer names the field', () => {
  const job = { type: 'a', timeout: 1000, maxJobsToActivate: 1 }
  const wrong: [what: string, method: string, path: string, body: object, detail: RegExp][] = [
    ['a job type that is missing', 'POST', '/v2/jobs/activation', { ...job, type: undefined }, /\[type\].*string/],
    ['an empty job type', 'POST', '/v2/jobs/activation', { ...job, type: '' }, /\[type\].*must not be empty/],
    ['no time for a job', 'POST', '/v2/jobs/activation', { ...job, timeout: 0 }, /\[timeout\].*greater than 0/],
    [
      'no jobs',
      'POST',
      '/v2/jobs/activation',
      { ...job, maxJobsToActivate: 0 },
      /\[maxJobsToActivate\].*greater than 0/,
    ],
    [
      'another tenant',
      'POST',
      '/v2/jobs/activation',
      { ...job, tenantIds: ['other'] },
      /\[tenantIds\.0\].*multi-tenancy is disabled/,
    ],
    [
      'two faults',
      'POST',
      '/v2/jobs/activation',
      { ...job, timeout: 'x', worker: 1 },
      /\[worker\].*; Request property \[timeout\]|\[timeout\].*; Request property \[worker\]/,
    ],
    [
      'variables that are a list',
      'POST',
      `/v2/jobs/${NOTHING}/completion`,
      { variables: [1] },
      /\[variables\].*JSON object/,
    ],
    [
      'a result of an unknown type',
      'POST',
      `/v2/jobs/${NOTHING}/completion`,
      { result: { type: 'robot' } },
      /result\.type/,
    ],
    ['half a retry', 'POST', `/v2/jobs/${NOTHING}/failure`, { retries: 1.5 }, /\[retries\]/],
    ['no error code', 'POST', `/v2/jobs/${NOTHING}/error`, { errorCode: '' }, /\[errorCode\].*must not be empty/],
    ['nothing to change', 'PATCH', `/v2/jobs/${NOTHING}`, { changeset: {} }, /at least one of \[retries, timeout\]/],
    [
      'no process',
      'POST',
      '/v2/process-instances',
      {},
      /one of \[processDefinitionId, processDefinitionKey\] is required/,
    ],
    [
      'two processes',
      'POST',
      '/v2/process-instances',
      { processDefinitionId: 'loan', processDefinitionKey: '1' },
      /one of \[processDefinitionId, processDefinitionKey\] is allowed/,
    ],
    [
      'a version of nothing',
      'POST',
      '/v2/process-instances',
      { processDefinitionId: 'loan', processDefinitionVersion: 0 },
      /\[processDefinitionVersion\]/,
    ],
    [
      'an unknown property',
      'POST',
      '/v2/process-instances',
      { bpmnProcessId: 'loan' },
      /\[bpmnProcessId\] is not known/,
    ],
    [
      'a tag that is none',
      'POST',
      '/v2/process-instances',
      { processDefinitionId: 'loan', tags: ['1 2'] },
      /\[tags\.0\].*tag/,
    ],
    [
      'no assignee',
      'POST',
      `/v2/user-tasks/${NOTHING}/assignment`,
      { assignee: '' },
      /\[assignee\].*must not be empty/,
    ],
    ['nothing to update', 'PATCH', `/v2/user-tasks/${NOTHING}`, { changeset: {} }, /No update data provided/],
    [
      'a date without offset',
      'PATCH',
      `/v2/user-tasks/${NOTHING}`,
      { changeset: { dueDate: '2026-11-23' } },
      /\[changeset\.dueDate\].*ISO 8601/,
    ],
    [
      'a priority beyond 100',
      'PATCH',
      `/v2/user-tasks/${NOTHING}`,
      { changeset: { priority: 101 } },
      /\[changeset\.priority\]/,
    ],
    ['no variables', 'PUT', `/v2/element-instances/${NOTHING}/variables`, {}, /\[variables\]/],
    ['no message name', 'POST', '/v2/messages/publication', { correlationKey: 'a' }, /\[name\]/],
    [
      'a negative time to live',
      'POST',
      '/v2/messages/publication',
      { name: 'a', timeToLive: -1 },
      /\[timeToLive\].*negative/,
    ],
    [
      'no decision',
      'POST',
      '/v2/decision-definitions/evaluation',
      { variables: {} },
      /exactly one of \[decisionDefinitionId, decisionDefinitionKey\]/,
    ],
    ['a time that is none', 'PUT', '/v2/clock', { timestamp: 'noon' }, /\[timestamp\]/],
    ['a query parameter that is none', 'POST', '/v2/variables/search?truncateValues=maybe', {}, /\[truncateValues\]/],
  ]
  test.each(wrong)('%s', async (_, method, path, body, detail) => {
    const answer = await served.send(method, path, body)
    expect(answer).toEqual(problem(400, 'INVALID_ARGUMENT', detail))
  })

  test('a diagram that the engine cannot run is refused whole, and the answer names the file', async () => {
    const form = new FormData()
    for (const file of await resourceFiles('fine.dmn')) form.append('resources', file)
    form.append('resources', new File(['<not-bpmn/>'], '坏的.bpmn'))
    const answer = await served.send('POST', '/v2/deployments', form)
    expect(answer).toEqual(problem(400, 'INVALID_ARGUMENT', /坏的\.bpmn/))
    expect((await served.send('POST', '/v2/decision-definitions/search', {})).body.page.totalItems).toBe(0)
  })

  test('a file that is not UTF-8 is refused', async () => {
    const form = new FormData()
    form.append('resources', new File([new Uint8Array([0xc4, 0xe3, 0xba, 0xc3])], 'gbk.form'))
    expect(await served.send('POST', '/v2/deployments', form)).toEqual(
      problem(400, 'INVALID_ARGUMENT', /'gbk\.form' is not UTF-8/),
    )
  })
})

describe('404: there is no such thing', () => {
  const missing: [what: string, method: string, path: string, body: object | undefined, detail: RegExp][] = [
    [
      'job',
      'POST',
      `/v2/jobs/${NOTHING}/completion`,
      {},
      /^Command 'COMPLETE' rejected with code 'NOT_FOUND': .*2251799900000000/,
    ],
    ['job to fail', 'POST', `/v2/jobs/${NOTHING}/failure`, { retries: 1 }, /^Command 'FAIL' rejected/],
    ['job to throw', 'POST', `/v2/jobs/${NOTHING}/error`, { errorCode: 'a' }, /^Command 'THROW_ERROR' rejected/],
    ['job to change', 'PATCH', `/v2/jobs/${NOTHING}`, { changeset: { retries: 1 } }, /^Command 'UPDATE' rejected/],
    [
      'process by id',
      'POST',
      '/v2/process-instances',
      { processDefinitionId: 'nothing' },
      /^Command 'CREATE' rejected with code 'NOT_FOUND'.*nothing/,
    ],
    ['process by key', 'POST', '/v2/process-instances', { processDefinitionKey: NOTHING }, /2251799900000000/],
    ['version', 'POST', '/v2/process-instances', { processDefinitionId: 'loan', processDefinitionVersion: 9 }, /9/],
    ['instance to cancel', 'POST', `/v2/process-instances/${NOTHING}/cancellation`, {}, /^Command 'CANCEL' rejected/],
    [
      'instance',
      'GET',
      `/v2/process-instances/${NOTHING}`,
      undefined,
      /^Process Instance with key '2251799900000000' not found/,
    ],
    [
      'instance with statistics',
      'GET',
      `/v2/process-instances/${NOTHING}/statistics/element-instances`,
      undefined,
      /^Process Instance/,
    ],
    ['definition', 'GET', `/v2/process-definitions/${NOTHING}`, undefined, /^Process Definition/],
    ['definition with XML', 'GET', `/v2/process-definitions/${NOTHING}/xml`, undefined, /^Process Definition/],
    ['element instance', 'GET', `/v2/element-instances/${NOTHING}`, undefined, /^Element Instance/],
    [
      'scope of variables',
      'PUT',
      `/v2/element-instances/${NOTHING}/variables`,
      { variables: { a: 1 } },
      /rejected with code 'NOT_FOUND'/,
    ],
    ['user task', 'GET', `/v2/user-tasks/${NOTHING}`, undefined, /^User Task/],
    ['user task with form', 'GET', `/v2/user-tasks/${NOTHING}/form`, undefined, /^User Task/],
    ['user task with variables', 'POST', `/v2/user-tasks/${NOTHING}/variables/search`, {}, /^User Task/],
    ['user task to complete', 'POST', `/v2/user-tasks/${NOTHING}/completion`, {}, /^Command 'COMPLETE' rejected/],
    [
      'user task to assign',
      'POST',
      `/v2/user-tasks/${NOTHING}/assignment`,
      { assignee: 'a' },
      /^Command 'ASSIGN' rejected/,
    ],
    ['user task to hand back', 'DELETE', `/v2/user-tasks/${NOTHING}/assignee`, undefined, /^Command 'ASSIGN' rejected/],
    [
      'user task to change',
      'PATCH',
      `/v2/user-tasks/${NOTHING}`,
      { changeset: { priority: 1 } },
      /^Command 'UPDATE' rejected/,
    ],
    ['incident', 'GET', `/v2/incidents/${NOTHING}`, undefined, /^Incident/],
    ['incident to resolve', 'POST', `/v2/incidents/${NOTHING}/resolution`, {}, /^Command 'RESOLVE' rejected/],
    ['variable', 'GET', `/v2/variables/${NOTHING}`, undefined, /^Variable/],
    [
      'subscription',
      'POST',
      '/v2/messages/correlation',
      { name: 'nothing', correlationKey: 'a' },
      /^Command 'CORRELATE' rejected/,
    ],
    ['decision', 'GET', `/v2/decision-definitions/${NOTHING}`, undefined, /^Decision Definition/],
    ['decision requirements', 'GET', `/v2/decision-requirements/${NOTHING}/xml`, undefined, /^Decision Requirements/],
    ['decision instance', 'GET', `/v2/decision-instances/${NOTHING}01`, undefined, /^Decision Instance/],
    [
      'decision to evaluate',
      'POST',
      '/v2/decision-definitions/evaluation',
      { decisionDefinitionId: 'nothing' },
      /nothing/,
    ],
  ]
  test.each(missing)('%s', async (_, method, path, body, detail) => {
    expect(await served.send(method, path, body)).toEqual(problem(404, 'NOT_FOUND', detail))
  })
})

describe('409: it is not the time for that', () => {
  test('a message that is already buffered', async () => {
    const message = { name: 'book-returned', correlationKey: 'later', timeToLive: 600_000, messageId: 'once' }
    expect((await served.send('POST', '/v2/messages/publication', message)).status).toBe(200)
    expect(await served.send('POST', '/v2/messages/publication', message)).toEqual(
      problem(409, 'ALREADY_EXISTS', /once/),
    )
  })
})

describe('501: the engine does not have that', () => {
  test('users', async () => {
    const answer = await served.send('GET', '/v2/users/li')
    expect(answer).toEqual(problem(501, 'Not Implemented', /^GET \/v2\/users\/{username} is not supported.*kept/))
  })
})

describe('503: the engine has closed', () => {
  test('commands are refused, the server still answers', async () => {
    const closing = await startServedEngine()
    await closing.engine.close()
    expect(await closing.send('POST', '/v2/process-instances', { processDefinitionId: 'loan' })).toEqual(
      problem(503, 'UNAVAILABLE', /./),
    )
    await closing.close()
  })
})
