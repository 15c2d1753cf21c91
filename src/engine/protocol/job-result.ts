import type { Key, Variables } from './values.ts'

/** What a task listener changes in the user task; a left-out attribute stays, an empty text or list clears. */
export interface UserTaskCorrections {
  readonly assignee?: string
  /** ISO-8601 date-time with offset. */
  readonly dueDate?: string
  readonly followUpDate?: string
  readonly candidateGroups?: readonly string[]
  readonly candidateUsers?: readonly string[]
  /** 0–100. */
  readonly priority?: number
}

/** Answer of a task listener: lets the change of the user task happen, corrects it, or denies it. */
export interface UserTaskJobResult {
  readonly type: 'userTask'
  /** The change does not happen; the request for it is refused with `deniedReason`. */
  readonly denied?: boolean
  readonly deniedReason?: string
  readonly corrections?: UserTaskCorrections
}

/** An activity of an ad-hoc subprocess that is to start, with variables of its own. */
export interface ActivateElement {
  readonly elementId: string
  readonly variables?: Variables
}

/** Answer of the worker of an ad-hoc subprocess: what starts in it next, or that it is done. */
export interface AdHocSubProcessJobResult {
  readonly type: 'adHocSubProcess'
  readonly activateElements?: readonly ActivateElement[]
  /** The ad-hoc subprocess completes once nothing is active in it. */
  readonly isCompletionConditionFulfilled?: boolean
  /** With a fulfilled condition: what is still active in it is terminated. */
  readonly isCancelRemainingInstances?: boolean
}

/** What a job's worker may answer besides variables. */
export type JobResult = UserTaskJobResult | AdHocSubProcessJobResult

/** The user task that a task listener is called for, as it will be when no listener corrects or denies. */
export interface UserTaskProperties {
  readonly userTaskKey: Key
  readonly action: string
  readonly assignee: string | null
  readonly candidateGroups: readonly string[]
  readonly candidateUsers: readonly string[]
  /** Which of the attributes the change is about, e.g. `assignee`, `candidateGroupsList`. */
  readonly changedAttributes: readonly string[]
  /** ISO-8601. */
  readonly dueDate: string | null
  readonly followUpDate: string | null
  readonly formKey: Key | null
  readonly priority: number
}
