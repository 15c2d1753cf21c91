import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  caseId,
  dates,
  loanResources,
  otherCaseId,
  refusal,
  type ServedCourt,
  serveCourt,
  startLoan,
  theTask,
} from './served-court.ts'

let court: ServedCourt

beforeEach(async () => {
  court = await serveCourt()
  await court.orchestration.deploy(loanResources)
})

afterEach(async () => {
  await court.close()
})

describe('user tasks', () => {
  it('tells what the task list needs, with the case that it belongs to', async () => {
    const key = await startLoan(court)
    const task = await theTask(court)

    expect(task).toMatchObject({
      name: '审批借卷',
      elementId: 'approveLoan',
      processInstanceKey: key,
      processDefinitionId: 'loan',
      caseId,
      state: 'CREATED',
      assignee: null,
      candidateGroups: ['enforcement-director', 'supervising-leader'],
      completedAt: null,
    })
    expect([task.dueAt, task.remindAt, task.createdAt].map((instant) => new Date(instant ?? '').toISOString())).toEqual(
      ['2026-03-03T09:30:00.000Z', '2026-03-03T00:30:00.000Z', '2026-03-02T01:00:00.000Z'],
    )
    expect(await court.orchestration.getUserTask(task.taskKey)).toEqual(task)
  })

  it('gives the form and the variables that the task sees', async () => {
    await startLoan(court)
    const { taskKey } = await theTask(court)

    expect(await court.orchestration.getUserTaskForm(taskKey)).toMatchObject({
      formId: 'loan-approval',
      schema: { components: [{ key: 'approval.opinion' }] },
    })
    expect(await court.orchestration.getUserTaskVariables(taskKey)).toEqual({ caseId, reason: 'trip', ...dates })
  })

  it('gives a long variable whole', async () => {
    await startLoan(court)
    const list = Array.from({ length: 2_000 }, (_, page) => `第 ${page} 页`)
    const task = await theTask(court)
    await court.engine.execute({
      type: 'SetVariables',
      elementInstanceKey: Number(task.elementInstanceKey),
      variables: { list },
      local: true,
    })

    expect((await court.orchestration.getUserTaskVariables(task.taskKey)).list).toEqual(list)
  })

  it('finds tasks by case, group, assignee, element and state, a page at a time', async () => {
    await startLoan(court)
    await startLoan(court, { id: otherCaseId })
    const found = async (...[filter, page]: Parameters<typeof court.orchestration.searchUserTasks>) => {
      const { items, total } = await court.orchestration.searchUserTasks(filter, page)
      return [items.map((task) => task.caseId), total]
    }
    await court.orchestration.assignUserTask((await theTask(court, otherCaseId)).taskKey, 'director1')

    expect(await found({})).toEqual([[caseId, otherCaseId], 2])
    expect(await found({ caseId: otherCaseId })).toEqual([[otherCaseId], 1])
    expect(await found({ candidateGroups: ['supervising-leader', 'archivist'] })).toEqual([[caseId, otherCaseId], 2])
    expect(await found({ candidateGroups: ['archivist'] })).toEqual([[], 0])
    expect(await found({ assignee: 'director1' })).toEqual([[otherCaseId], 1])
    expect(await found({ unassigned: true })).toEqual([[caseId], 1])
    expect(await found({ elementId: 'approveLoan', processDefinitionId: 'loan' })).toEqual([[caseId, otherCaseId], 2])
    expect(await found({ state: 'COMPLETED' })).toEqual([[], 0])
    expect(await found({}, { from: 1, limit: 1 })).toEqual([[otherCaseId], 2])
  })

  it('is claimed by one person only, until he gives it back', async () => {
    await startLoan(court)
    const { taskKey } = await theTask(court)
    await court.orchestration.assignUserTask(taskKey, 'director1')

    expect((await theTask(court)).assignee).toBe('director1')
    expect(await refusal(court.orchestration.assignUserTask(taskKey, 'leader1'))).toBe(409)
    await court.orchestration.unassignUserTask(taskKey)
    await court.orchestration.assignUserTask(taskKey, 'leader1')
    expect((await theTask(court)).assignee).toBe('leader1')
  })

  it('is completed once with what was answered', async () => {
    const key = await startLoan(court)
    const { taskKey } = await theTask(court)
    await court.orchestration.completeUserTask(taskKey, { approval: { opinion: '同意' } })

    const done = await court.orchestration.getUserTask(taskKey)
    expect(done).toMatchObject({ state: 'COMPLETED' })
    expect(new Date(done.completedAt ?? '').toISOString()).toBe('2026-03-02T01:00:00.000Z')
    expect(await refusal(court.orchestration.completeUserTask(taskKey, {}))).toBeOneOf([404, 409])
    const variables = court.engine.query.all<{ value: string }>(
      "SELECT value FROM variable WHERE name = 'approval' AND scopeKey = ?",
      Number(key),
    )
    expect(variables).toMatchObject([{ value: '{"opinion":"同意"}' }])
  })

  it('is told 404 of a task that does not exist', async () => {
    expect(await refusal(court.orchestration.getUserTask('2251799813685999'))).toBe(404)
  })
})
