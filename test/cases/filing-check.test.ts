import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CaseFiling, checkFilingData, type Finding, type RegisteredFiling } from '../../src/cases/index.ts'
import { faultlessFiling, inventedCreditCode, inventedIdentityNumber } from './fixtures.ts'

const today = '2026-03-02'

/** Checks the faultless filing after a change of what was registered and of what the application says. */
function check(change: (registered: RegisteredFiling, application: CaseFiling['application']) => void): Finding[] {
  const filing = CaseFiling.parse(faultlessFiling())
  const registered: RegisteredFiling = {
    ...filing,
    parties: filing.parties.map((party, index) => ({
      ...party,
      partyId: `00000000-0000-4000-8000-00000000000${index}`,
    })),
  }
  change(registered, filing.application)
  return checkFilingData(registered, filing.application, today)
}

const brief = (findings: Finding[]) => findings.map(({ field, severity }) => `${severity} ${field}`)
const party = (filing: RegisteredFiling, index: number) => filing.parties[index] as RegisteredFiling['parties'][number]

describe('filing check (Art. 8)', () => {
  test('a faultless filing has no finding', () => {
    expect(check(() => {})).toEqual([])
  })

  test('blanks and full-width forms are no difference', () => {
    const findings = check((registered, application) => {
      party(registered, 1).name = '测试(清丰)商贸有限公司'
      application.basisContent = ` ${application.basisContent.replace('28000', '２８０００')} `
    })
    expect(findings).toEqual([])
  })

  test('a finding names the field, what was registered and what the application says', () => {
    const findings = check((registered) => {
      registered.amount = '82000.00'
    })
    expect(findings).toEqual([
      {
        field: 'amount',
        label: '执行标的金额',
        registered: '82000.00',
        application: '28000.00',
        message: '登记的执行标的金额与申请书的执行请求不一致',
        severity: 'error',
      },
    ])
  })

  test('amounts are compared as sums, to the cent', () => {
    expect(check((registered) => Object.assign(registered, { amount: '28000' }))).toEqual([])
    expect(brief(check((registered) => Object.assign(registered, { amount: '28000.01' })))).toEqual(['error amount'])
    expect(brief(check((registered) => Object.assign(registered, { amount: null })))).toEqual(['error amount'])
  })

  test('an act needs no amount', () => {
    const findings = check((registered, application) => {
      registered.subjectType = 'act'
      registered.amount = null
      application.subjectType = 'act'
      delete application.amount
    })
    expect(findings).toEqual([])
  })

  test('a wrong subject type, basis number and basis content are each found', () => {
    const findings = check((registered) => {
      registered.subjectType = 'act'
      registered.basisNumber = '（2025）豫0922民初89号'
      registered.basisContent = '别的内容'
    })
    expect(brief(findings)).toEqual(['error subjectType', 'error basisNumber', 'error basisContent'])
    expect(findings[0]).toMatchObject({ registered: '行为', application: '金钱给付' })
  })

  test('a basis number in a form that no court uses is an error even where the application writes it so too', () => {
    const findings = check((registered, application) => {
      registered.basisNumber = '(2025)豫0922民初88号'
      application.basisNumber = '(2025)豫0922民初88号'
    })
    expect(brief(findings)).toEqual(['error basisNumber'])
  })

  test('the number of an arbitral award or a notarial deed is a remark', () => {
    const findings = check((registered, application) => {
      registered.basisNumber = '濮仲裁字〔2025〕第12号'
      application.basisNumber = '濮仲裁字〔2025〕第12号'
    })
    expect(brief(findings)).toEqual(['remark basisNumber'])
  })

  test('a judgment of next year is an error', () => {
    const findings = check((registered, application) => {
      registered.basisNumber = '（2027）豫0922民初88号'
      application.basisNumber = '（2027）豫0922民初88号'
    })
    expect(findings[0]?.message).toContain('2027')
  })

  test('wrong check digits of person and company are errors', () => {
    const findings = check((registered, application) => {
      for (const index of [0, 1]) {
        const number = party(registered, index).idNumber ?? ''
        const wrong = number.slice(0, -1) + (number.endsWith('1') ? '2' : '1')
        party(registered, index).idNumber = wrong
        Object.assign(application.parties[index] ?? {}, { idNumber: wrong })
      }
    })
    expect(brief(findings)).toEqual(['error parties[0].idNumber', 'error parties[1].idNumber'])
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('居民身份证号码校验码错误'),
      expect.stringContaining('统一社会信用代码号码校验码错误'),
    ])
  })

  test('a number that differs from the application’s is an error', () => {
    const findings = check((registered) => {
      party(registered, 0).idNumber = inventedIdentityNumber(2)
    })
    expect(findings).toMatchObject([
      {
        field: 'parties[0].idNumber',
        registered: inventedIdentityNumber(2),
        application: inventedIdentityNumber(1),
        severity: 'error',
      },
    ])
  })

  test('a respondent’s unknown number is a remark, the applicant’s an error', () => {
    const findings = check((registered, application) => {
      for (const index of [0, 1]) {
        Object.assign(party(registered, index), { idKind: 'unknown', idNumber: null })
        delete application.parties[index]?.idNumber
      }
    })
    expect(brief(findings)).toEqual(['error parties[0].idKind', 'remark parties[1].idKind'])
  })

  test('a number that the application states must be registered', () => {
    const findings = check((registered) => Object.assign(party(registered, 1), { idKind: 'unknown', idNumber: null }))
    expect(brief(findings)).toEqual(['remark parties[1].idKind', 'error parties[1].idNumber'])
  })

  test('a number that the application does not state is a remark', () => {
    const findings = check((_, application) => delete application.parties[0]?.idNumber)
    expect(brief(findings)).toEqual(['remark parties[0].idNumber'])
  })

  test('a person has no credit code, a company no identity card', () => {
    const findings = check((registered) => {
      party(registered, 0).idKind = 'creditCode'
      party(registered, 1).idKind = 'residentId'
    })
    expect(brief(findings)).toEqual(['error parties[0].idKind', 'error parties[1].idKind'])
  })

  test('exchanged roles are reported as roles, not as strangers', () => {
    const findings = check((registered) => {
      party(registered, 0).role = 'respondent'
      party(registered, 1).role = 'applicant'
    })
    expect(brief(findings)).toEqual(['error parties[0].role', 'error parties[1].role'])
  })

  test('a misspelt name is reported as a name', () => {
    expect(check((registered) => Object.assign(party(registered, 0), { name: '甲某二' }))).toMatchObject([
      { field: 'parties[0].name', registered: '甲某二', application: '甲某一', severity: 'error' },
    ])
  })

  test('a party left out and a party too many are each named', () => {
    const leftOut = check((_, application) => application.parties.push({ role: 'respondent', name: '乙某一' }))
    expect(leftOut).toMatchObject([{ field: 'parties', registered: null, application: '乙某一', severity: 'error' }])
    const tooMany = check((registered) => {
      const stranger = { ...party(registered, 1), name: '测试第二公司', idNumber: inventedCreditCode(2) }
      registered.parties.push({ ...stranger, partyId: '00000000-0000-4000-8000-000000000009' })
    })
    expect(tooMany).toMatchObject([{ field: 'parties[2].name', registered: '测试第二公司', application: null }])
  })

  test('the same number twice is an error', () => {
    const findings = check((registered, application) => {
      const again = { role: 'respondent' as const, name: '乙某一', idNumber: inventedIdentityNumber(1) }
      registered.parties.push({ ...party(registered, 0), ...again, partyId: '00000000-0000-4000-8000-000000000009' })
      application.parties.push(again)
    })
    expect(brief(findings)).toEqual(['error parties[2].idNumber'])
  })

  test('the order in which the application lists the parties does not matter', () => {
    const names = ['甲某一', '甲某二', '乙某一', '乙某二']
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (shuffled) => {
        const findings = check((registered, application) => {
          const roleOf = (name: string) => (name.startsWith('甲') ? ('applicant' as const) : ('respondent' as const))
          const parties = names.map((name, index) => ({
            name,
            role: roleOf(name),
            idNumber: inventedIdentityNumber(index),
          }))
          registered.parties = parties.map((each, index) => ({
            ...each,
            partyId: `00000000-0000-4000-8000-00000000000${index}`,
            kind: 'naturalPerson',
            idKind: 'residentId',
          }))
          application.parties = shuffled.map(
            (name) => parties.find((each) => each.name === name) ?? { name, role: roleOf(name) },
          )
        })
        expect(findings).toEqual([])
      }),
    )
  })
})

