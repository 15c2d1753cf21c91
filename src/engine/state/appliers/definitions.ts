import type { DefinitionEvent } from '../../protocol/events.ts'
import type { Appliers } from './types.ts'

const PRESENT = { deletedAt: null }

/** Deployed resources and the start events that wait for messages. */
export const applyDefinitionEvent: Appliers<DefinitionEvent> = {
  ProcessDeployed: (state, { row }) => state.processDefinitions.insert({ ...row, ...PRESENT }),
  DecisionRequirementsDeployed: (state, { row }) => state.decisionRequirements.insert({ ...row, ...PRESENT }),
  DecisionDeployed: (state, { row }) => state.decisions.insert({ ...row, ...PRESENT }),
  FormDeployed: (state, { row }) => state.forms.insert({ ...row, ...PRESENT }),
  ResourceDeployed: (state, { row }) => state.resources.insert({ ...row, ...PRESENT }),
  ProcessDeleted: (state, { key }, time) => state.processDefinitions.update(key, { deletedAt: time }),
  DecisionRequirementsDeleted(state, { key }, time) {
    state.decisionRequirements.update(key, { deletedAt: time })
    for (const decision of state.decisions.find('decisionRequirementsKey = ?', key))
      state.decisions.update(decision.key, { deletedAt: time })
  },
  FormDeleted: (state, { key }, time) => state.forms.update(key, { deletedAt: time }),
  ResourceDeleted: (state, { key }, time) => state.resources.update(key, { deletedAt: time }),
  StartSubscriptionOpened: (state, { row }) => state.startSubscriptions.insert(row),
  StartSubscriptionClosed: (state, { key }) => state.startSubscriptions.delete(key),
}
