/** Values shared by commands, events and rows. */

/**
 * A key as Camunda makes them for partition 1: `(1 << 51) + n`. It fits a double exactly, so inside the engine it is a
 * plain number; the API prints it as a decimal string.
 */
export type Key = number

/** The first key is `KEY_BASE + 1`. */
export const KEY_BASE: Key = 2 ** 51

/** No key: the place of a key that does not apply (Camunda prints it as `-1`). */
export const NO_KEY: Key = -1

/** The only tenant of the embedded engine. */
export const DEFAULT_TENANT = '<default>'

/** A value as JSON knows it; variables are stored as JSON text. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue }

/** Variables by name. */
export type Variables = { [name: string]: JsonValue }

/** Kinds of element instances, named as in Camunda's API. */
export const ELEMENT_TYPES = [
  'PROCESS',
  'SUB_PROCESS',
  'EVENT_SUB_PROCESS',
  'AD_HOC_SUB_PROCESS',
  'AD_HOC_SUB_PROCESS_INNER_INSTANCE',
  'START_EVENT',
  'INTERMEDIATE_CATCH_EVENT',
  'INTERMEDIATE_THROW_EVENT',
  'BOUNDARY_EVENT',
  'END_EVENT',
  'SERVICE_TASK',
  'RECEIVE_TASK',
  'USER_TASK',
  'MANUAL_TASK',
  'TASK',
  'EXCLUSIVE_GATEWAY',
  'INCLUSIVE_GATEWAY',
  'PARALLEL_GATEWAY',
  'EVENT_BASED_GATEWAY',
  'SEQUENCE_FLOW',
  'MULTI_INSTANCE_BODY',
  'CALL_ACTIVITY',
  'BUSINESS_RULE_TASK',
  'SCRIPT_TASK',
  'SEND_TASK',
] as const
/** Kind of an element instance. */
export type ElementType = (typeof ELEMENT_TYPES)[number]

/** Where an element instance is in its life; `processing/lifecycle.ts` has the table. */
export type LifecycleState = 'ACTIVATING' | 'ACTIVATED' | 'COMPLETING' | 'COMPLETED' | 'TERMINATING' | 'TERMINATED'

/** What a job is for. */
export type JobKind = 'BPMN_ELEMENT' | 'EXECUTION_LISTENER' | 'TASK_LISTENER' | 'AD_HOC_SUB_PROCESS'

/** When an execution listener (START, END) or a task listener is called; `UNSPECIFIED` for other jobs. */
export type ListenerEventType =
  | 'START'
  | 'END'
  | 'CREATING'
  | 'ASSIGNING'
  | 'UPDATING'
  | 'COMPLETING'
  | 'CANCELING'
  | 'UNSPECIFIED'

/** State of a job as Camunda's search shows it; a job held by a worker is CREATED, FAILED, … with a `deadline`. */
export type JobState =
  | 'CREATED'
  | 'COMPLETED'
  | 'FAILED'
  | 'ERROR_THROWN'
  | 'CANCELED'
  | 'TIMED_OUT'
  | 'RETRIES_UPDATED'

/** State of a user task; one that ends with ING lasts while the task's listeners are asked. */
export type UserTaskState =
  | 'CREATING'
  | 'CREATED'
  | 'ASSIGNING'
  | 'UPDATING'
  | 'COMPLETING'
  | 'COMPLETED'
  | 'CANCELING'
  | 'CANCELED'

/** Camunda's names of the reasons for an incident. */
export type IncidentErrorType =
  | 'JOB_NO_RETRIES'
  | 'EXECUTION_LISTENER_NO_RETRIES'
  | 'TASK_LISTENER_NO_RETRIES'
  | 'AD_HOC_SUB_PROCESS_NO_RETRIES'
  | 'IO_MAPPING_ERROR'
  | 'CONDITION_ERROR'
  | 'EXTRACT_VALUE_ERROR'
  | 'CALLED_ELEMENT_ERROR'
  | 'CALLED_DECISION_ERROR'
  | 'DECISION_EVALUATION_ERROR'
  | 'UNHANDLED_ERROR_EVENT'
  | 'FORM_NOT_FOUND'
  | 'UNKNOWN'
