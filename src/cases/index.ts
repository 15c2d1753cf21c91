/**
 * The case register: filing, checking, receiving, triaging, assigning, closing.
 *
 * ```ts
 * const cases = createCases({ prisma, clock, audit, court: config.court })
 * const filed = await cases.file(filing, 'filing1') // → variables of the message case.filed
 * ```
 */
export { type CaseNumber, formatCaseNumber, isBasisNumber, parseCaseNumber } from './case-number.ts'
export { type CaseEnvironment, createCases } from './cases.ts'
export { courtDate, courtTime } from './court-time.ts'
export { creditCodeProblem, isCreditCode } from './credit-code.ts'
export { CaseError, type CaseErrorCode } from './errors.ts'
export {
  CaseFiling,
  type CaseFilingInput,
  type FilingCorrection,
  type FilingVerification,
  Finding,
  RegisteredFiling,
} from './filing.ts'
export { checkFilingData } from './filing-check.ts'
export { identityNumberProblem, isIdentityNumber } from './identity-number.ts'
export type { RegisterCode, RegisterEntries } from './registers.ts'
export type {
  CaseDetail,
  CaseFilter,
  CaseListScope,
  CaseParty,
  CaseSummary,
  Cases,
  FiledCase,
  FilingCheckResult,
  HistoryEvent,
  Page,
  PageRequest,
  ReceptionRow,
  TriageFacts,
} from './types.ts'
