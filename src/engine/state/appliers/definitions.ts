import type { DefinitionEvent } from '../../protocol/events.ts'
import type { Appliers } from './types.ts'

/** Deployed resources and the start events that wait for messages. */
export const applyDefinitionEvent: Appliers<DefinitionEvent> = {
  ProcessDeployed: (state, { row }) => state.processDefinitions.insert(row),
  DecisionRequirementsDeployed: (state, { row }) => state.decisionRequirements.insert(row),
  DecisionDeployed: (state, { row }) => state.decisions.insert(row),
  FormDeployed: (state, { row }) => state.forms.insert(row),
  StartSubscriptionOpened: (state, { row }) => state.startSubscriptions.insert(row),
  StartSubscriptionClosed: (state, { key }) => state.startSubscriptions.delete(key),
}
