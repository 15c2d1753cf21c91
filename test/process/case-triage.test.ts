import { describe, expect, it } from 'vitest'
import type { Variables } from '../../src/engine/index.ts'
import {
  caseId,
  caseNumber,
  daysAfter,
  deadlineOf,
  expectSupervisionInTime,
  filedAt,
  instantOf,
  nodeJobs,
  openCourt,
  smallClaim,
} from './court.ts'
import { expectFullCoverage } from './coverage.ts'

const firstFeedbackAt = filedAt

async function aCaseToTriage(facts: Variables = {}) {
  const court = await openCourt({ 'triage.collect': () => ({ facts: { ...smallClaim, ...facts } }) })
  return court.start('case-triage', { caseId, caseNumber, filedAt, firstFeedbackAt })
}

const noMoreClues = { cluesToSupplement: 'no' }
const moreClues = { cluesToSupplement: 'yes', clues: '被执行人在邻县有房屋一处' }
const receipt = { accepted: 'yes', handlingJudge: 'fast-judge1', handlingClerk: 'fast-clerk1' }

describe('繁简分流（第十四条至第十六条）', () => {
  it('繁简分流专员应当对全案材料进行初步审查（第十六条）', async () => {
    const court = await aCaseToTriage()

    expect(court.waitsAt()).toEqual(['reviewCase'])
    expect(court.task('reviewCase')).toMatchObject({
      candidateGroups: ['triage-specialist'],
      formId: 'preliminary-review',
      ...deadlineOf('triage.review', firstFeedbackAt),
    })
    expect(court.opensWith('reviewCase')).toEqual({})
  })

  describe('尚有财产线索需要补充核实并采取查控措施的（第十六条第一项）', () => {
    it('快速安排财产查控人员处理，并告知需要核实的线索', async () => {
      const court = await aCaseToTriage()
      const returnedAt = daysAfter(filedAt, 1)
      await court.moveTo(returnedAt)
      await court.complete('reviewCase', moreClues)

      expect(court.waitsAt()).toEqual(['recordSearchFeedback'])
      const [call] = court.calls('property-control')
      expect(call).toMatchObject({
        calledBy: 'supplementSearch',
        variables: { caseId, caseNumber, mode: 'supplement', filedAt, clues: moreClues.clues },
      })
      expect(instantOf(call?.variables.clueReturnedAt)).toBe(returnedAt)
      expect(court.task('recordSearchFeedback')).toMatchObject(deadlineOf('clue.supplement', returnedAt))
      expect(await court.reads('recordSearchFeedback')).toContain(moreClues.clues)
    })

    it('补充查控反馈后重新审查，期限自新的反馈起算；再有线索的再补充', async () => {
      const court = await aCaseToTriage()
      await court.complete('reviewCase', moreClues)
      const fedBackAt = daysAfter(filedAt, 2)
      await court.moveTo(fedBackAt)
      await court.complete('recordSearchFeedback')

      expect(court.waitsAt()).toEqual(['reviewCase'])
      expect(court.task('reviewCase')).toMatchObject(deadlineOf('triage.review', fedBackAt))
      expect(court.opensWith('reviewCase'), '不带上次的审查意见').toEqual({})
      await court.complete('reviewCase', { ...moreClues, clues: '被执行人另有车辆一台' })
      expect(court.calls('property-control').map(({ variables }) => variables.clues)).toEqual([
        moreClues.clues,
        '被执行人另有车辆一台',
      ])
      await court.complete('recordSearchFeedback')
      expect(court.opensWith('reviewCase')).toEqual({})
      await court.complete('reviewCase', noMoreClues)
      expect(court.waitsAt()).toEqual(['decideTeam'])
      expect([court.timesThrough('supplementSearch'), court.timesThrough('reviewCase')]).toEqual([2, 3])
    })
  })

  describe('按照繁简分流标准，将案件分流至相应的承办团队（第十六条第二项）', () => {
    it.each([
      ['fast', '执行标的为3万元以内的案件（第十五条第一款）', { amount: 30_000, firstSearchFoundProperty: true }],
      ['fast', '行为执行类案件（第十五条第一款）', { subjectType: 'act', amount: null }],
      ['fast', '赡养、抚养类案件（第十五条第一款）', { causeCategory: 'support', amount: 90_000 }],
      ['fast', '足额案件（第十五条第一款）', { amount: 500_000, fullyCovered: true, firstSearchFoundProperty: true }],
      ['general', '首次查控反馈无财产，标的3万元以上30万元以下（第十五条第二款）', { amount: 90_000 }],
      ['general', '机动车交通事故类案件（第十五条第二款）', { causeCategory: 'trafficAccident', amount: 20_000 }],
      ['complex', '执行标的30万以上的案件（第十五条第三款）', { amount: 300_000.01 }],
      ['complex', '有房产或其他财产需要处置类案件（第十五条第三款）', { disposalNeeded: true }],
      ['complex', '被执行人涉党政机关类案件（第十五条第三款）', { respondentKinds: ['governmentBody'] }],
      ['complex', '被执行人涉企业类案件（第十五条第三款）', { amount: 90_000, respondentKinds: ['legalPerson'] }],
    ])('建议 %s 团队：%s', async (team, _, facts) => {
      const court = await (await aCaseToTriage(facts)).goOnTo('decideTeam')

      expect(court.variables().triage).toMatchObject({ team })
      expect(court.task('decideTeam')).toMatchObject({
        candidateGroups: ['triage-specialist'],
        formId: 'triage-decision',
      })
      expect(court.opensWith('decideTeam'), '建议的团队预填').toEqual({ team })
      expect(await court.reads('decideTeam'), '尚未退回').not.toContain('退回')
    })

    it.each([
      ['fast', 'fast-team'],
      ['general', 'general-team'],
      ['complex', 'complex-team'],
    ])('分流至 %s 的，同时移交案卷，由该团队签收', async (team, group) => {
      const court = await (await aCaseToTriage()).goOnTo('decideTeam')
      const decidedAt = daysAfter(filedAt, 1)
      await court.moveTo(decidedAt)
      await court.complete('decideTeam', { team, ...(team === 'fast' ? {} : { reason: '系列案，并由同一法官办理' }) })

      expect(court.inputsOf('document.render')).toMatchObject([
        {
          documentKind: 'triage-transfer-slip',
          triage: { team: 'fast' },
          triageDecision: { team, completedBy: 'triage-specialist1' },
        },
      ])
      expect(court.waitsAt()).toEqual(['receiveCase'])
      expect(court.task('receiveCase')).toMatchObject({
        candidateGroups: [group],
        assignee: null,
        formId: 'handover-receipt',
        ...deadlineOf('handover.receipt', decidedAt),
      })
    })

    it('团队接收的，登记团队、承办法官和书记员，随案流转', async () => {
      const court = await (await aCaseToTriage()).goOnTo('receiveCase')
      const receivedAt = daysAfter(filedAt, 1)
      await court.moveTo(receivedAt)
      await court.complete('receiveCase', receipt)

      expect(court.inputsOf('case.assign')).toMatchObject([
        { caseId, triage: { team: 'fast' }, triageDecision: { team: 'fast' }, receipt },
      ])
      expect(court.isCompleted()).toBe(true)
      expect(court.variables()).toMatchObject({
        team: 'fast',
        handlingJudge: 'fast-judge1',
        handlingClerk: 'fast-clerk1',
      })
      expect(instantOf(court.variables().receivedCaseAt)).toBe(receivedAt)
    })

    it('团队退回的，重新确定团队；改由决定后的团队签收，签收期限重新起算', async () => {
      const court = await (await aCaseToTriage()).goOnTo('receiveCase')
      await court.answer('receiveCase', { accepted: 'no', reason: '被执行人名下有房产待处置' })

      expect(court.waitsAt()).toEqual(['decideTeam'])
      expect(await court.reads('decideTeam'), '看得到退回的理由').toContain('被执行人名下有房产待处置')
      expect(court.opensWith('decideTeam'), '被退回的团队不再预填').toEqual({})
      expect(court.inputsOf('case.assign')).toEqual([])

      const decidedAgainAt = daysAfter(filedAt, 3)
      await court.moveTo(decidedAgainAt)
      await court.complete('decideTeam', { team: 'complex', reason: '有房产需要处置' })
      expect(court.task('receiveCase')).toMatchObject({
        candidateGroups: ['complex-team'],
        ...deadlineOf('handover.receipt', decidedAgainAt),
      })
      expect(court.opensWith('receiveCase'), '不带别的团队的退回意见').toEqual({})
      await court.complete('receiveCase', { ...receipt, handlingJudge: 'complex-judge1' })
      expect(court.variables()).toMatchObject({ team: 'complex', handlingJudge: 'complex-judge1' })
      expect([court.timesThrough('decideTeam'), court.timesThrough('triageTeam')]).toEqual([2, 1])
    })
  })

  describe('期限：临期提醒、到期督办，办理不受影响（第十三条、第二十五条）', () => {
    it('初步审查全案材料', async () => {
      await expectSupervisionInTime(await aCaseToTriage(), {
        activity: 'reviewCase',
        node: 'triage-review',
        key: 'triage.review',
        from: firstFeedbackAt,
        waiting: ['reviewCase'],
      })
    })

    it('接收案卷', async () => {
      await expectSupervisionInTime(await (await aCaseToTriage()).goOnTo('receiveCase'), {
        activity: 'receiveCase',
        node: 'handover-receipt',
        key: 'handover.receipt',
        from: filedAt,
        waiting: ['receiveCase'],
      })
    })

    it('按时办结的节点逐一销号，此后不再提醒或者督办', async () => {
      const court = await aCaseToTriage()
      await court.complete('reviewCase', moreClues)
      await court.goOnToTheEnd()
      await court.moveTo(daysAfter(filedAt, 400))

      expect(court.calls('overdue-supervision')).toEqual([])
      expect(nodeJobs(court, 'triage-review').finished).toHaveLength(2)
      expect(nodeJobs(court, 'property-search').finished).toHaveLength(1)
      expect(nodeJobs(court, 'handover-receipt').finished).toHaveLength(1)
    })
  })

  it('每个环节和每条连线都走过', async () => {
    await expectFullCoverage('case-triage')
  })
})
