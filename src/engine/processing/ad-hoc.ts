import { activities } from '../model/read-ad-hoc.ts'
import { type AdHoc, type FlowNode, innerInstanceId } from '../model/types.ts'
import type { ActivateElement } from '../protocol/job-result.ts'
import type { Key, Variables } from '../protocol/values.ts'
import type { ElementInstanceRow } from '../state/rows.ts'
import { evaluateBoolean, evaluateIn } from './expressions.ts'
import { prepareJob } from './jobs.ts'
import { activateElement, endLoop } from './lifecycle.ts'
import { ElementFailure, type Processing } from './processing.ts'
import { setLocal } from './variables.ts'

/** The ad-hoc definition of a node that must have one. */
export function adHocOf(node: FlowNode): AdHoc {
  if (node.adHoc === undefined) throw new Error(`${node.id} is not an ad-hoc subprocess`)
  return node.adHoc
}

/** What can be started in an ad-hoc subprocess, as its variable `adHocSubProcessElements` tells. */
export function describeActivities(processing: Processing, row: ElementInstanceRow): Variables[] {
  const model = processing.model(row.processDefinitionKey)
  const node = processing.node(row)
  return activities(model.nodes, node).map(({ id, name, properties }) => {
    const documentation = adHocOf(node).documentation.get(id)
    return {
      elementId: id,
      ...(name === null ? {} : { elementName: name }),
      ...(documentation === undefined ? {} : { documentation }),
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
    }
  })
}

/** Why elements cannot be started in an ad-hoc subprocess, if they cannot. */
export function unknownActivities(
  processing: Processing,
  row: ElementInstanceRow,
  ids: readonly string[],
): string | undefined {
  const model = processing.model(row.processDefinitionKey)
  const known = new Set(activities(model.nodes, processing.node(row)).map(({ id }) => id))
  const unknown = ids.filter((id) => !known.has(id))
  return unknown.length === 0
    ? undefined
    : `Expected to activate activities for ad-hoc sub-process with key '${row.key}', but the given elements ` +
        `[${unknown.join(', ')}] do not exist.`
}

/** Starts an activity in an inner instance of its own. */
export function startActivity(processing: Processing, row: ElementInstanceRow, activity: ActivateElement): void {
  const { nodes } = processing.model(row.processDefinitionKey)
  const inner = nodes.get(innerInstanceId(row.elementId))
  const node = nodes.get(activity.elementId)
  if (inner === undefined || node === undefined) throw new Error(`no element ${activity.elementId} in ${row.elementId}`)
  const { outputVariable } = adHocOf(processing.node(row))
  const variables = { ...(outputVariable === undefined ? {} : { [outputVariable]: null }), ...activity.variables }
  const key = activateElement(processing, inner, row.key, { variables })
  activateElement(processing, node, key)
}

/** Collects the output of an inner instance that is about to complete. @throws {ElementFailure} */
export function collectOutput(processing: Processing, inner: ElementInstanceRow): void {
  const { outputElement, outputCollection } = adHocOf(processing.node(processing.element(inner.flowScopeKey)))
  if (outputElement === undefined || outputCollection === undefined) return
  const { value } = evaluateIn(processing, outputElement, inner.key)
  const present = processing.state.variables.local(inner.flowScopeKey, outputCollection)
  const list = present === undefined ? [] : processing.state.variables.valueOf(present)
  setLocal(processing, inner.flowScopeKey, { [outputCollection]: [...(Array.isArray(list) ? list : []), value] })
}

/** Whether the completion condition holds; without one it does. @throws {ElementFailure} */
export function isFulfilled(processing: Processing, adHocKey: Key): boolean {
  const { completionCondition } = adHocOf(processing.node(processing.element(adHocKey)))
  if (completionCondition === undefined) return true
  try {
    return evaluateBoolean(processing, completionCondition, adHocKey)
  } catch (error) {
    if (!(error instanceof ElementFailure)) throw error
    throw new ElementFailure(error.errorType, `Failed to evaluate completion condition. ${error.message}`)
  }
}

/** An inner instance has completed: the ad-hoc subprocess completes, asks its worker, or waits. */
export function innerCompleted(processing: Processing, adHocKey: Key): void {
  const row = processing.element(adHocKey)
  const node = processing.node(row)
  if (row.state !== 'ACTIVATED' || row.interruptedBy !== null) return
  if (node.task?.kind === 'job') {
    if (row.loopItems === null) askWorker(processing, node, row)
    else if (row.activeChildren === 0) processing.enqueue({ type: 'Complete', key: adHocKey })
    return
  }
  if (!isFulfilled(processing, adHocKey)) return
  const { completionCondition, cancelRemaining } = adHocOf(node)
  if (completionCondition !== undefined && cancelRemaining) endLoop(processing, node, adHocKey)
  else if (row.activeChildren === 0) processing.enqueue({ type: 'Complete', key: adHocKey })
}

/** An event subprocess in it, the last that was active, has ended: the ad-hoc subprocess may be done. */
export function handlerEnded(processing: Processing, adHocKey: Key): void {
  const row = processing.element(adHocKey)
  const isDone =
    processing.node(row).task?.kind === 'job' ? row.loopItems !== null : isFulfilledNow(processing, adHocKey)
  if (isDone) processing.enqueue({ type: 'Complete', key: adHocKey })
}

/** A condition that cannot be evaluated is told of where an activity ends, not here. */
function isFulfilledNow(processing: Processing, adHocKey: Key): boolean {
  try {
    return isFulfilled(processing, adHocKey)
  } catch (error) {
    if (error instanceof ElementFailure) return false
    throw error
  }
}

/** Makes a job for the worker of an ad-hoc subprocess; it decides anew, so what it was asked before is taken back. */
export function askWorker(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  if (node.task?.kind !== 'job') throw new Error(`${node.id} has no job definition`)
  const job = prepareJob(processing, node, row.key, node.task)
  for (const { key } of processing.state.jobs.find('elementInstanceKey = ? AND endTime IS NULL', row.key))
    processing.emit({ type: 'JobCanceled', key })
  job.create()
}
