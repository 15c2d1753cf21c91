import type { ElementType } from '../protocol/values.ts'
import type { Expression } from './expression.ts'

/** One input or output mapping; `target` is a path (`a.b` → `['a', 'b']`). */
export interface Mapping {
  /** None: the target becomes null. */
  readonly source: Expression | undefined
  readonly target: readonly string[]
}

/** An execution listener or a task listener. */
export interface Listener {
  readonly jobType: Expression
  readonly retries: Expression
  readonly headers: Readonly<Record<string, string>>
}

/** What an event reacts to or throws. */
export type EventDefinition =
  | { readonly kind: 'none' }
  | { readonly kind: 'terminate' }
  | { readonly kind: 'timer'; readonly timer: 'date' | 'duration' | 'cycle'; readonly expression: Expression }
  | { readonly kind: 'message'; readonly name: Expression; readonly correlationKey: Expression | undefined }
  /** No code: catches every error. */
  | { readonly kind: 'error'; readonly code: Expression | undefined }
  /** No code: catches every escalation. */
  | { readonly kind: 'escalation'; readonly code: Expression | undefined }
  | { readonly kind: 'link'; readonly name: string }
  | { readonly kind: 'signal'; readonly name: Expression }
  /** No activity: a throwing event compensates all of its scope. */
  | { readonly kind: 'compensation'; readonly activityId: string | undefined }

/** Which version of a called process, decision or form is meant. */
export type Binding = 'latest' | 'deployment' | { readonly versionTag: string }

/** What an activity does. */
export type Task =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'job'
      readonly jobType: Expression
      readonly retries: Expression
      /** Set on a user task that a job worker manages. */
      readonly userTask?: UserTaskHeaders
    }
  | { readonly kind: 'script'; readonly expression: Expression; readonly resultVariable: string }
  | {
      readonly kind: 'decision'
      readonly decisionId: Expression
      readonly resultVariable: string
      readonly binding: Binding
    }
  | {
      readonly kind: 'call'
      readonly processId: Expression
      readonly binding: Binding
      readonly propagateAllChildVariables: boolean
      readonly propagateAllParentVariables: boolean
    }
  | UserTaskDefinition

/** What a job worker is told of its user task, in headers. */
export interface UserTaskHeaders {
  readonly assignee: Expression | undefined
  readonly candidateGroups: Expression | undefined
  readonly candidateUsers: Expression | undefined
  readonly dueDate: Expression | undefined
  readonly followUpDate: Expression | undefined
  /** As written: of a form outside of the engine or embedded in the diagram. */
  readonly formKey: string | undefined
  readonly formId: Expression | undefined
  readonly formBinding: Binding
}

/** When a task listener is called; in the diagram in lower case. */
export const TASK_LISTENER_EVENTS = ['CREATING', 'ASSIGNING', 'UPDATING', 'COMPLETING', 'CANCELING'] as const
export type TaskListenerEvent = (typeof TASK_LISTENER_EVENTS)[number]

/** A user task that the engine manages (`zeebe:userTask`). */
export interface UserTaskDefinition {
  readonly kind: 'user'
  readonly listeners: Readonly<Record<TaskListenerEvent, readonly Listener[]>>
  readonly assignee: Expression | undefined
  readonly candidateGroups: Expression | undefined
  readonly candidateUsers: Expression | undefined
  readonly dueDate: Expression | undefined
  readonly followUpDate: Expression | undefined
  readonly priority: Expression | undefined
  readonly formId: Expression | undefined
  readonly formBinding: Binding
  readonly externalFormReference: Expression | undefined
}

/** Multi-instance marker. */
export interface Loop {
  readonly sequential: boolean
  readonly inputCollection: Expression
  readonly inputElement: string | undefined
  readonly outputCollection: string | undefined
  readonly outputElement: Expression | undefined
  /** The variable behind `outputElement` when that only names one: made local to each instance. */
  readonly outputVariable: string | undefined
  readonly completionCondition: Expression | undefined
}

