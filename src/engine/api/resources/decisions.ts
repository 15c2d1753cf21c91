import { z } from 'zod'
import type { Engine, EvaluatedDecisionResult } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { entityNotFound } from '../http/problem.ts'
import type { ReadRoute } from '../http/read.ts'
import type { Route } from '../http/router.ts'
import type { ApiRequest, ApiResponse, Handler } from '../http/server.ts'
import { integer, key, text } from '../search/filter.ts'
import { defineSearch, type Row, type SearchField } from '../search/search.ts'
import { input, ok } from './responses.ts'
import { searchRoutes } from './search-routes.ts'
import { keyString, keyText, pathKey, TENANT, tenantId, variables, variablesOf } from './values.ts'

const DEFINITION_FIELDS: Record<string, SearchField> = {
  decisionDefinitionKey: { type: key, sql: 'd.key' },
  decisionDefinitionId: { type: text, sql: 'd.decisionDefinitionId' },
  name: { type: text, sql: 'd.name' },
  version: { type: integer, sql: 'd.version' },
  decisionRequirementsId: { type: text, sql: 'd.decisionRequirementsId' },
  decisionRequirementsKey: { type: key, sql: 'd.decisionRequirementsKey' },
  tenantId: TENANT,
}

const definitions = defineSearch({
  from: 'decision_definition d',
  columns: 'd.*',
  key: 'd.key',
  filters: DEFINITION_FIELDS,
  sorts: DEFINITION_FIELDS,
  item: (row) => ({
    decisionDefinitionKey: keyText(row.key),
    decisionDefinitionId: row.decisionDefinitionId,
    name: row.name,
    version: row.version,
    decisionRequirementsId: row.decisionRequirementsId,
    decisionRequirementsKey: keyText(row.decisionRequirementsKey),
    tenantId: DEFAULT_TENANT,
  }),
})

const REQUIREMENTS_SORTS: Record<string, SearchField> = {
  decisionRequirementsKey: { type: key, sql: 'r.key' },
  decisionRequirementsName: { type: text, sql: 'r.name' },
  version: { type: integer, sql: 'r.version' },
  decisionRequirementsId: { type: text, sql: 'r.decisionRequirementsId' },
  tenantId: TENANT,
}

const requirements = defineSearch({
  from: 'decision_requirements r',
  columns: 'r.key, r.decisionRequirementsId, r.name, r.version, r.resourceName',
  key: 'r.key',
  filters: { ...REQUIREMENTS_SORTS, resourceName: { type: text, sql: 'r.resourceName' } },
  sorts: REQUIREMENTS_SORTS,
  item: (row) => ({
    decisionRequirementsKey: keyText(row.key),
    decisionRequirementsId: row.decisionRequirementsId,
    decisionRequirementsName: row.name,
    version: row.version,
    resourceName: row.resourceName,
    tenantId: DEFAULT_TENANT,
  }),
})

const evaluation = z
  .strictObject({
    decisionDefinitionId: z.string().min(1).nullish(),
    decisionDefinitionKey: keyString.nullish(),
    variables,
    tenantId,
  })
  .refine((body) => (body.decisionDefinitionId == null) !== (body.decisionDefinitionKey == null), {
    error: 'exactly one of [decisionDefinitionId, decisionDefinitionKey] is required',
  })

/** The place of the failed decision when none failed. Camunda leaves it empty, and its users take anything else for a failure. */
const NO_FAILED_DECISION = ''

/** Searches and reads of `/v2/decision-definitions` and `/v2/decision-requirements`. */
export const decisionReads: readonly ReadRoute[] = [
  ...searchRoutes(definitions, {
    path: '/v2/decision-definitions',
    keyName: 'decisionDefinitionKey',
    entity: 'Decision Definition',
  }),
  {
    method: 'GET',
    path: '/v2/decision-definitions/:decisionDefinitionKey/xml',
    quick: true,
    read(query, request) {
      const definitionKey = pathKey(request, 'decisionDefinitionKey')
      const row = query.get<Row>(
        `SELECT r.content FROM decision_definition d JOIN decision_requirements r ON r.key = d.decisionRequirementsKey
          WHERE d.key = ?`,
        definitionKey,
      )
      return xml(row, 'Decision Definition', definitionKey)
    },
  },
  ...searchRoutes(requirements, {
    path: '/v2/decision-requirements',
    keyName: 'decisionRequirementsKey',
    entity: 'Decision Requirements',
  }),
  {
    method: 'GET',
    path: '/v2/decision-requirements/:decisionRequirementsKey/xml',
    quick: true,
    read(query, request) {
      const requirementsKey = pathKey(request, 'decisionRequirementsKey')
      const row = query.get<Row>('SELECT content FROM decision_requirements WHERE key = ?', requirementsKey)
      return xml(row, 'Decision Requirements', requirementsKey)
    },
  },
]

