const MAX_SHOWN = 500
/** The source for a message; a very long one is cut. */
const shortened = (source: string): string => (source.length > MAX_SHOWN ? `${source.slice(0, MAX_SHOWN)}…` : source)

/** Raised when a FEEL source text is not an expression (or not a unary test). */
export class FeelSyntaxError extends Error {
  override readonly name = 'FeelSyntaxError'
  /** The source text as given. */
  readonly source: string
  /** Offset of the first offending character, from 0. */
  readonly position: number
  /** Why the text is refused, without the source. */
  readonly reason: string
  constructor(source: string, position: number, reason: string) {
    const before = source.slice(0, position).split('\n')
    const line = before.length
    const column = (before.at(-1)?.length ?? 0) + 1
    super(`failed to parse expression '${shortened(source)}': ${reason}:${line}:${column}`)
    this.source = source
    this.position = position
    this.reason = reason
  }
}

/** Raised when an evaluation cannot give a result: a failed `assert`, or a bound of evaluation exceeded. */
export class FeelEvaluationError extends Error {
  override readonly name: string = 'FeelEvaluationError'
  /** What had become null before it failed. */
  readonly warnings: readonly string[]

  constructor(message: string, warnings: readonly string[] = []) {
    super(message)
    this.warnings = warnings
  }

  /** The error with the expression in its message. */
  of(source: string, warnings: readonly string[]): FeelEvaluationError {
    return new FeelEvaluationError(`failed to evaluate expression '${shortened(source)}': ${this.message}`, warnings)
  }
}

/** Raised when the condition of an `assert` does not hold. */
export class FeelAssertionError extends FeelEvaluationError {
  override readonly name = 'FeelAssertionError'

  override of(source: string, warnings: readonly string[]): FeelAssertionError {
    return new FeelAssertionError(
      `Assertion failure on evaluate the expression '${shortened(source)}': ${this.message}`,
      warnings,
    )
  }
}
