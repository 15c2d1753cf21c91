import type { Expression } from '../model/expression.ts'
import type { FlowNode, Listener, Task, TaskListenerEvent } from '../model/types.ts'
import type { JobKind, Key, ListenerEventType } from '../protocol/values.ts'
import { evaluateNumber, evaluateText } from './expressions.ts'
import type { Processing } from './processing.ts'
import { userTaskHeaders } from './user-task-attributes.ts'

/** A job whose attributes are evaluated; `create` emits it. */
interface PreparedJob {
  create(): void
}

/** Evaluates type and retries of an element's job. @throws {ElementFailure} */
export function prepareJob(
  processing: Processing,
  node: FlowNode,
  key: Key,
  job: Extract<Task, { readonly kind: 'job' }>,
): PreparedJob {
  const headers =
    job.userTask === undefined ? node.headers : { ...node.headers, ...userTaskHeaders(processing, job.userTask, key) }
  const kind = node.adHoc === undefined ? 'BPMN_ELEMENT' : 'AD_HOC_SUB_PROCESS'
  return prepare(processing, key, job, headers, kind, 'UNSPECIFIED')
}

/** Makes the job of an execution listener. @throws {ElementFailure} */
export function createListenerJob(processing: Processing, key: Key, listener: Listener, event: 'START' | 'END'): void {
  prepare(processing, key, listener, listener.headers, 'EXECUTION_LISTENER', event).create()
}

/** Makes the job of a task listener; `told` are headers about the task. @throws {ElementFailure} */
export function createTaskListenerJob(
  processing: Processing,
  key: Key,
  listener: Listener,
  event: TaskListenerEvent,
  told: Readonly<Record<string, string>>,
): void {
  prepare(processing, key, listener, { ...listener.headers, ...told }, 'TASK_LISTENER', event).create()
}

function prepare(
  processing: Processing,
  elementInstanceKey: Key,
  job: { readonly jobType: Expression; readonly retries: Expression },
  headers: Readonly<Record<string, string>>,
  kind: JobKind,
  listenerEventType: ListenerEventType,
): PreparedJob {
  const jobType = evaluateText(processing, job.jobType, elementInstanceKey)
  const retries = Math.trunc(evaluateNumber(processing, job.retries, elementInstanceKey))
  return {
    create: () =>
      processing.emit({
        type: 'JobCreated',
        key: processing.nextKey(),
        elementInstanceKey,
        jobType,
        kind,
        listenerEventType,
        retries,
        customHeaders: JSON.stringify(headers),
      }),
  }
}
