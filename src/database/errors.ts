/** Why the database could not be opened, by what a person must do about it. */
export type DatabaseErrorCode =
  /** DATABASE_URL is set and nobody answers there, or the log-in is refused. */
  | 'unreachable'
  /** The data directory cannot be created or written. */
  | 'unwritable'
  /** Another running process of this product holds the data directory. */
  | 'in-use'
  /** No embedded PostgreSQL for this platform, or its package is damaged. */
  | 'unsupported'
  /** The embedded server did not start. */
  | 'start-failed'
  /** A migration failed, or an applied one was edited. */
  | 'migration'

/** One clear line, Chinese first, then English; `code` for programs. */
export class DatabaseError extends Error {
  override name = 'DatabaseError'
  readonly code: DatabaseErrorCode
  constructor(code: DatabaseErrorCode, chinese: string, english: string, options?: ErrorOptions) {
    super(`${chinese} (${english})`, options)
    this.code = code
  }
}
