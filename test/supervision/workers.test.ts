import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createCourtCalendar } from '../../src/calendar/index.ts'
import { type AnyWorker, runJob } from '../../src/orchestration/index.ts'
import { createSupervision } from '../../src/supervision/index.ts'
import { deadlineComputeWorker } from '../../workers/management/deadline-compute.ts'
import { deadlineExtendWorker } from '../../workers/management/deadline-extend.ts'
import { deadlineReviewWorker } from '../../workers/management/deadline-review.ts'
import { escalationRaiseWorker } from '../../workers/management/escalation-raise.ts'
import { nodeFinishWorker } from '../../workers/management/node-finish.ts'
import { reminderSendWorker } from '../../workers/management/reminder-send.ts'
import { createTestClock, insertCase } from '../dossier/fixture.ts'
import { openTestDatabase } from '../support/database.ts'
import { readDecisions } from './decisions.ts'

const { prisma } = await openTestDatabase()
const clock = createTestClock('2026-05-11T09:00:00+08:00')
const supervision = createSupervision({
  prisma,
  clock,
  calendar: createCourtCalendar(),
  evaluateDecision: await readDecisions('deadlines.dmn'),
})
const published: { name: string; correlationKey: string }[] = []
const dependencies = {
  supervision,
  publishMessage: async (message: { name: string; correlationKey: string }) => {
    published.push({ name: message.name, correlationKey: message.correlationKey })
  },
}

/** A job as the engine delivers it; given again, it is a second delivery. */
function jobOf(type: string, variables: Record<string, unknown>, processInstanceKey = '21') {
  return {
    jobKey: '1',
    jobType: type,
    processInstanceKey,
    processDefinitionId: 'initial-reception',
    elementId: 'verifyAndReceive',
    elementInstanceKey: randomUUID(),
    retries: 3,
    variables,
  }
}

type Job = ReturnType<typeof jobOf>

/** Delivers a job twice; both deliveries must answer the same. */
async function deliverTwice(worker: AnyWorker, job: Job) {
  const first = await runJob(worker, job, () => {})
  expect(await runJob(worker, job, () => {})).toEqual(first)
  return first
}

/** A registered node that was due on 2026-05-13 at 24:00. */
async function openNode() {
  clock.set('2026-05-11T09:00:00+08:00')
  const caseId = await insertCase(prisma)
  const variables = {
    caseId,
    node: 'reception',
    deadlineKey: 'reception.online',
    deadlineFrom: '2026-05-11T09:00:00+08:00[Asia/Shanghai]',
  }
  const outcome = await deliverTwice(deadlineComputeWorker(dependencies), jobOf('deadline.compute', variables))
  const [entry] = await supervision.nodeEntries(caseId)
  return { caseId, outcome, entryId: entry!.entryId }
}

