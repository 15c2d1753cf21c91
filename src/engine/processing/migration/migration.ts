import { type Flow, type FlowNode, findFlow, type ProcessModel } from '../../model/types.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import type { Key } from '../../protocol/values.ts'
import type { ElementInstanceRow, ProcessDefinitionRow } from '../../state/rows.ts'

/** What a process instance is led over to, and how. */
export interface Migration {
  readonly processInstanceKey: Key
  readonly source: ProcessModel
  readonly target: ProcessModel
  readonly definition: ProcessDefinitionRow
  /** Id of the new element or flow by that of the old one. */
  readonly mapped: ReadonlyMap<string, string>
}

/** The element that takes the place of one, if it is mapped; the process takes that of the process. */
export function mappedNode({ source, target, mapped }: Migration, node: FlowNode): FlowNode | undefined {
  return node === source.process ? target.process : target.nodes.get(mapped.get(node.id) ?? '')
}

/** The flow that takes the place of one, if it is mapped to a flow. */
export function mappedFlow({ target, mapped }: Migration, flowId: string): Flow | undefined {
  return findFlow(target, mapped.get(flowId) ?? '')
}

/** What an element instance is an instance of, as a type to compare. */
export function typeIn(node: FlowNode, row: ElementInstanceRow): string {
  return node.loop !== undefined && row.loopCounter === null ? 'MULTI_INSTANCE_BODY' : node.type
}

/** A refusal that tells which instance could not be led over, and why. */
export function refusal(
  { processInstanceKey }: Pick<Migration, 'processInstanceKey'>,
  reason: string,
  type: 'INVALID_STATE' | 'INVALID_ARGUMENT' = 'INVALID_STATE',
): CommandRejection {
  return new CommandRejection(
    type,
    'MigrateProcessInstance',
    `Expected to migrate process instance '${processInstanceKey}' but ${reason}`,
  )
}
