import type { ResourceFile, Variables } from '../../../src/engine/index.ts'

/** A command that an engine refused: Camunda's code and its words. */
export class Rejection extends Error {
  readonly code: string

  constructor(code: string, reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'Rejection'
    this.code = code
  }
}

/** What was deployed: ids with versions, and the keys that deletion needs. */
export interface Deployed {
  readonly processes: readonly { id: string; version: number; key: string }[]
  readonly decisions: readonly { id: string; version: number; requirementsKey: string }[]
  readonly forms: readonly { id: string; version: number; key: string }[]
}

/** A job that was handed out. */
export interface Job {
  readonly key: string
  readonly type: string
  readonly elementId: string
  readonly retries: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly variables: Variables
}

/** What a worker says with the completion of a listener's or an ad-hoc subprocess's job; named as in the REST API. */
export interface JobResult {
  readonly type: 'userTask' | 'adHocSubProcess'
  readonly denied?: boolean
  readonly deniedReason?: string
  readonly corrections?: Readonly<Record<string, unknown>>
  readonly activateElements?: readonly { elementId: string; variables?: Variables }[]
  readonly isCompletionConditionFulfilled?: boolean
  readonly isCancelRemainingInstances?: boolean
}

/** Changes of a user task; a left-out attribute stays. */
export interface UserTaskChanges {
  readonly candidateGroups?: readonly string[]
  readonly candidateUsers?: readonly string[]
  readonly dueDate?: string
  readonly followUpDate?: string
  readonly priority?: number
}

/** Which instance to start. */
export interface StartRequest {
  readonly processId: string
  readonly variables: Variables
  readonly version?: number
  /** Elements to start before, instead of the start event. */
  readonly startBefore?: readonly string[]
}

/** What a modification does to an instance. */
export interface Modification {
  readonly activate?: readonly {
    elementId: string
    /** Variables by the scope that gets them; `''` is the root. */
    variables?: Readonly<Record<string, Variables>>
    ancestorKey?: string
  }[]
  /** Element instance keys. */
  readonly terminate?: readonly string[]
}

/** Commands of Camunda's public API. Each throws `Rejection` when the engine refuses it. */
export interface Client {
  deploy(files: readonly ResourceFile[]): Promise<Deployed>
  deleteResource(key: string): Promise<void>
  start(request: StartRequest): Promise<{ key: string; version: number }>
  startAndAwait(request: StartRequest, fetchVariables: readonly string[]): Promise<Variables>
  cancel(processInstanceKey: string): Promise<void>
  modify(processInstanceKey: string, modification: Modification): Promise<void>
  migrate(
    processInstanceKey: string,
    targetKey: string,
    mapping: readonly { sourceElementId: string; targetElementId: string }[],
  ): Promise<void>
  activateJobs(request: {
    type: string
    maxJobs: number
    timeout: number
    fetchVariables: readonly string[]
  }): Promise<Job[]>
  completeJob(key: string, variables: Variables, result?: JobResult): Promise<void>
  failJob(
    key: string,
    failure: { retries: number; errorMessage: string; retryBackOff: number; variables?: Variables },
  ): Promise<void>
  throwError(key: string, error: { errorCode: string; errorMessage: string; variables?: Variables }): Promise<void>
  updateRetries(jobKey: string, retries: number): Promise<void>
  updateTimeout(jobKey: string, timeout: number): Promise<void>
  publish(message: {
    name: string
    correlationKey: string
    timeToLive: number
    messageId: string
    variables: Variables
  }): Promise<void>
  correlate(message: { name: string; correlationKey: string; variables: Variables }): Promise<void>
  broadcast(signalName: string, variables: Variables): Promise<void>
  resolveIncident(key: string): Promise<void>
  setVariables(elementInstanceKey: string, variables: Variables, local: boolean): Promise<void>
  evaluateDecision(decisionId: string, variables: Variables): Promise<DecisionOutcome>
  completeUserTask(key: string, variables: Variables, action?: string): Promise<void>
  assignUserTask(key: string, assignee: string, options: { claim: boolean; action?: string }): Promise<void>
  unassignUserTask(key: string): Promise<void>
  updateUserTask(key: string, changes: UserTaskChanges, action?: string): Promise<void>
  close(): Promise<void>
}

/** Result of a decision with the inputs and rules of each decision behind it. */
export interface DecisionOutcome {
  readonly output: unknown
  readonly failure: string | null
  readonly evaluated: readonly {
    decisionId: string
    type: string
    output: unknown
    inputs: readonly unknown[]
    matchedRules: readonly { ruleIndex: number; outputs: readonly unknown[] }[]
  }[]
}

/** The parts that gRPC does not have. */
export type UserTaskCommands = Pick<
  Client,
  'completeUserTask' | 'assignUserTask' | 'unassignUserTask' | 'updateUserTask' | 'correlate'
>

/** Reads Camunda's sentence about a refused command. */
export function toRejection(error: unknown, text: string, code: string): Rejection {
  const [, rejected, reason] = /rejected with code '(\w+)': ([\s\S]*)$/.exec(text) ?? []
  return new Rejection(rejected ?? code, reason ?? text, { cause: error })
}
