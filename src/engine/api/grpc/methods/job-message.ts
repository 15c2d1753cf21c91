import type { ActivatedJob, JobKind, ListenerEventType } from '../../../index.ts'
import { DEFAULT_TENANT } from '../../../protocol/values.ts'
import type { ActivatedJobMessage } from '../messages.ts'

/** Numbers of the enumeration `ActivatedJob.JobKind`. */
const KIND: Readonly<Record<JobKind, number>> = {
  BPMN_ELEMENT: 0,
  EXECUTION_LISTENER: 1,
  TASK_LISTENER: 2,
  AD_HOC_SUB_PROCESS: 3,
}

/** Numbers of the enumeration `ActivatedJob.ListenerEventType`. */
const LISTENER_EVENT: Readonly<Record<ListenerEventType, number>> = {
  ASSIGNING: 0,
  CANCELING: 1,
  COMPLETING: 2,
  CREATING: 3,
  END: 4,
  START: 5,
  UNSPECIFIED: 6,
  UPDATING: 7,
}

/** A job as its worker gets it. */
export function jobMessage(job: ActivatedJob): ActivatedJobMessage {
  return {
    key: job.jobKey,
    type: job.type,
    processInstanceKey: job.processInstanceKey,
    bpmnProcessId: job.processDefinitionId,
    processDefinitionVersion: job.processDefinitionVersion,
    processDefinitionKey: job.processDefinitionKey,
    elementId: job.elementId,
    elementInstanceKey: job.elementInstanceKey,
    customHeaders: JSON.stringify(job.customHeaders),
    worker: job.worker,
    retries: job.retries,
    deadline: job.deadline,
    variables: JSON.stringify(job.variables),
    tenantId: DEFAULT_TENANT,
    ...(job.userTask === undefined ? {} : { userTask: userTaskOf(job.userTask) }),
    kind: KIND[job.kind],
    listenerEventType: LISTENER_EVENT[job.listenerEventType],
    tags: job.tags,
  }
}

function userTaskOf(task: NonNullable<ActivatedJob['userTask']>): NonNullable<ActivatedJobMessage['userTask']> {
  return {
    action: task.action,
    ...(task.assignee === null ? {} : { assignee: task.assignee }),
    candidateGroups: task.candidateGroups,
    candidateUsers: task.candidateUsers,
    changedAttributes: task.changedAttributes,
    ...(task.dueDate === null ? {} : { dueDate: task.dueDate }),
    ...(task.followUpDate === null ? {} : { followUpDate: task.followUpDate }),
    ...(task.formKey === null ? {} : { formKey: task.formKey }),
    priority: task.priority,
    userTaskKey: task.userTaskKey,
  }
}
