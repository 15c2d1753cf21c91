/** Evaluation of a decision with everything it requires. */
import {
  type EvaluationOptions,
  FeelEvaluationError,
  type FeelScope,
  type FeelValue,
  type JsonValue,
  toJson,
} from '../feel/index.ts'
import { knowledgeValues } from './logic.ts'
import {
  type Decision,
  DecisionFailure,
  type DecisionRequirementsGraph,
  type DecisionType,
  type EvaluatedInput,
  type Evaluation,
  type MatchedRule,
  type Trace,
} from './model.ts'
import { checkType } from './result-types.ts'
import { withNames } from './scope.ts'

/** One decision that was evaluated on the way. */
export interface EvaluatedDecision {
  readonly id: string
  readonly name: string
  readonly type: DecisionType
  readonly output: JsonValue
  /** Inputs of a decision table; empty for other logic. */
  readonly evaluatedInputs: readonly EvaluatedInput[]
  readonly matchedRules: readonly MatchedRule[]
}

/** The outcome of an evaluation; what was evaluated before a failure is kept. */
export type DecisionEvaluation = {
  readonly decisionId: string
  readonly decisionName: string
  /** In the order of evaluation: required decisions first. */
  readonly evaluatedDecisions: readonly EvaluatedDecision[]
  /** Warnings of the FEEL expressions. */
  readonly warnings: readonly string[]
} & (
  | { readonly succeeded: true; readonly output: JsonValue; readonly feel: FeelValue }
  | { readonly succeeded: false; readonly failedDecisionId: string; readonly message: string }
)

/** Raised on the way with the decision in which it happened. */
class FailedDecision extends Error {
  readonly decisionId: string
  constructor(decisionId: string, message: string) {
    super(message)
    this.decisionId = decisionId
  }
}

/**
 * Evaluates a decision: first those it requires, each once, then itself. A required decision's result is visible to the
 * decisions that require it directly, under the name of its variable (else its id), before a variable of that name.
 * A failure of the evaluation is part of the result, not an exception.
 */
export function evaluateDecision(
  graph: DecisionRequirementsGraph,
  decisionId: string,
  variables: FeelScope,
  options: EvaluationOptions,
): DecisionEvaluation {
  const decision = graph.decisions.get(decisionId)
  const evaluatedDecisions: EvaluatedDecision[] = []
  const warnings: string[] = []
  const common = { decisionId, decisionName: decision?.name ?? decisionId, evaluatedDecisions, warnings }
  const expected = `Expected to evaluate decision '${decisionId}', but`
  if (decision === undefined)
    return {
      ...common,
      succeeded: false,
      failedDecisionId: decisionId,
      message: `${expected} no decision found for id '${decisionId}'`,
    }
  const results = new Map<string, FeelValue>()

  const evaluate = (current: Decision): FeelValue => {
    const known = results.get(current.id)
    if (known !== undefined) return known
    const names = new Map(current.requiredDecisions.map((required) => [required.resultName, evaluate(required)]))
    const trace: Trace = { inputs: [], rules: [] }
    const note = (output: JsonValue) =>
      evaluatedDecisions.push({
        id: current.id,
        name: current.name,
        type: current.type,
        output,
        evaluatedInputs: trace.inputs,
        matchedRules: trace.rules,
      })
    try {
      const value = ofDecision(current, { scope: withNames(variables, names), options, trace, warnings })
      results.set(current.id, value)
      note(toJson(value))
      return value
    } catch (error) {
      // As on Camunda the decision that failed is among the evaluated ones, without an output.
      note(null)
      throw error
    }
  }

  try {
    const feel = evaluate(decision)
    return { ...common, succeeded: true, output: toJson(feel), feel }
  } catch (error) {
    if (!(error instanceof FailedDecision)) throw error
    return { ...common, succeeded: false, failedDecisionId: error.decisionId, message: `${expected} ${error.message}` }
  }
}

function ofDecision(decision: Decision, evaluation: Evaluation): FeelValue {
  try {
    const functions = knowledgeValues(decision.requiredKnowledge, evaluation)
    const scope = withNames(evaluation.scope, functions)
    return checkType(decision.logic({ ...evaluation, scope }), decision.resultType)
  } catch (error) {
    if (error instanceof DecisionFailure || error instanceof FeelEvaluationError)
      throw new FailedDecision(decision.id, error.message)
    throw error
  }
}
