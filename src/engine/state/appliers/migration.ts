import type { MigrationEvent } from '../../protocol/events.ts'
import type { State } from '../state.ts'
import { tokenId } from './instances.ts'
import type { Appliers } from './types.ts'

/** An instance is led over to another definition: what is active, and what belongs to that, shows the new one. */
export const migrationAppliers: Appliers<MigrationEvent> = {
  ProcessInstanceMigrated(state, { key, processDefinitionKey }) {
    const { processDefinitionId, version } = state.processDefinitions.require(processDefinitionKey)
    state.processInstances.update(key, { processDefinitionKey, processDefinitionId, processDefinitionVersion: version })
  },

  ElementMigrated(state, { key, elementId, elementName, trigger, interruptedBy }) {
    const element = state.elements.require(key)
    const { processDefinitionKey, processDefinitionId, processDefinitionVersion } = state.processInstances.require(
      element.processInstanceKey,
    )
    const definition = { elementId, processDefinitionKey, processDefinitionId }
    state.elements.update(key, {
      ...definition,
      elementName,
      ...(trigger === undefined ? {} : { trigger }),
      ...(interruptedBy === undefined ? {} : { interruptedBy }),
    })
    const work = { ...definition, processDefinitionVersion }
    for (const job of state.jobs.find('elementInstanceKey = ? AND endTime IS NULL', key))
      state.jobs.update(job.key, work)
    for (const task of state.userTasks.find("elementInstanceKey = ? AND state NOT IN ('COMPLETED', 'CANCELED')", key))
      state.userTasks.update(task.key, { ...work, name: elementName })
    for (const incident of state.incidents.find("elementInstanceKey = ? AND state = 'ACTIVE'", key))
      state.incidents.update(incident.key, definition)
  },

  TokensMigrated(state, { scopeKey, moves }) {
    const { processInstanceKey } = state.elements.require(scopeKey)
    for (const { flowId } of moves) {
      state.gatewayTokens.delete(tokenId(scopeKey, flowId))
      state.forgetFlow(processInstanceKey, flowId)
    }
    for (const { targetFlowId, gatewayId, tokens } of moves) {
      const id = tokenId(scopeKey, targetFlowId)
      const present = state.gatewayTokens.get(id)
      if (present === undefined) state.gatewayTokens.insert({ id, scopeKey, gatewayId, tokens })
      else state.gatewayTokens.update(id, { tokens: present.tokens + tokens })
      state.recordFlow(processInstanceKey, targetFlowId)
    }
  },

  TimerMigrated: (state, { key, elementId, schedule }) =>
    state.timers.update(key, { elementId, schedule, ...definitionOf(state, state.timers.require(key)) }),
  MessageSubscriptionMigrated: (state, { key, elementId, interrupting }) =>
    state.messageSubscriptions.update(key, {
      elementId,
      interrupting,
      ...definitionOf(state, state.messageSubscriptions.require(key)),
    }),
  SignalSubscriptionMigrated: (state, { key, elementId, interrupting }) =>
    state.signalSubscriptions.update(key, {
      elementId,
      interrupting,
      ...definitionOf(state, state.signalSubscriptions.require(key)),
    }),
}

function definitionOf(state: State, { processInstanceKey }: { readonly processInstanceKey: number }) {
  const { processDefinitionKey, processDefinitionId } = state.processInstances.require(processInstanceKey)
  return { processDefinitionKey, processDefinitionId }
}
