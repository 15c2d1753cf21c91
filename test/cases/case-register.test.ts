import { beforeEach, describe, expect, test } from 'vitest'
import { CaseError, type CaseFilingInput, createCases, type FiledCase } from '../../src/cases/index.ts'
import { createAudit } from '../../src/identity/index.ts'
import { openTestDatabase } from '../support/database.ts'
import { faultlessFiling, inventedIdentityNumber, StandingClock } from './fixtures.ts'

const { prisma } = await openTestDatabase()
const clock = new StandingClock('2026-03-02T09:00:00+08:00')
const audit = createAudit({ prisma, clock })
const cases = createCases({ prisma, clock, audit, court: { name: '清丰县人民法院', code: '豫0922' } })

let key = 0
const elementInstance = () => `key-${++key}`
const file = (change: Partial<CaseFilingInput> = {}): Promise<FiledCase> =>
  cases.file({ ...faultlessFiling(), ...change }, 'filing1')

async function refusal(deed: Promise<unknown>): Promise<CaseError> {
  const error = await deed.then(
    () => new Error('not refused'),
    (failure: unknown) => failure,
  )
  if (!(error instanceof CaseError)) throw error
  return error
}

beforeEach(() => clock.move('2026-03-02T09:00:00+08:00'))

describe('filing', () => {
  test('answers what the process starts with, and the case waits for its message', async () => {
    const filed = await file({ channel: 'online' })
    expect(filed).toEqual({
      caseId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      caseNumber: expect.stringMatching(/^（2026）豫0922执\d+号$/),
      channel: 'online',
      filedAt: '2026-03-02T09:00:00+08:00',
      applicationReceivedAt: '2026-03-02T08:30:00+08:00',
    })
    expect(await cases.unstarted()).toContainEqual(filed)

    await cases.markStarted(filed.caseId, '2251799813685249')
    await cases.markStarted(filed.caseId, '2251799813685249')
    expect(await cases.unstarted()).not.toContainEqual(filed)
    expect((await refusal(cases.markStarted(filed.caseId, '4711'))).code).toBe('wrong-status')
  })

  test('the case reads as it was filed', async () => {
    const { caseId } = await file()
    expect(await cases.get(caseId)).toMatchObject({
      status: 'filed',
      amount: '28000.00',
      applicants: ['甲某一'],
      respondents: ['测试（清丰）商贸有限公司'],
      filedBy: 'filing1',
      parties: [{ role: 'applicant', idNumber: inventedIdentityNumber(1) }, { role: 'respondent' }],
    })
  })

  test('forty filings at once get forty numbers without a gap', async () => {
    clock.move('2027-01-04T09:00:00+08:00')
    const filed = await Promise.all(Array.from({ length: 40 }, () => file()))
    const numbers = filed.map(({ caseNumber }) => Number(/执(\d+)号/.exec(caseNumber)?.[1])).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  })

  test('the year is the court’s: half past midnight on New Year’s Day in China is still the old year in UTC', async () => {
    clock.move('2028-01-01T00:30:00+08:00')
    expect((await file()).caseNumber).toBe('（2028）豫0922执1号')
  })

  test('restored cases are numbered 执恢, in a sequence of their own', async () => {
    clock.move('2029-02-01T09:00:00+08:00')
    await file()
    expect((await file({ restored: true })).caseNumber).toBe('（2029）豫0922执恢1号')
  })

  test('a number given by hand is kept, unique, and the sequence goes on behind it', async () => {
    clock.move('2030-02-01T09:00:00+08:00')
    const caseNumber = '（2030）豫0922执57号'
    expect((await file({ caseNumber })).caseNumber).toBe(caseNumber)
    expect((await file()).caseNumber).toBe('（2030）豫0922执58号')
    const error = await refusal(file({ caseNumber }))
    expect(error.code).toBe('case-number-taken')
    expect(error.message).toContain(caseNumber)
  })

  test.each([
    ['(2026)豫0922执1号', '格式不规范'],
    ['（2026）豫0923执1号', '不是本院'],
    ['（2026）豫0922执恢1号', '类型代字应为“执”'],
    ['（2027）豫0922执1号', '年份晚于立案年份'],
  ])('the number %s is refused: %s', async (caseNumber, reason) => {
    const error = await refusal(file({ caseNumber }))
    expect(error).toMatchObject({ code: 'case-number-invalid', fields: [{ field: 'caseNumber' }] })
    expect(error.message).toContain(reason)
  })

  test('a bad filing names every field and registers nothing', async () => {
    const before = await prisma.case.count()
    const { amount: _, ...filing } = faultlessFiling()
    const error = await refusal(cases.file({ ...filing, cause: '' }, 'filing1'))
    expect(error.fields).toEqual([
      { field: 'cause', message: '请填写案由' },
      { field: 'amount', message: '执行标的为金钱给付的，请填写执行标的金额' },
    ])
    expect((await refusal(file({ applicationReceivedAt: '2026-03-03T09:00:00+08:00' }))).fields[0]?.field).toBe(
      'applicationReceivedAt',
    )
    expect(await prisma.case.count()).toBe(before)
  })
})

