import type { InstanceEvent } from '../../protocol/events.ts'
import { type Key, NO_KEY } from '../../protocol/values.ts'
import type { State } from '../state.ts'
import type { Appliers } from './types.ts'

/** Process and element instances, tokens, variables, incidents, decisions. */
export const instanceAppliers: Appliers<InstanceEvent> = {
  ProcessInstanceCreated(state, event, time) {
    const definition = state.processDefinitions.require(event.processDefinitionKey)
    const caller =
      event.parentElementInstanceKey === null ? undefined : state.elements.require(event.parentElementInstanceKey)
    const parent = caller === undefined ? undefined : state.processInstances.require(caller.processInstanceKey)
    state.processInstances.insert({
      key: event.key,
      processDefinitionKey: definition.key,
      processDefinitionId: definition.processDefinitionId,
      processDefinitionVersion: definition.version,
      parentProcessInstanceKey: parent?.key ?? null,
      parentElementInstanceKey: event.parentElementInstanceKey,
      rootProcessInstanceKey: parent?.rootProcessInstanceKey ?? event.key,
      state: 'ACTIVE',
      startDate: time,
      endDate: null,
      incidentCount: 0,
      tags: JSON.stringify(event.tags),
      callDepth: parent === undefined ? 0 : parent.callDepth + 1,
      correlationKey: event.correlationKey,
      terminateAfter: event.terminateAfter === undefined ? null : JSON.stringify(event.terminateAfter),
    })
    state.variables.begin(event.key)
  },

  ElementActivating(state, event, time) {
    const instance = state.processInstances.require(event.processInstanceKey)
    state.elements.insert({
      key: event.key,
      processInstanceKey: instance.key,
      processDefinitionKey: instance.processDefinitionKey,
      processDefinitionId: instance.processDefinitionId,
      elementId: event.elementId,
      elementName: event.elementName,
      type: event.elementType,
      state: 'ACTIVATING',
      startDate: time,
      endDate: null,
      incidentKey: null,
      flowScopeKey: event.flowScopeKey,
      loopCounter: event.loopCounter,
      loopItems: null,
      listenerIndex: 0,
      activeChildren: 0,
      childrenStarted: 0,
      activeFlows: 0,
      interruptedBy: null,
      trigger: null,
    })
    if (event.flowScopeKey === NO_KEY) return
    state.variables.begin(event.key)
    const scope = state.elements.require(event.flowScopeKey)
    state.elements.update(scope.key, {
      activeChildren: scope.activeChildren + 1,
      childrenStarted: scope.childrenStarted + 1,
      activeFlows: scope.activeFlows - (event.byFlow ? 1 : 0),
    })
  },

  ElementActivated: (state, { key }) => state.elements.update(key, { state: 'ACTIVATED', listenerIndex: 0 }),
  ElementCompleting: (state, { key }) => state.elements.update(key, { state: 'COMPLETING', listenerIndex: 0 }),
  ElementCompleted: (state, { key }, time) => end(state, key, 'COMPLETED', time),
  ElementTerminating: (state, { key, trigger }) =>
    state.elements.update(key, { state: 'TERMINATING', listenerIndex: 0, trigger }),
  ElementTerminated: (state, { key }, time) => end(state, key, 'TERMINATED', time),

  ListenerCompleted(state, { key }) {
    state.elements.update(key, { listenerIndex: state.elements.require(key).listenerIndex + 1 })
  },
  EventChosen: (state, { key, trigger }) => state.elements.update(key, { trigger }),
  AdHocFulfilled: (state, { key }) => state.elements.update(key, { loopItems: 'true' }),
  TriggerTaken: (state, { key }) => state.elements.update(key, { trigger: null }),
  ScopeInterrupted(state, { key, elementId }) {
    dropTokens(state, key)
    state.elements.update(key, { interruptedBy: elementId })
  },
  ScopeResumed: (state, { key }) => state.elements.update(key, { interruptedBy: null }),
  MultiInstanceStarted: (state, { key, items }) => state.elements.update(key, { loopItems: items }),

  SequenceFlowTaken(state, { flowId, scopeKey, gatewayId }) {
    const scope = state.elements.require(scopeKey)
    state.elements.update(scopeKey, { activeFlows: scope.activeFlows + 1 })
    state.recordFlow(scope.processInstanceKey, flowId)
    if (gatewayId === null) return
    const id = tokenId(scopeKey, flowId)
    const token = state.gatewayTokens.get(id)
    if (token === undefined) state.gatewayTokens.insert({ id, scopeKey, gatewayId, tokens: 1 })
    else state.gatewayTokens.update(id, { tokens: token.tokens + 1 })
  },
  GatewayJoined(state, { scopeKey, flowIds }) {
    const scope = state.elements.require(scopeKey)
    state.elements.update(scopeKey, { activeFlows: scope.activeFlows - flowIds.length })
    for (const flowId of flowIds) {
      const token = state.gatewayTokens.get(tokenId(scopeKey, flowId))
      if (token === undefined) throw new Error(`gateway_token has no row for flow ${flowId}`)
      if (token.tokens === 1) state.gatewayTokens.delete(token.id)
      else state.gatewayTokens.update(token.id, { tokens: token.tokens - 1 })
    }
  },

  VariableCreated: (state, { key, name, value, scopeKey, processInstanceKey }) =>
    state.variables.insert({ key, name, value, scopeKey, processInstanceKey }),
  VariableUpdated: (state, { key, value }) => state.variables.update(key, value),
  VariableItemSet: (state, { key, index, value }) => state.variables.setItem(key, index, value),

  IncidentCreated(state, event, time) {
    const at = state.elements.require(event.elementInstanceKey)
    state.incidents.insert({
      key: event.key,
      errorType: event.errorType,
      errorMessage: event.errorMessage,
      state: 'ACTIVE',
      elementId: at.elementId,
      elementInstanceKey: at.key,
      processInstanceKey: at.processInstanceKey,
      processDefinitionKey: at.processDefinitionKey,
      processDefinitionId: at.processDefinitionId,
      jobKey: event.jobKey,
      creationTime: time,
      endTime: null,
    })
    state.elements.update(at.key, { incidentKey: event.key })
    countIncidents(state, at.processInstanceKey, 1)
  },
  IncidentResolved(state, { key }, time) {
    const incident = state.incidents.require(key)
    state.incidents.update(key, { state: 'RESOLVED', endTime: time })
    // What an element asked of listeners before it failed is asked again; a job goes on by itself.
    state.elements.update(incident.elementInstanceKey, {
      incidentKey: null,
      ...(incident.jobKey === null ? { listenerIndex: 0 } : {}),
    })
    countIncidents(state, incident.processInstanceKey, -1)
  },

  DecisionEvaluated: (state, { row }) => state.decisionInstances.insert(row),
}

