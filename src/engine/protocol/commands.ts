import type {
  CancelBatchOperation,
  CreateBatchOperation,
  ResumeBatchOperation,
  SuspendBatchOperation,
} from './batch-operations.ts'
import type { ActivateElement, JobResult } from './job-result.ts'
import type {
  DeleteResource,
  MigrateProcessInstance,
  ModifyProcessInstance,
  RuntimeInstruction,
  StartInstruction,
} from './operations.ts'
import type { Key, Variables } from './values.ts'

/** One file of a deployment; the extension of `name` (.bpmn, .dmn, .form) says how to read `content`. */
export interface ResourceFile {
  readonly name: string
  readonly content: string
}

/** Deploys files together: all of them or none. Equal content again keeps its version. */
export interface DeployResources {
  readonly type: 'DeployResources'
  readonly resources: readonly ResourceFile[]
}

/** Starts a process by definition key, or by id and version (latest when left out). */
export interface CreateProcessInstance {
  readonly type: 'CreateProcessInstance'
  readonly processDefinitionKey?: Key
  readonly processDefinitionId?: string
  readonly processDefinitionVersion?: number
  readonly variables?: Variables
  readonly tags?: readonly string[]
  /** Where to begin; at the none start event when left out or empty. Listeners of the process are not called then. */
  readonly startInstructions?: readonly StartInstruction[]
  readonly runtimeInstructions?: readonly RuntimeInstruction[]
  /** Answer only when the instance has completed; its root variables are then part of the result. */
  readonly awaitCompletion?: boolean
  /** Which root variables to answer with; all when left out or empty. */
  readonly fetchVariables?: readonly string[]
  /** Milliseconds of real time to wait for the completion; DEADLINE_EXCEEDED after it. Default 10,000. */
  readonly requestTimeout?: number
}

/** Terminates a root process instance and everything in it. */
export interface CancelProcessInstance {
  readonly type: 'CancelProcessInstance'
  readonly processInstanceKey: Key
}

/** Hands out up to `maxJobs` jobs of one type, oldest first; they return to the pool after `timeout`. */
export interface ActivateJobs {
  readonly type: 'ActivateJobs'
  readonly jobType: string
  readonly worker: string
  /** Milliseconds, > 0. */
  readonly timeout: number
  readonly maxJobs: number
  /** Names of the variables to fetch; all visible ones when left out or empty. */
  readonly fetchVariables?: readonly string[]
}

/** Completes a job with variables for the element; `result` answers as a task listener or as an ad-hoc subprocess. */
export interface CompleteJob {
  readonly type: 'CompleteJob'
  readonly jobKey: Key
  readonly variables?: Variables
  readonly result?: JobResult
}

/** Reports a failure; no retries left makes an incident, else the job comes back after `retryBackOff`. */
export interface FailJob {
  readonly type: 'FailJob'
  readonly jobKey: Key
  readonly retries: number
  readonly errorMessage?: string
  /** Milliseconds, default 0. */
  readonly retryBackOff?: number
  readonly variables?: Variables
}

/** Throws a BPMN error from a job. */
export interface ThrowJobError {
  readonly type: 'ThrowJobError'
  readonly jobKey: Key
  readonly errorCode: string
  readonly errorMessage?: string
  readonly variables?: Variables
}

/** Changes retries (≥ 1) and/or the remaining timeout (milliseconds from now) of a job. */
export interface UpdateJob {
  readonly type: 'UpdateJob'
  readonly jobKey: Key
  readonly retries?: number
  readonly timeout?: number
}

/** Assigns a user task; `allowOverride: false` is a claim (refused when another assignee has it). */
export interface AssignUserTask {
  readonly type: 'AssignUserTask'
  readonly userTaskKey: Key
  readonly assignee: string
  readonly allowOverride?: boolean
  readonly action?: string
}

/** Takes the assignee off a user task. */
export interface UnassignUserTask {
  readonly type: 'UnassignUserTask'
  readonly userTaskKey: Key
}