describe('check and correction', () => {
  test('an error is found, corrected, and gone in the next round; each delivery counts once', async () => {
    const { caseId } = await file({ amount: '82000.00' })
    const first = elementInstance()
    const { filingCheck, filing } = await cases.checkFiling(caseId, first)
    expect(filingCheck).toMatchObject({
      round: 1,
      checkedAt: '2026-03-02T09:00:00+08:00',
      findings: [{ field: 'amount' }],
    })
    expect(await cases.checkFiling(caseId, first)).toEqual({ filingCheck, filing })

    const verification = { findings: [{ ...filingCheck.findings[0], decision: 'confirmed', reason: '' }], added: [] }
    const correction = { ...filing, amount: '28000.00', note: '录入错误' }
    const job = elementInstance()
    await cases.applyCorrection(caseId, verification, correction, job)
    expect((await cases.get(caseId)).amount).toBe('28000.00')

    const second = await cases.checkFiling(caseId, elementInstance())
    expect(second.filingCheck).toMatchObject({ round: 2, findings: [] })

    // A late second delivery of the first correction must not undo what came after it.
    await cases.applyCorrection(caseId, verification, { ...correction, amount: '1.00' }, job)
    expect((await cases.get(caseId)).amount).toBe('28000.00')
    const events = await cases.history(caseId)
    expect(events.map(({ text }) => text)).toEqual(['立案', '比对立案信息', '纠正立案信息', '比对立案信息'])
    expect(events[2]?.detail).toMatchObject({ changes: [{ field: 'amount', from: '82000.00', to: '28000.00' }] })
  })

  test('a corrected list of parties adds who was left out, removes who was too many, and keeps the others’ data', async () => {
    const [first, second] = faultlessFiling().parties as [
      CaseFilingInput['parties'][number],
      CaseFilingInput['parties'][number],
    ]
    const tooMany = { role: 'respondent', name: '乙某九', kind: 'naturalPerson', idKind: 'unknown' } as const
    const { caseId } = await file({ parties: [first, tooMany, second] })
    const { filing } = await cases.checkFiling(caseId, elementInstance())
    const [applicant, , company] = filing.parties
    const added = { role: 'thirdParty', name: '丙某一', kind: 'naturalPerson', idKind: 'unknown', idNumber: '' }
    await cases.applyCorrection(caseId, {}, { ...filing, parties: [{ ...applicant, name: '甲某三' }, company] })
    expect((await cases.get(caseId)).parties).toMatchObject([
      { partyId: applicant?.partyId, name: '甲某三', phone: '00000000001' },
      { partyId: company?.partyId, role: 'respondent' },
    ])
    await cases.applyCorrection(caseId, {}, { ...filing, parties: [applicant, company, added] })
    expect((await cases.get(caseId)).parties.map(({ name }) => name)).toEqual([
      applicant?.name,
      company?.name,
      '丙某一',
    ])

    const stranger = {
      ...filing,
      parties: [applicant, { ...company, partyId: '00000000-0000-4000-8000-00000000000f' }],
    }
    expect((await refusal(cases.applyCorrection(caseId, {}, stranger))).fields[0]?.field).toBe('parties[1].partyId')
  })

  test('a form that leaves out the ids still corrects a misspelt name where it stands', async () => {
    const { caseId } = await file()
    const { filing } = await cases.checkFiling(caseId, elementInstance())
    const withoutIds = filing.parties.map(({ partyId: _, ...party }) => party)
    const [applicant, company] = withoutIds
    await cases.applyCorrection(
      caseId,
      {},
      { ...filing, parties: [company, { ...applicant, name: '甲某四', idNumber: inventedIdentityNumber(4) }] },
    )
    const { parties } = await cases.get(caseId)
    expect(parties.map(({ partyId, name }) => [partyId, name])).toEqual([
      [filing.parties[1]?.partyId, company?.name],
      [expect.not.stringMatching(String(filing.parties[0]?.partyId)), '甲某四'],
    ])
    await cases.applyCorrection(
      caseId,
      {},
      { ...filing, parties: [company, { ...applicant, name: '甲某五', idNumber: '', idKind: 'passport' }] },
    )
    expect((await cases.get(caseId)).parties[1]?.partyId).toBe(parties[1]?.partyId)
  })

  test('a correction that empties a required field is refused', async () => {
    const { caseId } = await file()
    const { filing } = await cases.checkFiling(caseId, elementInstance())
    const error = await refusal(cases.applyCorrection(caseId, {}, { ...filing, amount: '' }))
    expect(error.fields).toEqual([{ field: 'amount', message: '执行标的为金钱给付的，请填写执行标的金额' }])
  })
})

