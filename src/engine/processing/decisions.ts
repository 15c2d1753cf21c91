import type { EvaluatedDecisionResult } from '../protocol/results.ts'
import type { Variables } from '../protocol/values.ts'
import type { DecisionDefinitionRow, DecisionInstanceRow } from '../state/rows.ts'
import type { Processing } from './processing.ts'

/** An evaluation as row, with the decision that failed. */
export interface DecisionEvaluation {
  readonly row: DecisionInstanceRow
  readonly failedDecisionId: string | null
}

/** Evaluates a decision. A failure is part of the result. */
export function evaluateDecision(
  processing: Processing,
  decision: DecisionDefinitionRow,
  variables: Variables,
): DecisionEvaluation {
  const requirements = processing.state.decisionRequirements.require(decision.decisionRequirementsKey)
  const { output, failure, evaluated } = processing.models.graphs.evaluate(
    requirements,
    decision.decisionDefinitionId,
    variables,
    processing.expressions,
  )
  const deployed = processing.state.decisions.find('decisionRequirementsKey = ?', requirements.key)
  const evaluatedDecisions = evaluated.map((one): EvaluatedDecisionResult => {
    const own = deployed.find(({ decisionDefinitionId }) => decisionDefinitionId === one.decisionDefinitionId)
    return { ...one, decisionDefinitionKey: own?.key ?? decision.key, decisionDefinitionVersion: own?.version ?? 1 }
  })
  return {
    failedDecisionId: failure?.decisionId ?? null,
    row: {
      key: processing.nextKey(),
      state: failure === null ? 'EVALUATED' : 'FAILED',
      decisionDefinitionKey: decision.key,
      decisionDefinitionId: decision.decisionDefinitionId,
      decisionDefinitionName: decision.name,
      decisionDefinitionVersion: decision.version,
      decisionRequirementsKey: requirements.key,
      decisionRequirementsId: requirements.decisionRequirementsId,
      evaluationDate: processing.now,
      output: JSON.stringify(output),
      failureMessage: failure === null ? null : failure.message,
      evaluatedDecisions: JSON.stringify(evaluatedDecisions),
      processInstanceKey: null,
      processDefinitionKey: null,
      elementInstanceKey: null,
    },
  }
}
