/**
 * FEEL as Camunda 8 answers it: expressions and unary tests, compiled once and cached by source.
 * Behaviour and known differences: docs/decisions/feel.md.
 */

export { CompiledExpression, CompiledUnaryTests, compileExpression, compileUnaryTests } from './compiled.ts'
export { FeelAssertionError, FeelEvaluationError, FeelSyntaxError } from './errors.ts'
export type { EvaluationOptions, EvaluationResult, FeelClock, FeelScope } from './evaluation.ts'
export { toJson } from './json.ts'
export { sumOf } from './numbers.ts'
export { describe as describeValue, equal as equalValues, typeName } from './operators.ts'
export { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'
export {
  Decimal,
  FeelContext,
  FeelFunction,
  type FeelValue,
  isNumber,
  type JsonObject,
  type JsonValue,
} from './values.ts'
