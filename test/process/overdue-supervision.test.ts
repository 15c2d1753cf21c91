import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { nodes } from '../../src/procedure/nodes.ts'
import { roles } from '../../src/procedure/roles.ts'
import { type ProcessDriver, projectRoot } from '../support/process-driver.ts'
import { readForm } from '../support/task-form.ts'
import { caseId, caseNumber, daysAfter, deadlineOf, filedAt, nodeJobs, openCourt } from './court.ts'
import { expectFullCoverage } from './coverage.ts'

const entryId = '00000000-0000-4000-9000-000000000777'

/** The register's one entry: what a review answers depends on the clock and on whether the node is finished or extended. */
class SupervisedNode {
  finished = false
  extended = false
  dueAt: string
  readonly kind: 'hard' | 'soft'
  readonly handlerRole: string
  readonly ladder: string

  constructor({
    dueAt = filedAt,
    kind = 'hard' as 'hard' | 'soft',
    handlerRole = 'reception-specialist',
    ladder = 'enforcement',
  } = {}) {
    this.dueAt = dueAt
    this.kind = kind
    this.handlerRole = handlerRole
    this.ladder = ladder
  }

  review(now: Date) {
    const { dueAt, handlerRole, ladder } = this
    return { action: this.action(now), entryId, dueAt, handlerRole, ladder }
  }

  private action(now: Date) {
    if (this.finished) return 'finished'
    if (now.getTime() < Date.parse(this.dueAt)) return this.extended ? 'wait' : 'remind'
    return this.kind === 'soft' ? 'record' : 'escalate'
  }

  /** A date in the form means its end. */
  extend(newDueDate: string) {
    this.extended = true
    this.dueAt = daysAfter(`${newDueDate}T00:00:00+08:00`, 1)
  }
}

/** The supervising process of a node, called as by the timer of its activity. */
async function supervisionOf(node: SupervisedNode): Promise<ProcessDriver> {
  const court = await openCourt({
    'deadline.review': (_, { engine }) => ({ review: node.review(engine.clock.now()) }),
    'deadline.extend': ({ variables }) => {
      node.extend(z.string().parse(variables.newDueDate))
      return {}
    },
  })
  return court.start('overdue-supervision', { caseId, caseNumber, node: 'reception' })
}

/** The handler finishes the node: its end listener marks the entry and publishes the message. */
async function finish(court: ProcessDriver, node: SupervisedNode, key = entryId) {
  node.finished = true
  await court.engine.execute({
    type: 'PublishMessage',
    name: 'node.finished',
    correlationKey: key,
    timeToLive: 600_000,
  })
  return court.settle()
}

/** Every node that can be late; the supervision itself is only reported upwards. */
const supervisedNodes = Object.entries(nodes).filter(([code]) => code !== 'supervision')

const raisedTo = (court: ProcessDriver) => court.inputsOf('escalation.raise').map(({ role }) => role)
const supervisedBy = (court: ProcessDriver) => court.openTasks().flatMap((task) => task.candidateGroups)

