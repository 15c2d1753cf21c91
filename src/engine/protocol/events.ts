import type {
  CompensationSubscriptionRow,
  CorrelatedMessageSubscriptionRow,
  DecisionDefinitionRow,
  DecisionInstanceRow,
  DecisionRequirementsRow,
  FormRow,
  MessageStartSubscriptionRow,
  MessageSubscriptionRow,
  ProcessDefinitionRow,
  ResourceRow,
  SignalSubscriptionRow,
  TimerRow,
} from '../state/rows.ts'
import type { BatchOperationPlan, BatchOperationState } from './batch-operations.ts'
import type { ElementType, IncidentErrorType, JobKind, Key, ListenerEventType, Variables } from './values.ts'

/**
 * What has happened. The journal holds these; an event holds all that its applier cannot read from the rows, so that
 * replay needs no diagram, no FEEL and no clock. The meaning of an event type never changes: a new meaning is a new type.
 */
export type EngineEvent =
  | DefinitionEvent
  | InstanceEvent
  | JobEvent
  | UserTaskEvent
  | WaitingEvent
  | MigrationEvent
  | BatchOperationEvent
  | { readonly type: 'ClockPinned'; readonly at: number }
  | { readonly type: 'ClockReset' }
  /** Process instances that ended long ago are not kept any longer: all their rows are gone. */
  | { readonly type: 'HistoryPruned'; readonly processInstanceKeys: readonly Key[] }

/** Batch operations. */
export type BatchOperationEvent =
  | {
      readonly type: 'BatchOperationCreated'
      readonly key: Key
      readonly plan: BatchOperationPlan
      readonly items: readonly (readonly [itemKey: Key, processInstanceKey: Key])[]
    }
  /** `errorMessage`: why the item failed; null: it is done. */
  | { readonly type: 'BatchOperationItemProcessed'; readonly id: string; readonly errorMessage: string | null }
  /** CANCELED: the items that were not processed are canceled with it. */
  | { readonly type: 'BatchOperationStateChanged'; readonly key: Key; readonly state: BatchOperationState }

/** Version of the event format in the journal. */
export const EVENT_FORMAT = 1

/** A row as its deployment makes it. */
type Deployed<Row> = Omit<Row, 'deletedAt'>

/** Deployments. */
export type DefinitionEvent =
  | { readonly type: 'ProcessDeployed'; readonly row: Deployed<ProcessDefinitionRow> }
  | { readonly type: 'DecisionRequirementsDeployed'; readonly row: Deployed<DecisionRequirementsRow> }
  | { readonly type: 'DecisionDeployed'; readonly row: Deployed<DecisionDefinitionRow> }
  | { readonly type: 'FormDeployed'; readonly row: Deployed<FormRow> }
  | { readonly type: 'ResourceDeployed'; readonly row: Deployed<ResourceRow> }
  /** Gone for all but history. */
  | { readonly type: 'ProcessDeleted'; readonly key: Key }
  /** With its decisions. */
  | { readonly type: 'DecisionRequirementsDeleted'; readonly key: Key }
  | { readonly type: 'FormDeleted'; readonly key: Key }
  | { readonly type: 'ResourceDeleted'; readonly key: Key }
  | { readonly type: 'StartSubscriptionOpened'; readonly row: MessageStartSubscriptionRow }
  | { readonly type: 'StartSubscriptionClosed'; readonly key: Key }