describe('workers of the node register, each delivered twice', () => {
  it('deadline.compute answers the local variable deadline', async () => {
    const { caseId, outcome, entryId } = await openNode()
    expect(outcome).toMatchObject({
      kind: 'complete',
      variables: {
        deadline: { entryId, key: 'reception.online', dueAt: '2026-05-13T23:59:59.999+08:00', provisional: false },
      },
    })
    expect(await supervision.nodeEntries(caseId)).toHaveLength(1)
  })

  it('deadline.review answers the action, to the same process the same', async () => {
    const { caseId, entryId } = await openNode()
    clock.set('2026-05-14T00:00:00+08:00')
    const job = jobOf('deadline.review', { caseId, node: 'reception' }, '77')
    expect(await deliverTwice(deadlineReviewWorker(dependencies), job)).toEqual({
      kind: 'complete',
      variables: {
        review: {
          action: 'escalate',
          entryId,
          dueAt: '2026-05-13T23:59:59.999+08:00',
          handlerRole: 'reception-specialist',
          ladder: 'enforcement',
        },
      },
    })
  })

  it('reminder.send records one reminder', async () => {
    const { caseId, entryId } = await openNode()
    await deliverTwice(reminderSendWorker(dependencies), jobOf('reminder.send', { entryId }))
    expect(await supervision.nodeEntries(caseId)).toMatchObject([{ remindedAt: '2026-05-11T09:00:00+08:00' }])
  })

  it('escalation.raise records one escalation and tells from when its rung runs', async () => {
    const { caseId, entryId } = await openNode()
    clock.set('2026-05-14T08:30:00+08:00')
    const job = jobOf('escalation.raise', { entryId, role: 'node-supervisor', roleName: '节点管控专员' })
    expect(await deliverTwice(escalationRaiseWorker(dependencies), job)).toMatchObject({
      kind: 'complete',
      variables: { escalation: { raisedAt: '2026-05-14T08:30:00+08:00' } },
    })
    expect((await supervision.nodeEntries(caseId))[0]?.escalations).toHaveLength(1)
  })

  it('deadline.extend records one decision, and who took it', async () => {
    const { caseId, entryId } = await openNode()
    const variables = {
      entryId,
      newDueDate: '2026-05-20',
      reason: '住院',
      supervisionDecision: { completedBy: 'node1' },
    }
    expect(await deliverTwice(deadlineExtendWorker(dependencies), jobOf('deadline.extend', variables))).toEqual({
      kind: 'complete',
      variables: {},
    })
    expect((await supervision.nodeEntries(caseId))[0]?.dueDateChanges).toHaveLength(1)
    expect(await prisma.auditEntry.count({ where: { subjectId: caseId, actor: 'node1' } })).toBe(1)
  })

  it('node.finish marks the node and publishes node.finished to whoever supervises the entry', async () => {
    const { caseId, entryId } = await openNode()
    published.length = 0
    const job = jobOf('node.finish', { caseId, node: 'reception', deadline: { entryId, dueAt: 'x' } })
    expect(await deliverTwice(nodeFinishWorker(dependencies), job)).toEqual({ kind: 'complete', variables: {} })
    expect(new Set(published.map(({ name, correlationKey }) => `${name} ${correlationKey}`))).toEqual(
      new Set([`node.finished ${entryId}`]),
    )
    expect((await supervision.nodeEntries(caseId))[0]?.finishedAt).toBe('2026-05-11T09:00:00+08:00')
  })
})

describe('bad input fails with a message that a person can act on', () => {
  const caseId = randomUUID()
  it.each([
    [
      deadlineComputeWorker(dependencies),
      { caseId, node: 'n', deadlineKey: 'reception.online', deadlineFrom: null },
      /deadlineFrom/,
    ],
    [
      deadlineComputeWorker(dependencies),
      { caseId, node: 'n', deadlineKey: 7, deadlineFrom: '2026' },
      /期限规则的键.*deadlineKey/,
    ],
    [
      deadlineComputeWorker(dependencies),
      { caseId, node: 'n', deadlineKey: 'nope', deadlineFrom: '2026-05-11T09:00:00+08:00' },
      /没有“nope”这一行/,
    ],
    [deadlineReviewWorker(dependencies), { caseId, node: 'nowhere' }, /节点 nowhere 没有期限登记/],
    [deadlineExtendWorker(dependencies), { entryId: randomUUID(), newDueDate: null, reason: '甲' }, /应填写新期限/],
    [nodeFinishWorker(dependencies), { caseId, node: 'n', deadline: null }, /deadline\.compute 启动监听器/],
    [nodeFinishWorker(dependencies), { caseId, node: 'n', deadline: { entryId: randomUUID() } }, /没有节点登记/],
    [reminderSendWorker(dependencies), { entryId: null }, /节点登记的标识/],
    [escalationRaiseWorker(dependencies), { entryId: randomUUID(), role: null }, /督办岗位的代码/],
  ])('%#', async (worker, variables, message) => {
    const outcome = await runJob(worker, jobOf(worker.type, variables), () => {})
    expect(outcome).toMatchObject({ kind: 'fail', retries: 0, message: expect.stringMatching(message) })
  })
})
