import type { UserTaskAttributes, UserTaskEvent } from '../../protocol/events.ts'
import type { State } from '../state.ts'
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
      listenerIndex: 0,
      change: null,
    })
    recordAssignee(state, event.assignee, time)
  },
  UserTaskAssigned(state, { key, assignee, action }, time) {
    state.userTasks.update(key, { assignee, action })
    recordAssignee(state, assignee, time)
  },
  UserTaskUpdated: (state, { key, attributes, action }) =>
    state.userTasks.update(key, { ...columnsOf(attributes), action }),
  UserTaskCompleted: (state, { key, action }, time) =>
    state.userTasks.update(key, { state: 'COMPLETED', action, completionDate: time }),
  UserTaskCanceled: (state, { key }, time) =>
    state.userTasks.update(key, { state: 'CANCELED', completionDate: time, ...UNCHANGING }),
  UserTaskChangeStarted: (state, { key, state: reached, change }) =>
    state.userTasks.update(key, { state: reached, listenerIndex: 0, change: JSON.stringify(change) }),
  UserTaskListenerCompleted(state, { key, change }) {
    const { listenerIndex } = state.userTasks.require(key)
    state.userTasks.update(key, { listenerIndex: listenerIndex + 1, change: JSON.stringify(change) })
  },
  UserTaskChangeCompleted(state, { key, state: reached, assignee, attributes, action }, time) {
    if (assignee !== state.userTasks.require(key).assignee) recordAssignee(state, assignee, time)
    state.userTasks.update(key, {
      state: reached,
      assignee,
      ...columnsOf(attributes),
      action,
      ...UNCHANGING,
      ...(reached === 'CREATED' ? {} : { completionDate: time }),
    })
  },
  UserTaskChangeDenied: (state, { key }) => state.userTasks.update(key, { state: 'CREATED', ...UNCHANGING }),
}

const FIVE_MINUTES = 300_000

/** Notes who has a task, once in five minutes. */
function recordAssignee(state: State, assignee: string | null, time: number): void {
  if (assignee === null) return
  const id = `${Math.floor(time / FIVE_MINUTES)}/${assignee}`
  if (state.taskAssignees.get(id) === undefined) state.taskAssignees.insert({ id, assignee, assignedAt: time })
}

/** No change of the task is under way. */
const UNCHANGING = { listenerIndex: 0, change: null }

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
