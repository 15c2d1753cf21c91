import type { Listener, TaskListenerEvent, UserTaskDefinition } from '../model/types.ts'
import type { UserTaskAttributes, UserTaskChange } from '../protocol/events.ts'
import type { UserTaskProperties } from '../protocol/job-result.ts'
import type { Key } from '../protocol/values.ts'
import type { ElementInstanceRow, UserTaskRow } from '../state/rows.ts'
import { guarded } from './incidents.ts'
import { createTaskListenerJob } from './jobs.ts'
import { completeElement, continueTermination } from './lifecycle.ts'
import { setResult } from './mappings.ts'
import type { Processing } from './processing.ts'
import { propagate, setLocal } from './variables.ts'

/** The user task of an element instance that has not ended, if there is one. */
export function openTaskOf(processing: Processing, elementInstanceKey: Key): UserTaskRow | undefined {
  return processing.state.userTasks.findFirst(
    "elementInstanceKey = ? AND state NOT IN ('COMPLETED', 'CANCELED')",
    elementInstanceKey,
  )
}

/** The listeners of a user task for an event. */
export function listenersOf(
  processing: Processing,
  task: UserTaskRow,
  event: TaskListenerEvent,
): UserTaskDefinition['listeners'][TaskListenerEvent] {
  const node = processing.node(processing.element(task.elementInstanceKey))
  return node.task?.kind === 'user' ? node.task.listeners[event] : []
}

/** Attributes of a user task as it is. */
export function attributesOf(task: UserTaskRow): UserTaskAttributes {
  const date = (at: number | null, text: string | null) => (at === null || text === null ? null : { at, text })
  return {
    candidateGroups: JSON.parse(task.candidateGroups),
    candidateUsers: JSON.parse(task.candidateUsers),
    dueDate: date(task.dueDate, task.dueDateText),
    followUpDate: date(task.followUpDate, task.followUpDateText),
    priority: task.priority,
  }
}

/** A change of a user task that has the given parts and leaves the rest as it is. */
export function changeOf(task: UserTaskRow, parts: Partial<UserTaskChange>): UserTaskChange {
  return {
    action: '',
    assignee: task.assignee,
    attributes: attributesOf(task),
    changedAttributes: [],
    variables: {},
    setsVariables: null,
    assignAfterwards: null,
    ...parts,
  }
}

/** The change that the listeners of a user task are asked about. */
export function changeUnderWay(task: UserTaskRow): UserTaskChange {
  if (task.change === null) throw new Error(`no change of user task ${task.key} is under way`)
  return JSON.parse(task.change)
}

/** Starts a change of a user task: its listeners are asked one after the other, then it happens. */
export function startChange(processing: Processing, key: Key, event: TaskListenerEvent, change: UserTaskChange): void {
  processing.emit({ type: 'UserTaskChangeStarted', key, state: event, change })
  continueChange(processing, key)
}

/** Asks the next listener, or carries out the change. */
export function continueChange(processing: Processing, key: Key): void {
  const task = processing.state.userTasks.require(key)
  const row = processing.element(task.elementInstanceKey)
  const event = task.state as TaskListenerEvent
  const listener = listenersOf(processing, task, event)[task.listenerIndex]
  if (listener === undefined) carryOut(processing, task, row)
  else guarded(processing, row.key, () => ask(processing, task, listener, event))
}

/** The incident of a listener that could not be called is resolved: all listeners of the change are asked again. */
export function restartChange(processing: Processing, elementInstanceKey: Key): void {
  const task = openTaskOf(processing, elementInstanceKey)
  if (task?.change == null) return
  startChange(processing, task.key, task.state as TaskListenerEvent, changeUnderWay(task))
}

/** A listener denied: the task is as before the change, and who asked for it is told. */
export function denyChange(processing: Processing, task: UserTaskRow, reason: string): void {
  const { setsVariables } = changeUnderWay(task)
  const refused =
    setsVariables === null
      ? `${CHANGE_NAMES[task.state as TaskListenerEvent]} of the User Task with key '${task.key}'`
      : `Variable update for user task instance with key '${task.elementInstanceKey}'`
  processing.emit({ type: 'UserTaskChangeDenied', key: task.key })
  settle(processing, task.key, `${refused} was denied by Task Listener. Reason to deny: '${reason}'`)
}

/**
 * The element instance of a user task is being terminated; `atOnce`: without asking its listeners.
 * @returns whether listeners are asked first
 */
