/** Rows of the tables, column by column as in `schema.ts`. */
import type { BatchOperationItemState, BatchOperationState, BatchOperationType } from '../protocol/batch-operations.ts'
import type {
  ElementType,
  IncidentErrorType,
  JobKind,
  JobState,
  Key,
  LifecycleState,
  ListenerEventType,
  UserTaskState,
} from '../protocol/values.ts'

/** A flag as SQLite stores it. */
type Flag = 0 | 1

/** A row of `process_definition`. */
export interface ProcessDefinitionRow {
  readonly key: Key
  readonly processDefinitionId: string
  readonly version: number
  readonly versionTag: string | null
  readonly name: string | null
  readonly resourceName: string
  readonly checksum: string
  readonly content: string
  readonly deploymentKey: Key
  readonly deletedAt: number | null
}

/** A row of `decision_requirements`. */
export interface DecisionRequirementsRow {
  readonly key: Key
  readonly decisionRequirementsId: string
  readonly name: string
  readonly version: number
  readonly resourceName: string
  readonly checksum: string
  readonly content: string
  readonly deploymentKey: Key
  readonly deletedAt: number | null
}

/** A row of `decision_definition`. */
export interface DecisionDefinitionRow {
  readonly key: Key
  readonly decisionDefinitionId: string
  readonly name: string
  readonly version: number
  readonly decisionRequirementsKey: Key
  readonly decisionRequirementsId: string
  readonly deploymentKey: Key
  /** Absent in what was deployed before there were any. */
  readonly versionTag?: string | null
  readonly deletedAt: number | null
}

/** A row of `form`. */
export interface FormRow {
  readonly key: Key
  readonly formId: string
  readonly version: number
  readonly resourceName: string
  readonly checksum: string
  readonly content: string
  readonly deploymentKey: Key
  /** Absent in what was deployed before there were any. */
  readonly versionTag?: string | null
  readonly deletedAt: number | null
}

/** A row of `resource`. */
export interface ResourceRow {
  readonly key: Key
  readonly resourceId: string
  readonly version: number
  readonly versionTag: string | null
  readonly resourceName: string
  readonly checksum: string
  readonly content: string
  readonly deploymentKey: Key
  readonly deletedAt: number | null
}

/** A row of `process_instance`. */
export interface ProcessInstanceRow {
  readonly key: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly processDefinitionVersion: number
  readonly parentProcessInstanceKey: Key | null
  readonly parentElementInstanceKey: Key | null
  readonly rootProcessInstanceKey: Key
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED'
  readonly startDate: number
  readonly endDate: number | null
  readonly incidentCount: number
  readonly tags: string
  readonly callDepth: number
  readonly correlationKey: string | null
  readonly terminateAfter: string | null
}

/** A row of `element_instance`. */
export interface ElementInstanceRow {
  readonly key: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly elementId: string
  readonly elementName: string | null
  readonly type: ElementType
  readonly state: LifecycleState
  readonly startDate: number
  readonly endDate: number | null
  readonly incidentKey: Key | null
  readonly flowScopeKey: Key
  readonly loopCounter: number | null
  readonly loopItems: string | null
  readonly listenerIndex: number
  readonly activeChildren: number
  readonly childrenStarted: number
  readonly activeFlows: number
  readonly interruptedBy: string | null
  readonly trigger: string | null
}

/** A row of `gateway_token`. */
export interface GatewayTokenRow {
  readonly id: string
  readonly scopeKey: Key
  readonly gatewayId: string
  readonly tokens: number
}

/** A row of `variable`. */
export interface VariableRow {
  readonly key: Key
  readonly name: string
  readonly value: string
  readonly scopeKey: Key
  readonly processInstanceKey: Key
}

/** A row of `job`. */
export interface JobRow {
  readonly key: Key
  readonly type: string
  readonly kind: JobKind
  readonly listenerEventType: ListenerEventType
  readonly state: JobState
  readonly worker: string
  readonly retries: number
  readonly deadline: number | null
  readonly retryAt: number | null
  readonly activatable: Flag
  readonly errorCode: string | null
  readonly errorMessage: string | null
  readonly customHeaders: string
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly processDefinitionVersion: number
  readonly creationTime: number
  readonly lastUpdateTime: number
  readonly endTime: number | null
  readonly deniedReason: string | null
}

