import { z } from 'zod'
import type { JobObservation, Observation } from './observations.ts'

/** A record of Zeebe's log, as its exporters print it. */
export const zeebeRecord = z.object({
  position: z.number(),
  key: z.number(),
  valueType: z.string(),
  intent: z.string(),
  recordType: z.string(),
  rejectionType: z.string(),
  rejectionReason: z.string(),
  value: z.record(z.string(), z.json()),
})
/** A record of Zeebe's log. */
export type ZeebeRecord = z.output<typeof zeebeRecord>

const element = z.object({
  elementId: z.string(),
  bpmnElementType: z.string(),
  flowScopeKey: z.number(),
  parentElementInstanceKey: z.number(),
})
const variable = z.object({ scopeKey: z.number(), name: z.string(), value: z.string() })
const incident = z.object({ errorType: z.string(), errorMessage: z.string(), elementInstanceKey: z.number() })
const headers = z.record(z.string(), z.json())
const job = z.object({
  elementInstanceKey: z.number(),
  type: z.string(),
  jobKind: z.string(),
  jobListenerEventType: z.string(),
  retries: z.number(),
  customHeaders: headers,
  errorCode: z.string(),
  errorMessage: z.string(),
})
const userTask = z.object({
  elementInstanceKey: z.number(),
  assignee: z.string(),
  candidateGroupsList: z.array(z.string()),
  candidateUsersList: z.array(z.string()),
  dueDate: z.string(),
  followUpDate: z.string(),
  priority: z.number(),
  formKey: z.number(),
  externalFormReference: z.string(),
  customHeaders: headers,
})

const ELEMENT_STATES = {
  ELEMENT_ACTIVATING: 'entered',
  ELEMENT_ACTIVATED: 'activated',
  ELEMENT_COMPLETED: 'completed',
  ELEMENT_TERMINATED: 'terminated',
} as const
const JOB_STATES: Readonly<Record<string, JobObservation['state']>> = {
  CREATED: 'created',
  COMPLETED: 'completed',
  FAILED: 'failed',
  ERROR_THROWN: 'error thrown',
  CANCELED: 'canceled',
  TIMED_OUT: 'timed out',
  RETRIES_UPDATED: 'retries updated',
  TIMEOUT_UPDATED: 'timeout updated',
}
/** Intents after which a user task is what its record says; those in between (ASSIGNING, …) hold what is only wanted. */
const USER_TASK_STATES = {
  CREATING: 'CREATING',
  CREATED: 'CREATED',
  ASSIGNED: 'CREATED',
  UPDATED: 'CREATED',
  COMPLETED: 'COMPLETED',
  CANCELED: 'CANCELED',
} as const

const pick = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined => table[name]

/** What an event of the log says in our words; nothing for one that shows nothing to a user. */
export function observeRecord({ key, valueType, intent, value }: ZeebeRecord): Observation | undefined {
  switch (valueType) {
    case 'PROCESS_INSTANCE': {
      const { elementId, bpmnElementType: elementType, flowScopeKey, parentElementInstanceKey } = element.parse(value)
      if (intent === 'SEQUENCE_FLOW_TAKEN') return { kind: 'flow', flowId: elementId, scopeKey: flowScopeKey }
      const state = pick(ELEMENT_STATES, intent)
      const scopeKey = elementType === 'PROCESS' ? parentElementInstanceKey : flowScopeKey
      return state && { kind: 'element', key, state, elementId, elementType, scopeKey }
    }
    case 'VARIABLE': {
      if (intent !== 'CREATED' && intent !== 'UPDATED') return undefined
      const { scopeKey, name, value: text } = variable.parse(value)
      return { kind: 'variable', scopeKey, name, value: JSON.parse(text) }
    }
    case 'INCIDENT': {
      if (intent !== 'CREATED' && intent !== 'RESOLVED') return undefined
      const { errorType, errorMessage, elementInstanceKey: elementKey } = incident.parse(value)
      const state = intent === 'CREATED' ? 'created' : 'resolved'
      return { kind: 'incident', key, state, errorType, errorMessage, elementKey }
    }
    case 'JOB': {
      const state = pick(JOB_STATES, intent)
      if (state === undefined) return undefined
      const { elementInstanceKey: elementKey, jobListenerEventType: listenerEventType, ...rest } = job.parse(value)
      return { kind: 'job', key, state, elementKey, listenerEventType, headers: rest.customHeaders, ...rest }
    }
    case 'USER_TASK': {
      const state = pick(USER_TASK_STATES, intent)
      if (state === undefined) return undefined
      const { elementInstanceKey: elementKey, formKey, ...rest } = userTask.parse(value)
      return {
        kind: 'userTask',
        key,
        elementKey,
        state,
        ...rest,
        candidateGroups: rest.candidateGroupsList,
        candidateUsers: rest.candidateUsersList,
        formKey: formKey > 0 ? String(formKey) : '',
        headers: rest.customHeaders,
      }
    }
    default:
      return undefined
  }
}
