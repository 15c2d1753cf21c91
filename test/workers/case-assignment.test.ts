import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { caseAssignWorker } from '../../workers/management/case-assign.ts'
import { caseCloseWorker } from '../../workers/management/case-close.ts'
import { triageCollectWorker } from '../../workers/management/triage-collect.ts'
import { registerEnterWorker } from '../../workers/reception/register-enter.ts'
import { faultlessFiling } from '../cases/fixtures.ts'
import { openTestDatabase } from '../support/database.ts'
import { complete, courtOf, deliver, expectIncident, fileCase, unknownCase } from './court-case.ts'

const { prisma } = await openTestDatabase()
const { cases, clock } = courtOf(prisma)
const collect = triageCollectWorker({ cases })
const assign = caseAssignWorker({ cases })
const close = caseCloseWorker({ cases })
const register = registerEnterWorker({ cases })

const found = { found: 'yes', feedbackAt: '2026-03-04' }
const nothing = { found: 'no', feedbackAt: '2026-03-04', results: [] }
const search = (caseId: string, entry: unknown) => complete(register, { caseId, register: 'property-search', entry })
const factsOf = async (caseId: string) =>
  z.object({ facts: z.record(z.string(), z.json()) }).parse(await complete(collect, { caseId })).facts

describe('triage.collect 汇集分流要素（第十五条、第十六条）', () => {
  it('collects claim, cause, respondents and the first search', async () => {
    const { caseId } = await fileCase(cases)
    await search(caseId, nothing)

    expect(await factsOf(caseId)).toEqual({
      subjectType: 'money',
      amount: 28000,
      causeCategory: 'other',
      respondentKinds: ['legalPerson'],
      fullyCovered: false,
      disposalNeeded: false,
      firstSearchFoundProperty: false,
      restored: false,
    })
  })

  it.each([
    ['27999.99', 'yes', false],
    ['28000.00', 'yes', true],
    ['28000.00', 'no', false],
  ])('足额：a deposit of %s, frozen: %s → %s', async (amount, frozen, fullyCovered) => {
    const { caseId } = await fileCase(cases)
    await search(caseId, { ...found, results: [{ kind: 'deposit', description: '测试银行存款', amount, frozen }] })

    expect(await factsOf(caseId)).toMatchObject({ fullyCovered, firstSearchFoundProperty: true })
  })

  it('有房产或其他财产需要处置：everything that is not a deposit', async () => {
    const { caseId } = await fileCase(cases)
    await search(caseId, { ...found, results: [{ kind: 'vehicle', description: '测试车辆' }] })

    expect(await factsOf(caseId)).toMatchObject({ disposalNeeded: true, fullyCovered: false })
  })

  it('首次查控反馈无财产 stays so when a supplementary search finds something', async () => {
    const { caseId } = await fileCase(cases)
    await search(caseId, nothing)
    clock.move('2026-03-06T09:00:00+08:00')
    await search(caseId, { ...found, results: [{ kind: 'realEstate', description: '测试房产' }] })

    expect(await factsOf(caseId)).toMatchObject({ firstSearchFoundProperty: false, disposalNeeded: true })
  })

  it('has no amount where the claim is not money, whatever was registered', async () => {
    const filing = faultlessFiling()
    const { caseId } = await fileCase(cases, {
      subjectType: 'act',
      application: { ...filing.application, subjectType: 'act' },
    })
    await search(caseId, nothing)

    expect(await factsOf(caseId)).toMatchObject({ subjectType: 'act', amount: null, fullyCovered: false })
  })

  it('delivered twice, answers the same and changes nothing', async () => {
    const { caseId } = await fileCase(cases)
    await search(caseId, nothing)
    const history = await cases.history(caseId)

    expect(await factsOf(caseId)).toEqual(await factsOf(caseId))
    expect(await cases.history(caseId)).toEqual(history)
  })

  it('says what is missing instead of assuming it', async () => {
    const { caseId } = await fileCase(cases)

    await expectIncident(collect, { caseId }, '首次财产查控')
    await expectIncident(collect, { caseId: unknownCase }, unknownCase)
    await expectIncident(collect, {}, 'caseId')
  })
})

