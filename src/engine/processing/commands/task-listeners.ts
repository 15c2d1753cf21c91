import { parseDateTime } from '../../model/timer-expression.ts'
import type { CompleteJob } from '../../protocol/commands.ts'
import type { UserTaskAttributes, UserTaskChange } from '../../protocol/events.ts'
import type { UserTaskCorrections, UserTaskJobResult } from '../../protocol/job-result.ts'
import type { JobRow, UserTaskRow } from '../../state/rows.ts'
import type { Processing } from '../processing.ts'
import { changeUnderWay, continueChange, denyChange, openTaskOf } from '../user-tasks.ts'
import { invalidArgument } from './reject.ts'

/** A task listener answered: the next is asked, the change happens, or it was denied. */
export function completeTaskListener(processing: Processing, command: CompleteJob, job: JobRow): void {
  const task = openTaskOf(processing, job.elementInstanceKey)
  if (task === undefined) throw new Error(`job ${job.key} of a task listener has no user task`)
  // As on Camunda a result that is for another kind of job says nothing here.
  const result = command.result?.type === 'userTask' ? command.result : undefined
  const corrected = check(command, job, task, result)
  if (result?.denied === true) {
    const deniedReason = result.deniedReason ?? ''
    processing.emit({ type: 'JobCompleted', key: job.key, deniedReason })
    denyChange(processing, task, deniedReason)
    return
  }
  processing.emit({ type: 'JobCompleted', key: job.key })
  processing.emit({ type: 'UserTaskListenerCompleted', key: task.key, change: corrected })
  continueChange(processing, task.key)
}

/** Refuses what a listener may not answer. @returns the change with the listener's corrections */
function check(
  command: CompleteJob,
  job: JobRow,
  task: UserTaskRow,
  result: UserTaskJobResult | undefined,
): UserTaskChange {
  const place = `(job key '${job.key}', type '${job.type}', processInstanceKey '${job.processInstanceKey}')`
  const refuse = (reason: string) => invalidArgument(command.type, reason)
  if (Object.keys(command.variables ?? {}).length > 0)
    throw refuse(`Task Listener job completion with variables payload provided is not yet supported ${place}.`)
  const corrections = result?.corrections ?? {}
  const isCorrected = Object.values(corrections).some((value) => value !== undefined)
  if (result?.denied === true && !DENYING.includes(job.listenerEventType))
    throw refuse(
      `Denying result is not supported for '${job.listenerEventType}' task listener jobs ${place}. ` +
        `Only the following listener event types support denying: [${DENYING.join(', ')}].`,
    )
  if (result?.denied === true && isCorrected)
    throw refuse(
      `Expected to complete task listener job with corrections, but the job result is denied ${place}. ` +
        'The corrections would be reverted by the denial. Either complete the job with corrections without setting denied, ' +
        'or complete the job with a denied result but no corrections.',
    )
  const change = changeUnderWay(task)
  if (corrections.assignee !== undefined && change.assignAfterwards !== null)
    throw refuse(
      "Expected to complete task listener job, but correcting the assignee on 'CREATING' event is not supported when the " +
        `user task has an assignee defined in the model ${place}. Use the 'CREATING' event to set an assignee only if it ` +
        "was not defined. Use the 'ASSIGNING' event to correct an assignee that is already defined.",
    )
  return correct(command, change, corrections)
}

const DENYING: readonly string[] = ['ASSIGNING', 'COMPLETING', 'UPDATING']

/** Names of the attributes as listeners are told what has changed. */
const NAMES: Readonly<Record<keyof UserTaskCorrections, string>> = {
  assignee: 'assignee',
  candidateGroups: 'candidateGroupsList',
  candidateUsers: 'candidateUsersList',
  dueDate: 'dueDate',
  followUpDate: 'followUpDate',
  priority: 'priority',
}

function correct(command: CompleteJob, change: UserTaskChange, corrections: UserTaskCorrections): UserTaskChange {
  const { attributes } = change
  const { priority = attributes.priority } = corrections
  if (!Number.isInteger(priority) || priority < 0 || priority > 100)
    throw invalidArgument(command.type, `Expected corrected priority to be between 0 and 100, but it was ${priority}`)
  const names = (Object.keys(NAMES) as (keyof UserTaskCorrections)[])
    .filter((name) => corrections[name] !== undefined)
    .map((name) => NAMES[name])
  const withVariables = Object.keys(change.variables).length > 0 ? ['variables'] : []
  return {
    ...change,
    assignee: corrections.assignee === undefined ? change.assignee : corrections.assignee || null,
    attributes: {
      candidateGroups: corrections.candidateGroups ?? attributes.candidateGroups,
      candidateUsers: corrections.candidateUsers ?? attributes.candidateUsers,
      dueDate: correctedDate(command, 'dueDate', corrections, attributes),
      followUpDate: correctedDate(command, 'followUpDate', corrections, attributes),
      priority,
    },
    changedAttributes: [...new Set([...change.changedAttributes, ...names, ...withVariables])].sort(),
  }
}

function correctedDate(
  command: CompleteJob,
  field: 'dueDate' | 'followUpDate',
  corrections: UserTaskCorrections,
  attributes: UserTaskAttributes,
): UserTaskAttributes['dueDate'] {
  const text = corrections[field]
  if (text === undefined) return attributes[field]
  if (text === '') return null
  const at = parseDateTime(text)
  if (at === undefined)
    throw invalidArgument(
      command.type,
      `Expected corrected ${field} to be a date-time with offset, but it was '${text}'`,
    )
  return { at, text }
}