const held = {
  held: 'yes',
  mode: 'telephone',
  startedAt: '2026-03-02T10:00+08:00',
  endedAt: '2026-03-02T10:40',
  interviewer: 'reception1',
  recorder: 'recorder1',
  interviewee: '甲某一',
  account: { payee: '甲某一', bank: '测试银行', number: '0000' },
}

describe('registers', () => {
  test('a reception is one row of its register, with who spoke with whom and when', async () => {
    const { caseId, caseNumber } = await file()
    clock.move('2026-03-02T11:00:00+08:00')
    const elementInstanceKey = elementInstance()
    const first = await cases.recordReception({ caseId, reception: held, elementInstanceKey })
    expect(await cases.recordReception({ caseId, reception: held, elementInstanceKey })).toEqual(first)

    const rows = await cases.receptionRegister(
      new Date('2026-03-02T11:00:00+08:00'),
      new Date('2026-03-02T11:00:01+08:00'),
    )
    expect(rows).toEqual([
      {
        caseId,
        caseNumber,
        applicants: ['甲某一'],
        respondents: ['测试（清丰）商贸有限公司'],
        held: true,
        notHeldReason: null,
        mode: 'telephone',
        startedAt: '2026-03-02T10:00:00+08:00',
        endedAt: '2026-03-02T10:40:00+08:00',
        interviewer: 'reception1',
        recorder: 'recorder1',
        interviewee: '甲某一',
        recordedAt: '2026-03-02T11:00:00+08:00',
      },
    ])
    expect(await cases.get(caseId)).toMatchObject({ status: 'received', reception: { account: { payee: '甲某一' } } })
  })

  test('without a reception there is a reason, else the entry is refused', async () => {
    const { caseId } = await file()
    const enter = (reception: object) =>
      cases.recordReception({ caseId, reception, elementInstanceKey: elementInstance() })
    expect((await refusal(enter({ held: 'no' }))).fields).toEqual([
      { field: 'notHeldReason', message: '请填写未进行初次接待的原因' },
    ])
    expect((await refusal(enter({ held: 'yes' }))).fields.map(({ field }) => field)).toEqual([
      'mode',
      'startedAt',
      'interviewer',
      'interviewee',
    ])
    await enter({ held: 'no', notHeldReason: '三次拨打电话无人接听' })
    expect((await prisma.reception.findUnique({ where: { caseId } }))?.held).toBe(false)
  })

  test('money is paid out once for a job, and never more than came in', async () => {
    const { caseId } = await file()
    const enter = (register: string, amount: string, elementInstanceKey = elementInstance()) => {
      const entry = { amount, source: 'deduction', payee: '甲某一', receivedAt: '2026-03-10', paidAt: '2026-03-12' }
      return cases.enterRegister({ caseId, register, entry, elementInstanceKey })
    }
    await enter('funds-receipt', '100.10')
    const job = elementInstance()
    await enter('funds-disbursement', '100', job)
    await enter('funds-disbursement', '100', job)
    const error = await refusal(enter('funds-disbursement', '0.11'))
    expect(error.message).toContain('超过本案可发放案款 0.10 元')
    await enter('funds-disbursement', '0.10')
    expect((await cases.get(caseId)).fundsMovements).toEqual([
      { direction: 'receipt', amount: '100.10', at: '2026-03-10T00:00:00+08:00' },
      { direction: 'disbursement', amount: '100.00', at: '2026-03-12T00:00:00+08:00' },
      { direction: 'disbursement', amount: '0.10', at: '2026-03-12T00:00:00+08:00' },
    ])
    expect(await cases.registerEntries(caseId, 'funds-disbursement')).toHaveLength(2)
  })

  test('an act performed, an unknown register, a bad amount', async () => {
    const { caseId } = await file()
    const elementInstanceKey = elementInstance()
    const act = { manner: 'substitute', content: '拆除围墙', completedAt: '2026-03-20', delayFee: '' }
    await cases.enterRegister({ caseId, register: 'act-performance', entry: act, elementInstanceKey })
    expect(await cases.registerEntries(caseId, 'act-performance')).toMatchObject([
      { manner: 'substitute', delayFee: null },
    ])
    const bad = (register: string, entry: object) =>
      refusal(cases.enterRegister({ caseId, register, entry, elementInstanceKey: elementInstance() }))
    expect((await bad('visitors', {})).fields[0]?.field).toBe('register')
    expect(
      (await bad('funds-receipt', { source: 'deduction', amount: '0', receivedAt: '2026-03-10' })).message,
    ).toContain('金额应大于零')
  })
})

