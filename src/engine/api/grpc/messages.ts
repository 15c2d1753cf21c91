/**
 * The messages of `gateway.proto` as the decoder gives and the encoder takes them. A field that was not sent reads as the
 * empty value of its type. An int64 that was sent is an object, so that none loses digits; keys fit a number.
 */

/** An int64 or uint64. */
export type Int64 = number | { toNumber(): number; toString(): string }

interface KeyedRequest {
  readonly operationReference: Int64
}

export interface CreateProcessInstanceRequest extends KeyedRequest {
  readonly processDefinitionKey: Int64
  readonly bpmnProcessId: string
  readonly version: number
  readonly variables: string
  readonly startInstructions: readonly { readonly elementId: string }[]
  readonly tenantId: string
  readonly runtimeInstructions: readonly { readonly terminate?: { readonly afterElementId: string } | null }[]
  readonly tags: readonly string[]
}

export interface ActivateJobsRequest {
  readonly type: string
  readonly worker: string
  readonly timeout: Int64
  readonly maxJobsToActivate: number
  readonly fetchVariable: readonly string[]
  readonly requestTimeout: Int64
  readonly tenantIds: readonly string[]
}

export type StreamActivatedJobsRequest = Omit<ActivateJobsRequest, 'maxJobsToActivate' | 'requestTimeout'>

/** A field of a `JobResult` that is there only when it was sent. */
type Sent<T> = T | null | undefined

export interface JobResult {
  readonly denied?: Sent<boolean>
  readonly corrections?: Sent<{
    readonly assignee?: Sent<string>
    readonly dueDate?: Sent<string>
    readonly followUpDate?: Sent<string>
    readonly candidateUsers?: Sent<{ readonly values: readonly string[] }>
    readonly candidateGroups?: Sent<{ readonly values: readonly string[] }>
    readonly priority?: Sent<number>
  }>
  readonly deniedReason?: Sent<string>
  readonly type?: Sent<string>
  readonly activateElements: readonly { readonly elementId: string; readonly variables: string }[]
  readonly isCompletionConditionFulfilled?: Sent<boolean>
  readonly isCancelRemainingInstances?: Sent<boolean>
}

export interface ModifyProcessInstanceRequest extends KeyedRequest {
  readonly processInstanceKey: Int64
  readonly activateInstructions: readonly {
    readonly elementId: string
    readonly ancestorElementInstanceKey: Int64
    readonly variableInstructions: readonly { readonly variables: string; readonly scopeId: string }[]
  }[]
  readonly terminateInstructions: readonly { readonly elementInstanceKey: Int64 }[]
}

export interface MigrateProcessInstanceRequest extends KeyedRequest {
  readonly processInstanceKey: Int64
  readonly migrationPlan: {
    readonly targetProcessDefinitionKey: Int64
    readonly mappingInstructions: readonly { readonly sourceElementId: string; readonly targetElementId: string }[]
  } | null
}

/** The request of each method. */
export interface Requests {
  Topology: object
  DeployResource: {
    readonly resources: readonly { readonly name: string; readonly content: Uint8Array }[]
    readonly tenantId: string
  }
  DeployProcess: { readonly processes: readonly { readonly name: string; readonly definition: Uint8Array }[] }
  DeleteResource: KeyedRequest & { readonly resourceKey: Int64 }
  CreateProcessInstance: CreateProcessInstanceRequest
  CreateProcessInstanceWithResult: {
    readonly request: CreateProcessInstanceRequest | null
    readonly requestTimeout: Int64
    readonly fetchVariables: readonly string[]
  }
  CancelProcessInstance: KeyedRequest & { readonly processInstanceKey: Int64 }
  ModifyProcessInstance: ModifyProcessInstanceRequest
  MigrateProcessInstance: MigrateProcessInstanceRequest
  SetVariables: KeyedRequest & {
    readonly elementInstanceKey: Int64
    readonly variables: string
    readonly local: boolean
  }
  ResolveIncident: KeyedRequest & { readonly incidentKey: Int64 }
  ActivateJobs: ActivateJobsRequest
  StreamActivatedJobs: StreamActivatedJobsRequest
  CompleteJob: { readonly jobKey: Int64; readonly variables: string; readonly result: JobResult | null }
  FailJob: {
    readonly jobKey: Int64
    readonly retries: number
    readonly errorMessage: string
    readonly retryBackOff: Int64
    readonly variables: string
  }
  ThrowError: {
    readonly jobKey: Int64
    readonly errorCode: string
    readonly errorMessage: string
    readonly variables: string
  }
  UpdateJobRetries: KeyedRequest & { readonly jobKey: Int64; readonly retries: number }
  UpdateJobTimeout: KeyedRequest & { readonly jobKey: Int64; readonly timeout: Int64 }
  PublishMessage: {
    readonly name: string
    readonly correlationKey: string
    readonly timeToLive: Int64
    readonly messageId: string
    readonly variables: string
    readonly tenantId: string
  }
  BroadcastSignal: { readonly signalName: string; readonly variables: string; readonly tenantId: string }
  EvaluateDecision: {
    readonly decisionKey: Int64
    readonly decisionId: string
    readonly variables: string
    readonly tenantId: string
  }
}

