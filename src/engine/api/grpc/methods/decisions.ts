import type { Engine, EvaluatedDecisionResult } from '../../../index.ts'
import { DEFAULT_TENANT } from '../../../protocol/values.ts'
import { detailsOf } from '../../resources/decisions.ts'
import type { EvaluatedDecisionMessage } from '../messages.ts'
import type { Handlers } from './handlers.ts'
import { checkTenant, keyOf, variablesOf } from './values.ts'

/** Decisions by themselves. */
export function decisionHandlers(engine: Engine): Pick<Handlers, 'EvaluateDecision'> {
  return {
    async EvaluateDecision({ decisionKey, decisionId, variables, tenantId }) {
      checkTenant('EvaluateDecision', tenantId)
      const key = keyOf(decisionKey)
      const result = await engine.execute({
        type: 'EvaluateDecision',
        // A key wins over an id, as in Camunda.
        ...(key > 0 ? { decisionDefinitionKey: key } : { decisionDefinitionId: decisionId }),
        ...variablesOf(variables),
      })
      return {
        decisionKey: result.decisionDefinitionKey,
        decisionId: result.decisionDefinitionId,
        decisionName: result.decisionDefinitionName,
        decisionVersion: result.decisionDefinitionVersion,
        decisionRequirementsId: result.decisionRequirementsId,
        decisionRequirementsKey: result.decisionRequirementsKey,
        decisionOutput: JSON.stringify(result.output),
        evaluatedDecisions: result.evaluatedDecisions.map((decision, index) =>
          evaluatedOf(decision, `${result.decisionEvaluationKey}-${index + 1}`),
        ),
        failedDecisionId: result.failedDecisionDefinitionId ?? '',
        failureMessage: result.failureMessage ?? '',
        tenantId: DEFAULT_TENANT,
        decisionInstanceKey: result.decisionEvaluationKey,
        decisionEvaluationKey: result.decisionEvaluationKey,
      }
    },
  }
}

function evaluatedOf(decision: EvaluatedDecisionResult, instanceKey: string): EvaluatedDecisionMessage {
  return {
    decisionKey: decision.decisionDefinitionKey,
    decisionId: decision.decisionDefinitionId,
    decisionName: decision.decisionDefinitionName,
    decisionVersion: decision.decisionDefinitionVersion,
    decisionType: decision.decisionType,
    decisionOutput: JSON.stringify(decision.output),
    ...detailsOf(decision),
    tenantId: DEFAULT_TENANT,
    decisionEvaluationInstanceKey: instanceKey,
  }
}
