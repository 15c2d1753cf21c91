import { type Expression, ExpressionFailure, evaluate, reported, type VariableLookup } from '../model/expression.ts'
import type { IncidentErrorType, JsonValue, Key } from '../protocol/values.ts'
import { ElementFailure, type Processing } from './processing.ts'
import { lookup } from './variables.ts'

/** Evaluates an expression in a scope. @throws {ElementFailure} of `errorType` when there is no result */
export function evaluateIn(
  processing: Processing,
  expression: Expression,
  scope: Key | VariableLookup,
  errorType: IncidentErrorType = 'EXTRACT_VALUE_ERROR',
): { readonly value: JsonValue; readonly warnings: readonly string[] } {
  try {
    const variables = typeof scope === 'number' ? lookup(processing, scope) : scope
    return evaluate(expression, variables, processing.expressions)
  } catch (error) {
    if (error instanceof ExpressionFailure) throw new ElementFailure(errorType, error.message)
    throw error
  }
}

/** Evaluates to text. */
export function evaluateText(processing: Processing, expression: Expression, scope: Key): string {
  const { value, warnings } = evaluateIn(processing, expression, scope)
  if (typeof value === 'string') return value
  throw wrongType(expression, 'STRING', value, warnings)
}

/** Evaluates to the text of a date-time, or null. */
export function evaluateDateText(
  processing: Processing,
  expression: Expression | undefined,
  scope: Key,
): string | null {
  if (expression === undefined) return null
  const { value, warnings } = evaluateIn(processing, expression, scope)
  if (value === null || typeof value === 'string') return value
  throw wrongType(expression, "one of '[NULL, DATE_TIME, STRING]'", value, warnings)
}

/** Evaluates to a boolean. */
export function evaluateBoolean(processing: Processing, expression: Expression, scope: Key | VariableLookup): boolean {
  const { value, warnings } = evaluateIn(processing, expression, scope)
  if (typeof value === 'boolean') return value
  throw wrongType(expression, 'BOOLEAN', value, warnings)
}

/** Evaluates to a number; the text of a static attribute counts as one. */
export function evaluateNumber(processing: Processing, expression: Expression, scope: Key): number {
  const { value, warnings } = evaluateIn(processing, expression, scope)
  const number = expression.kind === 'static' ? Number(expression.source) : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw wrongType(expression, 'NUMBER', value, warnings)
}

/** Evaluates to a list. */
export function evaluateList(processing: Processing, expression: Expression, scope: Key): JsonValue[] {
  const { value, warnings } = evaluateIn(processing, expression, scope)
  if (Array.isArray(value)) return value
  throw wrongType(expression, 'ARRAY', value, warnings)
}

/** Evaluates to a list of texts; a static attribute is a list separated by commas. */
export function evaluateTexts(processing: Processing, expression: Expression | undefined, scope: Key): string[] {
  if (expression === undefined) return []
  if (expression.kind === 'static')
    return expression.source
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  const { value, warnings } = evaluateIn(processing, expression, scope)
  if (!Array.isArray(value)) throw wrongType(expression, 'ARRAY', value, warnings)
  if (value.every((item) => typeof item === 'string')) return value
  throw new ElementFailure(
    'EXTRACT_VALUE_ERROR',
    `Expected result of the expression '${expression.source}' to be 'ARRAY' containing 'STRING' items, ` +
      "but was 'ARRAY' containing at least one non-'STRING' item.",
  )
}

/** A failure in Camunda's words: what was expected, what came, and FEEL's warnings. */
export function wrongType(
  expression: Expression,
  expected: string,
  value: JsonValue,
  warnings: readonly string[],
): ElementFailure {
  return new ElementFailure(
    'EXTRACT_VALUE_ERROR',
    `Expected result of the expression '${expression.source}' to be ${expected.startsWith('one of') ? expected : `'${expected}'`}, ` +
      `but was '${typeName(value)}'.${reported(warnings)}`,
  )
}

/** The name of a JSON value's type in messages. */
export function typeName(value: JsonValue): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return 'ARRAY'
  return typeof value === 'object'
    ? 'OBJECT'
    : typeof value === 'string'
      ? 'STRING'
      : typeof value === 'number'
        ? 'NUMBER'
        : 'BOOLEAN'
}