export interface ProcessMetadata {
  readonly bpmnProcessId: string
  readonly version: number
  readonly processDefinitionKey: number
  readonly resourceName: string
  readonly tenantId: string
}

export interface Deployment {
  readonly process?: ProcessMetadata
  readonly decision?: {
    readonly dmnDecisionId: string
    readonly dmnDecisionName: string
    readonly version: number
    readonly decisionKey: number
    readonly dmnDecisionRequirementsId: string
    readonly decisionRequirementsKey: number
    readonly tenantId: string
  }
  readonly decisionRequirements?: {
    readonly dmnDecisionRequirementsId: string
    readonly dmnDecisionRequirementsName: string
    readonly version: number
    readonly decisionRequirementsKey: number
    readonly resourceName: string
    readonly tenantId: string
  }
  readonly form?: {
    readonly formId: string
    readonly version: number
    readonly formKey: number
    readonly resourceName: string
    readonly tenantId: string
  }
}

export interface CreatedInstance {
  readonly processDefinitionKey: number
  readonly bpmnProcessId: string
  readonly version: number
  readonly processInstanceKey: number
  readonly tenantId: string
  readonly tags: readonly string[]
}

export interface ActivatedJobMessage {
  readonly key: number
  readonly type: string
  readonly processInstanceKey: number
  readonly bpmnProcessId: string
  readonly processDefinitionVersion: number
  readonly processDefinitionKey: number
  readonly elementId: string
  readonly elementInstanceKey: number
  readonly customHeaders: string
  readonly worker: string
  readonly retries: number
  readonly deadline: number
  readonly variables: string
  readonly tenantId: string
  readonly userTask?: {
    readonly action?: string
    readonly assignee?: string
    readonly candidateGroups: readonly string[]
    readonly candidateUsers: readonly string[]
    readonly changedAttributes: readonly string[]
    readonly dueDate?: string
    readonly followUpDate?: string
    readonly formKey?: number
    readonly priority?: number
    readonly userTaskKey?: number
  }
  readonly kind: number
  readonly listenerEventType: number
  readonly tags: readonly string[]
}

export interface EvaluatedDecisionMessage {
  readonly decisionKey: number
  readonly decisionId: string
  readonly decisionName: string
  readonly decisionVersion: number
  readonly decisionType: string
  readonly decisionOutput: string
  readonly matchedRules: readonly {
    readonly ruleId: string
    readonly ruleIndex: number
    readonly evaluatedOutputs: readonly {
      readonly outputId: string
      readonly outputName: string
      readonly outputValue: string
    }[]
  }[]
  readonly evaluatedInputs: readonly {
    readonly inputId: string
    readonly inputName: string
    readonly inputValue: string
  }[]
  readonly tenantId: string
  readonly decisionEvaluationInstanceKey: string
}

type Empty = Readonly<Record<string, never>>

/** The response of each method; of a stream, each of its messages. */
export interface Responses {
  Topology: {
    readonly brokers: readonly {
      readonly nodeId: number
      readonly host: string
      readonly port: number
      readonly partitions: readonly { readonly partitionId: number; readonly role: number; readonly health: number }[]
      readonly version: string
    }[]
    readonly clusterSize: number
    readonly partitionsCount: number
    readonly replicationFactor: number
    readonly gatewayVersion: string
  }
  DeployResource: { readonly key: number; readonly deployments: readonly Deployment[]; readonly tenantId: string }
  DeployProcess: { readonly key: number; readonly processes: readonly ProcessMetadata[] }
  DeleteResource: Empty
  CreateProcessInstance: CreatedInstance
  CreateProcessInstanceWithResult: CreatedInstance & { readonly variables: string }
  CancelProcessInstance: Empty
  ModifyProcessInstance: Empty
  MigrateProcessInstance: Empty
  SetVariables: { readonly key: number }
  ResolveIncident: Empty
  ActivateJobs: { readonly jobs: readonly ActivatedJobMessage[] }
  StreamActivatedJobs: ActivatedJobMessage
  CompleteJob: Empty
  FailJob: Empty
  ThrowError: Empty
  UpdateJobRetries: Empty
  UpdateJobTimeout: Empty
  PublishMessage: { readonly key: number; readonly tenantId: string }
  BroadcastSignal: { readonly key: number; readonly tenantId: string }
  EvaluateDecision: {
    readonly decisionKey: number
    readonly decisionId: string
    readonly decisionName: string
    readonly decisionVersion: number
    readonly decisionRequirementsId: string
    readonly decisionRequirementsKey: number
    readonly decisionOutput: string
    readonly evaluatedDecisions: readonly EvaluatedDecisionMessage[]
    readonly failedDecisionId: string
    readonly failureMessage: string
    readonly tenantId: string
    readonly decisionInstanceKey: number
    readonly decisionEvaluationKey: number
  }
}
