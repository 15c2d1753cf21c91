import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createCourtCalendar } from '../../src/calendar/index.ts'
import { type ComputeRequest, createSupervision } from '../../src/supervision/index.ts'
import { createTestClock, insertCase } from '../dossier/fixture.ts'
import { openTestDatabase } from '../support/database.ts'
import { readDecisions } from './decisions.ts'

const { prisma } = await openTestDatabase()
const clock = createTestClock('2026-05-11T09:00:00+08:00')
const evaluateDecision = await readDecisions('deadlines.dmn')
const supervision = createSupervision({ prisma, clock, calendar: createCourtCalendar(), evaluateDecision })

/** Monday; the online reception is due on Wednesday at 24:00 and reminded of on Tuesday at 08:30. */
const filedAt = '2026-05-11T09:00:00+08:00'
const due = '2026-05-13T23:59:59.999+08:00'

async function request(changes: Partial<ComputeRequest> = {}): Promise<ComputeRequest> {
  clock.set(filedAt)
  return {
    caseId: changes.caseId ?? (await insertCase(prisma)),
    node: 'reception',
    deadlineKey: 'reception.online',
    deadlineFrom: filedAt,
    elementId: 'verifyAndReceive',
    elementInstanceKey: randomUUID(),
    processInstanceKey: randomUUID(),
    processDefinitionId: 'initial-reception',
    ...changes,
  }
}

/** A node with its deadline, and a way to ask what its timers mean. */
async function openNode(changes: Partial<ComputeRequest> = {}) {
  const activity = await request(changes)
  const deadline = await supervision.compute(activity)
  const { caseId, node } = activity
  return {
    ...activity,
    ...deadline,
    review: (processInstanceKey = 'supervising-1') => supervision.review({ caseId, node, processInstanceKey }),
  }
}

describe('computing', () => {
  it('registers the node and answers when it is due, and why', async () => {
    const activity = await request()
    const deadline = await supervision.compute(activity)
    expect(deadline).toEqual({
      entryId: expect.any(String),
      key: 'reception.online',
      dueAt: due,
      remindAt: '2026-05-12T08:30:00+08:00',
      explanation: [
        '自2026年5月11日09:00（周一）起算，当日不计入，期限2日（依据：清法〔2022〕47号第五条、第九条）。',
        '期限届满：2026年5月13日24时。',
      ],
      provisional: false,
    })
    expect(await supervision.nodeEntries(activity.caseId)).toMatchObject([
      {
        node: 'reception',
        elementId: 'verifyAndReceive',
        kind: 'hard',
        handlerRole: 'reception-specialist',
        finishedAt: null,
      },
    ])
  })

  it('accepts a time with a zone in brackets, as FEEL writes it', async () => {
    const { dueAt } = await openNode({ deadlineFrom: '2026-05-11T01:00:00Z[GMT]' })
    expect(dueAt).toBe(due)
  })

  it('of several keys enters all, and the earliest binds', async () => {
    const { caseId, key, dueAt } = await openNode({
      deadlineKey: ['notice.outer', 'triage.review', 'reception.online'],
    })
    expect([key, dueAt]).toEqual(['triage.review', '2026-05-12T23:59:59.999+08:00'])
    expect((await supervision.nodeEntries(caseId)).map(({ deadlineKey }) => deadlineKey)).toEqual([
      'triage.review',
      'reception.online',
      'notice.outer',
    ])
  })

  it('twice for one element instance answers what was registered, even with another table', async () => {
    const activity = await request()
    const first = await supervision.compute(activity)
    const amended = createSupervision({
      prisma,
      clock,
      calendar: createCourtCalendar(),
      evaluateDecision: async () => {
        throw new Error('must not be asked')
      },
    })
    expect(await amended.compute(activity)).toEqual(first)
    expect(await supervision.nodeEntries(activity.caseId)).toHaveLength(1)
  })

  it('delivered twice at the same time registers once', async () => {
    const activity = await request()
    const [first, second] = await Promise.all([supervision.compute(activity), supervision.compute(activity)])
    expect(second).toEqual(first)
    expect(await supervision.nodeEntries(activity.caseId)).toHaveLength(1)
  })

  it.each([
    [
      'an unknown key',
      { deadlineKey: 'nope' },
      /initial-reception 的元素 verifyAndReceive（节点 reception）：期限规则表没有“nope”/,
    ],
    ['no key', { deadlineKey: [] }, /deadlineKey 是空列表/],
    ['a start that is no time', { deadlineFrom: '2026-05-11' }, /verifyAndReceive.*deadlineFrom“2026-05-11”/],
    ['an earliest date among limits', { deadlineKey: ['reception.online', 'closing.terminated.earliest'] }, /最早日期/],
  ])('is refused with %s', async (_, changes, message) => {
    const activity = await request(changes)
    await expect(supervision.compute(activity)).rejects.toThrow(message)
    expect(await supervision.nodeEntries(activity.caseId)).toEqual([])
  })
})

