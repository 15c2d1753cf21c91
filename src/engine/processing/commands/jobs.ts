import type { ActivateJobs, CompleteJob, FailJob, ThrowJobError, UpdateJob } from '../../protocol/commands.ts'
import { MAX_ACTIVATED_JOBS, MAX_ACTIVATED_SIZE } from '../../protocol/limits.ts'
import type { ActivatedJob, CommandResults } from '../../protocol/results.ts'
import type { IncidentErrorType, JobKind, Key } from '../../protocol/values.ts'
import type { JobRow } from '../../state/rows.ts'
import { unhandledError } from '../behaviors/events.ts'
import { raiseIncident } from '../incidents.ts'
import { completeElement, continueActivation, continueCompletion } from '../lifecycle.ts'
import { setResult } from '../mappings.ts'
import type { Processing } from '../processing.ts'
import { later } from '../timers.ts'
import { findCatcher, triggerEvent } from '../triggers.ts'
import { changeUnderWay, openTaskOf, taskProperties } from '../user-tasks.ts'
import { assign, setLocal, sizeOfVisible, visible } from '../variables.ts'
import { completeAdHocJob } from './ad-hoc.ts'
import { invalidArgument, invalidState, notFound } from './reject.ts'
import { completeTaskListener } from './task-listeners.ts'

/** Hands out jobs of a type, oldest first. */
export function activateJobs(processing: Processing, command: ActivateJobs): CommandResults['ActivateJobs'] {
  const expected = (what: string, given: number) =>
    invalidArgument(
      command.type,
      `Expected to activate job batch with ${what} to be greater than zero, but it was '${given}'`,
    )
  if (!(command.maxJobs >= 1)) throw expected('max jobs to activate', command.maxJobs)
  if (!(command.timeout >= 1)) throw expected('timeout', command.timeout)
  if (command.jobType === '')
    throw invalidArgument(command.type, 'Expected to activate job batch with type to be present, but it was blank')
  const found = processing.state.jobs.find(
    'type = ? AND activatable = 1 ORDER BY key LIMIT ?',
    command.jobType,
    Math.min(Math.trunc(command.maxJobs), MAX_ACTIVATED_JOBS),
  )
  const jobs: ActivatedJob[] = []
  // An answer too large for anybody to take helps nobody: the other jobs are for the next one who asks.
  for (let size = 0; jobs.length < found.length && size < MAX_ACTIVATED_SIZE; ) {
    const job = found[jobs.length] as JobRow
    size += sizeOfVisible(processing, job.elementInstanceKey, command.fetchVariables)
    if (jobs.length > 0 && size > MAX_ACTIVATED_SIZE) break
    jobs.push(activate(processing, command, job))
  }
  return { jobs }
}

function activate(processing: Processing, command: ActivateJobs, job: JobRow): ActivatedJob {
  const deadline = later(processing.now, command.timeout)
  processing.emit({ type: 'JobActivated', key: job.key, worker: command.worker, deadline })
  return {
    jobKey: job.key,
    type: job.type,
    kind: job.kind,
    listenerEventType: job.listenerEventType,
    processInstanceKey: job.processInstanceKey,
    processDefinitionId: job.processDefinitionId,
    processDefinitionVersion: job.processDefinitionVersion,
    processDefinitionKey: job.processDefinitionKey,
    elementId: job.elementId,
    elementInstanceKey: job.elementInstanceKey,
    customHeaders: JSON.parse(job.customHeaders),
    worker: command.worker,
    retries: job.retries,
    deadline,
    variables: visible(processing, job.elementInstanceKey, command.fetchVariables),
    tags: JSON.parse(processing.state.processInstances.get(job.processInstanceKey)?.tags ?? '[]'),
    ...(job.kind === 'TASK_LISTENER' ? listenerView(processing, command, job) : {}),
  }
}

/** What a task listener sees: the user task and its variables as they are to be. */
function listenerView(
  processing: Processing,
  { fetchVariables = [] }: ActivateJobs,
  job: JobRow,
): Pick<ActivatedJob, 'variables' | 'userTask'> {
  const task = openTaskOf(processing, job.elementInstanceKey)
  if (task === undefined) throw new Error(`job ${job.key} of a task listener has no user task`)
  const variables = visible(processing, job.elementInstanceKey, fetchVariables)
  for (const [name, value] of Object.entries(changeUnderWay(task).variables))
    if (fetchVariables.length === 0 || fetchVariables.includes(name)) assign(variables, name, value)
  return { variables, userTask: taskProperties(task) }
}

/** A job that can be worked on: waiting or held by a worker. */
function openJob(processing: Processing, commandType: string, wanted: string, key: Key): JobRow {
  const job = existingJob(processing, commandType, wanted, key)
  if (job.state === 'ERROR_THROWN' || (job.activatable === 0 && job.deadline === null))
    throw invalidState(commandType, `Expected to ${wanted} job with key '${key}', but it is in state '${job.state}'`)
  return job
}