/** Process and element instances, their variables and incidents. */
export type InstanceEvent =
  | {
      readonly type: 'ProcessInstanceCreated'
      readonly key: Key
      readonly processDefinitionKey: Key
      /** The call activity's element instance, when one started it. */
      readonly parentElementInstanceKey: Key | null
      readonly tags: readonly string[]
      readonly correlationKey: string | null
      /** Elements after which it is terminated. */
      readonly terminateAfter?: readonly string[]
    }
  | {
      readonly type: 'ElementActivating'
      readonly key: Key
      readonly elementId: string
      readonly elementName: string | null
      readonly elementType: ElementType
      readonly processInstanceKey: Key
      /** `NO_KEY` for the process itself. */
      readonly flowScopeKey: Key
      readonly loopCounter: number | null
      /** Whether a sequence flow that was taken ends here. */
      readonly byFlow: boolean
    }
  | { readonly type: 'ElementActivated'; readonly key: Key }
  | { readonly type: 'ElementCompleting'; readonly key: Key }
  | { readonly type: 'ElementCompleted'; readonly key: Key }
  /** `trigger`: JSON of the event that takes over when it has terminated. */
  | { readonly type: 'ElementTerminating'; readonly key: Key; readonly trigger: string | null }
  | { readonly type: 'ElementTerminated'; readonly key: Key }
  | { readonly type: 'ListenerCompleted'; readonly key: Key }
  /** An event-based gateway was left by an event. */
  | { readonly type: 'EventChosen'; readonly key: Key; readonly trigger: string }
  /** The worker of an ad-hoc subprocess said that it completes once nothing is active in it. */
  | { readonly type: 'AdHocFulfilled'; readonly key: Key }
  /** The event that waited until everything in an interrupted scope has terminated goes on. */
  | { readonly type: 'TriggerTaken'; readonly key: Key }
  /** The normal flow of a scope has ended: its tokens and flows are gone. */
  | { readonly type: 'ScopeInterrupted'; readonly key: Key; readonly elementId: string }
  /** A modification activates something in an interrupted scope: its flow is normal again. */
  | { readonly type: 'ScopeResumed'; readonly key: Key }
  | { readonly type: 'MultiInstanceStarted'; readonly key: Key; readonly items: string }
  | {
      readonly type: 'SequenceFlowTaken'
      readonly flowId: string
      readonly scopeKey: Key
      /** The joining gateway where the token waits, if it does. */
      readonly gatewayId: string | null
    }
  | { readonly type: 'GatewayJoined'; readonly scopeKey: Key; readonly flowIds: readonly string[] }
  | {
      readonly type: 'VariableCreated'
      readonly key: Key
      readonly scopeKey: Key
      readonly processInstanceKey: Key
      readonly name: string
      readonly value: string
    }
  | { readonly type: 'VariableUpdated'; readonly key: Key; readonly value: string }
  /** One item of a list (from 0) has a new value; what is no list becomes one. */
  | { readonly type: 'VariableItemSet'; readonly key: Key; readonly index: number; readonly value: string }
  | {
      readonly type: 'IncidentCreated'
      readonly key: Key
      readonly elementInstanceKey: Key
      readonly jobKey: Key | null
      readonly errorType: IncidentErrorType
      readonly errorMessage: string
    }
  | { readonly type: 'IncidentResolved'; readonly key: Key }
  | { readonly type: 'DecisionEvaluated'; readonly row: DecisionInstanceRow }

/** Migration of a process instance: each event is applied to what its key names as it is then. */
export type MigrationEvent =
  | { readonly type: 'ProcessInstanceMigrated'; readonly key: Key; readonly processDefinitionKey: Key }
  | {
      readonly type: 'ElementMigrated'
      readonly key: Key
      readonly elementId: string
      readonly elementName: string | null
      /** Set when they name elements. */
      readonly trigger?: string
      readonly interruptedBy?: string
    }
  /** The tokens that wait behind flows of a scope now wait behind others. */
  | {
      readonly type: 'TokensMigrated'
      readonly scopeKey: Key
      readonly moves: readonly {
        readonly flowId: string
        readonly targetFlowId: string
        readonly gatewayId: string
        readonly tokens: number
      }[]
    }
  | {
      readonly type: 'TimerMigrated'
      readonly key: Key
      readonly elementId: string
      readonly schedule: string | null
    }
  | {
      readonly type: 'MessageSubscriptionMigrated' | 'SignalSubscriptionMigrated'
      readonly key: Key
      readonly elementId: string
      readonly interrupting: 0 | 1
    }

/** Jobs. */
export type JobEvent =
  | {
      readonly type: 'JobCreated'
      readonly key: Key
      readonly elementInstanceKey: Key
      readonly jobType: string
      readonly kind: JobKind
      readonly listenerEventType: ListenerEventType
      readonly retries: number
      readonly customHeaders: string
    }
  | { readonly type: 'JobActivated'; readonly key: Key; readonly worker: string; readonly deadline: number }
  /** `deniedReason`: its worker denied what it was asked. */
  | { readonly type: 'JobCompleted'; readonly key: Key; readonly deniedReason?: string }
  | {
      readonly type: 'JobFailed'
      readonly key: Key
      readonly retries: number
      readonly errorMessage: string
      /** When it comes back; null: at once, or never when no retries are left. */
      readonly retryAt: number | null
    }
  | {
      readonly type: 'JobErrorThrown'
      readonly key: Key
      readonly errorCode: string
      readonly errorMessage: string
      /** Whether an event catches it; if not, the job is not over: it may return when its incident is resolved. */
      readonly caught: boolean
    }
  | { readonly type: 'JobCanceled'; readonly key: Key }
  | { readonly type: 'JobTimedOut'; readonly key: Key }
  /** It can be activated again: its back-off is over or its incident was resolved. */
  | { readonly type: 'JobReturned'; readonly key: Key }
  | { readonly type: 'JobRetriesUpdated'; readonly key: Key; readonly retries: number }
  | { readonly type: 'JobTimeoutUpdated'; readonly key: Key; readonly deadline: number }

