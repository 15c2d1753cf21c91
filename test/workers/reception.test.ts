import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Finding } from '../../src/cases/index.ts'
import { filingCheckWorker } from '../../workers/reception/filing-check.ts'
import { filingCorrectWorker } from '../../workers/reception/filing-correct.ts'
import { registerEnterWorker } from '../../workers/reception/register-enter.ts'
import { faultlessFiling } from '../cases/fixtures.ts'
import { openTestDatabase } from '../support/database.ts'
import { complete, courtOf, expectIncident, fileCase, unknownCase } from './court-case.ts'

const { prisma } = await openTestDatabase()
const { cases, clock } = courtOf(prisma)
const check = filingCheckWorker({ cases })
const correct = filingCorrectWorker({ cases })
const register = registerEnterWorker({ cases })

const checked = z.object({
  filingCheck: z.object({ round: z.number(), checkedAt: z.string(), findings: z.array(Finding) }),
  filing: z
    .object({
      amount: z.string().nullable(),
      parties: z.array(z.looseObject({ partyId: z.string(), idNumber: z.string().nullable() })),
    })
    .loose(),
})

const checkFiling = async (caseId: string, key?: string) => checked.parse(await complete(check, { caseId }, key))

/** A filing whose amount was registered wrongly. */
async function aFilingWithWrongAmount() {
  return fileCase(cases, { amount: '26000.00' })
}

const events = async (caseId: string, action: string) =>
  (await cases.history(caseId)).filter((event) => event.action === action)

describe('filing.check 比对立案信息（第八条）', () => {
  it('finds nothing in a faultless filing, and hands over what is registered', async () => {
    const { caseId } = await fileCase(cases)
    const { filingCheck, filing } = await checkFiling(caseId)

    expect(filingCheck).toEqual({ round: 1, checkedAt: '2026-03-02T09:00:00+08:00', findings: [] })
    expect(filing).toMatchObject({ subjectType: 'money', amount: '28000.00', basisNumber: '（2025）豫0922民初88号' })
    expect(filing.parties.map((party) => party.name)).toEqual(['甲某一', '测试（清丰）商贸有限公司'])
  })

  it('names field, registered value and what the application says', async () => {
    const { caseId } = await aFilingWithWrongAmount()

    expect((await checkFiling(caseId)).filingCheck.findings).toMatchObject([
      { field: 'amount', registered: '26000.00', application: '28000.00', severity: 'error' },
    ])
  })

  it('delivered twice, answers the same round and keeps one check', async () => {
    const { caseId } = await aFilingWithWrongAmount()
    const first = await checkFiling(caseId, 'check-twice')
    clock.move('2026-03-02T11:00:00+08:00')

    expect(await checkFiling(caseId, 'check-twice')).toEqual(first)
    expect(await prisma.filingCheck.count({ where: { caseId } })).toBe(1)
    expect(await events(caseId, 'filing.check')).toHaveLength(1)
  })

  it('counts another round when the diagram comes back to it', async () => {
    const { caseId } = await aFilingWithWrongAmount()
    await checkFiling(caseId)

    expect((await checkFiling(caseId)).filingCheck.round).toBe(2)
  })

  it('gives no number where none is registered: null, so that the form shows an empty field', async () => {
    const filing = faultlessFiling()
    const { caseId } = await fileCase(cases, {
      parties: filing.parties.map((party) =>
        party.role === 'respondent'
          ? { role: 'respondent', name: party.name, kind: party.kind, idKind: 'unknown' }
          : party,
      ),
    })

    expect((await checkFiling(caseId)).filing.parties[1]?.idNumber).toBeNull()
  })

  it('says which case does not exist, and what is no case id', async () => {
    await expectIncident(check, { caseId: unknownCase }, unknownCase, '不存在')
    await expectIncident(check, { caseId: '1' }, 'caseId')
    await expectIncident(check, {}, 'caseId')
  })
})

