import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/engine/index.ts'
import {
  caseId,
  caseNumber,
  daysAfter,
  deadlineOf,
  expectSupervisionInTime,
  filedAt,
  nodeJobs,
  openCourt,
} from './court.ts'
import { expectFullCoverage } from './coverage.ts'

const receivedCaseAt = filedAt
const payeeAccount = { payee: '甲某一', bank: '测试银行', number: '000000000000009' }

async function aCaseOfTheFastTeam(account: JsonValue = payeeAccount) {
  const court = await openCourt()
  return court.start('fast-enforcement', {
    caseId,
    caseNumber,
    handlingJudge: 'fast-judge1',
    receivedCaseAt,
    payeeAccount: account,
  })
}

const registers = (inputs: { [name: string]: JsonValue }[]) => inputs.map(({ register }) => register)

describe('速执团队办理（第十五条第一款）', () => {
  it('承办法官先查明履行能力并确定执行方式', async () => {
    const court = await aCaseOfTheFastTeam()

    expect(court.waitsAt()).toEqual(['chooseMeasure'])
    expect(court.task('chooseMeasure')).toMatchObject({
      assignee: 'fast-judge1',
      candidateGroups: ['fast-team'],
      formId: 'fast-measure',
      ...deadlineOf('investigation.complete', receivedCaseAt),
    })
  })

  describe('金钱给付', () => {
    it('扣划或者到账后登记案款，由案款管理专员发放（第十三条）', async () => {
      const court = await aCaseOfTheFastTeam()
      await court.complete('chooseMeasure', { method: 'money' })
      expect(court.waitsAt()).toEqual(['collectFunds'])
      expect(court.task('collectFunds')).toMatchObject({
        assignee: 'fast-judge1',
        candidateGroups: ['fast-team'],
        formId: 'funds-receipt',
      })

      const arrivedAt = daysAfter(filedAt, 12)
      await court.moveTo(arrivedAt)
      await court.complete('collectFunds', { amount: '28000.00' })
      expect(court.inputsOf('register.enter')).toMatchObject([
        { caseId, register: 'funds-receipt', entry: { amount: '28000.00' } },
      ])
      expect(court.task('disburseFunds')).toMatchObject({
        assignee: null,
        candidateGroups: ['funds-specialist'],
        formId: 'disbursement',
        ...deadlineOf('funds.disburse', arrivedAt),
      })
      expect(court.timesThrough('enforceAct')).toBe(0)
    })

    it('发放金额和收款账户由到账登记和初次接待确认的账户预填（第七条第五项）', async () => {
      const court = await (await aCaseOfTheFastTeam()).goOnTo('disburseFunds', {
        chooseMeasure: { method: 'money' },
        collectFunds: { amount: '28000.00' },
      })

      expect(court.task('disburseFunds').variables.disbursement).toEqual({
        amount: '28000.00',
        payee: '甲某一',
        bank: '测试银行',
        account: '000000000000009',
      })
    })

    it('未进行初次接待、没有确认账户的，收款账户留待填写', async () => {
      const court = await (await aCaseOfTheFastTeam(null)).goOnTo('disburseFunds', {
        chooseMeasure: { method: 'money' },
        collectFunds: { amount: '28000.00' },
      })

      expect(court.task('disburseFunds').variables.disbursement).toEqual({
        amount: '28000.00',
        payee: null,
        bank: null,
        account: null,
      })
    })

    it('发放后登记，执行到位', async () => {
      const court = await aCaseOfTheFastTeam()
      await court.goOnToTheEnd({ chooseMeasure: { method: 'money' }, disburseFunds: { amount: '28000.00' } })

      expect(registers(court.inputsOf('register.enter'))).toEqual(['funds-receipt', 'funds-disbursement'])
      expect(court.inputsOf('register.enter').at(-1)).toMatchObject({ entry: { amount: '28000.00' } })
      expect(court.isCompleted()).toBe(true)
    })
  })

  it('行为执行类案件督促履行或者代履行，登记后执行到位（第十五条第一款）', async () => {
    const court = await aCaseOfTheFastTeam()
    await court.complete('chooseMeasure', { method: 'act' })
    expect(court.waitsAt()).toEqual(['enforceAct'])
    expect(court.task('enforceAct')).toMatchObject({
      assignee: 'fast-judge1',
      candidateGroups: ['fast-team'],
      formId: 'act-performance',
    })

    await court.complete('enforceAct', { manner: 'substitute', content: '由第三人代为拆除' })
    expect(court.inputsOf('register.enter')).toMatchObject([
      { caseId, register: 'act-performance', entry: { manner: 'substitute', content: '由第三人代为拆除' } },
    ])
    expect(court.timesThrough('collectFunds')).toBe(0)
    expect(court.isCompleted()).toBe(true)
  })

  it('查明履行能力：临期提醒、到期督办，办理不受影响（第十三条、第二十五条）', async () => {
    await expectSupervisionInTime(await aCaseOfTheFastTeam(), {
      activity: 'chooseMeasure',
      node: 'property-investigation',
      key: 'investigation.complete',
      from: receivedCaseAt,
      waiting: ['chooseMeasure'],
    })
  })

  it('发放案款：自到账之日起临期提醒、到期督办，办理不受影响（第十三条、第二十五条）', async () => {
    const court = await aCaseOfTheFastTeam()
    await court.complete('chooseMeasure', { method: 'money' })
    const arrivedAt = daysAfter(filedAt, 5)
    await court.moveTo(arrivedAt)
    await court.complete('collectFunds')
    await expectSupervisionInTime(court, {
      activity: 'disburseFunds',
      node: 'funds-disbursement',
      key: 'funds.disburse',
      from: arrivedAt,
      waiting: ['disburseFunds'],
    })
  })

  it('按时办结的节点销号，此后不再提醒或者督办', async () => {
    const court = await aCaseOfTheFastTeam()
    await court.goOnToTheEnd({ chooseMeasure: { method: 'money' } })
    await court.moveTo(daysAfter(filedAt, 400))

    expect(court.calls('overdue-supervision')).toEqual([])
    for (const node of ['property-investigation', 'funds-disbursement']) {
      expect(nodeJobs(court, node).finished).toHaveLength(1)
    }
  })

  it('每个环节和每条连线都走过', async () => {
    await expectFullCoverage('fast-enforcement')
  })
})
