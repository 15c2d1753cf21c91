import { describe, expect, test } from 'vitest'
import type { FieldError } from '../../src/http/form-validation.ts'
import type { TaskView } from '../../src/http/task-views.ts'
import { smallLoan } from '../support/filing.ts'
import { startHttpCourt } from '../support/http-court.ts'
import { onePagePdf } from '../support/pdf.ts'

const court = await startHttpCourt()
const { engine } = court
const { caseId, caseNumber } = await court.cases.file(smallLoan(), 'filing1')
await court.dossier.open(caseId)

const forReception = { caseId, candidateGroups: ['reception-specialist'] }
const handover = () =>
  engine.addTask({ ...forReception, name: '流转至繁简分流', elementId: 'handOverNode', form: 'node-handover' })
const confirmed = { variables: { handover: { confirmed: true } } }

async function statusOf(username: string, method: string, path: string, body?: unknown): Promise<number> {
  return (await (await court.as(username)).send(method, path, body)).status
}

async function list(username: string, query: string): Promise<{ items: TaskView[]; total: number }> {
  return (await (await court.as(username)).get(`/api/tasks?${query}`)).json() as never
}

async function errorsOf(response: Response): Promise<FieldError[]> {
  return ((await response.json()) as { errors?: FieldError[] }).errors ?? []
}

describe('the list', () => {
  test('shows what nobody has yet to those whose position does it, with case, parties and deadline', async () => {
    court.clock.moment = new Date('2026-03-04T10:00:00+08:00')
    const task = engine.addTask({ ...forReception, dueAt: '2026-03-02T16:00:00Z', remindAt: '2026-03-02T01:00:00Z' })
    const { items } = await list('reception1', 'scope=groups')
    expect(items.find(({ taskKey }) => taskKey === task.taskKey)).toMatchObject({
      caseNumber,
      parties: '甲某一 与 乙某二',
      candidateGroupNames: ['初次接待事务专员'],
      deadline: { state: 'overdue', text: '超期1日' },
    })
    expect((await list('triage1', 'scope=groups')).items).toEqual([])
    engine.tasks.delete(task.taskKey)
  })

  test('puts the nearest date first, and work without a date last', async () => {
    const dueAt = (day: string) =>
      engine.addTask({ ...forReception, assignee: 'reception1', dueAt: `${day}T16:00:00Z` })
    const none = engine.addTask({ ...forReception, assignee: 'reception1' })
    const late = dueAt('2026-03-09')
    const soon = dueAt('2026-03-05')
    const { items } = await list('reception1', 'scope=mine')
    expect(items.map(({ taskKey }) => taskKey)).toEqual([soon, late, none].map(({ taskKey }) => taskKey))
    for (const { taskKey } of [soon, late, none]) engine.tasks.delete(taskKey)
  })

  test('is found by case number, party, cause and task', async () => {
    const task = handover()
    for (const q of [caseNumber, '乙某二', '借贷', '流转'])
      expect((await list('reception1', `scope=groups&q=${encodeURIComponent(q)}`)).total).toBe(1)
    expect((await list('reception1', `scope=groups&q=${encodeURIComponent('不存在')}`)).total).toBe(0)
    engine.tasks.delete(task.taskKey)
  })

  test('of one case shows a supervisor everything, and others what is theirs', async () => {
    const task = handover()
    const other = engine.addTask({ caseId, candidateGroups: ['document-specialist'] })
    expect((await list('node1', `scope=case&caseId=${caseId}`)).total).toBe(2)
    expect((await list('reception1', `scope=case&caseId=${caseId}`)).total).toBe(1)
    expect(await statusOf('node1', 'GET', '/api/tasks?scope=case')).toBe(422)
    for (const { taskKey } of [task, other]) engine.tasks.delete(taskKey)
  })
})

