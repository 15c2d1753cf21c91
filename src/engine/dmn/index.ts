/** DMN decisions as Camunda 8 evaluates them: `parseDmn` once, `evaluateDecision` often. See docs/decisions/feel.md. */
export { DmnError } from './errors.ts'
export { type DecisionEvaluation, type EvaluatedDecision, evaluateDecision } from './evaluate.ts'
export type {
  Decision,
  DecisionRequirementsGraph,
  DecisionType,
  EvaluatedInput,
  EvaluatedOutput,
  MatchedRule,
} from './model.ts'
export { parseDmn } from './parse.ts'