describe('filing form', () => {
  const problems = (change: (filing: ReturnType<typeof faultlessFiling>) => void) => {
    const filing = faultlessFiling()
    change(filing)
    return CaseFiling.safeParse(filing).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
  }

  test('the faultless one passes, amounts get two places', () => {
    expect(CaseFiling.parse({ ...faultlessFiling(), amount: '028000' }).amount).toBe('28000.00')
    expect(problems(() => {})).toEqual([])
  })

  test.each([
    ['an amount is required for 金钱给付', (f) => delete f.amount, 'amount: 执行标的为金钱给付的，请填写执行标的金额'],
    [
      'an amount is no float in disguise',
      (f) => Object.assign(f, { amount: '1e5' }),
      'amount: 金额应为非负数字，最多两位小数，例如 30000.00',
    ],
    [
      'there is a respondent',
      (f) => Object.assign(f, { parties: f.parties.map((p) => ({ ...p, role: 'applicant' })) }),
      'parties: 至少应有一名被执行人',
    ],
    [
      'a number belongs to its kind',
      (f) => delete f.parties[1]?.idNumber,
      'parties.1.idNumber: 请填写证件号码；确实不明的，证件种类选“证件不明”',
    ],
    [
      'a name is more than blanks',
      (f) => Object.assign(f.parties[0] ?? {}, { name: '  ' }),
      'parties.0.name: 请填写当事人姓名或名称',
    ],
    [
      'times carry their offset',
      (f) => Object.assign(f, { applicationReceivedAt: '2026-03-02 08:30' }),
      'applicationReceivedAt: 时间应为带时区的 ISO 8601 格式，例如 2026-03-02T09:00:00+08:00',
    ],
  ] as [string, (filing: ReturnType<typeof faultlessFiling>) => void, string][])('%s', (_, change, problem) => {
    expect(problems(change)).toEqual([problem])
  })
})