describe('a task', () => {
  test('comes with form, variables, case and what may be done with it', async () => {
    const { taskKey } = handover()
    const detail = await (await (await court.as('reception1')).get(`/api/tasks/${taskKey}`)).json()
    expect(detail).toMatchObject({
      formId: 'node-handover',
      schema: { id: 'node-handover' },
      case: { caseNumber },
      allowed: { claim: true, release: false, complete: false },
    })
  })

  test('is claimed once: whoever comes second reads who has it', async () => {
    const { taskKey } = engine.addTask({ caseId, candidateGroups: ['fast-team'] })
    expect(await statusOf('fast-judge1', 'POST', `/api/tasks/${taskKey}/claim`)).toBe(204)
    const second = await (await court.as('fast-clerk1')).send('POST', `/api/tasks/${taskKey}/claim`)
    expect(second.status).toBe(409)
    expect(await second.json()).toMatchObject({ detail: '此任务已由丑速执签收。' })
    expect(await statusOf('fast-judge1', 'POST', `/api/tasks/${taskKey}/claim`)).toBe(204)
  })

  test('that somebody claims between looking and clicking is a conflict, not a failure', async () => {
    const { taskKey } = handover()
    const assign = engine.assignUserTask.bind(engine)
    engine.assignUserTask = async (key, assignee) => {
      await assign(key, 'somebody-else')
      await assign(key, assignee)
    }
    expect(await statusOf('reception1', 'POST', `/api/tasks/${taskKey}/claim`)).toBe(409)
    engine.assignUserTask = assign
  })

  test('that a supervisor sees is not his to claim', async () => {
    const { taskKey } = handover()
    expect(await statusOf('node1', 'GET', `/api/tasks/${taskKey}`)).toBe(200)
    expect(await statusOf('node1', 'POST', `/api/tasks/${taskKey}/claim`)).toBe(403)
    expect(await statusOf('triage1', 'POST', `/api/tasks/${taskKey}/claim`)).toBe(404)
  })

  test('goes back to the group by release, but not one that was given to its judge by name', async () => {
    const { taskKey } = handover()
    await statusOf('reception1', 'POST', `/api/tasks/${taskKey}/claim`)
    expect(await statusOf('node1', 'POST', `/api/tasks/${taskKey}/release`)).toBe(409)
    expect(await statusOf('reception1', 'POST', `/api/tasks/${taskKey}/release`)).toBe(204)
    expect(engine.tasks.get(taskKey)?.assignee).toBeNull()
    const own = engine.addTask({ caseId, assignee: 'fast-judge1' })
    expect(await statusOf('fast-judge1', 'POST', `/api/tasks/${own.taskKey}/release`)).toBe(409)
  })

  test('keeps a draft for its own user until it is done', async () => {
    const { taskKey } = handover()
    await statusOf('reception1', 'POST', `/api/tasks/${taskKey}/claim`)
    const draft = { handover: { confirmed: true, remark: '未完' } }
    expect(await statusOf('reception1', 'POST', `/api/tasks/${taskKey}/draft`, { variables: draft })).toBe(204)
    const detail = async (username: string) =>
      (await (await court.as(username)).get(`/api/tasks/${taskKey}`)).json() as Promise<{ draft: unknown }>
    expect((await detail('reception1')).draft).toEqual(draft)
    expect((await detail('node1')).draft).toBeNull()
    await statusOf('reception1', 'POST', `/api/tasks/${taskKey}/complete`, confirmed)
    expect((await detail('reception1')).draft).toBeNull()
  })
})