/** How an ad-hoc subprocess starts what is in it and comes to its end. */
export interface AdHoc {
  /** Ids of what starts with it. */
  readonly activeElements: Expression | undefined
  readonly completionCondition: Expression | undefined
  /** Whether what is still active is terminated once the condition holds. */
  readonly cancelRemaining: boolean
  readonly outputCollection: string | undefined
  readonly outputElement: Expression | undefined
  /** The variable behind `outputElement` when that only names one: made local to each inner instance. */
  readonly outputVariable: string | undefined
  /** Documentation of what is in it, by id. */
  readonly documentation: ReadonlyMap<string, string>
}

/** A sequence flow. */
export interface Flow {
  readonly id: string
  readonly source: FlowNode
  readonly target: FlowNode
  readonly condition: Expression | undefined
}

/** An element that instances are made of: process, activity, event or gateway. */
export interface FlowNode {
  readonly id: string
  readonly name: string | null
  readonly type: ElementType
  /** The process or subprocess around it; none for the process itself. */
  readonly parent: FlowNode | undefined
  readonly incoming: Flow[]
  /** In the order in which they are taken and their conditions are asked. */
  readonly outgoing: Flow[]
  defaultFlow: Flow | undefined
  readonly inputs: readonly Mapping[]
  readonly outputs: readonly Mapping[]
  readonly startListeners: readonly Listener[]
  readonly endListeners: readonly Listener[]
  readonly headers: Readonly<Record<string, string>>
  /** `zeebe:properties`. */
  readonly properties: Readonly<Record<string, string>>
  /** Set on events; receive tasks have their message here. */
  readonly event: EventDefinition | undefined
  /** Boundary events and event subprocess starts: whether they end what they are attached to. */
  readonly interrupting: boolean
  readonly attachedTo: FlowNode | undefined
  readonly boundaries: FlowNode[]
  /** Of a compensation boundary event: the activity that it calls. */
  readonly compensationHandler: FlowNode | undefined
  /** Whether a compensation boundary event calls it. */
  readonly compensates: boolean
  /** Of a process or subprocess: whether something inside can be compensated. */
  readonly compensable: boolean
  readonly task: Task | undefined
  readonly loop: Loop | undefined
  /** Of an ad-hoc subprocess. */
  readonly adHoc?: AdHoc | undefined
  /** Of a process or subprocess: the elements in it. */
  readonly children: FlowNode[]
  /** Of a process or subprocess: its start events. */
  readonly startEvents: FlowNode[]
  /** Of a process or subprocess: the event subprocesses in it. */
  readonly eventSubprocesses: FlowNode[]
  /** Of a process or subprocess: its link catch events by name. */
  readonly links: Map<string, FlowNode>
  /** Of a process or subprocess: its link throw events. */
  readonly linkThrows: FlowNode[]
}

/** An executable process. */
export interface ProcessModel {
  readonly id: string
  readonly name: string | null
  readonly versionTag: string | null
  readonly process: FlowNode
  /** Every element by id, the process included. */
  readonly nodes: ReadonlyMap<string, FlowNode>
}

/** The sequence flow of an id, if there is one. */
export function findFlow(model: ProcessModel, flowId: string): Flow | undefined {
  for (const { outgoing } of model.nodes.values()) for (const flow of outgoing) if (flow.id === flowId) return flow
  return undefined
}

/** The none start event of a process or subprocess, if it has one. */
export function noneStart(scope: FlowNode): FlowNode | undefined {
  return scope.startEvents.find((start) => start.event?.kind === 'none')
}

/** Id of the inner instances of an ad-hoc subprocess, as Camunda has it. */
export const innerInstanceId = (adHocId: string): string => `${adHocId}#innerInstance`

/** The start event of an event subprocess. */
export function triggerOf(eventSubprocess: FlowNode): FlowNode {
  const start = eventSubprocess.startEvents[0]
  if (start === undefined) throw new Error(`event subprocess ${eventSubprocess.id} has no start event`)
  return start
}
