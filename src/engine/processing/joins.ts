import type { Flow, FlowNode } from '../model/types.ts'
import type { Key } from '../protocol/values.ts'
import { tokenId } from '../state/appliers/instances.ts'
import type { Processing } from './processing.ts'

/** Whether tokens wait for each other at an element. */
export function isJoin(node: FlowNode): boolean {
  return (node.type === 'PARALLEL_GATEWAY' || node.type === 'INCLUSIVE_GATEWAY') && node.incoming.length > 1
}

/**
 * The flows whose tokens a joining gateway takes now; `undefined`: it waits. A parallel gateway waits for all its flows, an
 * inclusive one for each that a token of the scope can still come to. As observed on Camunda the gateway asks when a token
 * arrives, and only then: a token that might have come and ends elsewhere does not release those that wait.
 */
export function flowsToJoin(processing: Processing, gateway: FlowNode, scopeKey: Key): readonly Flow[] | undefined {
  const hasToken = ({ id }: Flow) => processing.state.gatewayTokens.get(tokenId(scopeKey, id)) !== undefined
  const arrived = gateway.incoming.filter(hasToken)
  if (arrived.length === gateway.incoming.length) return arrived
  if (gateway.type === 'PARALLEL_GATEWAY' || arrived.length === 0) return undefined
  const places = placesOfTokens(processing, gateway, scopeKey)
  const isAwaited = (flow: Flow) => {
    const sources = sourcesOf(flow)
    return places.some((id) => sources.has(id))
  }
  return gateway.incoming.some((flow) => !hasToken(flow) && isAwaited(flow)) ? undefined : arrived
}

/** Elements of a scope at which tokens are, or to which they are under way; those at the gateway itself do not count. */
function placesOfTokens(processing: Processing, gateway: FlowNode, scopeKey: Key): string[] {
  const active = processing.state.elements.find(
    "flowScopeKey = ? AND state NOT IN ('COMPLETED', 'TERMINATED')",
    scopeKey,
  )
  const waiting = processing.state.gatewayTokens.find('scopeKey = ? AND gatewayId <> ?', scopeKey, gateway.id)
  const underWay = processing
    .pendingSteps()
    .flatMap((step) => (step.type === 'ActivateByFlow' && step.scopeKey === scopeKey ? [step.node.id] : []))
  return [...active.map(({ elementId }) => elementId), ...waiting.map(({ gatewayId }) => gatewayId), ...underWay]
}

const sources = new WeakMap<Flow, ReadonlySet<string>>()

/** Elements from which a token can come to a flow without passing the flow's target. */
function sourcesOf(flow: Flow): ReadonlySet<string> {
  const known = sources.get(flow)
  if (known !== undefined) return known
  const found = new Set<string>()
  const open = [flow.source]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === flow.target || found.has(node.id)) continue
    found.add(node.id)
    open.push(...node.incoming.map(({ source }) => source))
    if (node.attachedTo !== undefined) open.push(node.attachedTo)
    if (node.event?.kind === 'link') open.push(...throwsOf(node, node.event.name))
  }
  sources.set(flow, found)
  return found
}

function throwsOf(node: FlowNode, name: string): FlowNode[] {
  return (node.parent?.linkThrows ?? []).filter(({ event }) => event?.kind === 'link' && event.name === name)
}
