import type { FlowNode } from '../../model/types.ts'
import type { ElementInstanceRow, GatewayTokenRow } from '../../state/rows.ts'
import type { Processing } from '../processing.ts'
import { type Migration, mappedFlow, mappedNode, refusal } from './migration.ts'

/**
 * Leads over the tokens that wait at joining gateways of a scope.
 * @returns what emits the change
 * @throws {CommandRejection} when a gateway, or a flow that a token has taken, is not mapped to one of its kind
 */
export function planTokens(processing: Processing, migration: Migration, scope: ElementInstanceRow): () => void {
  if (scope.activeFlows === 0) return () => undefined
  const tokens = processing.state.gatewayTokens.find('scopeKey = ? ORDER BY id', scope.key)
  const moves = tokens.map((token) => {
    const gateway = gatewayOf(migration, token)
    const flowId = token.id.slice(token.id.indexOf('/') + 1)
    const target = mappedFlow(migration, flowId)
    if (target === undefined || target.target !== gateway)
      throw refusal(
        migration,
        `joining gateway with id '${token.gatewayId}' has a taken sequence flow with id '${flowId}'. ` +
          'Taken sequence flows must be mapped to a sequence flow in the target process definition.',
        'INVALID_ARGUMENT',
      )
    return { flowId, targetFlowId: target.id, gatewayId: gateway.id, tokens: token.tokens }
  })
  return () => {
    if (moves.length > 0) processing.emit({ type: 'TokensMigrated', scopeKey: scope.key, moves })
  }
}

function gatewayOf(migration: Migration, { gatewayId }: GatewayTokenRow): FlowNode {
  const source = migration.source.nodes.get(gatewayId)
  if (source === undefined) throw new Error(`no gateway ${gatewayId}`)
  const target = mappedNode(migration, source)
  if (target === undefined)
    throw refusal(
      migration,
      `gateway '${gatewayId}' has at least one incoming sequence flow taken. Joining gateways with at least one ` +
        'incoming sequence flow taken must be mapped to a gateway of the same type in the target process definition.',
      'INVALID_ARGUMENT',
    )
  if (target.type !== source.type)
    throw refusal(
      migration,
      `active element with id '${gatewayId}' and type '${source.type}' is mapped to an element with id '${target.id}' ` +
        `and different type '${target.type}'. Elements must be mapped to elements of the same type.`,
      'INVALID_ARGUMENT',
    )
  if (target.incoming.length < source.incoming.length)
    throw refusal(
      migration,
      `target gateway with id '${target.id}' has less incoming sequence flows than the source gateway with id ` +
        `'${gatewayId}'. Target gateway must have at least the same number of incoming sequence flows as the source gateway.`,
      'INVALID_ARGUMENT',
    )
  return target
}