function existingJob(processing: Processing, commandType: string, wanted: string, key: Key): JobRow {
  const job = processing.state.jobs.get(key)
  if (job === undefined || job.state === 'COMPLETED' || job.state === 'CANCELED')
    throw notFound(commandType, wanted, 'job', key)
  return job
}

/** Completes a job: the element goes on with its variables. */
export function completeJob(processing: Processing, command: CompleteJob): undefined {
  const job = openJob(processing, command.type, 'complete', command.jobKey)
  const row = processing.element(job.elementInstanceKey)
  const variables = command.variables ?? {}
  if (job.kind === 'TASK_LISTENER') {
    completeTaskListener(processing, command, job)
    return
  }
  if (job.kind === 'AD_HOC_SUB_PROCESS') {
    completeAdHocJob(processing, command, job)
    return
  }
  processing.emit({ type: 'JobCompleted', key: job.key })
  if (job.kind === 'BPMN_ELEMENT') {
    setResult(processing, processing.node(row), row.key, variables)
    completeElement(processing, row.key)
    return
  }
  processing.emit({ type: 'ListenerCompleted', key: row.key })
  if (job.listenerEventType === 'START') {
    setLocal(processing, row.key, variables)
    continueActivation(processing, row.key)
  } else {
    // As observed on Camunda: into the scope around the element itself, not propagated further.
    setLocal(processing, row.flowScopeKey > 0 ? row.flowScopeKey : row.key, variables)
    continueCompletion(processing, row.key)
  }
}

/** A job failed: it comes back, or makes an incident. */
export function failJob(processing: Processing, command: FailJob): undefined {
  const job = openJob(processing, command.type, 'fail', command.jobKey)
  const backOff = command.retryBackOff ?? 0
  if (backOff < 0)
    throw invalidArgument(command.type, `Expected retryBackOff not to be negative, but it was ${backOff}`)
  const retries = Math.trunc(command.retries)
  const errorMessage = command.errorMessage ?? ''
  processing.emit({
    type: 'JobFailed',
    key: job.key,
    retries,
    errorMessage,
    retryAt: retries > 0 && backOff > 0 ? later(processing.now, backOff) : null,
  })
  if (command.variables !== undefined) setLocal(processing, job.elementInstanceKey, command.variables)
  if (retries <= 0)
    raiseIncident(
      processing,
      job.elementInstanceKey,
      {
        errorType: NO_RETRIES[job.kind],
        message: errorMessage === '' ? 'No more retries left.' : errorMessage,
      },
      job.key,
    )
}

const NO_RETRIES: Readonly<Record<JobKind, IncidentErrorType>> = {
  BPMN_ELEMENT: 'JOB_NO_RETRIES',
  EXECUTION_LISTENER: 'EXECUTION_LISTENER_NO_RETRIES',
  TASK_LISTENER: 'TASK_LISTENER_NO_RETRIES',
  AD_HOC_SUB_PROCESS: 'AD_HOC_SUB_PROCESS_NO_RETRIES',
}

/** Throws a BPMN error from a job; one that nobody catches makes an incident. */
export function throwJobError(processing: Processing, command: ThrowJobError): undefined {
  const job = openJob(processing, command.type, 'throw an error for', command.jobKey)
  if (job.kind !== 'BPMN_ELEMENT' && job.kind !== 'AD_HOC_SUB_PROCESS')
    throw invalidState(
      command.type,
      `Cannot throw BPMN error from ${job.kind} job with key '${job.key}', type '${job.type}' and processInstanceKey '${job.processInstanceKey}'`,
    )
  const { errorCode, errorMessage = '' } = command
  const row = processing.element(job.elementInstanceKey)
  const catcher = findCatcher(processing, 'error', errorCode, row)
  processing.emit({ type: 'JobErrorThrown', key: job.key, errorCode, errorMessage, caught: catcher !== undefined })
  if (catcher === undefined)
    raiseIncident(processing, row.key, unhandledError(processing, row, errorCode, errorMessage), job.key)
  else triggerEvent(processing, catcher.waiting.key, catcher.event, command.variables ?? {})
}

/** Changes the retries or the timeout of a job. */
export function updateJob(processing: Processing, command: UpdateJob): undefined {
  const job = existingJob(processing, command.type, 'update', command.jobKey)
  const { retries, timeout } = command
  if (retries === undefined && timeout === undefined)
    throw invalidArgument(command.type, 'Expected retries or timeout to be given, but neither is')
  if (retries !== undefined && !(retries >= 1))
    throw invalidArgument(
      command.type,
      `Expected to update retries for job with key '${job.key}' with a positive amount of retries, but the amount given was '${retries}'`,
    )
  if (timeout !== undefined && job.deadline === null)
    throw invalidState(
      command.type,
      `Expected to update the timeout of job with key '${job.key}', but it is not active`,
    )
  if (retries !== undefined) processing.emit({ type: 'JobRetriesUpdated', key: job.key, retries: Math.trunc(retries) })
  if (timeout !== undefined)
    processing.emit({ type: 'JobTimeoutUpdated', key: job.key, deadline: later(processing.now, timeout) })
}
