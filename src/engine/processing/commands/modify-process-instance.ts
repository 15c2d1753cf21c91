import type { FlowNode } from '../../model/types.ts'
import type { ModifyProcessInstance } from '../../protocol/operations.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import { type Key, NO_KEY, type Variables } from '../../protocol/values.ts'
import type { ElementInstanceRow } from '../../state/rows.ts'
import { activeTree, isInstanceOf, makeScope } from '../flow-scopes.ts'
import { LateRejection } from '../late-rejection.ts'
import { terminateElement } from '../lifecycle.ts'
import type { Processing } from '../processing.ts'
import { assign, setLocal } from '../variables.ts'
import { type CheckedActivation, checkModification } from './modify-checks.ts'
import { invalidArgument } from './reject.ts'

/**
 * Modifies a process instance. As on Camunda: first the scopes and variables that activations need, then what is
 * terminated, then the activations, each of which comes to nothing when its scope is not (any more) active.
 */
export function modifyProcessInstance(processing: Processing, command: ModifyProcessInstance): undefined {
  const process = processing.state.elements.get(command.processInstanceKey)
  if (process === undefined || process.type !== 'PROCESS' || process.endDate !== null)
    throw new CommandRejection(
      'NOT_FOUND',
      command.type,
      `Expected to modify process instance but no process instance found with key '${command.processInstanceKey}'`,
    )
  const model = processing.model(process.processDefinitionKey)
  const checked = checkModification(processing, command, model, activeTree(processing, process.key))
  const required = new Set<Key>()
  const activations = checked.flatMap((activation) => {
    const scopeKey = openScopes(processing, command, activation)
    if (scopeKey === undefined) return []
    for (let key = scopeKey; key !== NO_KEY; key = processing.element(key).flowScopeKey) required.add(key)
    return [{ type: 'ActivateAt', node: activation.node, scopeKey, variables: variablesFor(activation) } as const]
  })
  for (const { elementInstanceKey } of command.terminateInstructions ?? [])
    terminateWithEmptyScopes(processing, command, elementInstanceKey, required)
  for (const key of required)
    if (processing.element(key).interruptedBy !== null) processing.emit({ type: 'ScopeResumed', key })
  for (const activation of activations) processing.enqueue(activation)
}

/**
 * Finds the instance of the scope around an element in which to activate it; makes those that are missing. `undefined`:
 * the scope is ending.
 * @throws {LateRejection} when there are several, or one would be an instance of a multi-instance body
 */
function openScopes(
  processing: Processing,
  command: ModifyProcessInstance,
  activation: CheckedActivation,
): Key | undefined {
  const { node, scopes } = activation
  let row = activation.ancestor ?? innermostScope(processing, command, activation)
  if (row.state !== 'ACTIVATING' && row.state !== 'ACTIVATED') return undefined
  for (const outer of outwards(processing, row)) setLocal(processing, outer.key, variablesFor(activation, outer))
  const missing = scopes.slice(scopes.findIndex((scope) => isInstanceOf(row, scope)) + 1)
  for (const scope of missing) {
    if (scope.loop !== undefined)
      throw refused(
        command,
        node,
        `that would result in the activation of multi-instance element '${scope.id}', which is currently unsupported.`,
      )
    const variables = variablesFor(activation, scope.id)
    row = processing.element(makeScope(processing, command.type, scope, row.key, variables))
  }
  return row.key
}

/** The only instance of the innermost scope that has one. @throws {LateRejection} when a scope has several */
function innermostScope(
  processing: Processing,
  command: ModifyProcessInstance,
  { node, scopes }: CheckedActivation,
): ElementInstanceRow {
  const tree = activeTree(processing, command.processInstanceKey)
  let innermost = processing.element(command.processInstanceKey)
  for (const scope of scopes) {
    const [instance, another] = tree.filter((row) => isInstanceOf(row, scope))
    if (another !== undefined)
      throw refused(
        command,
        node,
        `for an element that has a flow scope with more than one active instance: '${scope.id}'. ` +
          "Can't decide in which instance of the flow scope the element should be activated. " +
          'Please specify an ancestor element instance key for this activate instruction.',
      )
    innermost = instance ?? innermost
  }
  return innermost
}

function refused(command: ModifyProcessInstance, node: FlowNode, reason: string): LateRejection {
  const process = outermost(node)
  return new LateRejection(
    invalidArgument(
      command.type,
      `Expected to modify instance of process '${process.id}' but it contains one or more activate instructions ${reason}`,
    ),
  )
}

function outermost(node: FlowNode): FlowNode {
  return node.parent === undefined ? node : outermost(node.parent)
}

/** An element instance and those around it, outermost first. */
function outwards(processing: Processing, row: ElementInstanceRow): ElementInstanceRow[] {
  return row.flowScopeKey === NO_KEY ? [row] : [...outwards(processing, processing.element(row.flowScopeKey)), row]
}

/** The variables that an instruction has for one scope, or for the element itself; those without a scope are the process's. */
function variablesFor(
  { node, variableInstructions }: CheckedActivation,
  scope: ElementInstanceRow | string = node.id,
): Variables {
  const id = typeof scope === 'string' ? scope : scope.elementId
  const isProcess = typeof scope !== 'string' && scope.flowScopeKey === NO_KEY
  const merged: Variables = {}
  for (const { scopeId = '', variables } of variableInstructions)
    if (scopeId === id || (scopeId === '' && isProcess))
      for (const [name, value] of Object.entries(variables)) assign(merged, name, value)
  return merged
}

/** Terminates an element instance, and the scopes around it that become empty and are not needed. */
function terminateWithEmptyScopes(
  processing: Processing,
  command: ModifyProcessInstance,
  key: Key,
  required: ReadonlySet<Key>,
): void {
  let row = processing.element(key)
  if (row.endDate !== null) return
  for (;;) {
    refuseEndOfCalled(processing, command, row)
    terminateElement(processing, row.key, { atOnce: true })
    if (row.flowScopeKey === NO_KEY) return
    row = processing.element(row.flowScopeKey)
    if (row.activeChildren + row.activeFlows > 0 || required.has(row.key)) return
  }
}

function refuseEndOfCalled(processing: Processing, command: ModifyProcessInstance, row: ElementInstanceRow): void {
  if (row.type !== 'PROCESS') return
  if (processing.state.processInstances.require(row.key).parentElementInstanceKey === null) return
  throw new LateRejection(
    invalidArgument(
      command.type,
      `Expected to modify instance of process '${row.processDefinitionId}' but the given instructions would terminate ` +
        'the instance. The instance was created by a call activity in the parent process. To terminate this instance ' +
        'please modify the parent process instead.',
    ),
  )
}
