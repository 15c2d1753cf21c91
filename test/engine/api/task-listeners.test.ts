import { afterAll, beforeAll, expect, test } from 'vitest'
import { bpmn, end, flows, start, taskListeners, userTask } from '../../../src/engine/testing/bpmn-builder.ts'
import { NOW, type ServedEngine, startServedEngine } from './served-engine.ts'

// One task whose completion a listener first denies, then corrects. The tests build on each other.
let served: ServedEngine
let client: ServedEngine['client']
let userTaskKey: string

beforeAll(async () => {
  served = await startServedEngine()
  client = served.client
  const asked = taskListeners('creating:check', 'completing:approve')
  const xml = bpmn('p', start() + userTask('task', asked) + end() + flows('start -> task -> end'))
  await client.createDeployment({ resources: [new File([xml], 'p.bpmn')] })
  await client.createProcessInstance({ processDefinitionId: 'p' })
})
afterAll(() => served.close())

async function take(type: string) {
  const { jobs } = await client.activateJobs({ type, timeout: 60_000, maxJobsToActivate: 1 })
  const [job] = jobs
  if (job === undefined) throw new Error(`no job of type ${type}`)
  return job
}

test('a listener job tells of the user task, which is found as being created', async () => {
  const { items } = await client.searchUserTasks({ filter: { state: 'CREATING' } }, NOW)
  userTaskKey = items[0]?.userTaskKey ?? ''
  const job = await take('check')
  expect(job).toMatchObject({
    kind: 'TASK_LISTENER',
    listenerEventType: 'CREATING',
    userTask: { userTaskKey, candidateGroups: [], priority: 50 },
    customHeaders: { 'io.camunda.zeebe:userTaskKey': userTaskKey, 'io.camunda.zeebe:priority': '50' },
  })
  const tooHigh = await served.send('POST', `/v2/jobs/${job.jobKey}/completion`, {
    result: { type: 'userTask', corrections: { priority: 101 } },
  })
  expect(tooHigh.status).toBe(400)
  await client.completeJob({
    jobKey: job.jobKey,
    result: { type: 'userTask', corrections: { assignee: 'ann', dueDate: null } },
  })
  expect(await client.getUserTask({ userTaskKey: items[0]?.userTaskKey as never }, NOW)).toMatchObject({
    state: 'CREATED',
    assignee: 'ann',
  })
})

test('a denied completion is answered with 409 and the reason once the listener has denied', async () => {
  const completion = served.send('POST', `/v2/user-tasks/${userTaskKey}/completion`, { variables: { a: 1 } })
  const { jobKey, variables } = await take('approve')
  expect(variables).toEqual({ a: 1 })
  await client.completeJob({ jobKey, result: { type: 'userTask', denied: true, deniedReason: 'incomplete' } })
  const { status, body } = await completion
  expect(status).toBe(409)
  expect(body).toMatchObject({
    title: 'INVALID_STATE',
    detail: `Command 'COMPLETE' rejected with code 'INVALID_STATE': Completion of the User Task with key '${userTaskKey}' was denied by Task Listener. Reason to deny: 'incomplete'`,
  })
  const { items } = await client.searchJobs({ filter: { isDenied: true } as never }, NOW)
  expect(items).toMatchObject([{ jobKey, isDenied: true, deniedReason: 'incomplete', state: 'COMPLETED' }])
})

test('an agreed completion is answered with 204', async () => {
  const completion = served.send('POST', `/v2/user-tasks/${userTaskKey}/completion`, {})
  await client.completeJob({ jobKey: (await take('approve')).jobKey })
  expect((await completion).status).toBe(204)
})
