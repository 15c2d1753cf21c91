import type { Binding } from '../../model/types.ts'
import type { DecisionDefinitionRow, ElementInstanceRow } from '../../state/rows.ts'
import { findBound, notBound } from '../bindings.ts'
import { evaluateDecision } from '../decisions.ts'
import { evaluateIn, evaluateText } from '../expressions.ts'
import { prepareJob } from '../jobs.ts'
import { activated } from '../lifecycle.ts'
import { setResult } from '../mappings.ts'
import { type Behavior, ElementFailure, type Processing } from '../processing.ts'
import { attachedEvents, prepareSubscriptions } from '../subscriptions.ts'
import { visible } from '../variables.ts'

/** A task that a job worker does. */
export const jobTask: Behavior = {
  activate(processing, node, row) {
    if (node.task?.kind !== 'job') throw new Error(`${node.id} has no job definition`)
    const job = prepareJob(processing, node, row.key, node.task)
    const subscriptions = prepareSubscriptions(processing, row, attachedEvents(node, row))
    subscriptions.open()
    job.create()
    activated(processing, row.key)
  },
}

/** A task that the engine passes through. */
export const manualTask: Behavior = {
  activate(processing, node, row) {
    const subscriptions = prepareSubscriptions(processing, row, attachedEvents(node, row))
    activated(processing, row.key, 'passThrough')
    subscriptions.open()
  },
}

/** Waits for a message. */
export const receiveTask: Behavior = {
  activate(processing, node, row) {
    const subscriptions = prepareSubscriptions(processing, row, [node, ...attachedEvents(node, row)])
    activated(processing, row.key)
    subscriptions.open()
  },
}

/** Evaluates a FEEL expression, or is done by a job worker. */
export const scriptTask: Behavior = {
  activate(processing, node, row) {
    if (node.task?.kind !== 'script') {
      jobTask.activate(processing, node, row)
      return
    }
    const subscriptions = prepareSubscriptions(processing, row, attachedEvents(node, row))
    const { value } = evaluateIn(processing, node.task.expression, row.key)
    activated(processing, row.key, 'passThrough')
    subscriptions.open()
    setResult(processing, node, row.key, { [node.task.resultVariable]: value })
  },
}

/** Evaluates a decision, or is done by a job worker. */
export const businessRuleTask: Behavior = {
  activate(processing, node, row) {
    const { task } = node
    if (task?.kind !== 'decision') {
      jobTask.activate(processing, node, row)
      return
    }
    const subscriptions = prepareSubscriptions(processing, row, attachedEvents(node, row))
    const decisionId = evaluateText(processing, task.decisionId, row.key)
    const decision = findCalledDecision(processing, decisionId, task.binding, row)
    const evaluation = evaluateDecision(processing, decision, visible(processing, row.key)).row
    if (evaluation.state === 'FAILED') {
      // As on Camunda the failed evaluation is recorded with the incident that tells of it.
      processing.emit({ type: 'DecisionEvaluated', row: { ...evaluation, ...placeOf(row) } })
      throw new ElementFailure('DECISION_EVALUATION_ERROR', evaluation.failureMessage ?? 'the evaluation failed')
    }
    activated(processing, row.key, 'passThrough')
    subscriptions.open()
    processing.emit({ type: 'DecisionEvaluated', row: { ...evaluation, ...placeOf(row) } })
    setResult(processing, node, row.key, { [task.resultVariable]: JSON.parse(evaluation.output) })
  },
}

function findCalledDecision(
  processing: Processing,
  decisionId: string,
  binding: Binding,
  { processDefinitionKey }: ElementInstanceRow,
): DecisionDefinitionRow {
  const { decisions } = processing.state
  const found = findBound<DecisionDefinitionRow>(
    processing,
    decisions,
    'decisionDefinitionId',
    decisionId,
    binding,
    processDefinitionKey,
  )
  if (found !== undefined) return found
  throw new ElementFailure(
    'CALLED_DECISION_ERROR',
    binding === 'latest'
      ? `Expected to evaluate decision '${decisionId}', but no decision found for id '${decisionId}'`
      : notBound(
          processing,
          {
            wanted: `evaluate decision ${binding === 'deployment' ? '' : 'with id '}'${decisionId}'`,
            kind: 'decision',
            use: 'evaluate',
          },
          binding,
          processDefinitionKey,
        ),
  )
}

function placeOf(row: { key: number; processInstanceKey: number; processDefinitionKey: number }) {
  return {
    processInstanceKey: row.processInstanceKey,
    processDefinitionKey: row.processDefinitionKey,
    elementInstanceKey: row.key,
  }
}
