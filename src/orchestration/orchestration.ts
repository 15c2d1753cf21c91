/** A JSON value as process variables hold it. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

/** Variables by name, as jobs and messages carry them. */
export type JobVariables = Record<string, JsonValue>

/** A user task as the engine's search answers it; times are ISO-8601. */
export interface UserTask {
  taskKey: string
  name: string
  elementId: string
  elementInstanceKey: string
  processInstanceKey: string
  processDefinitionId: string
  processDefinitionKey: string
  /** The process variable `caseId` of the task's process instance. */
  caseId: string | null
  state: 'CREATED' | 'COMPLETED' | 'CANCELED' | string
  assignee: string | null
  candidateGroups: string[]
  formKey: string | null
  createdAt: string
  completedAt: string | null
  dueAt: string | null
  remindAt: string | null
}

export interface UserTaskFilter {
  state?: 'CREATED' | 'COMPLETED'
  assignee?: string
  candidateGroups?: string[]
  unassigned?: boolean
  processInstanceKeys?: string[]
  processDefinitionId?: string
  /** Only tasks of this case: matched on the process variable `caseId`. */
  caseId?: string
  elementId?: string
}

export interface Page<T> {
  items: T[]
  total: number
}

export interface ElementInstance {
  elementInstanceKey: string
  processInstanceKey: string
  processDefinitionKey: string
  processDefinitionId: string
  elementId: string
  elementName: string | null
  type: string
  state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED' | string
  startedAt: string
  endedAt: string | null
  incident: boolean
}

export interface ProcessInstance {
  processInstanceKey: string
  processDefinitionId: string
  processDefinitionKey: string
  processDefinitionName: string | null
  version: number
  parentProcessInstanceKey: string | null
  parentElementInstanceKey: string | null
  state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED' | string
  startedAt: string
  endedAt: string | null
  hasIncident: boolean
}

export interface ProcessDefinition {
  processDefinitionKey: string
  processDefinitionId: string
  name: string | null
  version: number
  resourceName: string
}

export interface Incident {
  incidentKey: string
  processInstanceKey: string
  /** The process variable `caseId` of the process instance. */
  caseId: string | null
  elementId: string
  elementInstanceKey: string
  errorType: string
  errorMessage: string
  jobKey: string | null
  createdAt: string
  state: 'ACTIVE' | 'RESOLVED' | string
}

/** What the engine refused or could not find; `status` is the HTTP status of the engine's answer. */
export class OrchestrationError extends Error {
  override name = 'OrchestrationError'
  readonly status: number
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
  }
}

/**
 * Everything the product asks of Camunda 8, through `@camunda8/sdk`. Searches are eventually consistent on a cluster and
 * immediate on the embedded engine. Each method throws `OrchestrationError`.
 */
export interface Orchestration {
  /** Deploys all diagrams, decisions and forms in one request. */
  deploy(resources: { name: string; content: Uint8Array }[]): Promise<{ processes: ProcessDefinition[] }>
  /**
   * Correlates a message and answers the key of the process instance; 404 where nothing waits for it. Over gRPC, which has
   * no correlation, the message is published and the key is null.
   */
  correlateMessage(message: {
    name: string
    correlationKey: string
    variables: JobVariables
  }): Promise<{ processInstanceKey: string | null }>
  /** Publishes a message that need not be waited for. */
  publishMessage(message: {
    name: string
    correlationKey: string
    variables?: JobVariables
    timeToLiveMs?: number
  }): Promise<void>
  evaluateDecision(decisionDefinitionId: string, variables: JobVariables): Promise<JsonValue>
  searchUserTasks(filter: UserTaskFilter, page?: { from: number; limit: number }): Promise<Page<UserTask>>
  getUserTask(taskKey: string): Promise<UserTask>
  getUserTaskForm(taskKey: string): Promise<{ formId: string; schema: JsonValue } | null>
  /** Variables that the task sees, innermost scope first. */
  getUserTaskVariables(taskKey: string): Promise<Record<string, JsonValue>>
  assignUserTask(taskKey: string, assignee: string): Promise<void>
  unassignUserTask(taskKey: string): Promise<void>
  completeUserTask(taskKey: string, variables: JobVariables): Promise<void>
  searchProcessInstances(
    filter: {
      processInstanceKeys?: string[]
      parentProcessInstanceKey?: string
      processDefinitionId?: string
      /** Only instances of this case: matched on the process variable `caseId`. */
      caseId?: string
      state?: string
    },
    page?: { from: number; limit: number },
  ): Promise<Page<ProcessInstance>>
  /** The instance and all that it called, root first. */
  getProcessTree(rootProcessInstanceKey: string): Promise<ProcessInstance[]>
  searchElementInstances(filter: { processInstanceKey: string }): Promise<ElementInstance[]>
  /** Newest first. */
  searchIncidents(filter: { incidentKey?: string; processInstanceKeys?: string[]; state?: string }): Promise<Incident[]>
  /** Tries again what made the incident; one of a job is refused unless the job is named and gets retries. */
  resolveIncident(incidentKey: string, options?: { jobKey?: string; retries?: number }): Promise<void>
  searchProcessDefinitions(latestOnly: boolean): Promise<ProcessDefinition[]>
  getProcessDefinitionXml(processDefinitionKey: string): Promise<string>
  pinClock(instant: Date): Promise<void>
  resetClock(): Promise<void>
  ready(): Promise<boolean>
}