describe('completion', () => {
  const claimed = async (task: { taskKey: string }, username = 'reception1') => {
    expect(await statusOf(username, 'POST', `/api/tasks/${task.taskKey}/claim`)).toBe(204)
    return `/api/tasks/${task.taskKey}/complete`
  }

  test('passes on the form’s variable and is recorded', async () => {
    const task = handover()
    const path = await claimed(task)
    expect(await statusOf('reception1', 'POST', path, confirmed)).toBe(204)
    expect(engine.completed.at(-1)).toEqual({
      taskKey: task.taskKey,
      variables: { handover: { confirmed: true, remark: '', completedBy: 'reception1' } },
    })
    const last = (await court.dependencies.audit.list('case', caseId)).at(-1)
    expect(last).toMatchObject({ actor: 'reception1', action: 'task.complete', detail: { name: '流转至繁简分流' } })
  })

  test('is checked against the deployed form, and nothing reaches the engine when it does not fit', async () => {
    const before = engine.completed.length
    const path = await claimed(handover())
    const reception = await court.as('reception1')
    const unchecked = await reception.send('POST', path, { variables: { handover: { confirmed: false } } })
    expect(unchecked.status).toBe(422)
    expect(await errorsOf(unchecked)).toEqual([{ field: 'handover.confirmed', message: '此项必填。' }])
    const forged = await reception.send('POST', path, { variables: { handover: { confirmed: true }, team: 'fast' } })
    expect(await errorsOf(forged)).toEqual([{ field: 'team', message: '表单没有此项，不能提交。' }])
    expect(engine.completed).toHaveLength(before)
  })

  test('by someone who has not claimed it, or after it was done, is a conflict', async () => {
    const task = handover()
    const path = `/api/tasks/${task.taskKey}/complete`
    expect(await statusOf('reception1', 'POST', path, confirmed)).toBe(409)
    await claimed(task)
    expect(await statusOf('node1', 'POST', path, confirmed)).toBe(409)
    expect(await statusOf('reception1', 'POST', path, confirmed)).toBe(204)
    expect(await statusOf('reception1', 'POST', path, confirmed)).toBe(409)
  })

  test('takes an upload of this case only', async () => {
    const signing = engine.addTask({ ...forReception, name: '签署并上传笔录', form: 'document-signing' })
    const path = await claimed(signing)
    const reception = await court.as('reception1')
    const body = new FormData()
    body.set('file', new File([await onePagePdf()], '笔录.pdf', { type: 'application/pdf' }))
    const uploaded = await reception.send('POST', `/api/cases/${caseId}/uploads`, body)
    const { uploadId } = (await uploaded.json()) as { uploadId: string }

    const other = await court.cases.file(smallLoan(), 'filing1')
    await court.database.prisma.upload.update({ where: { id: uploadId }, data: { caseId: other.caseId } })
    const answers = { variables: { signing: { uploadId, signedAt: '2026-03-04' } } }
    expect(await errorsOf(await reception.send('POST', path, answers))).toEqual([
      { field: 'signing.uploadId', message: '请上传本案的文件。' },
    ])
    await court.database.prisma.upload.update({ where: { id: uploadId }, data: { caseId } })
    expect((await reception.send('POST', path, answers)).status).toBe(204)
  })

  test('takes a person of the team that the case goes to, and no other', async () => {
    const task = engine.addTask({
      caseId,
      candidateGroups: ['fast-team'],
      form: 'handover-receipt',
      variables: { triageDecision: { team: 'fast' } },
    })
    const path = await claimed(task, 'fast-judge1')
    const receipt = (handlingJudge: string) => ({
      variables: { receipt: { accepted: 'yes', handlingJudge, handlingClerk: 'fast-clerk1' } },
    })
    const judge = await court.as('fast-judge1')
    expect(await errorsOf(await judge.send('POST', path, receipt('complex-judge1')))).toEqual([
      { field: 'receipt.handlingJudge', message: '请选择该岗位的在岗人员。' },
    ])
    expect((await judge.send('POST', path, receipt('fast-judge1'))).status).toBe(204)
  })

  test('of an approval is not open to who proposed it, in whatever position', async () => {
    await court.database.prisma.userRole.create({
      data: {
        userId: (await court.database.prisma.user.findUniqueOrThrow({ where: { username: 'fast-judge1' } })).id,
        role: 'enforcement-director',
      },
    })
    engine.addTask({ caseId, elementId: 'proposeClosing', state: 'COMPLETED', assignee: 'fast-judge1' })
    const approval = engine.addTask({
      caseId,
      elementId: 'approveClosing',
      candidateGroups: ['enforcement-director'],
      form: 'closing-approval',
    })
    expect(await statusOf('fast-judge1', 'POST', `/api/tasks/${approval.taskKey}/claim`)).toBe(403)
    expect(await statusOf('director1', 'POST', `/api/tasks/${approval.taskKey}/claim`)).toBe(204)
  })

  test('while the engine is away says so, and can be tried again', async () => {
    const path = await claimed(handover())
    engine.away = true
    const away = await (await court.as('reception1')).send('POST', path, confirmed)
    engine.away = false
    expect(away.status).toBe(503)
    expect(await statusOf('reception1', 'POST', path, confirmed)).toBe(204)
  })
})
