export type IdentityErrorCode =
  | 'username-taken'
  | 'invalid-username'
  | 'weak-password'
  | 'unknown-role'
  | 'unknown-user'

/** A refused change of users; the message is for the person who asked (Chinese). */
export class IdentityError extends Error {
  override name = 'IdentityError'
  readonly code: IdentityErrorCode
  readonly field: string
  constructor(code: IdentityErrorCode, field: string, message: string) {
    super(message)
    this.code = code
    this.field = field
  }
}