describe('超期督办（第十三条、第二十五条）', () => {
  describe('临期或到期之后，先核查节点期限', () => {
    it('尚未到期的，提醒承办人（风险提示）', async () => {
      const court = await supervisionOf(new SupervisedNode({ dueAt: daysAfter(filedAt, 1) }))

      expect(court.inputsOf('reminder.send')).toEqual([{ entryId }])
      expect(court.isCompleted()).toBe(true)
      expect(raisedTo(court)).toEqual([])
    })

    it('已经办结的，不再督办', async () => {
      const node = new SupervisedNode()
      node.finished = true
      const court = await supervisionOf(node)

      expect(court.timesThrough('nodeFinished')).toBe(1)
      expect(court.isCompleted()).toBe(true)
      expect([court.inputsOf('reminder.send'), raisedTo(court)]).toEqual([[], []])
    })

    it('“尽可能”一类的期限只计入超期统计，不逐级督办（第九条）', async () => {
      const court = await supervisionOf(new SupervisedNode({ kind: 'soft' }))

      expect(court.timesThrough('overdueRecorded')).toBe(1)
      expect(court.isCompleted()).toBe(true)
      expect(raisedTo(court)).toEqual([])
    })

    it('已经延期的，等到新的期限再核查：新期限届满仍未办结才督办', async () => {
      const node = new SupervisedNode()
      node.extend('2026-03-06')
      const court = await supervisionOf(node)
      expect(court.waitsAt()).toEqual(['extensionGateway'])

      await court.moveToJust(-1, node.dueAt)
      expect(court.waitsAt()).toEqual(['extensionGateway'])
      await court.moveTo(node.dueAt)
      expect(court.waitsAt()).toEqual(['superviseNode'])
    })

    it('已经延期、在新的期限内办结的，随即结束，无须督办', async () => {
      const node = new SupervisedNode()
      node.extend('2026-03-06')
      const court = await supervisionOf(node)
      await finish(court, node)

      expect(court.timesThrough('finishedInTime')).toBe(1)
      expect(court.isCompleted()).toBe(true)
      expect(raisedTo(court)).toEqual([])
    })

    it('已经延期、办结而没有收到消息的，到新的期限核查时结束', async () => {
      const node = new SupervisedNode()
      node.extend('2026-03-06')
      const court = await supervisionOf(node)
      node.finished = true
      await court.moveTo(node.dueAt)

      expect(court.timesThrough('nodeFinished')).toBe(1)
      expect(court.isCompleted()).toBe(true)
      expect(raisedTo(court)).toEqual([])
    })
  })

  describe('逐级督办', () => {
    it('先由节点管控专员督办，督办期限自登记督办之时起算', async () => {
      const court = await supervisionOf(new SupervisedNode())

      expect(court.inputsOf('escalation.raise')).toMatchObject([{ entryId, role: 'node-supervisor' }])
      expect(court.waitsAt()).toEqual(['superviseNode'])
      const task = court.task('superviseNode')
      expect(task).toMatchObject({
        candidateGroups: ['node-supervisor'],
        assignee: null,
        formId: 'supervision',
        ...deadlineOf('supervise.node', filedAt),
      })
      expect(task.variables.rung).toMatchObject({ role: 'node-supervisor', roleName: '节点管控专员' })
      expect(court.opensWith('superviseNode')).toEqual({})
      expect(nodeJobs(court, 'supervision').computed).toMatchObject([{ deadlineKey: 'supervise.node', caseId }])
    })

    it('每一级的督办人都看得到是哪个案件、哪个节点、何人超期、何时届满', async () => {
      const court = await supervisionOf(new SupervisedNode())
      for (const day of [0, 1, 3]) {
        await court.moveTo(daysAfter(filedAt, day))
        expect(court.task('superviseNode').variables.supervisedNode).toBe('reception')
        const text = await court.reads('superviseNode')
        for (const told of [caseNumber, '核对与初次接待', '初次接待事务专员', '2026年3月2日09:00']) {
          expect(text).toContain(told)
        }
      }
    })

    it('由承办法官负责的节点，责任人员是案件承办人', async () => {
      const court = await supervisionOf(new SupervisedNode({ handlerRole: '' }))

      expect(await court.reads('superviseNode')).toContain('案件承办人')
    })

    it.each(supervisedNodes)('督办的节点和责任人员都有中文名称：%s', async (code, { name, handler }) => {
      const form = JSON.parse(await readFile(join(projectRoot, 'forms', 'supervision.form'), 'utf8'))
      const handlerRole = handler === 'handlingJudge' ? '' : handler
      const text = await readForm(form, { caseNumber, supervisedNode: code, review: { handlerRole, dueAt: filedAt } })

      expect(text).toContain(name)
      expect(text).toContain(handler === 'handlingJudge' ? '案件承办人' : roles[handler].name)
    })

    it('一级一级上报，每一级都有自己的期限；期限届满前不上报', async () => {
      const court = await supervisionOf(new SupervisedNode())
      const toDirector = deadlineOf('supervise.node', filedAt).dueAt
      const toLeader = deadlineOf('supervise.director', toDirector).dueAt
      const afterLeader = deadlineOf('supervise.leader', toLeader).dueAt

      await court.moveToJust(-1, toDirector)
      expect(supervisedBy(court)).toEqual(['node-supervisor'])
      await court.moveTo(toDirector)
      expect(supervisedBy(court)).toEqual(['enforcement-director'])
      expect(court.task('superviseNode')).toMatchObject(deadlineOf('supervise.director', toDirector))

      await court.moveToJust(-1, toLeader)
      expect(supervisedBy(court)).toEqual(['enforcement-director'])
      await court.moveTo(toLeader)
      expect(supervisedBy(court)).toEqual(['supervising-leader'])

      await court.moveToJust(-1, afterLeader)
      expect(court.waitsAt()).toEqual(['superviseNode'])
      await court.moveTo(afterLeader)
      expect(court.waitsAt(), '最后一级之后等待办结').toEqual(['nodeFinishedAfterLadder'])
      expect(raisedTo(court)).toEqual(['node-supervisor', 'enforcement-director', 'supervising-leader'])
      expect(court.timesThrough('superviseNodeDue')).toBe(3)
    })

    it('最后一级之后仍未办结的，一直等到办结为止', async () => {
      const node = new SupervisedNode()
      const court = await supervisionOf(node)
      for (let day = 1; day <= 6; day++) await court.moveTo(daysAfter(filedAt, day))
      expect(court.waitsAt()).toEqual(['nodeFinishedAfterLadder'])

      await court.moveTo(daysAfter(filedAt, 90))
      expect(court.isCompleted()).toBe(false)
      await finish(court, node)
      expect(court.timesThrough('finishedAfterLadder')).toBe(1)
      expect(court.isCompleted()).toBe(true)
    })

    it.each([
      [
        '立案人员纠正差错超期的，由立案庭负责人督办（第八条）',
        'filing',
        'filing-clerk',
        ['filing-director', 'supervising-leader'],
      ],
      ['归档审核超期的，不经执行局长', 'archive', 'archivist', ['node-supervisor', 'supervising-leader']],
      [
        '执行局长自己超期的，跳过执行局长',
        'enforcement',
        'enforcement-director',
        ['node-supervisor', 'supervising-leader'],
      ],
      [
        '节点管控专员自己超期的，跳过节点管控专员',
        'enforcement',
        'node-supervisor',
        ['enforcement-director', 'supervising-leader'],
      ],
    ])('%s', async (_, ladder, handlerRole, roles) => {
      const court = await supervisionOf(new SupervisedNode({ ladder, handlerRole }))
      for (let day = 1; day <= 6; day++) await court.moveTo(daysAfter(filedAt, day))

      expect(raisedTo(court)).toEqual(roles)
      expect(court.waitsAt()).toEqual(['nodeFinishedAfterLadder'])
    })
  })

  describe('催办', () => {
    it('催办之后等待办理，到本级期限届满仍未办结的，上报上一级', async () => {
      const court = await supervisionOf(new SupervisedNode())
      await court.complete('superviseNode', { action: 'urge', opinion: '请今日办结' })
      expect(court.waitsAt()).toEqual(['awaitHandling'])
      expect(nodeJobs(court, 'supervision').finished).toHaveLength(1)

      const { dueAt } = deadlineOf('supervise.node', filedAt)
      await court.moveToJust(-1, dueAt)
      expect(court.waitsAt()).toEqual(['awaitHandling'])
      await court.moveTo(dueAt)
      expect(supervisedBy(court)).toEqual(['enforcement-director'])
      expect(court.opensWith('superviseNode'), '不带下一级的督办意见').toEqual({})
      expect(court.timesThrough('superviseNodeDue'), '已经督办的，不算本级超期').toBe(0)
    })

    it('催办之后办结的，督办终止', async () => {
      const node = new SupervisedNode()
      const court = await supervisionOf(node)
      await court.complete('superviseNode', { action: 'urge' })
      await finish(court, node)

      expect(court.waitsAt()).toEqual([])
      expect(court.timesThrough('finishedDuringLadder')).toBe(1)
      expect(court.isCompleted()).toBe(true)
    })
  })

  describe('延期', () => {
    it('督办人决定延期的，登记新期限和理由，不再上报，等到新期限再核查', async () => {
      const node = new SupervisedNode()
      const court = await supervisionOf(node)
      await court.complete('superviseNode', {
        action: 'extend',
        newDueDate: '2026-03-12',
        opinion: '申请人住院，无法到场',
      })

      expect(court.inputsOf('deadline.extend')).toMatchObject([
        {
          entryId,
          newDueDate: '2026-03-12',
          reason: '申请人住院，无法到场',
          supervisionDecision: { completedBy: 'node-supervisor1' },
        },
      ])
      expect(court.waitsAt()).toEqual(['extensionGateway'])
      await court.moveToJust(-1, node.dueAt)
      expect(court.waitsAt(), '新期限届满前没有人被督办').toEqual(['extensionGateway'])
      expect(raisedTo(court)).toEqual(['node-supervisor'])
    })

    it('新期限届满仍未办结的，从第一级重新督办', async () => {
      const node = new SupervisedNode()
      const court = await supervisionOf(node)
      await court.moveTo(deadlineOf('supervise.node', filedAt).dueAt)
      await court.complete('superviseNode', { action: 'extend', newDueDate: '2026-03-12' })
      await court.moveTo(node.dueAt)

      expect(raisedTo(court)).toEqual(['node-supervisor', 'enforcement-director', 'node-supervisor'])
      expect(court.task('superviseNode')).toMatchObject(deadlineOf('supervise.node', node.dueAt))
      expect(court.opensWith('superviseNode'), '不带上次的延期意见').toEqual({})
    })

    it('延期之后在新期限内办结的，不再督办', async () => {
      const node = new SupervisedNode()
      const court = await supervisionOf(node)
      await court.complete('superviseNode', { action: 'extend', newDueDate: '2026-03-12' })
      await finish(court, node)
      await court.moveTo(node.dueAt)

      expect(court.isCompleted()).toBe(true)
      expect(raisedTo(court)).toEqual(['node-supervisor'])
    })
  })

  describe('节点办结的消息', () => {
    it.each([
      ['节点管控专员', 0],
      ['执行局长', 1],
      ['主管领导', 3],
    ])('在%s督办期间办结的，督办任务随即撤销', async (_, afterDays) => {
      const node = new SupervisedNode()
      const court = await supervisionOf(node)
      for (const day of [1, 3]) if (day <= afterDays) await court.moveTo(daysAfter(filedAt, day))
      expect(court.waitsAt()).toEqual(['superviseNode'])
      await finish(court, node)

      expect(court.openTasks()).toEqual([])
      expect(court.timesThrough('finishedDuringLadder')).toBe(1)
      expect(court.isCompleted()).toBe(true)
    })

    it('别的节点办结，与本节点的督办无关', async () => {
      const court = await supervisionOf(new SupervisedNode())
      const other = new SupervisedNode()
      await finish(court, other, '00000000-0000-4000-9000-000000000778')

      expect(court.waitsAt()).toEqual(['superviseNode'])
    })

    it('恰在核查之后、等待消息之前办结的，消息不会丢失', async () => {
      const node = new SupervisedNode()
      const court = await openCourt({
        'deadline.review': async (_, driver) => {
          const review = node.review(driver.engine.clock.now())
          node.finished = true
          await driver.engine.execute({
            type: 'PublishMessage',
            name: 'node.finished',
            correlationKey: entryId,
            timeToLive: 600_000,
          })
          return { review }
        },
      })
      await court.start('overdue-supervision', { caseId, caseNumber, node: 'reception' })

      expect(court.waitsAt()).toEqual([])
      expect(court.isCompleted()).toBe(true)
    })

    it('没有收到消息的，在本级期限届满时核查节点登记，已办结的不再上报', async () => {
      const node = new SupervisedNode()
      const court = await supervisionOf(node)
      node.finished = true
      await court.moveTo(deadlineOf('supervise.node', filedAt).dueAt)

      expect(raisedTo(court)).toEqual(['node-supervisor'])
      expect(court.timesThrough('nodeFinished')).toBe(1)
      expect(court.isCompleted()).toBe(true)
    })
  })

  it('每个环节和每条连线都走过', async () => {
    await expectFullCoverage('overdue-supervision')
  })
})
