import { parseDateTime } from '../../model/timer-expression.ts'
import type { AssignUserTask, CompleteUserTask, UnassignUserTask, UpdateUserTask } from '../../protocol/commands.ts'
import type { UserTaskAttributes } from '../../protocol/events.ts'
import type { Key } from '../../protocol/values.ts'
import type { UserTaskRow } from '../../state/rows.ts'
import { completeElement } from '../lifecycle.ts'
import { setResult } from '../mappings.ts'
import type { Processing } from '../processing.ts'
import { invalidArgument, invalidState, notFound } from './reject.ts'

function openTask(processing: Processing, commandType: string, wanted: string, key: Key): UserTaskRow {
  const task = processing.state.userTasks.get(key)
  if (task === undefined || task.state !== 'CREATED') throw notFound(commandType, wanted, 'user task', key)
  return task
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
  processing.emit({
    type: 'UserTaskAssigned',
    key: task.key,
    assignee: command.assignee,
    action: command.action ?? (claims ? 'claim' : 'assign'),
  })
}

/** Takes the assignee off a task. */
export function unassignUserTask(processing: Processing, command: UnassignUserTask): undefined {
  const task = openTask(processing, command.type, 'unassign', command.userTaskKey)
  processing.emit({ type: 'UserTaskAssigned', key: task.key, assignee: null, action: 'unassign' })
}

/** Changes attributes of a task. */
export function updateUserTask(processing: Processing, command: UpdateUserTask): undefined {
  const task = openTask(processing, command.type, 'update', command.userTaskKey)
  const { changeset } = command
  const { priority = task.priority } = changeset
  if (!Number.isInteger(priority) || priority < 0 || priority > 100)
    throw invalidArgument(command.type, `Expected priority to be between 0 and 100, but it was ${priority}`)
  const attributes: UserTaskAttributes = {
    candidateGroups: changeset.candidateGroups ?? JSON.parse(task.candidateGroups),
    candidateUsers: changeset.candidateUsers ?? JSON.parse(task.candidateUsers),
    dueDate: changedDate(command, 'dueDate', task.dueDate, task.dueDateText),
    followUpDate: changedDate(command, 'followUpDate', task.followUpDate, task.followUpDateText),
    priority,
  }
  processing.emit({ type: 'UserTaskUpdated', key: task.key, attributes, action: command.action ?? 'update' })
}

function changedDate(
  command: UpdateUserTask,
  field: 'dueDate' | 'followUpDate',
  at: number | null,
  text: string | null,
): UserTaskAttributes['dueDate'] {
  const given = command.changeset[field]
  if (given === undefined) return at === null || text === null ? null : { at, text }
  if (given === null || given === '') return null
  const parsed = parseDateTime(given)
  if (parsed === undefined)
    throw invalidArgument(command.type, `Expected ${field} to be a date-time with offset, but it was '${given}'`)
  return { at: parsed, text: given }
}

/** Completes a task: the process goes on with its variables. */
export function completeUserTask(processing: Processing, command: CompleteUserTask): undefined {
  const task = openTask(processing, command.type, 'complete', command.userTaskKey)
  const row = processing.element(task.elementInstanceKey)
  processing.emit({ type: 'UserTaskCompleted', key: task.key, action: command.action ?? 'complete' })
  setResult(processing, processing.node(row), row.key, command.variables ?? {})
  completeElement(processing, row.key)
}