describe('the reminder timer', () => {
  it('reminds, once', async () => {
    const node = await openNode()
    clock.set('2026-05-12T08:30:00+08:00')
    expect(await node.review()).toMatchObject({ action: 'remind', entryId: node.entryId, dueAt: due })
    expect(await supervision.remind(node)).toEqual({ remindedAt: '2026-05-12T08:30:00+08:00' })
    clock.set('2026-05-12T08:31:00+08:00')
    expect(await supervision.remind(node)).toEqual({ remindedAt: '2026-05-12T08:30:00+08:00' })
  })

  it('says nothing of a finished node', async () => {
    const node = await openNode()
    await supervision.finish(node)
    expect(await node.review()).toMatchObject({ action: 'finished' })
    expect(await supervision.remind(node)).toEqual({ remindedAt: null })
  })
})

describe('the due timer', () => {
  it.each([
    ['a millisecond before', '2026-05-13T23:59:59.998+08:00', 'remind'],
    ['at the date', due, 'escalate'],
    ['a day after', '2026-05-14T23:59:59.999+08:00', 'escalate'],
  ])('%s: %s → %s', async (_, now, action) => {
    const node = await openNode()
    clock.set(now)
    expect(await node.review()).toMatchObject({ action, ladder: 'enforcement', handlerRole: 'reception-specialist' })
  })

  it('is escalated by the first that asks, and by it again; all others are told it is done', async () => {
    const node = await openNode()
    clock.set(due)
    const answers = await Promise.all(['a', 'b', 'c'].map((key) => node.review(key)))
    const owners = answers.filter(({ action }) => action === 'escalate')
    expect(owners).toHaveLength(1)
    const owner = ['a', 'b', 'c'][answers.indexOf(owners[0]!)]!
    expect(await node.review(owner)).toMatchObject({ action: 'escalate' })
    expect(await node.review('d')).toMatchObject({ action: 'finished' })
  })

  it('of a soft row is recorded for the statistics and never escalated', async () => {
    const node = await openNode({ deadlineKey: 'reception.offline' })
    clock.set('2026-05-11T18:00:00+08:00')
    expect(await node.review()).toMatchObject({ action: 'record', ladder: '' })
    expect(await supervision.nodeEntries(node.caseId)).toMatchObject([{ overdueAt: '2026-05-11T18:00:00+08:00' }])
    expect(await node.review('b')).toMatchObject({ action: 'record' })
  })

  it('of the softer of two rows waits for the harder one', async () => {
    const node = await openNode({ deadlineKey: ['reception.offline', 'reception.online'] })
    clock.set('2026-05-11T18:00:00+08:00')
    expect(await node.review()).toMatchObject({ action: 'wait', dueAt: due })
    clock.set(due)
    expect(await node.review()).toMatchObject({ action: 'escalate' })
  })

  it('concerns the latest visit of a node that is entered again', async () => {
    const first = await openNode()
    await supervision.finish(first)
    const second = await openNode({ caseId: first.caseId })
    clock.set(due)
    expect(await second.review()).toMatchObject({ action: 'escalate', entryId: second.entryId })
  })

  it('of a node that was never registered is an error that says what to compare', async () => {
    const caseId = await insertCase(prisma)
    await expect(supervision.review({ caseId, node: 'nowhere', processInstanceKey: '1' })).rejects.toThrow(
      /节点 nowhere 没有期限登记.*node/,
    )
  })
})

