/**
 * FEEL as Camunda 8 answers it: expressions and unary tests, compiled once and cached by source.
 * Behaviour and known differences: docs/decisions/feel.md.
 */

export { equal as equalValues } from './comparison.ts'
export { CompiledExpression, CompiledUnaryTests, compileExpression, compileUnaryTests } from './compiled.ts'
export { Decimal } from './decimal.ts'
export { FeelAssertionError, FeelEvaluationError, FeelSyntaxError } from './errors.ts'
export type { EvaluationOptions, EvaluationResult, FeelClock, FeelScope } from './evaluation.ts'
export { readScope } from './evaluation.ts'
export { toJson } from './json.ts'
export { sumOf } from './numbers.ts'
export { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'
export { describe as describeValue, typeName } from './text.ts'
export { FeelContext, FeelFunction, type FeelValue, isNumber, type JsonObject, type JsonValue } from './values.ts'
