import { type FlowNode, findFlow, type ProcessModel } from '../../model/types.ts'
import type { ModifyProcessInstance, VariableInstruction } from '../../protocol/operations.ts'
import type { ElementType, Key } from '../../protocol/values.ts'
import type { ElementInstanceRow } from '../../state/rows.ts'
import { isInstanceOf, scopesAround } from '../flow-scopes.ts'
import type { Processing } from '../processing.ts'
import { invalidArgument } from './reject.ts'

/** An activate instruction that can be carried out, as far as can be told before anything has changed. */
export interface CheckedActivation {
  readonly node: FlowNode
  /** The scopes around the element, outermost first. */
  readonly scopes: readonly FlowNode[]
  /** The scope instance that the instruction names. */
  readonly ancestor: ElementInstanceRow | undefined
  readonly variableInstructions: readonly VariableInstruction[]
}

/** What can be activated by itself, in the order of Camunda's messages; a process can not be nested in itself here. */
const SUPPORTED: readonly ElementType[] = [
  'SUB_PROCESS',
  'EVENT_SUB_PROCESS',
  'AD_HOC_SUB_PROCESS',
  'AD_HOC_SUB_PROCESS_INNER_INSTANCE',
  'INTERMEDIATE_CATCH_EVENT',
  'INTERMEDIATE_THROW_EVENT',
  'END_EVENT',
  'SERVICE_TASK',
  'RECEIVE_TASK',
  'USER_TASK',
  'MANUAL_TASK',
  'TASK',
  'EXCLUSIVE_GATEWAY',
  'PARALLEL_GATEWAY',
  'EVENT_BASED_GATEWAY',
  'INCLUSIVE_GATEWAY',
  'MULTI_INSTANCE_BODY',
  'CALL_ACTIVITY',
  'BUSINESS_RULE_TASK',
  'SCRIPT_TASK',
  'SEND_TASK',
]
// Camunda names the process too, which it does not activate either.
const SUPPORTED_LIST = `[PROCESS, ${SUPPORTED.join(', ')}]`

/** Why an element cannot be activated by itself. */
interface Target {
  readonly type: ElementType
  readonly node: FlowNode | undefined
}

/** What an id stands for; a sequence flow is known too, though nothing can be activated there. */
function findTarget(model: ProcessModel, elementId: string): Target | undefined {
  const node = model.nodes.get(elementId)
  if (node !== undefined) return { type: node.loop === undefined ? node.type : 'MULTI_INSTANCE_BODY', node }
  return findFlow(model, elementId) === undefined ? undefined : { type: 'SEQUENCE_FLOW', node: undefined }
}

/**
 * Finds the elements to start at. @throws {CommandRejection} when an id is unknown, or the element cannot be activated by
 * itself
 */
export function startTargets(commandType: string, model: ProcessModel, elementIds: readonly string[]): FlowNode[] {
  const expected = 'Expected to create instance of process with start instructions but'
  const targets = elementIds.map((elementId) => {
    const target = findTarget(model, elementId)
    if (target !== undefined) return { elementId, ...target }
    throw invalidArgument(commandType, `${expected} no element found with id '${elementId}'.`)
  })
  return targets.map(({ elementId, type, node }) => {
    if (node === undefined || !SUPPORTED.includes(type))
      throw invalidArgument(
        commandType,
        `${expected} the element with id '${elementId}' targets unsupported element type '${type}'. ` +
          `Supported element types are: ${SUPPORTED_LIST}`,
      )
    if (scopesAround(node).some(({ loop }) => loop !== undefined))
      throw invalidArgument(
        commandType,
        `${expected} the element with id '${elementId}' is inside a multi-instance subprocess. ` +
          'The creation of elements inside a multi-instance subprocess is not supported.',
      )
    return node
  })
}

/**
 * Checks the instructions of a modification, in Camunda's order.
 * @param tree what is active in the instance
 * @throws {CommandRejection}
 */
