import type { Clock } from '../../src/calendar/clock.ts'
import { creditCheckCharacter } from '../../src/cases/credit-code.ts'
import { identityCheckCharacter } from '../../src/cases/identity-number.ts'
import type { CaseFilingInput } from '../../src/cases/index.ts'

/** A number of region 99, which belongs to nobody. */
export function inventedIdentityNumber(serial: number, birth = '19900101'): string {
  const digits = `990101${birth}${String(serial).padStart(3, '0')}`
  return digits + identityCheckCharacter(digits)
}

export function inventedCreditCode(serial: number): string {
  const start = `91990100${String(serial).padStart(9, '0')}`
  return start + creditCheckCharacter(start)
}

/** A clock that stands until a test moves it. */
export class StandingClock implements Clock {
  #instant: Date
  constructor(instant: string) {
    this.#instant = new Date(instant)
  }
  now(): Date {
    return new Date(this.#instant)
  }
  move(instant: string): void {
    this.#instant = new Date(instant)
  }
}

/** A faultless filing: 甲某一 against 测试公司, 28 000 yuan. */
export function faultlessFiling(): CaseFilingInput {
  const applicant = { name: '甲某一', idNumber: inventedIdentityNumber(1) }
  const respondent = { name: '测试（清丰）商贸有限公司', idNumber: inventedCreditCode(1) }
  const same = {
    subjectType: 'money',
    amount: '28000.00',
    basisNumber: '（2025）豫0922民初88号',
    basisContent: '测试（清丰）商贸有限公司于判决生效之日起十日内偿还甲某一借款 28000 元。',
  } as const
  return {
    channel: 'window',
    applicationReceivedAt: '2026-03-02T08:30:00+08:00',
    cause: '民间借贷纠纷',
    causeCategory: 'other',
    ...same,
    parties: [
      { role: 'applicant', kind: 'naturalPerson', idKind: 'residentId', phone: '00000000001', ...applicant },
      { role: 'respondent', kind: 'legalPerson', idKind: 'creditCode', ...respondent },
    ],
    application: {
      ...same,
      parties: [
        { role: 'applicant', ...applicant },
        { role: 'respondent', ...respondent },
      ],
    },
  }
}
