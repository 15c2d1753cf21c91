import { type FlowNode, noneStart } from '../../model/types.ts'
import type {
  CancelProcessInstance,
  CreateProcessInstance,
  EvaluateDecision,
  ResolveIncident,
  SetVariables,
} from '../../protocol/commands.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import type { CommandResults, ProcessInstanceResult } from '../../protocol/results.ts'
import type { Key } from '../../protocol/values.ts'
import type { ProcessDefinitionRow } from '../../state/rows.ts'
import { evaluateDecision } from '../decisions.ts'
import { findDecision, findDefinition, isDeleted, latestDefinition } from '../definitions.ts'
import { activateScopeOnly, makeScope, scopesAround } from '../flow-scopes.ts'
import { enter, leave, terminateElement } from '../lifecycle.ts'
import { makeProcessInstance, type Start, startProcessInstance } from '../process-instances.ts'
import type { Processing } from '../processing.ts'
import { changeOf, listenersOf, openTaskOf, restartChange, startChange } from '../user-tasks.ts'
import { propagate, setLocal } from '../variables.ts'
import { startTargets } from './modify-checks.ts'
import { invalidArgument, invalidState, notFound } from './reject.ts'

/** Starts a process instance at its none start event, or where the start instructions say. */
export function createProcessInstance(processing: Processing, command: CreateProcessInstance): ProcessInstanceResult {
  const definition = definitionOf(processing, command)
  const model = processing.models.process(definition)
  const startAt = (command.startInstructions ?? []).map(({ elementId }) => elementId)
  const targets = startTargets(command.type, model, startAt)
  if (targets.length === 0 && noneStart(model.process) === undefined)
    throw invalidState(
      command.type,
      'Expected to create instance of process with none start event, but there is no such event',
    )
  const tags = command.tags ?? []
  const terminateAfter = (command.runtimeInstructions ?? []).map(({ afterElementId }) => afterElementId)
  const start = {
    variables: command.variables ?? {},
    tags,
    ...(terminateAfter.length === 0 ? {} : { terminateAfter }),
  }
  const processInstanceKey =
    targets.length === 0
      ? startProcessInstance(processing, definition, start)
      : startAtElements(processing, command.type, definition, start, targets)
  return {
    processInstanceKey,
    processDefinitionKey: definition.key,
    processDefinitionId: definition.processDefinitionId,
    processDefinitionVersion: definition.version,
    tags,
    variables: {},
  }
}

/** Makes an instance that begins at elements inside; each scope around them is made once. Listeners of scopes are not called. */
function startAtElements(
  processing: Processing,
  commandType: string,
  definition: ProcessDefinitionRow,
  start: Start,
  targets: readonly FlowNode[],
): Key {
  const { process } = processing.models.process(definition)
  const processInstanceKey = makeProcessInstance(processing, definition, start)
  activateScopeOnly(processing, commandType, process, processInstanceKey)
  const made = new Map<FlowNode, Key>([[process, processInstanceKey]])
  for (const node of targets) {
    let scopeKey = processInstanceKey
    for (const scope of scopesAround(node)) {
      scopeKey = made.get(scope) ?? makeScope(processing, commandType, scope, scopeKey, {})
      made.set(scope, scopeKey)
    }
    processing.enqueue({ type: 'ActivateAt', node, scopeKey, variables: {} })
  }
  return processInstanceKey
}

function definitionOf(processing: Processing, command: CreateProcessInstance): ProcessDefinitionRow {
  const { processDefinitionKey: key, processDefinitionId: id, processDefinitionVersion: version } = command
  const expected = 'Expected to find process definition with'
  if (key !== undefined) {
    const found = findDefinition(processing, { key })
    if (found !== undefined) return found
    throw new CommandRejection('NOT_FOUND', command.type, `${expected} key '${key}', but none found`)
  }
  if (id === undefined || id === '')
    throw invalidArgument(command.type, 'Expected processDefinitionKey or processDefinitionId, but none given')
  const found =
    version === undefined || version === -1
      ? latestDefinition(processing, id)
      : findDefinition(processing, { id, version })
  if (found !== undefined) return found
  const which = version === undefined || version === -1 ? '' : ` and version '${version}'`
  throw new CommandRejection('NOT_FOUND', command.type, `${expected} process ID '${id}'${which}, but none found`)
}

/** Terminates a root process instance. */
export function cancelProcessInstance(processing: Processing, command: CancelProcessInstance): undefined {
  const instance = processing.state.processInstances.get(command.processInstanceKey)
  if (instance === undefined || instance.state !== 'ACTIVE' || isTerminating(processing, instance.key))
    throw new CommandRejection(
      'NOT_FOUND',
      command.type,
      `Expected to cancel a process instance with key '${command.processInstanceKey}', but no such process was found`,
    )
  if (instance.parentProcessInstanceKey !== null)
    throw invalidState(
      command.type,
      `Expected to cancel a process instance with key '${instance.key}', but it is created by a parent process instance. ` +
        `Cancel the root process instance '${instance.rootProcessInstanceKey}' instead.`,
    )
  terminateElement(processing, instance.key)
}