/** Attributes of a user task that may be changed; a left-out one stays, an empty list or `null` date clears. */
export interface UserTaskChangeset {
  readonly candidateGroups?: readonly string[]
  readonly candidateUsers?: readonly string[]
  /** ISO-8601 date-time with offset. */
  readonly dueDate?: string | null
  readonly followUpDate?: string | null
  /** 0–100. */
  readonly priority?: number
}

/** Changes attributes of a user task. */
export interface UpdateUserTask {
  readonly type: 'UpdateUserTask'
  readonly userTaskKey: Key
  readonly changeset: UserTaskChangeset
  readonly action?: string
}

/** Completes a user task with variables. */
export interface CompleteUserTask {
  readonly type: 'CompleteUserTask'
  readonly userTaskKey: Key
  readonly variables?: Variables
  readonly action?: string
}

/** Starts activities of an active ad-hoc subprocess. */
export interface ActivateAdHocActivities {
  readonly type: 'ActivateAdHocActivities'
  readonly adHocSubProcessInstanceKey: Key
  readonly elements: readonly ActivateElement[]
  /** Terminates first what is active in it. */
  readonly cancelRemainingInstances?: boolean
}

/** Publishes a message that waits for a subscription up to `timeToLive`. */
export interface PublishMessage {
  readonly type: 'PublishMessage'
  readonly name: string
  readonly correlationKey?: string
  /** Milliseconds; 0 (default) correlates now or never. */
  readonly timeToLive?: number
  /** Refused (ALREADY_EXISTS) while another message of the same name, key and id is buffered. */
  readonly messageId?: string
  readonly variables?: Variables
}

/** Correlates a message now; NOT_FOUND when nothing waits for it. Never buffered. */
export interface CorrelateMessage {
  readonly type: 'CorrelateMessage'
  readonly name: string
  readonly correlationKey?: string
  readonly variables?: Variables
}

/** Broadcasts a signal to all that wait for it now; it is not kept for later. */
export interface BroadcastSignal {
  readonly type: 'BroadcastSignal'
  readonly signalName: string
  readonly variables?: Variables
}

/** Tries again what made the incident. */
export interface ResolveIncident {
  readonly type: 'ResolveIncident'
  readonly incidentKey: Key
}

/** Sets variables at an element instance; not `local`: each where it is defined in the scopes above, else at the root. */
export interface SetVariables {
  readonly type: 'SetVariables'
  readonly elementInstanceKey: Key
  readonly variables: Variables
  readonly local?: boolean
}

/** Evaluates a decision by key, or the latest version by id. */
export interface EvaluateDecision {
  readonly type: 'EvaluateDecision'
  readonly decisionDefinitionKey?: Key
  readonly decisionDefinitionId?: string
  readonly variables?: Variables
}

/** Stops the engine's clock at an instant (durable), and fires whatever is due by then. */
export interface PinClock {
  readonly type: 'PinClock'
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly timestamp: number
}

/** Lets the engine's clock run with the machine's again. */
export interface ResetClock {
  readonly type: 'ResetClock'
}

/** What a client can ask of the engine: one type for each operation of the API. */
export type Command =
  | DeployResources
  | CreateProcessInstance
  | CancelProcessInstance
  | ModifyProcessInstance
  | MigrateProcessInstance
  | DeleteResource
  | CreateBatchOperation
  | SuspendBatchOperation
  | ResumeBatchOperation
  | CancelBatchOperation
  | ActivateJobs
  | CompleteJob
  | FailJob
  | ThrowJobError
  | UpdateJob
  | AssignUserTask
  | UnassignUserTask
  | UpdateUserTask
  | CompleteUserTask
  | ActivateAdHocActivities
  | PublishMessage
  | CorrelateMessage
  | BroadcastSignal
  | ResolveIncident
  | SetVariables
  | EvaluateDecision
  | PinClock
  | ResetClock

/** What the scheduler asks when a row is due. */
export type ScheduledCommand =
  | { readonly type: 'TriggerTimer'; readonly timerKey: Key }
  | { readonly type: 'TimeOutJob'; readonly jobKey: Key }
  | { readonly type: 'ReactivateJob'; readonly jobKey: Key }
  | { readonly type: 'ExpireMessage'; readonly messageKey: Key }
  | { readonly type: 'ProcessBatchItem'; readonly itemKey: Key; readonly itemId: string }
