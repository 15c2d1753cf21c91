import type { Command } from './commands.ts'
import type { UserTaskProperties } from './job-result.ts'
import type { JobKind, JsonValue, Key, ListenerEventType, Variables } from './values.ts'

/** A deployed process. */
export interface ProcessDefinitionResult {
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly processDefinitionVersion: number
  readonly resourceName: string
  readonly versionTag: string | null
}

/** A deployed decision. */
export interface DecisionDefinitionResult {
  readonly decisionDefinitionKey: Key
  readonly decisionDefinitionId: string
  readonly name: string
  readonly version: number
  readonly decisionRequirementsKey: Key
  readonly decisionRequirementsId: string
}

/** A deployed DMN file. */
export interface DecisionRequirementsResult {
  readonly decisionRequirementsKey: Key
  readonly decisionRequirementsId: string
  readonly decisionRequirementsName: string
  readonly version: number
  readonly resourceName: string
}

/** A deployed form. */
export interface FormResult {
  readonly formKey: Key
  readonly formId: string
  readonly version: number
  readonly resourceName: string
}

/** Another deployed file, kept for others. */
export interface ResourceResult {
  readonly resourceKey: Key
  readonly resourceId: string
  readonly version: number
  readonly resourceName: string
}

/** What a deployment holds, new or unchanged, in the order of the files. */
export interface DeploymentResult {
  readonly deploymentKey: Key
  readonly processes: readonly ProcessDefinitionResult[]
  readonly decisions: readonly DecisionDefinitionResult[]
  readonly decisionRequirements: readonly DecisionRequirementsResult[]
  readonly forms: readonly FormResult[]
  readonly resources: readonly ResourceResult[]
}

/** A started instance; `variables` only with `awaitCompletion`. */
export interface ProcessInstanceResult {
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly processDefinitionId: string
  readonly processDefinitionVersion: number
  readonly tags: readonly string[]
  readonly variables: Variables
}

/** A job handed to a worker. */
export interface ActivatedJob {
  readonly jobKey: Key
  readonly type: string
  readonly kind: JobKind
  readonly listenerEventType: ListenerEventType
  readonly processInstanceKey: Key
  readonly processDefinitionId: string
  readonly processDefinitionVersion: number
  readonly processDefinitionKey: Key
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly customHeaders: Readonly<Record<string, string>>
  readonly worker: string
  readonly retries: number
  /** Milliseconds since the epoch. */
  readonly deadline: number
  readonly variables: Variables
  readonly tags: readonly string[]
  /** Set on jobs of task listeners. */
  readonly userTask?: UserTaskProperties
}

/** Evaluation of one decision of the graph. */
export interface EvaluatedDecisionResult {
  readonly decisionDefinitionKey: Key
  readonly decisionDefinitionId: string
  readonly decisionDefinitionName: string
  readonly decisionDefinitionVersion: number
  readonly decisionType: string
  readonly output: JsonValue
  readonly evaluatedInputs: readonly {
    readonly inputId: string
    readonly inputName: string
    readonly inputValue: JsonValue
  }[]
  readonly matchedRules: readonly {
    readonly ruleId: string
    readonly ruleIndex: number
    readonly evaluatedOutputs: readonly {
      readonly outputId: string
      readonly outputName: string
      readonly outputValue: JsonValue
    }[]
  }[]
}

/** Result of a decision; a failed one names the decision and the reason, and `output` is null. */
export interface DecisionEvaluationResult {
  readonly decisionEvaluationKey: Key
  readonly decisionDefinitionKey: Key
  readonly decisionDefinitionId: string
  readonly decisionDefinitionName: string
  readonly decisionDefinitionVersion: number
  readonly decisionRequirementsKey: Key
  readonly decisionRequirementsId: string
  readonly output: JsonValue
  readonly failedDecisionDefinitionId: string | null
  readonly failureMessage: string | null
  readonly evaluatedDecisions: readonly EvaluatedDecisionResult[]
}

/** Result of each command; `undefined` where there is nothing to tell. */
export interface CommandResults {
  DeployResources: DeploymentResult
  CreateProcessInstance: ProcessInstanceResult
  CancelProcessInstance: undefined
  ModifyProcessInstance: undefined
  MigrateProcessInstance: undefined
  DeleteResource: undefined
  CreateBatchOperation: { readonly batchOperationKey: Key }
  SuspendBatchOperation: undefined
  ResumeBatchOperation: undefined
  CancelBatchOperation: undefined
  ActivateJobs: { readonly jobs: readonly ActivatedJob[] }
  CompleteJob: undefined
  FailJob: undefined
  ThrowJobError: undefined
  UpdateJob: undefined
  AssignUserTask: undefined
  UnassignUserTask: undefined
  UpdateUserTask: undefined
  CompleteUserTask: undefined
  ActivateAdHocActivities: undefined
  PublishMessage: { readonly messageKey: Key }
  CorrelateMessage: { readonly messageKey: Key; readonly processInstanceKey: Key }
  BroadcastSignal: { readonly signalKey: Key }
  ResolveIncident: undefined
  SetVariables: { readonly setVariablesKey: Key }
  EvaluateDecision: DecisionEvaluationResult
  PinClock: undefined
  ResetClock: undefined
}

/** Result of command `C`. */
export type ResultOf<C extends Command> = CommandResults[C['type']]
