import type { EvaluatedDecisionResult } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { entityNotFound } from '../http/problem.ts'
import type { ReadRoute } from '../http/read.ts'
import { code, dateTime, integer, key, keyOf, text } from '../search/filter.ts'
import { defineSearch, type SearchField } from '../search/search.ts'
import { detailsOf } from './decisions.ts'
import { bodyOf, ok } from './responses.ts'
import { isoTime, jsonOf, keyText, TENANT } from './values.ts'

/** See `decisionInstanceKey` in decisions.ts: the key of the evaluation and the number of the decision in it. */
const INSTANCE_KEY = "printf('%d%02d', i.key, e.key + 1)"
/** A decision that failed evaluates to nothing; it is the last one of a failed evaluation. */
const FAILED = "(i.state = 'FAILED' AND e.key = json_array_length(i.evaluatedDecisions) - 1)"
const STATE = `CASE WHEN ${FAILED} THEN 'FAILED' ELSE 'EVALUATED' END`
const FAILURE = `CASE WHEN ${FAILED} THEN i.failureMessage END`

function property(name: keyof EvaluatedDecisionResult): string {
  return `json_extract(e.value, '$.${name}')`
}

const FIELDS: Record<string, SearchField> = {
  decisionEvaluationInstanceKey: { type: text, sql: INSTANCE_KEY },
  decisionEvaluationKey: { type: key, sql: 'i.key' },
  decisionDefinitionId: { type: text, sql: property('decisionDefinitionId') },
  decisionDefinitionKey: { type: key, sql: property('decisionDefinitionKey') },
  decisionDefinitionName: { type: text, sql: property('decisionDefinitionName') },
  decisionDefinitionType: {
    type: code(['DECISION_TABLE', 'LITERAL_EXPRESSION', 'UNSPECIFIED', 'UNKNOWN']),
    sql: property('decisionType'),
  },
  decisionDefinitionVersion: { type: integer, sql: property('decisionDefinitionVersion') },
  elementInstanceKey: { type: key, sql: 'i.elementInstanceKey', nullable: true },
  evaluationDate: { type: dateTime, sql: 'i.evaluationDate' },
  evaluationFailure: { type: text, sql: FAILURE, nullable: true, long: true },
  processDefinitionKey: { type: key, sql: 'i.processDefinitionKey', nullable: true },
  processInstanceKey: { type: key, sql: 'i.processInstanceKey', nullable: true },
  state: { type: code(['EVALUATED', 'FAILED', 'UNSPECIFIED', 'UNKNOWN']), sql: STATE },
  tenantId: TENANT,
}

function definition<Item extends object>(extra: (decision: EvaluatedDecisionResult) => Item) {
  return defineSearch({
    from: 'decision_instance i',
    joins: ', json_each(i.evaluatedDecisions) e',
    columns: `${INSTANCE_KEY} AS instanceKey, i.key AS evaluationKey, ${STATE} AS state, ${FAILURE} AS failure,
      i.evaluationDate, i.processDefinitionKey, i.processInstanceKey, i.elementInstanceKey, e.value AS decision`,
    key: INSTANCE_KEY,
    position: ['i.key', 'e.key'],
    filters: FIELDS,
    sorts: FIELDS,
    item(row) {
      // Written by the engine as the JSON of exactly this type (state/schema.ts).
      const decision = jsonOf(row.decision) as unknown as EvaluatedDecisionResult
      return {
        decisionEvaluationInstanceKey: row.instanceKey,
        decisionEvaluationKey: keyText(row.evaluationKey),
        state: row.state,
        evaluationDate: isoTime(row.evaluationDate),
        evaluationFailure: row.failure ?? undefined,
        decisionDefinitionId: decision.decisionDefinitionId,
        decisionDefinitionKey: keyText(decision.decisionDefinitionKey),
        decisionDefinitionName: decision.decisionDefinitionName,
        decisionDefinitionVersion: decision.decisionDefinitionVersion,
        decisionDefinitionType: decision.decisionType,
        result: JSON.stringify(decision.output),
        processDefinitionKey: keyText(row.processDefinitionKey),
        processInstanceKey: keyText(row.processInstanceKey),
        elementInstanceKey: keyText(row.elementInstanceKey),
        tenantId: DEFAULT_TENANT,
        ...extra(decision),
      }
    },
  })
}

const summaries = definition(() => ({}))
const details = definition(detailsOf)

/** `/v2/decision-instances`: one for every decision that an evaluation of a graph evaluated. */
export const decisionInstanceReads: readonly ReadRoute[] = [
  {
    method: 'POST',
    path: '/v2/decision-instances/search',
    read: (query, request) => ok(summaries.run(query, bodyOf(request))),
  },
  {
    method: 'GET',
    path: '/v2/decision-instances/:decisionEvaluationInstanceKey',
    quick: true,
    read(query, request) {
      const instanceKey = request.params.decisionEvaluationInstanceKey ?? ''
      const evaluation = { sql: 'i.key = ?', params: [keyOf(instanceKey.slice(0, -2))] }
      const instance = details.get(query, instanceKey, [evaluation])
      if (!instance) throw entityNotFound('Decision Instance', instanceKey)
      return ok(instance)
    },
  },
]