export function checkModification(
  processing: Processing,
  command: ModifyProcessInstance,
  model: ProcessModel,
  tree: readonly ElementInstanceRow[],
): CheckedActivation[] {
  const expected = `Expected to modify instance of process '${model.id}' but it contains one or more`
  const refuse = (reason: string) => invalidArgument(command.type, `${expected} ${reason}`)
  const activate = command.activateInstructions ?? []
  const terminated = (command.terminateInstructions ?? []).map(({ elementInstanceKey }) => elementInstanceKey)
  const nodes = targetsOf(
    model,
    activate.map(({ elementId }) => elementId),
    refuse,
  )

  const unknown = terminated.filter((key) => !tree.some((row) => row.key === key))
  if (unknown.length > 0)
    throw refuse(`terminate instructions with an element instance that could not be found: ${quoted(unknown)}`)

  const checked = activate.map((instruction, index): CheckedActivation => {
    const node = nodes[index] as FlowNode
    const given = instruction.ancestorElementInstanceKey ?? 0
    const ancestor = given > 0 ? processing.state.elements.get(given) : undefined
    return { node, scopes: scopesAround(node), ancestor, variableInstructions: instruction.variableInstructions ?? [] }
  })
  checkVariableScopes(model, checked, refuse)

  const ancestorKeys = activate.flatMap(({ ancestorElementInstanceKey: key = 0 }) => (key > 0 ? [key] : []))
  const gone = ancestorKeys.filter((key) => !isActive(processing.state.elements.get(key)))
  if (gone.length > 0)
    throw refuse(
      `activate instructions with an ancestor scope key that does not exist, or is not in an active state: ${quoted(gone)}`,
    )
  const foreign = checked.flatMap(({ ancestor }) =>
    ancestor !== undefined && ancestor.processInstanceKey !== command.processInstanceKey ? [ancestor.key] : [],
  )
  if (foreign.length > 0)
    throw refuse(
      `activate instructions with an ancestor scope key that does not belong to the modified process instance: ${quoted(foreign)}`,
    )
  const unrelated = checked.filter(
    ({ ancestor, scopes }) => ancestor !== undefined && !scopes.some((scope) => isInstanceOf(ancestor, scope)),
  )
  if (unrelated.length > 0)
    throw refuse(
      'activate instructions with an ancestor scope key that is not an ancestor of the element to activate:\n' +
        unrelated
          .map(
            ({ ancestor, node }) =>
              `- instance '${ancestor?.key}' of element '${ancestor?.elementId}' is not an ancestor of element '${node.id}'`,
          )
          .join('\n'),
    )
  checkRequiredScopes(checked, tree, new Set(terminated), refuse)
  return checked
}

type Refuse = (reason: string) => Error

function targetsOf(model: ProcessModel, elementIds: readonly string[], refuse: Refuse): FlowNode[] {
  const unknown = elementIds.filter((id) => findTarget(model, id) === undefined)
  if (unknown.length > 0)
    throw refuse(`activate instructions with an element that could not be found: ${quoted(unknown)}`)
  const targets = elementIds.map((id) => ({ id, ...(findTarget(model, id) as Target) }))
  const unsupported = targets.filter(({ type, node }) => node === undefined || !SUPPORTED.includes(type))
  if (unsupported.length > 0)
    throw refuse(
      `activate instructions for elements that are unsupported: ${quoted(unsupported.map(({ id }) => id))}. ` +
        `The activation of elements with type ${quoted(unsupported.map(({ type }) => type))} is not supported. ` +
        `Supported element types are: ${SUPPORTED_LIST}.`,
    )
  return targets.map(({ node }) => node as FlowNode)
}

function checkVariableScopes(model: ProcessModel, checked: readonly CheckedActivation[], refuse: Refuse): void {
  const scopeIds = (activation: CheckedActivation) =>
    activation.variableInstructions.flatMap(({ scopeId = '' }) => (scopeId === '' ? [] : [scopeId]))
  const unknown = checked.flatMap(scopeIds).filter((id) => findTarget(model, id) === undefined)
  if (unknown.length > 0)
    throw refuse(`variable instructions with a scope element id that could not be found: ${quoted(unknown)}`)
  const misplaced = checked.some((activation) =>
    scopeIds(activation).some((id) => ![activation.node, ...activation.scopes].some((scope) => scope.id === id)),
  )
  if (misplaced)
    throw refuse(
      "variable instructions with a scope element that doesn't belong to the activating element's flow scope. " +
        'These variables should be set before or after the modification.',
    )
}

/** An element cannot be activated in a scope instance that the same modification terminates. */
function checkRequiredScopes(
  checked: readonly CheckedActivation[],
  tree: readonly ElementInstanceRow[],
  terminated: ReadonlySet<Key>,
  refuse: Refuse,
): void {
  const conflicts = checked.flatMap(({ node, scopes, ancestor }) => {
    const required = ancestor ? [ancestor] : tree.filter((row) => scopes.some((scope) => isInstanceOf(row, scope)))
    return required.filter(({ key }) => terminated.has(key)).map(({ key }) => ({ elementId: node.id, key }))
  })
  if (conflicts.length === 0) return
  const listed = conflicts.map(
    ({ elementId, key }) => `element '${elementId}' requires flow scope instance '${key}' which is being terminated`,
  )
  throw refuse(
    `activate instructions for elements whose required flow scope instance is also being terminated: ${listed.join(', ')}. ` +
      'Please provide a valid ancestor scope key for the activation or avoid terminating the required flow scope.',
  )
}

function isActive(row: ElementInstanceRow | undefined): boolean {
  return row !== undefined && row.state !== 'TERMINATING' && row.state !== 'COMPLETED' && row.state !== 'TERMINATED'
}

function quoted(values: readonly (string | Key)[]): string {
  return [...new Set(values)].map((value) => `'${value}'`).join(', ')
}