/** A row of `user_task`. */
export interface UserTaskRow {
  readonly key: Key
  readonly name: string | null
  readonly state: UserTaskState
  readonly assignee: string | null
  readonly candidateGroups: string
  readonly candidateUsers: string
  readonly dueDate: number | null
  readonly followUpDate: number | null
  readonly dueDateText: string | null
  readonly followUpDateText: string | null
  readonly priority: number
  readonly formKey: Key | null
  readonly externalFormReference: string | null
  readonly customHeaders: string
  readonly action: string
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly processDefinitionVersion: number
  readonly creationDate: number
  readonly completionDate: number | null
  readonly listenerIndex: number
  readonly change: string | null
}

/** A row of `timer`. */
export interface TimerRow {
  readonly key: Key
  readonly dueAt: number
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly repetitions: number
  readonly schedule: string | null
}

/** A row of `message`. */
export interface MessageRow {
  readonly key: Key
  readonly name: string
  readonly correlationKey: string
  readonly messageId: string | null
  readonly variables: string
  readonly publishedAt: number
  readonly expiresAt: number
}

/** A row of `message_correlation`. */
export interface MessageCorrelationRow {
  readonly id: string
  readonly messageKey: Key
  readonly processDefinitionId: string
}

/** A row of `message_subscription`. */
export interface MessageSubscriptionRow {
  readonly key: Key
  readonly messageName: string
  readonly correlationKey: string
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly interrupting: Flag
  readonly creationDate: number
}

/** A row of `correlated_message_subscription`. */
export interface CorrelatedMessageSubscriptionRow {
  readonly id: string
  readonly messageKey: Key
  readonly messageName: string
  readonly correlationKey: string
  readonly subscriptionKey: Key
  readonly correlationTime: number
  readonly elementId: string
  readonly elementInstanceKey: Key | null
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
}

/** A row of `ended_message_subscription`. */
export interface EndedMessageSubscriptionRow {
  readonly key: Key
  readonly messageName: string
  readonly correlationKey: string
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly state: 'CORRELATED' | 'DELETED'
  readonly endDate: number
}

/** A row of `task_assignee`. */
export interface TaskAssigneeRow {
  readonly id: string
  readonly assignee: string
  readonly assignedAt: number
}

/** A row of `message_start_subscription`. */
export interface MessageStartSubscriptionRow {
  readonly key: Key
  readonly messageName: string
  readonly elementId: string
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
}

/** A row of `signal_subscription`. */
export interface SignalSubscriptionRow {
  readonly key: Key
  readonly signalName: string
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly interrupting: Flag
}

/** A row of `compensation_subscription`. */
export interface CompensationSubscriptionRow {
  readonly key: Key
  readonly scopeKey: Key
  readonly activityKey: Key
  readonly activityId: string
  readonly boundaryId: string | null
  readonly processInstanceKey: Key
  readonly throwKey: Key | null
  readonly handlerKey: Key | null
}

/** A row of `incident`. */
export interface IncidentRow {
  readonly key: Key
  readonly errorType: IncidentErrorType
  readonly errorMessage: string
  readonly state: 'ACTIVE' | 'RESOLVED'
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly jobKey: Key | null
  readonly creationTime: number
  readonly endTime: number | null
}

/** A row of `decision_instance`. */
export interface DecisionInstanceRow {
  readonly key: Key
  readonly state: 'EVALUATED' | 'FAILED'
  readonly decisionDefinitionKey: Key
  readonly decisionDefinitionId: string
  readonly decisionDefinitionName: string
  readonly decisionDefinitionVersion: number
  readonly decisionRequirementsKey: Key
  readonly decisionRequirementsId: string
  readonly evaluationDate: number
  readonly output: string
  readonly failureMessage: string | null
  readonly evaluatedDecisions: string
  readonly processInstanceKey: Key | null
  readonly processDefinitionKey: Key | null
  readonly elementInstanceKey: Key | null
}

/** A row of `batch_operation`. */
export interface BatchOperationRow {
  readonly key: Key
  readonly type: BatchOperationType
  readonly state: BatchOperationState
  readonly plan: string
  readonly startDate: number
  readonly endDate: number | null
  readonly totalCount: number
  readonly completedCount: number
  readonly failedCount: number
}

/** A row of `batch_operation_item`. */
export interface BatchOperationItemRow {
  readonly id: string
  readonly batchOperationKey: Key
  readonly itemKey: Key
  readonly processInstanceKey: Key
  readonly state: BatchOperationItemState
  readonly processedDate: number | null
  readonly errorMessage: string | null
}
