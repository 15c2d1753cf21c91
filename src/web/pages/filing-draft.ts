import { dateTime } from '../format.ts'

/** A party as typed, with what the written application says of it. */
export interface PartyDraft {
  /** Tells rows apart while they come and go. */
  key: number
  role: string
  name: string
  kind: string
  idKind: string
  idNumber: string
  address: string
  phone: string
  statedName: string
  statedIdNumber: string
}

/** The filing form as typed: text throughout, so that nothing is lost before it is right. */
export interface FilingDraft {
  channel: string
  /** `2026-03-02T09:00`, in the court's zone. */
  applicationReceivedAt: string
  cause: string
  causeCategory: string
  caseNumber: string
  restored: string
  subjectType: string
  amount: string
  basisNumber: string
  basisContent: string
  application: { subjectType: string; amount: string; basisNumber: string; basisContent: string }
  parties: PartyDraft[]
}

let lastKey = 0

export function emptyParty(role: 'applicant' | 'respondent'): PartyDraft {
  lastKey += 1
  return {
    key: lastKey,
    role,
    name: '',
    kind: '',
    idKind: '',
    idNumber: '',
    address: '',
    phone: '',
    statedName: '',
    statedIdNumber: '',
  }
}

/** An empty form; `now` is the court's time, ISO-8601. */
export function emptyFiling(now: string | undefined): FilingDraft {
  return {
    channel: 'window',
    applicationReceivedAt: dateTime(now ?? new Date().toISOString()).replace(' ', 'T'),
    cause: '',
    causeCategory: '',
    caseNumber: '',
    restored: 'no',
    subjectType: '',
    amount: '',
    basisNumber: '',
    basisContent: '',
    application: { subjectType: '', amount: '', basisNumber: '', basisContent: '' },
    parties: [emptyParty('applicant'), emptyParty('respondent')],
  }
}

/** What `POST /api/cases` takes: empty optional fields left out, the time with the court's offset. */
export function toFiling(draft: FilingDraft): unknown {
  const { application, parties, applicationReceivedAt, restored, caseNumber, amount, ...rest } = draft
  return {
    ...rest,
    applicationReceivedAt: applicationReceivedAt === '' ? '' : `${applicationReceivedAt}:00+08:00`,
    restored: restored === '' ? undefined : restored === 'yes',
    ...optional({ caseNumber, amount }),
    parties: parties.map(({ role, name, kind, idKind, idNumber, address, phone }) => ({
      role,
      name,
      kind,
      idKind,
      ...optional({ idNumber, address, phone }),
    })),
    application: {
      subjectType: application.subjectType,
      basisNumber: application.basisNumber,
      basisContent: application.basisContent,
      ...optional({ amount: application.amount }),
      parties: parties.map(({ role, statedName, statedIdNumber }) => ({
        role,
        name: statedName,
        ...optional({ idNumber: statedIdNumber }),
      })),
    },
  }
}

function optional(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''))
}