/** Attributes of a user task that an event carries; a date as text with its offset and as instant. */
export interface UserTaskAttributes {
  readonly candidateGroups: readonly string[]
  readonly candidateUsers: readonly string[]
  readonly dueDate: { readonly text: string; readonly at: number } | null
  readonly followUpDate: { readonly text: string; readonly at: number } | null
  readonly priority: number
}

/** A change of a user task that its listeners are asked about: how the task is to be when none denies. */
export interface UserTaskChange {
  readonly action: string
  readonly assignee: string | null
  readonly attributes: UserTaskAttributes
  /** Names of what changes, as the listeners are told. */
  readonly changedAttributes: readonly string[]
  /** Of the completion, or to be set at the task. */
  readonly variables: Variables
  /** The change is to set `variables`: as locals of the task, or each where it is defined. */
  readonly setsVariables: 'local' | 'propagate' | null
  /** While it is created: whom the diagram has it assigned to afterwards. */
  readonly assignAfterwards: string | null
}

/** User tasks. */
export type UserTaskEvent =
  | {
      readonly type: 'UserTaskCreated'
      readonly key: Key
      readonly elementInstanceKey: Key
      readonly assignee: string | null
      readonly attributes: UserTaskAttributes
      readonly formKey: Key | null
      readonly externalFormReference: string | null
      readonly customHeaders: string
    }
  | { readonly type: 'UserTaskAssigned'; readonly key: Key; readonly assignee: string | null; readonly action: string }
  | {
      readonly type: 'UserTaskUpdated'
      readonly key: Key
      readonly attributes: UserTaskAttributes
      readonly action: string
    }
  | { readonly type: 'UserTaskCompleted'; readonly key: Key; readonly action: string }
  | { readonly type: 'UserTaskCanceled'; readonly key: Key }
  /** Its listeners are asked from the first on. */
  | {
      readonly type: 'UserTaskChangeStarted'
      readonly key: Key
      readonly state: 'CREATING' | 'ASSIGNING' | 'UPDATING' | 'COMPLETING' | 'CANCELING'
      readonly change: UserTaskChange
    }
  /** A listener agreed; `change` has its corrections. */
  | { readonly type: 'UserTaskListenerCompleted'; readonly key: Key; readonly change: UserTaskChange }
  /** All listeners agreed: the change has happened. */
  | {
      readonly type: 'UserTaskChangeCompleted'
      readonly key: Key
      readonly state: 'CREATED' | 'COMPLETED' | 'CANCELED'
      readonly assignee: string | null
      readonly attributes: UserTaskAttributes
      readonly action: string
    }
  /** A listener denied: the task is as before. */
  | { readonly type: 'UserTaskChangeDenied'; readonly key: Key }

/** Timers, messages, signals and what waits for them. */
export type WaitingEvent =
  | { readonly type: 'TimerCreated'; readonly row: TimerRow }
  | { readonly type: 'TimerTriggered'; readonly key: Key }
  | { readonly type: 'TimerCanceled'; readonly key: Key }
  | {
      readonly type: 'MessagePublished'
      readonly key: Key
      readonly name: string
      readonly correlationKey: string
      readonly messageId: string | null
      readonly variables: string
      /** Kept until then; null: not kept. */
      readonly expiresAt: number | null
    }
  | { readonly type: 'MessageExpired'; readonly key: Key }
  /** A buffered message was given to a process, and will not be given to it again. */
  | { readonly type: 'MessageCorrelated'; readonly key: Key; readonly processDefinitionId: string }
  /** A message was given to a subscription or a start event; for who asks later who got which message. */
  | { readonly type: 'MessageSubscriptionCorrelated'; readonly row: CorrelatedMessageSubscriptionRow }
  | { readonly type: 'MessageSubscriptionOpened'; readonly row: MessageSubscriptionRow }
  | { readonly type: 'MessageSubscriptionClosed'; readonly key: Key }
  /** A signal was sent, by command or by an event; those that waited for it follow. */
  | { readonly type: 'SignalBroadcast'; readonly key: Key; readonly name: string; readonly variables: string }
  | { readonly type: 'SignalSubscriptionOpened'; readonly row: SignalSubscriptionRow }
  | { readonly type: 'SignalSubscriptionClosed'; readonly key: Key }
  /** An activity has completed that can be compensated. */
  | { readonly type: 'CompensationSubscribed'; readonly row: CompensationSubscriptionRow }
  /** An event has it compensated. */
  | { readonly type: 'CompensationTriggered'; readonly key: Key; readonly throwKey: Key }
  | { readonly type: 'CompensationHandlerStarted'; readonly key: Key; readonly handlerKey: Key }
  /** It was compensated, or cannot be any more. */
  | { readonly type: 'CompensationEnded'; readonly key: Key }
