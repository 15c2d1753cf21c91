import type { ZeebeRecord } from '../observation/records.ts'
import { type Client, type JobResult, Rejection, type UserTaskCommands } from './client.ts'

/** Commands that the in-memory Zeebe has no gRPC call for, sent to its control port. */
export type ControlCommands = UserTaskCommands &
  Pick<Client, 'deleteResource'> & {
    completeJobWithResult: Client['completeJob']
    /** Over gRPC the in-memory engine forgets the variables. */
    failJobWithVariables: Client['failJob']
  }

/**
 * Sends commands to the control port of an in-memory Zeebe. They are written to its log and get no answer: the log tells.
 * @param processed waits until the log stands still and gives its new records
 */
export function controlCommands(url: string, processed: () => Promise<ZeebeRecord[]>): ControlCommands {
  async function send(valueType: string, path: string, body: object): Promise<void> {
    await processed()
    const response = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    const refusal = (await processed()).find(
      // The engine also refuses commands of its own, such as a parallel join that is not complete.
      (record) => record.recordType === 'COMMAND_REJECTION' && record.valueType === valueType,
    )
    if (refusal !== undefined) throw new Rejection(refusal.rejectionType, refusal.rejectionReason)
  }
  return {
    completeUserTask: (key, variables, action) =>
      send('USER_TASK', `/user-tasks/${key}/completion`, { variables, ...(action && { action }) }),
    assignUserTask: (key, assignee, { claim, action }) =>
      send('USER_TASK', `/user-tasks/${key}/${claim ? 'claim' : 'assignment'}`, {
        assignee,
        ...(action && { action }),
      }),
    unassignUserTask: (key) => send('USER_TASK', `/user-tasks/${key}/assignment`, { assignee: '', action: 'unassign' }),
    updateUserTask: (key, changes, action) =>
      send('USER_TASK', `/user-tasks/${key}/update`, { ...changes, ...(action && { action }) }),
    correlate: (message) => send('MESSAGE_CORRELATION', '/messages/correlation', message),
    deleteResource: (key) => send('RESOURCE_DELETION', `/resources/${key}/deletion`, {}),
    failJobWithVariables: (key, failure) => send('JOB', `/jobs/${key}/failure`, failure),
    completeJobWithResult: (key, variables, result?: JobResult) =>
      send('JOB', `/jobs/${key}/completion`, { variables, ...(result && { result }) }),
  }
}