describe('filing.correct 更正立案登记（第八条）', () => {
  it('writes what the clerk corrected; the next comparison finds nothing', async () => {
    const { caseId } = await aFilingWithWrongAmount()
    const { filingCheck, filing } = await checkFiling(caseId)
    const verification = { findings: filingCheck.findings.map((finding) => ({ ...finding, decision: 'confirmed' })) }
    expect(
      await complete(correct, { caseId, verification, correction: { ...filing, amount: '28000.00', note: '笔误' } }),
    ).toEqual({})

    expect((await cases.get(caseId)).amount).toBe('28000.00')
    expect((await checkFiling(caseId)).filingCheck.findings).toEqual([])
    const [corrected] = await events(caseId, 'filing.correct')
    expect(corrected?.detail).toMatchObject({
      round: 1,
      changes: [{ field: 'amount', from: '26000.00', to: '28000.00' }],
      note: '笔误',
    })
  })

  it('delivered twice, writes once: what came in between stands', async () => {
    const { caseId } = await aFilingWithWrongAmount()
    const { filing } = await checkFiling(caseId)
    const variables = { caseId, verification: { findings: [] }, correction: { ...filing, amount: '27000.00' } }
    await complete(correct, variables, 'correct-twice')
    await checkFiling(caseId)
    await complete(correct, { ...variables, correction: { ...filing, amount: '28000.00' } }, 'correct-again')
    await complete(correct, variables, 'correct-twice')

    expect((await cases.get(caseId)).amount).toBe('28000.00')
    expect(await events(caseId, 'filing.correct')).toHaveLength(2)
  })

  it('names the field of a correction that cannot be registered, and changes nothing', async () => {
    const { caseId } = await aFilingWithWrongAmount()
    const { filing } = await checkFiling(caseId)
    const verification = { findings: [] }

    await expectIncident(correct, { caseId, verification, correction: { ...filing, amount: '两万' } }, '金额')
    await expectIncident(correct, { caseId, verification, correction: { ...filing, amount: '' } }, '金额')
    await expectIncident(correct, { caseId, verification, correction: { ...filing, basisNumber: '' } }, '文号')
    expect((await cases.get(caseId)).amount).toBe('26000.00')
    expect(await events(caseId, 'filing.correct')).toEqual([])
  })

  it('refuses to correct what was never compared', async () => {
    const { caseId } = await fileCase(cases)
    const { filing } = await checkFiling((await fileCase(cases)).caseId)

    await expectIncident(correct, { caseId, verification: {}, correction: filing }, '尚未比对')
  })

  it('names the variable that the diagram forgot', async () => {
    const { caseId } = await fileCase(cases)

    await expectIncident(correct, { caseId, verification: {} }, 'correction')
    await expectIncident(correct, { caseId, correction: {} }, 'verification')
  })
})