describe('triage facts', () => {
  const search = (found: string, results: object[] = []) => ({ feedbackAt: '2026-03-04T10:00', found, results })
  const enterSearch = (caseId: string, entry: object) =>
    cases.enterRegister({ caseId, register: 'property-search', entry, elementInstanceKey: elementInstance() })
  const deposit = (amount: string, frozen = 'yes') => ({ kind: 'deposit', description: '测试银行存款', amount, frozen })

  test('without the first feedback there is nothing to decide by, and the error says so', async () => {
    const { caseId } = await file()
    const error = await refusal(cases.triageFacts(caseId))
    expect(error).toMatchObject({ code: 'missing-data', fields: [{ field: 'firstSearchFoundProperty' }] })
  })

  test('a money case whose sum is missing names the amount', async () => {
    const { caseId } = await file()
    await prisma.case.update({ where: { id: caseId }, data: { amount: null } })
    expect((await refusal(cases.triageFacts(caseId))).fields[0]?.field).toBe('amount')
  })

  test.each([
    ['nothing found', search('no'), { fullyCovered: false, disposalNeeded: false, firstSearchFoundProperty: false }],
    [
      'one cent too little',
      search('yes', [deposit('27999.99')]),
      { fullyCovered: false, firstSearchFoundProperty: true },
    ],
    ['the exact sum in two accounts', search('yes', [deposit('27999.90'), deposit('0.10')]), { fullyCovered: true }],
    [
      'a deposit that is not frozen',
      search('yes', [deposit('30000', 'no')]),
      { fullyCovered: false, disposalNeeded: false },
    ],
    [
      'a flat',
      search('yes', [{ kind: 'realEstate', description: '测试路 1 号', amount: '900000', frozen: 'yes' }]),
      { fullyCovered: false, disposalNeeded: true },
    ],
  ])('%s', async (_, entry, expected) => {
    const { caseId } = await file()
    await enterSearch(caseId, entry)
    expect(await cases.triageFacts(caseId)).toMatchObject({
      subjectType: 'money',
      amount: 28000,
      causeCategory: 'other',
      respondentKinds: ['legalPerson'],
      restored: false,
      ...expected,
    })
  })

  test('money received counts, and a later search does not change what the first one found', async () => {
    const { caseId } = await file()
    await enterSearch(caseId, search('no'))
    clock.move('2026-03-05T09:00:00+08:00')
    await enterSearch(caseId, search('yes', [deposit('8000')]))
    await cases.enterRegister({
      caseId,
      register: 'funds-receipt',
      entry: { source: 'voluntary', amount: '20000', receivedAt: '2026-03-05' },
      elementInstanceKey: elementInstance(),
    })
    expect(await cases.triageFacts(caseId)).toMatchObject({ firstSearchFoundProperty: false, fullyCovered: true })
  })

  test('an act has no amount and is never covered by money', async () => {
    const application = { ...faultlessFiling().application, subjectType: 'act' as const }
    const { caseId } = await file({ subjectType: 'act', application })
    await enterSearch(caseId, search('no'))
    expect(await cases.triageFacts(caseId)).toMatchObject({ subjectType: 'act', amount: null, fullyCovered: false })
  })

  test('a search that contradicts itself is refused', async () => {
    const { caseId } = await file()
    expect((await refusal(enterSearch(caseId, search('yes')))).fields[0]?.field).toBe('results')
    expect((await refusal(enterSearch(caseId, search('no', [deposit('1')])))).fields[0]?.field).toBe('found')
    expect((await refusal(enterSearch(caseId, search('yes', [{ ...deposit(''), amount: '' }])))).fields[0]?.field).toBe(
      'results[0].amount',
    )
  })
})

