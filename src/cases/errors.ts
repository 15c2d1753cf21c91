export type CaseErrorCode =
  | 'unknown-case'
  | 'invalid'
  | 'case-number-taken'
  | 'case-number-invalid'
  | 'missing-data'
  | 'wrong-status'

/** A refused request on cases; the message is Chinese and says what to do, `fields` where one is to blame. */
export class CaseError extends Error {
  override name = 'CaseError'
  readonly code: CaseErrorCode
  readonly fields: { field: string; message: string }[]
  constructor(code: CaseErrorCode, message: string, fields: { field: string; message: string }[] = []) {
    super(message)
    this.code = code
    this.fields = fields
  }
}
