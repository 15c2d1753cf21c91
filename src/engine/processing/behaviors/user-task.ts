import type { Expression } from '../../model/expression.ts'
import type { UserTaskAttributes } from '../../protocol/events.ts'
import type { Key } from '../../protocol/values.ts'
import { evaluateNumber, evaluateText, evaluateTexts } from '../expressions.ts'
import { activated } from '../lifecycle.ts'
import { type Behavior, ElementFailure, type Processing } from '../processing.ts'
import { attachedEvents, prepareSubscriptions } from '../subscriptions.ts'
import { evaluateDate, findForm } from '../user-task-attributes.ts'
import { assignAtCreation, cancelTask, changeOf, startChange } from '../user-tasks.ts'
import { jobTask } from './tasks.ts'

/** Priority of a user task that has none of its own. */
const DEFAULT_PRIORITY = 50

/** A task that a person does, managed by the engine. */
export const userTask: Behavior = {
  activate(processing, node, row) {
    if (node.task?.kind === 'job') {
      jobTask.activate(processing, node, row)
      return
    }
    if (node.task?.kind !== 'user') throw new Error(`${node.id} is not a user task`)
    const { task } = node
    const assignee = task.assignee === undefined ? '' : evaluateText(processing, task.assignee, row.key)
    const attributes: UserTaskAttributes = {
      candidateGroups: evaluateTexts(processing, task.candidateGroups, row.key),
      candidateUsers: evaluateTexts(processing, task.candidateUsers, row.key),
      dueDate: evaluateDate(processing, task.dueDate, row.key),
      followUpDate: evaluateDate(processing, task.followUpDate, row.key),
      priority: evaluatePriority(processing, task.priority, row.key),
    }
    const formKey = findForm(processing, task, row.key)
    const externalFormReference =
      task.externalFormReference === undefined ? null : evaluateText(processing, task.externalFormReference, row.key)
    const subscriptions = prepareSubscriptions(processing, row, attachedEvents(node, row))
    subscriptions.open()
    const { CREATING, ASSIGNING } = task.listeners
    const asked = CREATING.length > 0 || (ASSIGNING.length > 0 && assignee !== '')
    const key = processing.nextKey()
    processing.emit({
      type: 'UserTaskCreated',
      key,
      elementInstanceKey: row.key,
      assignee: assignee === '' || asked ? null : assignee,
      attributes,
      formKey,
      externalFormReference,
      customHeaders: JSON.stringify(node.headers),
    })
    activated(processing, row.key)
    if (asked) askListeners(processing, key, CREATING.length > 0, assignee)
  },

  terminate: (processing, row, atOnce) => cancelTask(processing, row.key, atOnce),
}

function askListeners(processing: Processing, key: Key, atCreation: boolean, assignee: string): void {
  if (!atCreation) {
    assignAtCreation(processing, key, assignee)
    return
  }
  const task = processing.state.userTasks.require(key)
  startChange(processing, key, 'CREATING', changeOf(task, { assignAfterwards: assignee === '' ? null : assignee }))
}

function evaluatePriority(processing: Processing, expression: Expression | undefined, scopeKey: Key): number {
  if (expression === undefined) return DEFAULT_PRIORITY
  const priority = evaluateNumber(processing, expression, scopeKey)
  if (!Number.isInteger(priority))
    throw new ElementFailure(
      'EXTRACT_VALUE_ERROR',
      `Expected result of the expression '${expression.source}' to be an integer, but was a decimal.`,
    )
  if (priority >= 0 && priority <= 100) return priority
  throw new ElementFailure('EXTRACT_VALUE_ERROR', `Expected priority to be in the range [0,100] but was '${priority}'.`)
}
