import type { UserTaskAttributes, UserTaskEvent } from '../../protocol/events.ts'
import type { Appliers } from './types.ts'

/** User tasks. */
export const userTaskAppliers: Appliers<UserTaskEvent> = {
  UserTaskCreated(state, event, time) {
    const element = state.elements.require(event.elementInstanceKey)
    const instance = state.processInstances.require(element.processInstanceKey)
    state.userTasks.insert({
      key: event.key,
      name: element.elementName,
      state: 'CREATED',
      assignee: event.assignee,
      ...columnsOf(event.attributes),
      formKey: event.formKey,
      externalFormReference: event.externalFormReference,
      customHeaders: event.customHeaders,
      action: '',
      elementId: element.elementId,
      elementInstanceKey: element.key,
      processInstanceKey: instance.key,
      processDefinitionKey: instance.processDefinitionKey,
      processDefinitionId: instance.processDefinitionId,
      processDefinitionVersion: instance.processDefinitionVersion,
      creationDate: time,
      completionDate: null,
    })
  },
  UserTaskAssigned: (state, { key, assignee, action }) => state.userTasks.update(key, { assignee, action }),
  UserTaskUpdated: (state, { key, attributes, action }) =>
    state.userTasks.update(key, { ...columnsOf(attributes), action }),
  UserTaskCompleted: (state, { key, action }, time) =>
    state.userTasks.update(key, { state: 'COMPLETED', action, completionDate: time }),
  UserTaskCanceled: (state, { key }, time) => state.userTasks.update(key, { state: 'CANCELED', completionDate: time }),
}

function columnsOf(attributes: UserTaskAttributes) {
  return {
    candidateGroups: JSON.stringify(attributes.candidateGroups),
    candidateUsers: JSON.stringify(attributes.candidateUsers),
    dueDate: attributes.dueDate?.at ?? null,
    dueDateText: attributes.dueDate?.text ?? null,
    followUpDate: attributes.followUpDate?.at ?? null,
    followUpDateText: attributes.followUpDate?.text ?? null,
    priority: attributes.priority,
  }
}