describe('finishing', () => {
  it('before, at and after the date', async () => {
    for (const [now, overdueAt] of [
      ['2026-05-13T12:00:00+08:00', null],
      [due, null],
      ['2026-05-14T00:00:00+08:00', '2026-05-14T00:00:00+08:00'],
    ] as const) {
      const node = await openNode()
      clock.set(now)
      await supervision.finish(node)
      expect(await supervision.nodeEntries(node.caseId)).toMatchObject([{ finishedAt: now, overdueAt }])
    }
  })

  it('marks every row of the activity, and a second call changes nothing', async () => {
    const node = await openNode({ deadlineKey: ['reception.online', 'notice.outer'] })
    clock.set('2026-05-12T09:00:00+08:00')
    const first = await supervision.finish(node)
    expect(first.entryIds).toHaveLength(2)
    clock.set('2026-05-15T09:00:00+08:00')
    expect(await supervision.finish(node)).toEqual(first)
    expect(first.finishedAt).toBe('2026-05-12T09:00:00+08:00')
  })

  it('an unknown entry is refused', async () => {
    await expect(supervision.finish({ entryId: randomUUID() })).rejects.toMatchObject({ code: 'unknown-entry' })
  })
})

describe('the ladder', () => {
  it('climbs rung by rung, closes passed rungs as overdue, and ends when the node is finished', async () => {
    const node = await openNode()
    clock.set(due)
    await node.review('supervising')
    const rungs = ['node-supervisor', 'enforcement-director']
    for (const [index, role] of rungs.entries()) {
      const elementInstanceKey = randomUUID()
      const raised = await supervision.raiseEscalation({ entryId: node.entryId, role, elementInstanceKey })
      expect(raised.rung).toBe(index + 1)
      expect(await supervision.raiseEscalation({ entryId: node.entryId, role, elementInstanceKey })).toEqual(raised)
      const rung = await supervision.compute({
        ...node,
        node: 'supervision',
        deadlineKey: index === 0 ? 'supervise.node' : 'supervise.director',
        deadlineFrom: raised.raisedAt,
        elementId: 'superviseNode',
        elementInstanceKey: randomUUID(),
        processInstanceKey: 'supervising',
      })
      clock.set(rung.dueAt)
      if (index === 0) expect(await node.review('supervising')).toMatchObject({ action: 'escalate' })
    }
    await supervision.finish(node)
    const entries = await supervision.nodeEntries(node.caseId)
    expect(entries.map((entry) => [entry.node, entry.finishedAt !== null])).toEqual([
      ['reception', true],
      ['supervision', true],
      ['supervision', true],
    ])
    expect(entries[0]?.escalations.map(({ rung, role }) => [rung, role])).toEqual([
      [1, 'node-supervisor'],
      [2, 'enforcement-director'],
    ])
    expect(entries[1]?.overdueAt).not.toBeNull()
    expect(await node.review('supervising')).toMatchObject({ action: 'finished' })
  })

  it('an escalation of one entry is not taken for another', async () => {
    const [one, other] = [await openNode(), await openNode()]
    const elementInstanceKey = randomUUID()
    await supervision.raiseEscalation({ entryId: one.entryId, role: 'node-supervisor', elementInstanceKey })
    await expect(
      supervision.raiseEscalation({ entryId: other.entryId, role: 'node-supervisor', elementInstanceKey }),
    ).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('extending', () => {
  it('moves the date by a recorded decision, waits for it, and escalates anew', async () => {
    const node = await openNode()
    clock.set(due)
    await node.review()
    clock.set('2026-05-14T10:00:00+08:00')
    const extension = {
      entryId: node.entryId,
      newDueDate: '2026-05-18',
      reason: '申请执行人住院',
      elementInstanceKey: randomUUID(),
      decidedBy: 'node1',
    }
    const extended = await supervision.extend(extension)
    expect(extended).toEqual({ dueAt: '2026-05-18T23:59:59.999+08:00', remindAt: '2026-05-15T08:30:00+08:00' })
    expect(await supervision.extend(extension)).toEqual(extended)

    expect(await node.review()).toMatchObject({ action: 'wait', dueAt: extended.dueAt })
    expect(await supervision.nodeEntries(node.caseId)).toMatchObject([
      {
        dueAt: extended.dueAt,
        overdueAt: due,
        explanation: expect.arrayContaining(['2026年5月14日10:00决定延期至2026年5月18日24时，理由：申请执行人住院。']),
        dueDateChanges: [{ fromDueAt: due, toDueAt: extended.dueAt, reason: '申请执行人住院' }],
      },
    ])
    const audit = await prisma.auditEntry.findMany({ where: { subjectId: node.caseId, action: 'deadline.extend' } })
    expect(audit).toMatchObject([{ actor: 'node1' }])

    clock.set(extended.dueAt)
    expect(await node.review()).toMatchObject({ action: 'escalate' })
  })

  it('before the due timer fires makes that timer wait, not remind', async () => {
    const node = await openNode()
    clock.set('2026-05-13T10:00:00+08:00')
    await supervision.extend({
      entryId: node.entryId,
      newDueDate: '2026-05-20',
      reason: '测试',
      elementInstanceKey: randomUUID(),
    })
    clock.set(due)
    expect(await node.review()).toMatchObject({ action: 'wait', dueAt: '2026-05-20T23:59:59.999+08:00' })
  })

  it.each([
    ['no reason', { reason: '  ' }, /理由/],
    ['the same date', { newDueDate: '2026-05-13' }, /新期限（2026年5月13日24时）应晚于原期限（2026年5月13日24时）/],
    ['a date in the past', { newDueDate: '2026-05-14' }, /已经过去/],
    ['no date', { newDueDate: '下周' }, /新期限“下周”.*YYYY-MM-DD/],
    ['an unknown entry', { entryId: randomUUID() }, /没有节点登记/],
  ])('is refused with %s', async (_, changes, message) => {
    const node = await openNode()
    clock.set('2026-05-15T10:00:00+08:00')
    const extension = {
      entryId: node.entryId,
      newDueDate: '2026-05-18',
      reason: '测试',
      elementInstanceKey: randomUUID(),
    }
    await expect(supervision.extend({ ...extension, ...changes })).rejects.toThrow(message)
    expect(await supervision.nodeEntries(node.caseId)).toMatchObject([{ dueAt: due, dueDateChanges: [] }])
  })

  it('of a finished node is refused', async () => {
    const node = await openNode()
    await supervision.finish(node)
    await expect(
      supervision.extend({
        entryId: node.entryId,
        newDueDate: '2026-05-18',
        reason: '测试',
        elementInstanceKey: randomUUID(),
      }),
    ).rejects.toMatchObject({ code: 'finished' })
  })
})

describe('what is overdue', () => {
  it('is what is open and past its date at that moment, longest first', async () => {
    const hard = await openNode()
    const soft = await openNode({ deadlineKey: 'reception.offline' })
    const later = await openNode({ deadlineKey: 'notice.outer' })
    const finished = await openNode()
    await supervision.finish(finished)
    const mine = [hard, soft, later, finished].map(({ entryId }) => entryId)
    const overdueAt = async (now: string) =>
      (await supervision.overdue(new Date(now))).map(({ entryId }) => entryId).filter((id) => mine.includes(id))
    expect(await overdueAt('2026-05-11T17:00:00+08:00')).toEqual([])
    expect(await overdueAt(due)).toEqual([soft.entryId])
    expect(await overdueAt('2026-05-14T00:00:00+08:00')).toEqual([soft.entryId, hard.entryId])
  })
})