/** Id of the row of tokens that wait behind a flow. */
export function tokenId(scopeKey: Key, flowId: string): string {
  return `${scopeKey}/${flowId}`
}

function end(state: State, key: Key, reached: 'COMPLETED' | 'TERMINATED', time: number): void {
  const ended = state.elements.require(key)
  if (ended.activeFlows > 0) dropTokens(state, key)
  state.elements.update(key, { state: reached, endDate: time, trigger: null, loopItems: null })
  if (ended.flowScopeKey === NO_KEY) {
    state.processInstances.update(key, { state: reached, endDate: time })
    return
  }
  state.elements.update(ended.flowScopeKey, {
    activeChildren: state.elements.require(ended.flowScopeKey).activeChildren - 1,
  })
}

/** The tokens of a scope that was interrupted or terminated. */
function dropTokens(state: State, scopeKey: Key): void {
  state.elements.update(scopeKey, { activeFlows: 0 })
  for (const token of state.gatewayTokens.find('scopeKey = ?', scopeKey)) state.gatewayTokens.delete(token.id)
}

function countIncidents(state: State, processInstanceKey: Key, change: number): void {
  const instance = state.processInstances.require(processInstanceKey)
  state.processInstances.update(processInstanceKey, { incidentCount: instance.incidentCount + change })
}
