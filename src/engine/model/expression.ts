import { type CompiledExpression, compileExpression, FeelEvaluationError, FeelSyntaxError } from '../feel/index.ts'
import type { JsonValue } from '../protocol/values.ts'

/** Variables by name, looked up when needed; `undefined`: no such variable. */
export interface VariableLookup {
  get(name: string): JsonValue | undefined
}

/** Time and zone of an evaluation. */
export interface ExpressionOptions {
  readonly clock: { now(): Date }
  readonly zone: string
}

/** An attribute of a diagram: `=…` is FEEL, anything else the text itself. */
export type Expression =
  | { readonly kind: 'static'; readonly source: string }
  | { readonly kind: 'feel'; readonly source: string; readonly compiled: CompiledExpression }

/** What an expression gave, with FEEL's warnings. */
interface ExpressionResult {
  readonly value: JsonValue
  readonly warnings: readonly string[]
}

/** Raised when an expression has no result: a failed `assert`, a bound exceeded. */
export class ExpressionFailure extends Error {
  override readonly name = 'ExpressionFailure'
}

/** Reads an attribute. @throws {FeelSyntaxError} when it starts with `=` and is not FEEL */
export function readExpression(text: string): Expression {
  const trimmed = text.trim()
  if (!trimmed.startsWith('=')) return { kind: 'static', source: text }
  const source = trimmed.slice(1).trim()
  return { kind: 'feel', source, compiled: compileExpression(source) }
}

/** A FEEL expression with or without the leading `=` (script tasks, conditions, loop attributes). */
export function readFeel(text: string): Expression {
  const trimmed = text.trim()
  return readExpression(trimmed.startsWith('=') ? trimmed : `=${trimmed}`)
}

/**
 * Evaluates against variables.
 * @throws {ExpressionFailure} with the reason, when there is no result at all
 */
export function evaluate(
  expression: Expression,
  variables: VariableLookup,
  options: ExpressionOptions,
): ExpressionResult {
  if (expression.kind === 'static') return { value: expression.source, warnings: [] }
  try {
    const result = expression.compiled.evaluate(variables, options)
    return { value: result.value as JsonValue, warnings: result.warnings }
  } catch (error) {
    if (error instanceof FeelEvaluationError) throw new ExpressionFailure(error.message + reported(error.warnings))
    throw error
  }
}

/** FEEL's warnings as the tail of a message. */
export function reported(warnings: readonly string[]): string {
  return warnings.length === 0 ? '' : ` The evaluation reported the following warnings:\n${warnings.join('\n')}`
}

export { FeelSyntaxError }
