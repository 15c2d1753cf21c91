import { describe, expect, it } from 'vitest'
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
} from './court.ts'
import { expectFullCoverage } from './coverage.ts'

const clueReturnedAt = daysAfter(filedAt, 9)
const clues = '被执行人在邻县有房屋一处'

async function theFirstSearch() {
  const court = await openCourt()
  return court.start('property-control', { caseId, caseNumber, mode: 'first', filedAt })
}

async function aSupplementarySearch() {
  const court = await openCourt()
  await court.moveTo(clueReturnedAt)
  return court.start('property-control', { caseId, caseNumber, mode: 'supplement', filedAt, clueReturnedAt, clues })
}

describe('财产查控（第十一条、第十六条第一项）', () => {
  it('事务区负责线上线下查控，由集中查控专员登记反馈（第十一条、第十二条）', async () => {
    const court = await theFirstSearch()

    expect(court.waitsAt()).toEqual(['recordSearchFeedback'])
    expect(court.task('recordSearchFeedback')).toMatchObject({
      candidateGroups: ['property-search-specialist'],
      assignee: null,
      formId: 'property-search-feedback',
      ...deadlineOf('property.network-check', filedAt),
    })
    expect(await court.reads('recordSearchFeedback'), '首次查控没有待核实的线索').not.toContain('线索')
  })

  it('首次查控的反馈逐项登记，反馈时间留给繁简分流（第十五条、第二十五条）', async () => {
    const court = await theFirstSearch()
    const fedBackAt = '2026-03-05T15:20:00+08:00'
    const results = [{ kind: 'vehicle', description: '测试牌号小型轿车', frozen: 'no' }]
    await court.moveTo(fedBackAt)
    await court.complete('recordSearchFeedback', { found: 'yes', results })

    expect(court.inputsOf('register.enter')).toMatchObject([
      { caseId, register: 'property-search', entry: { found: 'yes', results } },
    ])
    expect(court.isCompleted()).toBe(true)
    expect(instantOf(court.variables().firstFeedbackAt)).toBe(fedBackAt)
  })

  it('首次查控反馈无财产的，同样登记（第十五条第二款）', async () => {
    const court = await theFirstSearch()
    await court.answer('recordSearchFeedback', { feedbackAt: '2026-03-05', found: 'no', remark: '' })

    expect(court.inputsOf('register.enter')).toMatchObject([{ register: 'property-search', entry: { found: 'no' } }])
    expect(court.isCompleted()).toBe(true)
  })

  it('尚有财产线索需要补充核实的，自退回之时起快速处理（第十六条第一项）', async () => {
    const court = await aSupplementarySearch()

    expect(court.task('recordSearchFeedback')).toMatchObject(deadlineOf('clue.supplement', clueReturnedAt))
    expect(nodeJobs(court, 'property-search').computed).toMatchObject([
      { deadlineKey: 'clue.supplement', deadlineFrom: clueReturnedAt },
    ])
    expect(await court.reads('recordSearchFeedback'), '告知需要核实的线索').toContain(clues)
    await court.complete('recordSearchFeedback')
    expect(court.isCompleted()).toBe(true)
  })

  it('首次查控：临期提醒、到期督办，办理不受影响（第十三条、第二十五条）', async () => {
    await expectSupervisionInTime(await theFirstSearch(), {
      activity: 'recordSearchFeedback',
      node: 'property-search',
      key: 'property.network-check',
      from: filedAt,
      waiting: ['recordSearchFeedback'],
    })
  })

  it('补充查控：临期提醒、到期督办，办理不受影响（第十三条、第二十五条）', async () => {
    await expectSupervisionInTime(await aSupplementarySearch(), {
      activity: 'recordSearchFeedback',
      node: 'property-search',
      key: 'clue.supplement',
      from: clueReturnedAt,
      waiting: ['recordSearchFeedback'],
    })
  })

  it('按时反馈的节点销号，此后不再提醒或者督办', async () => {
    const court = await theFirstSearch()
    await court.complete('recordSearchFeedback')
    await court.moveTo(daysAfter(filedAt, 30))

    expect(court.calls('overdue-supervision')).toEqual([])
    expect(nodeJobs(court, 'property-search').finished).toHaveLength(1)
  })

  it('每个环节和每条连线都走过', async () => {
    await expectFullCoverage('property-control')
  })
})
