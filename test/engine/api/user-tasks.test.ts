import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOW, resourceFiles, type ServedEngine, startServedEngine } from './served-engine.ts'

// The approval of one loan: found, claimed, handed back, changed, completed. The tests build on each other.
let served: ServedEngine
let client: ServedEngine['client']
let loan: string
let taskKey: string

const MORNING = Date.UTC(2026, 10, 23, 1)
const DUE = '2026-11-26T17:00:00+08:00'

beforeAll(async () => {
  served = await startServedEngine()
  client = served.client
  await client.pinClock({ timestamp: MORNING })
  await client.createDeployment({
    resources: await resourceFiles('loan.bpmn', 'loan-approval.form', 'loan-request.form'),
  })
  const variables = { loanId: 'L-1', branch: 'east', dueAt: DUE, book: { title: '论语', price: 12.5 } }
  loan = (await client.createProcessInstance({ processDefinitionId: 'loan', variables })).processInstanceKey
  const { jobs } = await client.activateJobs({ type: 'fetch-book', timeout: 60_000, maxJobsToActivate: 1 })
  await client.completeJob({ jobKey: jobs[0]?.jobKey ?? '', variables: { fetched: true } })
})
afterAll(() => served.close())

describe('user tasks', () => {
  test('are found by candidate group, user, state, assignee, dates, priority and variables', async () => {
    const matching = [
      { candidateGroup: 'librarians' },
      { candidateGroup: { $in: ['east', 'west'] } },
      { candidateGroup: { $like: 'lib*' } },
      { candidateGroup: { $neq: 'west' } },
      { candidateUser: '甲某一' },
      { state: 'CREATED' },
      { state: { $in: ['CREATED', 'COMPLETED'] } },
      { assignee: { $exists: false } },
      { dueDate: { $lt: '2026-11-26T09:00:01.000Z' } },
      { dueDate: '2026-11-26T09:00:00.000Z' },
      { creationDate: { $gte: '2026-11-23T01:00:00.000Z' } },
      { followUpDate: { $exists: false } },
      { priority: { $gte: 70 } },
      { processInstanceKey: loan },
      {
        processInstanceVariables: [
          { name: 'loanId', value: '"L-1"' },
          { name: 'fetched', value: 'true' },
        ],
      },
      { localVariables: [{ name: 'hint', value: { $like: '*check*' } }] },
    ] as const
    for (const filter of matching) {
      const { items } = await served.free.searchUserTasks({ filter: filter as never }, NOW)
      expect(
        items.map((item) => item.processInstanceKey),
        JSON.stringify(filter),
      ).toEqual([loan])
    }
    const others = [
      { candidateGroup: 'west' },
      { candidateGroup: { $neq: 'east' } },
      { candidateUser: 'librarians' },
      { assignee: { $exists: true } },
      { state: 'COMPLETED' },
      { dueDate: { $gt: '2026-11-26T09:00:00.000Z' } },
      { localVariables: [{ name: 'loanId', value: '"L-1"' }] },
    ] as const
    for (const filter of others) {
      const { items } = await served.free.searchUserTasks({ filter: filter as never }, NOW)
      expect(items, JSON.stringify(filter)).toEqual([])
    }
  })

  test('show what the diagram says, and their form and variables', async () => {
    const { items } = await client.searchUserTasks(
      { filter: { processInstanceKey: loan }, sort: [{ field: 'dueDate', order: 'DESC' }] },
      NOW,
    )
    taskKey = items[0]?.userTaskKey ?? ''
    expect(await client.getUserTask({ userTaskKey: taskKey }, NOW)).toMatchObject({
      name: '审批借阅',
      processName: '图书借阅',
      elementId: 'approve',
      candidateGroups: ['librarians', 'east'],
      candidateUsers: ['甲某一'],
      dueDate: '2026-11-26T09:00:00.000Z',
      priority: 70,
      customHeaders: { desk: '2' },
    })
    expect(await client.getUserTaskForm({ userTaskKey: taskKey }, NOW)).toMatchObject({
      formId: 'loan-approval',
      schema: { components: [{ key: 'approved', label: '同意借阅' }] },
    })
    const variables = await client.searchUserTaskVariables({ userTaskKey: taskKey, sort: [{ field: 'name' }] }, NOW)
    expect(variables.items.map(({ name, value }) => [name, value])).toEqual([
      ['book', '{"title":"论语","price":12.5}'],
      ['branch', '"east"'],
      ['dueAt', `"${DUE}"`],
      ['fetched', 'true'],
      ['hint', '"please check"'],
      ['loanId', '"L-1"'],
    ])
    const older = await served.olderClient.searchUserTasks({ filter: { state: 'CREATED' } })
    expect(older.items.map((item) => item.userTaskKey)).toEqual([taskKey])
  })

  test('are claimed once, handed back, reassigned and changed', async () => {
    await client.assignUserTask({ userTaskKey: taskKey, assignee: '甲某一', allowOverride: false })
    expect((await client.getUserTask({ userTaskKey: taskKey }, NOW)).assignee).toBe('甲某一')
    await expect(
      client.assignUserTask({ userTaskKey: taskKey, assignee: '乙某二', allowOverride: false }),
    ).rejects.toMatchObject({ status: 409, title: 'INVALID_STATE' })
    await client.unassignUserTask({ userTaskKey: taskKey })
    expect((await client.getUserTask({ userTaskKey: taskKey }, NOW)).assignee).toBeUndefined()
    await served.olderClient.assignUserTask({ userTaskKey: taskKey, assignee: '乙某二' })
    await client.updateUserTask({
      userTaskKey: taskKey,
      changeset: { candidateGroups: ['managers'], dueDate: '2026-12-01T01:00:00.000Z', priority: 10 },
    })
    expect(await client.getUserTask({ userTaskKey: taskKey }, NOW)).toMatchObject({
      assignee: '乙某二',
      candidateGroups: ['managers'],
      candidateUsers: ['甲某一'],
      dueDate: '2026-12-01T01:00:00.000Z',
      priority: 10,
    })
    const { items } = await client.searchUserTasks({ filter: { candidateGroup: 'managers', assignee: '乙某二' } }, NOW)
    expect(items).toHaveLength(1)
    const cleared = await served.send('PATCH', `/v2/user-tasks/${taskKey}`, {
      changeset: { dueDate: '', candidateGroups: [] },
    })
    expect(cleared.status).toBe(204)
    const task = await client.getUserTask({ userTaskKey: taskKey }, NOW)
    expect([task.dueDate, task.candidateGroups]).toEqual([undefined, []])
  })

  test('are completed with variables, once', async () => {
    await client.completeUserTask({ userTaskKey: taskKey, variables: { approved: true } })
    expect(await client.getUserTask({ userTaskKey: taskKey }, NOW)).toMatchObject({
      state: 'COMPLETED',
      completionDate: '2026-11-23T01:00:00.000Z',
    })
    await expect(client.completeUserTask({ userTaskKey: taskKey })).rejects.toMatchObject({
      status: 404,
      title: 'NOT_FOUND',
    })
  })
})