function isTerminating(processing: Processing, elementInstanceKey: Key): boolean {
  return processing.element(elementInstanceKey).state === 'TERMINATING'
}

/** Sets variables at an active element instance; the listeners of a user task are asked first. */
export function setVariables(processing: Processing, command: SetVariables): CommandResults['SetVariables'] {
  const row = processing.state.elements.get(command.elementInstanceKey)
  if (row === undefined || ['COMPLETED', 'TERMINATING', 'TERMINATED'].includes(row.state))
    throw notFound(command.type, 'update variables for', 'element', command.elementInstanceKey)
  const task = processing.node(row).task?.kind === 'user' ? openTaskOf(processing, row.key) : undefined
  if (task !== undefined && task.state !== 'CREATED')
    throw invalidState(
      command.type,
      `Expected to trigger update transition for user task with key '${task.key}', but it is in state '${task.state}'`,
    )
  if (task !== undefined && listenersOf(processing, task, 'UPDATING').length > 0) {
    const { variables, local } = command
    const setsVariables = local === true ? 'local' : 'propagate'
    processing.awaitedTask = task.key
    startChange(
      processing,
      task.key,
      'UPDATING',
      changeOf(task, { variables, setsVariables, changedAttributes: ['variables'] }),
    )
    return { setVariablesKey: processing.nextKey() }
  }
  if (command.local === true) setLocal(processing, row.key, command.variables)
  else propagate(processing, row.key, command.variables)
  return { setVariablesKey: processing.nextKey() }
}

/** Tries again what made an incident. */
export function resolveIncident(processing: Processing, command: ResolveIncident): undefined {
  const incident = processing.state.incidents.get(command.incidentKey)
  if (incident === undefined || incident.state !== 'ACTIVE')
    throw notFound(command.type, 'resolve', 'incident', command.incidentKey)
  if (incident.jobKey !== null) {
    const job = processing.state.jobs.get(incident.jobKey)
    if (job === undefined || job.retries <= 0)
      throw invalidState(
        command.type,
        `Expected to resolve incident with key '${incident.key}', but job with key '${incident.jobKey}' has no retries left. ` +
          'Please update the job retries and retry resolving the incident',
      )
    processing.emit({ type: 'IncidentResolved', key: incident.key })
    processing.emit({ type: 'JobReturned', key: job.key })
    return
  }
  processing.emit({ type: 'IncidentResolved', key: incident.key })
  const { state } = processing.element(incident.elementInstanceKey)
  if (state === 'ACTIVATING') enter(processing, incident.elementInstanceKey)
  if (state === 'COMPLETING') leave(processing, incident.elementInstanceKey)
  if (state === 'ACTIVATED' || state === 'TERMINATING') restartChange(processing, incident.elementInstanceKey)
}

/** Evaluates a decision by itself. */
export function evaluateDecisionCommand(
  processing: Processing,
  command: EvaluateDecision,
): CommandResults['EvaluateDecision'] {
  const { decisionDefinitionKey: key, decisionDefinitionId: id } = command
  if (key === undefined && (id === undefined || id === ''))
    throw invalidArgument(command.type, 'Expected either a decision id or a valid decision key, but none provided')
  const decision = key === undefined ? findDecision(processing, id ?? '') : processing.state.decisions.get(key)
  if (decision === undefined || isDeleted(decision))
    throw new CommandRejection(
      'NOT_FOUND',
      command.type,
      key === undefined
        ? `Expected to evaluate decision '${id}', but no decision found for id '${id}'`
        : `Expected to evaluate decision '${key}', but no decision found for key '${key}'`,
    )
  const { row, failedDecisionId } = evaluateDecision(processing, decision, command.variables ?? {})
  processing.emit({ type: 'DecisionEvaluated', row })
  return {
    decisionEvaluationKey: row.key,
    decisionDefinitionKey: decision.key,
    decisionDefinitionId: decision.decisionDefinitionId,
    decisionDefinitionName: decision.name,
    decisionDefinitionVersion: decision.version,
    decisionRequirementsKey: decision.decisionRequirementsKey,
    decisionRequirementsId: decision.decisionRequirementsId,
    output: JSON.parse(row.output),
    failedDecisionDefinitionId: failedDecisionId,
    failureMessage: row.failureMessage,
    evaluatedDecisions: JSON.parse(row.evaluatedDecisions),
  }
}
