import type { CaseStatus } from '../procedure/index.ts'
import type { FilingCorrection, FilingVerification, Finding, RegisteredFiling } from './filing.ts'
import type { RegisterCode, RegisterEntries } from './registers.ts'

/** What a new case brings to the process: the variables of message `case.filed`. */
export interface FiledCase {
  caseId: string
  caseNumber: string
  channel: 'window' | 'online'
  /** ISO-8601 with offset +08:00, as are all times here. */
  filedAt: string
  applicationReceivedAt: string
}

export interface CaseParty {
  partyId: string
  role: 'applicant' | 'respondent' | 'thirdParty'
  name: string
  kind: string
  idKind: string
  idNumber: string | null
  address: string | null
  phone: string | null
}

/** A case in a list. */
export interface CaseSummary {
  caseId: string
  caseNumber: string
  status: CaseStatus
  channel: 'window' | 'online'
  cause: string
  subjectType: string
  /** Decimal text with two places; null unless 金钱给付. */
  amount: string | null
  /** Names in order, by role. */
  applicants: string[]
  respondents: string[]
  filedAt: string
  filedBy: string
  team: string | null
  handlingJudge: string | null
  handlingClerk: string | null
  closedAt: string | null
  archivedAt: string | null
}

/** A case as its page shows it. */
export interface CaseDetail extends CaseSummary {
  causeCategory: string
  basisNumber: string
  basisContent: string
  restored: boolean
  applicationReceivedAt: string
  processInstanceKey: string | null
  triage: unknown
  closingMode: string | null
  application: unknown
  parties: CaseParty[]
  reception: unknown
  propertyItems: { kind: string; description: string; amount: string | null; frozen: boolean }[]
  fundsMovements: { direction: 'receipt' | 'disbursement'; amount: string; at: string }[]
}

/** Which cases a user may list; from `caseScope(user)` of the identity module. */
export type CaseListScope =
  | { all: true }
  | {
      all: false
      teams: string[]
      handler: string
      /** Also every archived case (the archivist). */
      archived?: boolean
      /** Also the cases that this clerk filed. */
      filedBy?: string | null
      /** Also these: cases in which the user has an open task. */
      caseIds?: string[]
    }

export interface CaseFilter {
  status?: CaseStatus
  team?: string
  handlingJudge?: string
  /** Part of a case number or of a party's name, or an id number. */
  q?: string
  scope?: CaseListScope
}

export interface PageRequest {
  /** From 1. */
  page?: number
  /** 1 to 200; 50 unless given. */
  size?: number
}

export interface Page<T> {
  items: T[]
  total: number
}

/** Variable `filingCheck` of the contract. */
export interface FilingCheckResult {
  round: number
  checkedAt: string
  findings: Finding[]
}

/** One row of the initial reception register (Art. 6): exactly one for each case received or explained. */
export interface ReceptionRow {
  caseId: string
  caseNumber: string
  applicants: string[]
  respondents: string[]
  held: boolean
  notHeldReason: string | null
  mode: string | null
  startedAt: string | null
  endedAt: string | null
  interviewer: string | null
  recorder: string | null
  interviewee: string | null
  recordedAt: string
}

/** Variable `facts`: what the triage decision judges by. */
export interface TriageFacts {
  subjectType: 'money' | 'act' | 'thing' | 'propertyRight'
  /** Only a decision reads this number; amounts are compared as decimals. */
  amount: number | null
  causeCategory: 'support' | 'trafficAccident' | 'other'
  respondentKinds: string[]
  fullyCovered: boolean
  disposalNeeded: boolean
  firstSearchFoundProperty: boolean
  restored: boolean
}

/** An event in a case's history, oldest first. */
export interface HistoryEvent {
  at: string
  actor: string
  action: string
  /** Chinese. */
  text: string
  detail: unknown
}

/** The register of cases. Every method throws `CaseError` for what it refuses. */
export interface Cases {
  /** Registers a case: number, parties and audit entry in one transaction. `actor` is a username. */
  file(filing: unknown, actor: string): Promise<FiledCase>
  /** Notes that the engine took `case.filed`; calling it again with the same key changes nothing. */
  markStarted(caseId: string, processInstanceKey: string): Promise<void>
  /** Cases whose message the engine has not acknowledged, oldest first. */
  unstarted(): Promise<FiledCase[]>
  get(caseId: string): Promise<CaseDetail>
  list(filter: CaseFilter, page?: PageRequest): Promise<Page<CaseSummary>>
  /** `list` by text alone. */
  search(q: string, scope?: CaseListScope): Promise<CaseSummary[]>
  /** Compares the registered data with the application (Art. 8); the same element instance gets the same answer. */
  checkFiling(
    caseId: string,
    elementInstanceKey: string,
  ): Promise<{ filingCheck: FilingCheckResult; filing: RegisteredFiling }>
  /**
   * Writes what the filing clerk corrected and keeps verification and correction with the check that led to them.
   * With `elementInstanceKey` a second delivery of the same job changes nothing.
   */
  applyCorrection(
    caseId: string,
    verification: FilingVerification | unknown,
    correction: FilingCorrection | unknown,
    elementInstanceKey?: string,
  ): Promise<void>
  /** `enterRegister` for the initial reception register. */
  recordReception(input: {
    caseId: string
    reception: unknown
    elementInstanceKey: string
  }): Promise<{ registerEntryId: string }>
  /** Enters a row in a register of Arts. 6 and 25 and in the tables that follow from it; idempotent by element instance. */
  enterRegister(input: {
    caseId: string
    register: RegisterCode | string
    entry: unknown
    elementInstanceKey: string
  }): Promise<{ registerEntryId: string }>
  /** Entries of one register of a case as entered, oldest first. */
  registerEntries<Code extends RegisterCode>(caseId: string, register: Code): Promise<RegisterEntries[Code][]>
  /** Rows recorded in [from, to), oldest first. */
  receptionRegister(from: Date, to: Date): Promise<ReceptionRow[]>
  /** @throws CaseError `missing-data` naming the field that is not there */
  triageFacts(caseId: string): Promise<TriageFacts>
  /** Team and persons after the receipt of the file; the same values again change nothing. */
  assign(input: {
    caseId: string
    team: string
    handlingJudge: string
    handlingClerk: string
    /** The DMN's answer and the specialist's decision, kept with the case. */
    triage?: unknown
    actor?: string
  }): Promise<void>
  /** Closes the case; a second call answers the first moment. */
  close(input: { caseId: string; mode: string; actor?: string }): Promise<{ closedAt: string }>
  /** Marks a closed case as archived; a second call answers the first moment. */
  markArchived(caseId: string, actor?: string): Promise<{ archivedAt: string }>
  history(caseId: string): Promise<HistoryEvent[]>
}