/** The command of `/v2/decision-definitions`. */
export function decisionRoutes(engine: Engine): Route<Handler>[] {
  return [
    { method: 'POST', path: '/v2/decision-definitions/evaluation', handler: (request) => evaluate(engine, request) },
  ]
}

function xml(row: Row | undefined, entity: string, entityKey: number): ApiResponse {
  if (!row) throw entityNotFound(entity, entityKey)
  return { status: 200, contentType: 'text/xml', text: String(row.content) }
}

async function evaluate(engine: Engine, request: ApiRequest): Promise<ApiResponse> {
  const body = input(request, evaluation)
  const result = await engine.execute({
    type: 'EvaluateDecision',
    ...(body.decisionDefinitionId == null ? {} : { decisionDefinitionId: body.decisionDefinitionId }),
    ...(body.decisionDefinitionKey == null ? {} : { decisionDefinitionKey: body.decisionDefinitionKey }),
    ...variablesOf(body.variables),
  })
  return ok({
    decisionDefinitionId: result.decisionDefinitionId,
    decisionDefinitionKey: keyText(result.decisionDefinitionKey),
    decisionDefinitionName: result.decisionDefinitionName,
    decisionDefinitionVersion: result.decisionDefinitionVersion,
    decisionRequirementsId: result.decisionRequirementsId,
    decisionRequirementsKey: keyText(result.decisionRequirementsKey),
    decisionEvaluationKey: keyText(result.decisionEvaluationKey),
    // The older name of the same key, which clients of 8.7 read.
    decisionInstanceKey: keyText(result.decisionEvaluationKey),
    output: JSON.stringify(result.output),
    failedDecisionDefinitionId: result.failedDecisionDefinitionId ?? NO_FAILED_DECISION,
    failureMessage: result.failureMessage ?? '',
    tenantId: DEFAULT_TENANT,
    evaluatedDecisions: result.evaluatedDecisions.map((decision, index) => ({
      decisionDefinitionId: decision.decisionDefinitionId,
      decisionDefinitionKey: keyText(decision.decisionDefinitionKey),
      decisionDefinitionName: decision.decisionDefinitionName,
      decisionDefinitionVersion: decision.decisionDefinitionVersion,
      decisionDefinitionType: decision.decisionType,
      decisionEvaluationInstanceKey: decisionInstanceKey(result.decisionEvaluationKey, index),
      output: JSON.stringify(decision.output),
      tenantId: DEFAULT_TENANT,
      ...detailsOf(decision),
    })),
  })
}

/**
 * The key of one decision among those that an evaluation of a graph evaluated, by its index: the key of the evaluation
 * and two digits. All digits, as the client's schema of this key demands.
 */
function decisionInstanceKey(decisionEvaluationKey: number, index: number): string {
  return `${decisionEvaluationKey}${String(index + 1).padStart(2, '0')}`
}

/** Inputs and matched rules of a decision as the API shows them: values are JSON text. */
export function detailsOf(decision: Pick<EvaluatedDecisionResult, 'evaluatedInputs' | 'matchedRules'>) {
  return {
    evaluatedInputs: decision.evaluatedInputs.map(({ inputId, inputName, inputValue }) => ({
      inputId,
      inputName,
      inputValue: JSON.stringify(inputValue),
    })),
    matchedRules: decision.matchedRules.map(({ ruleId, ruleIndex, evaluatedOutputs }) => ({
      ruleId,
      ruleIndex,
      evaluatedOutputs: evaluatedOutputs.map(({ outputId, outputName, outputValue }) => ({
        outputId,
        outputName,
        outputValue: JSON.stringify(outputValue),
      })),
    })),
  }
}
