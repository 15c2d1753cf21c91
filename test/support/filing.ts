import { identityCheckCharacter } from '../../src/cases/identity-number.ts'
import type { CaseFilingInput } from '../../src/cases/index.ts'

/** A resident id number of an unassigned region, with its check digit. */
export function inventedIdNumber(serial: number, birth = '19800101'): string {
  const digits = `990101${birth}${String(serial).padStart(3, '0')}`
  return digits + identityCheckCharacter(digits)
}

/** A small money claim between two invented people, with what the application says being the same. */
export function smallLoan(changes: Partial<CaseFilingInput> = {}): CaseFilingInput {
  const applicant = inventedIdNumber(1)
  const respondent = inventedIdNumber(2)
  const subject = {
    subjectType: 'money',
    amount: '28000.00',
    basisNumber: '（2025）豫0922民初88号',
    basisContent: '被告乙某二于判决生效后十日内偿还原告甲某一借款28000元。',
  } as const
  return {
    channel: 'window',
    applicationReceivedAt: '2026-03-02T09:00:00+08:00',
    cause: '民间借贷纠纷',
    causeCategory: 'other',
    ...subject,
    parties: [
      {
        role: 'applicant',
        name: '甲某一',
        kind: 'naturalPerson',
        idKind: 'residentId',
        idNumber: applicant,
        phone: '0393-0000001',
      },
      {
        role: 'respondent',
        name: '乙某二',
        kind: 'naturalPerson',
        idKind: 'residentId',
        idNumber: respondent,
        address: '测试路2号',
      },
    ],
    application: {
      ...subject,
      parties: [
        { role: 'applicant', name: '甲某一', idNumber: applicant },
        { role: 'respondent', name: '乙某二', idNumber: respondent },
      ],
    },
    ...changes,
  }
}