describe('register.enter 登记（第六条、第二十五条）', () => {
  const reception = {
    held: 'yes',
    mode: 'onSite',
    startedAt: '2026-03-02T09:10',
    endedAt: '2026-03-02T09:40',
    interviewer: '乙接待一',
    recorder: '丙记录一',
    interviewee: '甲某一',
  }
  const entered = (caseId: string) =>
    prisma.registerEntry.findMany({ where: { caseId }, orderBy: { enteredAt: 'asc' } })

  it('enters time, interviewer and interviewee of each reception, and the case is received', async () => {
    const { caseId } = await fileCase(cases)
    expect(await complete(register, { caseId, register: 'initial-reception', entry: reception })).toEqual({})

    expect(await prisma.reception.findUnique({ where: { caseId } })).toMatchObject({
      held: true,
      interviewer: '乙接待一',
      interviewee: '甲某一',
      // A form writes the court's time.
      startedAt: new Date('2026-03-02T09:10:00+08:00'),
    })
    expect((await cases.get(caseId)).status).toBe('received')
  })

  it('delivered twice, enters one row', async () => {
    const { caseId } = await fileCase(cases)
    const variables = {
      caseId,
      register: 'property-search',
      entry: {
        feedbackAt: '2026-03-04',
        found: 'yes',
        results: [{ kind: 'deposit', description: '测试银行存款', amount: '100.00', frozen: 'yes' }],
      },
    }
    await complete(register, variables, 'search-twice')
    await complete(register, variables, 'search-twice')

    expect(await entered(caseId)).toHaveLength(1)
    expect(await prisma.propertyItem.count({ where: { caseId } })).toBe(1)
  })

  it('two searches of one case are two rows', async () => {
    const { caseId } = await fileCase(cases)
    const variables = {
      caseId,
      register: 'property-search',
      entry: { feedbackAt: '2026-03-04', found: 'no', results: [] },
    }
    await complete(register, variables)
    await complete(register, variables)

    expect(await entered(caseId)).toHaveLength(2)
  })

  it('keeps arriving and disbursed money as amounts of the case', async () => {
    const { caseId } = await fileCase(cases)
    await complete(register, {
      caseId,
      register: 'funds-receipt',
      entry: { source: 'deduction', amount: '12000.10', receivedAt: '2026-03-05' },
    })
    await complete(register, {
      caseId,
      register: 'funds-disbursement',
      entry: { amount: '12000.10', payee: '甲某一', paidAt: '2026-03-06' },
    })

    const movements = await prisma.fundsMovement.findMany({ where: { caseId }, orderBy: { at: 'asc' } })
    expect(movements.map(({ direction, amount }) => [direction, amount.toFixed(2)])).toEqual([
      ['receipt', '12000.10'],
      ['disbursement', '12000.10'],
    ])
  })

  it('refuses to disburse a cent more than arrived, and enters nothing', async () => {
    const { caseId } = await fileCase(cases)
    await complete(register, {
      caseId,
      register: 'funds-receipt',
      entry: { source: 'voluntary', amount: '100.00', receivedAt: '2026-03-05' },
    })

    await expectIncident(
      register,
      { caseId, register: 'funds-disbursement', entry: { amount: '100.01', payee: '甲某一', paidAt: '2026-03-06' } },
      '100.01',
      '100.00',
    )
    expect(await entered(caseId)).toHaveLength(1)
    expect(await prisma.fundsMovement.count({ where: { caseId } })).toBe(1)
  })

  it.each([
    ['no reason why there was no reception', 'initial-reception', { held: 'no' }, '原因'],
    ['no interviewer', 'initial-reception', { ...reception, interviewer: '' }, '谈话人'],
    [
      'property found but not listed',
      'property-search',
      { feedbackAt: '2026-03-04', found: 'yes', results: [] },
      '逐项登记',
    ],
    [
      'a deposit without amount',
      'property-search',
      { feedbackAt: '2026-03-04', found: 'yes', results: [{ kind: 'deposit', description: '测试' }] },
      '金额',
    ],
    ['an amount of nothing', 'funds-receipt', { source: 'deduction', amount: '0', receivedAt: '2026-03-05' }, '大于零'],
    ['no payee', 'funds-disbursement', { amount: '1.00', payee: '', paidAt: '2026-03-05' }, '收款人'],
    [
      'no content of the act',
      'act-performance',
      { manner: 'performed', content: '', completedAt: '2026-03-05' },
      '履行内容',
    ],
    ['a register that does not exist', 'seals', {}, 'seals'],
  ])('names what is wrong with %s', async (_, name, entry, part) => {
    const { caseId } = await fileCase(cases)

    await expectIncident(register, { caseId, register: name, entry }, part)
    expect(await entered(caseId)).toEqual([])
  })

  it('names the variable that the diagram forgot', async () => {
    const { caseId } = await fileCase(cases)

    await expectIncident(register, { caseId, entry: {} }, 'register')
    await expectIncident(register, { caseId, register: 'act-performance' }, 'entry')
  })
})
