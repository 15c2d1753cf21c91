import { parseDateTime } from '../../model/timer-expression.ts'
import type { AssignUserTask, CompleteUserTask, UnassignUserTask, UpdateUserTask } from '../../protocol/commands.ts'
import type { UserTaskAttributes } from '../../protocol/events.ts'
import type { Key } from '../../protocol/values.ts'
import type { UserTaskRow } from '../../state/rows.ts'
import { completeElement } from '../lifecycle.ts'
import { setResult } from '../mappings.ts'
import type { Processing } from '../processing.ts'
import { attributesOf, changeOf, listenersOf, startChange } from '../user-tasks.ts'
import { invalidArgument, invalidState, notFound } from './reject.ts'

function openTask(processing: Processing, commandType: string, wanted: string, key: Key): UserTaskRow {
  const task = processing.state.userTasks.get(key)
  if (task === undefined || task.state === 'COMPLETED' || task.state === 'CANCELED')
    throw notFound(commandType, wanted, 'user task', key)
  if (task.state === 'CREATED') return task
  throw invalidState(
    commandType,
    `Expected to ${wanted} user task with key '${key}', but it is in state '${task.state}'`,
  )
}

/** Assigns a task, or claims it when it may not be taken from another. */
export function assignUserTask(processing: Processing, command: AssignUserTask): undefined {
  const claims = command.allowOverride === false
  const task = openTask(processing, command.type, claims ? 'claim' : 'assign', command.userTaskKey)
  if (command.assignee === '') throw invalidArgument(command.type, 'Expected assignee to be present, but it was blank')
  if (claims && task.assignee !== null && task.assignee !== command.assignee)
    throw invalidState(
      command.type,
      `Expected to claim user task with key '${task.key}', but it has already been assigned`,
    )
  assign(processing, task, command.assignee, command.action ?? (claims ? 'claim' : 'assign'))
}

/** Takes the assignee off a task. */
export function unassignUserTask(processing: Processing, command: UnassignUserTask): undefined {
  assign(processing, openTask(processing, command.type, 'assign', command.userTaskKey), null, 'unassign')
}

function assign(processing: Processing, task: UserTaskRow, assignee: string | null, action: string): void {
  if (listenersOf(processing, task, 'ASSIGNING').length === 0) {
    processing.emit({ type: 'UserTaskAssigned', key: task.key, assignee, action })
    return
  }
  const changedAttributes = assignee === task.assignee ? [] : ['assignee']
  processing.awaitedTask = task.key
  startChange(processing, task.key, 'ASSIGNING', changeOf(task, { assignee, action, changedAttributes }))
}

/** Changes attributes of a task. */
export function updateUserTask(processing: Processing, command: UpdateUserTask): undefined {
  const task = openTask(processing, command.type, 'update', command.userTaskKey)
  const before = attributesOf(task)
  const { changeset, action = 'update' } = command
  const { priority = task.priority } = changeset
  if (!Number.isInteger(priority) || priority < 0 || priority > 100)
    throw invalidArgument(command.type, `Expected priority to be between 0 and 100, but it was ${priority}`)
  const attributes: UserTaskAttributes = {
    candidateGroups: changeset.candidateGroups ?? before.candidateGroups,
    candidateUsers: changeset.candidateUsers ?? before.candidateUsers,
    dueDate: changedDate(command, 'dueDate', before.dueDate),
    followUpDate: changedDate(command, 'followUpDate', before.followUpDate),
    priority,
  }
  if (listenersOf(processing, task, 'UPDATING').length === 0) {
    processing.emit({ type: 'UserTaskUpdated', key: task.key, attributes, action })
    return
  }
  processing.awaitedTask = task.key
  const changedAttributes = namesOfChanged(before, attributes)
  startChange(processing, task.key, 'UPDATING', changeOf(task, { attributes, action, changedAttributes }))
}

function namesOfChanged(before: UserTaskAttributes, after: UserTaskAttributes): string[] {
  const differs = (name: keyof UserTaskAttributes) => JSON.stringify(before[name]) !== JSON.stringify(after[name])
  return [
    ...(differs('candidateGroups') ? ['candidateGroupsList'] : []),
    ...(differs('candidateUsers') ? ['candidateUsersList'] : []),
    ...(['dueDate', 'followUpDate', 'priority'] as const).filter(differs),
  ]
}

function changedDate(
  command: UpdateUserTask,
  field: 'dueDate' | 'followUpDate',
  before: UserTaskAttributes['dueDate'],
): UserTaskAttributes['dueDate'] {
  const given = command.changeset[field]
  if (given === undefined) return before
  if (given === null || given === '') return null
  const parsed = parseDateTime(given)
  if (parsed === undefined)
    throw invalidArgument(command.type, `Expected ${field} to be a date-time with offset, but it was '${given}'`)
  return { at: parsed, text: given }
}

/** Completes a task: the process goes on with its variables. */
export function completeUserTask(processing: Processing, command: CompleteUserTask): undefined {
  const task = openTask(processing, command.type, 'complete', command.userTaskKey)
  const { variables = {}, action = 'complete' } = command
  if (listenersOf(processing, task, 'COMPLETING').length > 0) {
    processing.awaitedTask = task.key
    startChange(processing, task.key, 'COMPLETING', changeOf(task, { variables, action }))
    return
  }
  const row = processing.element(task.elementInstanceKey)
  processing.emit({ type: 'UserTaskCompleted', key: task.key, action })
  setResult(processing, processing.node(row), row.key, variables)
  completeElement(processing, row.key)
}