describe('assignment, closing, archive', () => {
  const team = { team: 'fast', handlingJudge: 'fast-judge1', handlingClerk: 'fast-clerk1' }

  test('a case goes its way once, however often a job is delivered', async () => {
    const { caseId } = await file()
    await cases.assign({ caseId, ...team, triage: { proposal: 'fast' } })
    await cases.assign({ caseId, ...team })
    expect(await cases.get(caseId)).toMatchObject({ status: 'enforcing', ...team, triage: { proposal: 'fast' } })

    clock.move('2026-04-01T09:00:00+08:00')
    const closed = await cases.close({ caseId, mode: 'completed' })
    clock.move('2026-04-02T09:00:00+08:00')
    expect(await cases.close({ caseId, mode: 'completed' })).toEqual(closed)
    const archived = await cases.markArchived(caseId)
    clock.move('2026-04-03T09:00:00+08:00')
    expect(await cases.markArchived(caseId)).toEqual(archived)
    expect(await cases.get(caseId)).toMatchObject({
      status: 'archived',
      closingMode: 'completed',
      closedAt: '2026-04-01T09:00:00+08:00',
      archivedAt: '2026-04-02T09:00:00+08:00',
    })
    expect((await cases.history(caseId)).map(({ action }) => action)).toEqual([
      'case.file',
      'case.assign',
      'case.close',
      'case.archive',
    ])
  })

  test('steps out of turn and unknown words are refused', async () => {
    const { caseId } = await file()
    expect((await refusal(cases.close({ caseId, mode: 'completed' }))).code).toBe('wrong-status')
    expect((await refusal(cases.markArchived(caseId))).code).toBe('wrong-status')
    expect((await refusal(cases.assign({ caseId, ...team, team: 'slow' }))).fields[0]?.field).toBe('team')
    await cases.assign({ caseId, ...team })
    expect((await refusal(cases.close({ caseId, mode: 'forgotten' }))).fields[0]?.field).toBe('mode')
    await cases.close({ caseId, mode: 'completed' })
    expect((await refusal(cases.close({ caseId, mode: 'cancelled' }))).code).toBe('wrong-status')
    expect((await refusal(cases.assign({ caseId, ...team }))).code).toBe('wrong-status')
  })

  test('an unknown case is named, also where the id is no id', async () => {
    for (const caseId of ['00000000-0000-4000-8000-0000000000ff', "x' OR 1=1"]) {
      const error = await refusal(cases.get(caseId))
      expect(error).toMatchObject({ code: 'unknown-case', message: `案件 ${caseId} 不存在` })
      expect((await refusal(cases.checkFiling(caseId, elementInstance()))).code).toBe('unknown-case')
    }
  })
})