export function cancelTask(processing: Processing, elementInstanceKey: Key, atOnce: boolean): boolean {
  const task = openTaskOf(processing, elementInstanceKey)
  if (task === undefined) return false
  if (task.change !== null) {
    for (const { key } of processing.state.jobs.find('elementInstanceKey = ? AND endTime IS NULL', elementInstanceKey))
      processing.emit({ type: 'JobCanceled', key })
    settle(
      processing,
      task.key,
      changeUnderWay(task).setsVariables === null
        ? 'user task was canceled during ongoing transition'
        : 'user task was canceled during handling task variables update',
    )
  }
  if (atOnce || listenersOf(processing, task, 'CANCELING').length === 0) {
    processing.emit({ type: 'UserTaskCanceled', key: task.key })
    return false
  }
  startChange(processing, task.key, 'CANCELING', changeOf(task, {}))
  return true
}

const CHANGE_NAMES: Readonly<Record<TaskListenerEvent, string>> = {
  CREATING: 'Creation',
  ASSIGNING: 'Assignment',
  UPDATING: 'Update',
  COMPLETING: 'Completion',
  CANCELING: 'Cancellation',
}

function ask(processing: Processing, task: UserTaskRow, listener: Listener, event: TaskListenerEvent): void {
  createTaskListenerJob(processing, task.elementInstanceKey, listener, event, taskHeaders(task))
}

/** What a listener is told of the task in its headers, as on Camunda. */
function taskHeaders(task: UserTaskRow): Record<string, string> {
  const told = taskProperties(task)
  const list = (values: readonly string[]) => (values.length === 0 ? null : JSON.stringify(values))
  const headers = {
    action: told.action === '' ? null : told.action,
    assignee: told.assignee,
    candidateGroups: list(told.candidateGroups),
    candidateUsers: list(told.candidateUsers),
    changedAttributes: list(told.changedAttributes),
    dueDate: told.dueDate,
    followUpDate: told.followUpDate,
    formKey: told.formKey === null ? null : String(told.formKey),
    priority: String(told.priority),
    userTaskKey: String(told.userTaskKey),
  }
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [[`io.camunda.zeebe:${name}`, value]])),
  )
}

/** What a listener is told of the task: as it is to be. */
export function taskProperties(task: UserTaskRow): UserTaskProperties {
  const change = changeUnderWay(task)
  const { candidateGroups, candidateUsers, dueDate, followUpDate, priority } = change.attributes
  return {
    userTaskKey: task.key,
    action: change.action,
    assignee: change.assignAfterwards ?? change.assignee,
    candidateGroups,
    candidateUsers,
    changedAttributes: change.changedAttributes,
    dueDate: dueDate?.text ?? null,
    followUpDate: followUpDate?.text ?? null,
    formKey: task.formKey,
    priority,
  }
}

const REACHED = {
  CREATING: 'CREATED',
  ASSIGNING: 'CREATED',
  UPDATING: 'CREATED',
  COMPLETING: 'COMPLETED',
  CANCELING: 'CANCELED',
} as const

function carryOut(processing: Processing, task: UserTaskRow, row: ElementInstanceRow): void {
  const { key } = task
  const event = task.state as TaskListenerEvent
  const { assignee, attributes, action, variables, setsVariables, assignAfterwards } = changeUnderWay(task)
  if (setsVariables === 'local') setLocal(processing, row.key, variables)
  if (setsVariables === 'propagate') propagate(processing, row.key, variables)
  processing.emit({ type: 'UserTaskChangeCompleted', key, state: REACHED[event], assignee, attributes, action })
  settle(processing, key, null)
  if (event === 'CANCELING') continueTermination(processing, row.key)
  if (event === 'CREATING' && assignAfterwards !== null) assignAtCreation(processing, key, assignAfterwards)
  if (event !== 'COMPLETING') return
  setResult(processing, processing.node(row), row.key, variables)
  completeElement(processing, row.key)
}

/** The task was created: it gets the assignee that the diagram has for it. */
export function assignAtCreation(processing: Processing, key: Key, assignee: string): void {
  const task = processing.state.userTasks.require(key)
  startChange(processing, key, 'ASSIGNING', changeOf(task, { assignee, changedAttributes: ['assignee'] }))
}

/** Who waits for the change of a task is answered: with a refusal, or that it has happened. */
function settle(processing: Processing, userTaskKey: Key, refusal: string | null): void {
  processing.effects.taskChanges.push({ userTaskKey, refusal })
}