const triage = { team: 'fast', criteria: [{ team: 'fast', article: '15(1)', wording: '执行标的为3万元以内的案件' }] }
const assignment = (caseId: string, team = 'fast') => ({
  caseId,
  triage,
  triageDecision: { team, reason: '测试' },
  receipt: { accepted: 'yes', handlingJudge: 'fast-judge1', handlingClerk: 'fast-clerk1' },
})

describe('case.assign 登记承办人（第十五条、第十六条第二项）', () => {
  it('registers team, judge and clerk, and keeps proposal and decision', async () => {
    const { caseId } = await fileCase(cases)
    expect(await complete(assign, assignment(caseId, 'complex'))).toEqual({})

    expect(await cases.get(caseId)).toMatchObject({
      status: 'enforcing',
      team: 'complex',
      handlingJudge: 'fast-judge1',
      handlingClerk: 'fast-clerk1',
    })
    expect((await prisma.case.findUniqueOrThrow({ where: { id: caseId } })).triage).toEqual({
      proposal: triage,
      decision: { team: 'complex', reason: '测试' },
    })
  })

  it('delivered twice, is in the history once', async () => {
    const { caseId } = await fileCase(cases)
    await complete(assign, assignment(caseId), 'assign-twice')
    await complete(assign, assignment(caseId), 'assign-twice')

    expect((await cases.history(caseId)).filter(({ action }) => action === 'case.assign')).toHaveLength(1)
  })

  it('names the person or team that is missing or unknown', async () => {
    const { caseId } = await fileCase(cases)
    const without = (field: string) => ({
      ...assignment(caseId),
      receipt: { ...assignment(caseId).receipt, [field]: null },
    })

    await expectIncident(assign, without('handlingJudge'), 'receipt.handlingJudge')
    await expectIncident(assign, without('handlingClerk'), 'receipt.handlingClerk')
    await expectIncident(assign, assignment(caseId, 'express'), 'express')
    await expectIncident(
      assign,
      { ...assignment(caseId), receipt: { handlingJudge: '', handlingClerk: 'x' } },
      '承办法官',
    )
    await expectIncident(assign, { ...assignment(caseId), triageDecision: {} }, 'triageDecision.team')
    expect((await cases.get(caseId)).status).toBe('filed')
  })
})

describe('case.close 登记结案', () => {
  async function anAssignedCase() {
    const { caseId } = await fileCase(cases)
    await complete(assign, assignment(caseId))
    return caseId
  }

  it.each(['completed', 'terminated', 'cancelled'])('closes as approved: %s', async (mode) => {
    const caseId = await anAssignedCase()
    clock.move('2026-05-11T16:30:00+08:00')

    expect(await complete(close, { caseId, closing: { mode, facts: '测试', opinion: '测试' } })).toEqual({
      closedAt: '2026-05-11T16:30:00+08:00',
    })
    expect(await cases.get(caseId)).toMatchObject({ status: 'closed', closedAt: '2026-05-11T16:30:00+08:00' })
  })

  it('delivered twice, answers the first moment: the fifteen days do not start again', async () => {
    const caseId = await anAssignedCase()
    clock.move('2026-05-11T16:30:00+08:00')
    const first = await complete(close, { caseId, closing: { mode: 'completed' } })
    clock.move('2026-05-12T09:00:00+08:00')

    expect(await complete(close, { caseId, closing: { mode: 'completed' } })).toEqual(first)
    expect((await cases.history(caseId)).filter(({ action }) => action === 'case.close')).toHaveLength(1)
  })

  it('names an unknown mode, the missing proposal, and a case that nobody handles', async () => {
    const caseId = await anAssignedCase()

    await expectIncident(close, { caseId, closing: { mode: 'forgotten' } }, 'forgotten')
    await expectIncident(close, { caseId }, 'closing')
    await expectIncident(close, { caseId: (await fileCase(cases)).caseId, closing: { mode: 'completed' } }, '不能结案')
    expect((await cases.get(caseId)).closedAt).toBeNull()
  })

  it('does not close a closed case in another way', async () => {
    const caseId = await anAssignedCase()
    await complete(close, { caseId, closing: { mode: 'completed' } })

    expect(await deliver(close, { caseId, closing: { mode: 'cancelled' } })).toMatchObject({ kind: 'fail', retries: 0 })
  })
})