describe('lists', () => {
  test('by text: number with either kind of bracket, party, id number', async () => {
    const parties = faultlessFiling().parties.map((party) =>
      party.role === 'applicant' ? { ...party, name: '丙某独一' } : party,
    )
    const { caseId, caseNumber } = await file({ parties })
    for (const q of ['丙某独', caseNumber, caseNumber.replace('（', '(').replace('）', ')')]) {
      expect(
        (await cases.search(q)).map((found) => found.caseId),
        q,
      ).toEqual([caseId])
    }
    expect((await cases.search(inventedIdentityNumber(1).toLowerCase())).length).toBeGreaterThan(1)
    expect(await cases.search('查无此人')).toEqual([])
  })

  test('within a scope: the team’s cases, one’s own, those filed, those with a task, and no others', async () => {
    const applicant = '丁某范围'
    const parties = faultlessFiling().parties.map((party) =>
      party.role === 'applicant' ? { ...party, name: applicant } : party,
    )
    const [mine, ours, theirs, withTask] = await Promise.all([
      file({ parties }),
      file({ parties }),
      file({ parties }),
      file({ parties }),
    ])
    await cases.assign({ caseId: mine.caseId, team: 'complex', handlingJudge: 'judge-x', handlingClerk: 'clerk-x' })
    await cases.assign({ caseId: ours.caseId, team: 'general', handlingJudge: 'judge-y', handlingClerk: 'clerk-y' })
    await cases.assign({ caseId: theirs.caseId, team: 'fast', handlingJudge: 'judge-z', handlingClerk: 'clerk-z' })
    const seen = async (scope: Parameters<typeof cases.search>[1]) =>
      (await cases.search(applicant, scope)).map(({ caseId }) => caseId).sort()
    const ids = (...filed: FiledCase[]) => filed.map(({ caseId }) => caseId).sort()
    expect(await seen({ all: true })).toEqual(ids(mine, ours, theirs, withTask))
    expect(await seen({ all: false, teams: ['general'], handler: 'judge-x', caseIds: [withTask.caseId] })).toEqual(
      ids(mine, ours, withTask),
    )
    expect(await seen({ all: false, teams: [], handler: 'nobody' })).toEqual([])
    expect(await seen({ all: false, teams: [], handler: 'clerk-z' })).toEqual(ids(theirs))
    expect(await seen({ all: false, teams: [], handler: 'nobody', filedBy: 'filing1' })).toHaveLength(4)
    expect(await seen({ all: false, teams: [], handler: 'nobody', archived: true })).toEqual([])
  })

  test('in pages, newest first, with the total', async () => {
    const [first, second] = [await cases.list({}, { page: 1, size: 3 }), await cases.list({}, { page: 2, size: 3 })]
    expect(first.items).toHaveLength(3)
    expect(first.total).toBe(await prisma.case.count())
    const together = [...first.items, ...second.items].map(({ filedAt }) => filedAt)
    expect(together).toEqual([...together].sort().reverse())
    expect((await refusal(cases.list({}, { page: 0 }))).fields[0]?.field).toBe('page')
    expect((await refusal(cases.list({}, { size: 1000 }))).fields[0]?.field).toBe('size')
  })

  test('by state, team and judge', async () => {
    const { items } = await cases.list({ status: 'enforcing', team: 'fast', handlingJudge: 'judge-z' })
    expect(items.map(({ handlingClerk }) => handlingClerk)).toEqual(['clerk-z'])
  })
})
