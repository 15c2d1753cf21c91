import type { JsonValue } from '../../../src/engine/index.ts'

/** One thing that an engine's log tells, in words that all engines share. Keys are only compared with each other. */
export type Observation =
  | ElementObservation
  | { readonly kind: 'flow'; readonly flowId: string; readonly scopeKey: number }
  | { readonly kind: 'variable'; readonly scopeKey: number; readonly name: string; readonly value: JsonValue }
  | IncidentObservation
  | JobObservation
  | UserTaskObservation

/** An element instance changed its state; `entered` comes first and shows where it lies. */
export interface ElementObservation {
  readonly kind: 'element'
  readonly key: number
  readonly state: 'entered' | 'activated' | 'completed' | 'terminated'
  readonly elementId: string
  readonly elementType: string
  /** The scope around it; of a called process the call activity's instance; -1 for a root process. */
  readonly scopeKey: number
}

/** An incident was made or resolved. */
export interface IncidentObservation {
  readonly kind: 'incident'
  readonly key: number
  readonly state: 'created' | 'resolved'
  readonly errorType: string
  readonly errorMessage: string
  readonly elementKey: number
}

/** A job was made or changed. */
export interface JobObservation {
  readonly kind: 'job'
  readonly key: number
  readonly state:
    | 'created'
    | 'completed'
    | 'failed'
    | 'error thrown'
    | 'canceled'
    | 'timed out'
    | 'retries updated'
    | 'timeout updated'
  readonly elementKey: number
  readonly type: string
  readonly jobKind: string
  readonly listenerEventType: string
  readonly retries: number
  readonly headers: Readonly<Record<string, JsonValue>>
  /** Of a failure or an error, else ''. */
  readonly errorCode: string
  readonly errorMessage: string
}

/** A user task after a change. */
export interface UserTaskObservation {
  readonly kind: 'userTask'
  readonly key: number
  readonly elementKey: number
  /** While it is `CREATING`, listeners are asked and no user sees it. */
  readonly state: 'CREATING' | 'CREATED' | 'COMPLETED' | 'CANCELED'
  readonly assignee: string
  readonly candidateGroups: readonly string[]
  readonly candidateUsers: readonly string[]
  readonly dueDate: string
  readonly followUpDate: string
  readonly priority: number
  readonly formKey: string
  readonly externalFormReference: string
  readonly headers: Readonly<Record<string, JsonValue>>
}
