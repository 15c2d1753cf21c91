import type { ExpressionOptions } from '../model/expression.ts'
import type { EvaluatedDecisionResult } from '../protocol/results.ts'
import type { JsonValue, Variables } from '../protocol/values.ts'
import type { DecisionRequirementsRow } from '../state/rows.ts'

/** What evaluating a decision of a graph gave. */
export interface GraphEvaluation {
  readonly output: JsonValue
  /** Why it failed, with the decision at fault; null: it succeeded. */
  readonly failure: { readonly decisionId: string; readonly message: string } | null
  readonly evaluated: readonly GraphDecision[]
}

/** One decision of the graph, as evaluated. */
type GraphDecision = Omit<EvaluatedDecisionResult, 'decisionDefinitionKey' | 'decisionDefinitionVersion'>

/** Evaluates decisions of deployed DMN files. */
export interface Graphs {
  /** @throws {ModelNotLoaded} the runtime then loads it and runs the batch again */
  evaluate(
    requirements: DecisionRequirementsRow,
    decisionId: string,
    variables: Variables,
    options: ExpressionOptions,
  ): GraphEvaluation
}
