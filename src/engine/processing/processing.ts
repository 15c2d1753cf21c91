import type { ExpressionOptions } from '../model/expression.ts'
import type { FlowNode, ProcessModel } from '../model/types.ts'
import type { EngineEvent } from '../protocol/events.ts'
import { MAX_ACTIVATIONS, MAX_WRITTEN } from '../protocol/limits.ts'
import type { ElementType, IncidentErrorType, Key, Variables } from '../protocol/values.ts'
import { applyEvent } from '../state/apply.ts'
import type { ElementInstanceRow, ProcessDefinitionRow } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import type { Graphs } from './graphs.ts'

/** The methods of the state that do not write. */
type Reading =
  | 'get'
  | 'require'
  | 'find'
  | 'findFirst'
  | 'number'
  | 'local'
  | 'locals'
  | 'valueOf'
  | 'keyOf'
  | 'lengthOf'
/** The state as processors see it: they read, appliers write. */
type ReadState = { readonly [Name in keyof State]: State[Name] extends infer Part ? ReadOnly<Part> : never }
type ReadOnly<Part> = Part extends Key ? Part : Pick<Part, Extract<keyof Part, Reading>>

/** What is to be done after the present step, in order. */
export type Step =
  | { readonly type: 'ActivateByFlow'; readonly node: FlowNode; readonly scopeKey: Key }
  | { readonly type: 'Activate'; readonly node: FlowNode; readonly scopeKey: Key; readonly index: number }
  | { readonly type: 'ActivateAt'; readonly node: FlowNode; readonly scopeKey: Key; readonly variables: Variables }
  | { readonly type: 'Join'; readonly node: FlowNode; readonly scopeKey: Key }
  | { readonly type: 'Complete'; readonly key: Key }
  | { readonly type: 'Terminate'; readonly key: Key }
  | { readonly type: 'Broadcast'; readonly signalName: string; readonly variables: Variables }
  | { readonly type: 'Trigger'; readonly waitingKey: Key; readonly event: FlowNode; readonly variables: Variables }
  | { readonly type: 'Compensate'; readonly subscriptionKey: Key }
  | { readonly type: 'CorrelateBuffered'; readonly subscriptionKey: Key }
  | { readonly type: 'StartBuffered'; readonly processDefinitionId: string; readonly correlationKey: string }

/** What the runtime has to do once the batch is on disk. */
export interface Effects {
  /** Types of jobs that can now be activated. */
  readonly jobTypes: Set<string>
  /** Process instances that ended. */
  readonly ended: { readonly key: Key; readonly completed: boolean }[]
  /** Changes of user tasks whose listeners are done; `refusal`: why it did not happen. */
  readonly taskChanges: { readonly userTaskKey: Key; readonly refusal: string | null }[]
  /** The earliest instant at which something became due by this command. */
  dueAt: number
}

/** Raised by what an element does when it cannot go on; becomes an incident. Nothing may have been emitted before. */
export class ElementFailure extends Error {
  override readonly name = 'ElementFailure'
  readonly errorType: IncidentErrorType

  constructor(errorType: IncidentErrorType, message: string) {
    super(message)
    this.errorType = errorType
  }
}

/** What a kind of element does; everything that it shares with the others is in `lifecycle.ts`. */
export interface Behavior {
  /** Input mappings are done, start listeners are not. Does the same when it is called again after an incident. */
  enter?(processing: Processing, row: ElementInstanceRow): void
  /** Start listeners are done. Evaluates all it needs, then emits; calls `activated` of lifecycle.ts. */
  activate(processing: Processing, node: FlowNode, row: ElementInstanceRow): void
  /** About to complete: evaluates what it hands on. @throws {ElementFailure} */
  finish?(processing: Processing, row: ElementInstanceRow): void
  /** Completed: go on. Default: takes the outgoing flows. */
  leave?(processing: Processing, node: FlowNode, row: ElementInstanceRow): void
  /** An element instance inside has ended. */
  childEnded?(processing: Processing, node: FlowNode, row: ElementInstanceRow): void
  /**
   * It is being terminated: end what it owns outside the tables that lifecycle.ts knows; `atOnce`: wait for nothing.
   * @returns whether it has to wait for that; then call `continueTermination` of lifecycle.ts when that has ended
   */
  terminate?(processing: Processing, row: ElementInstanceRow, atOnce: boolean): boolean
  /** The process instance that it has called: it is terminated with it. */
  called?(processing: Processing, row: ElementInstanceRow): Key | undefined
  /** It has terminated. */
  terminated?(processing: Processing, row: ElementInstanceRow): void
}

/** A behaviour for each kind of element instance. */
export type Behaviors = { readonly [Type in ElementType]?: Behavior }

/** Executable forms of what is deployed. */
export interface Models {
  /** @throws {ModelNotLoaded} the runtime then loads it and runs the batch again */
  process(definition: ProcessDefinitionRow): ProcessModel
  readonly graphs: Graphs
}

/** Parts of the engine that every command works with. */
export interface Environment {
  readonly state: State
  readonly models: Models
  readonly behaviors: Behaviors
  readonly expressions: ExpressionOptions
}

/** The processing of one command: what it has emitted, what is still to do. */
export class Processing {
  readonly state: ReadState
  readonly models: Models
  readonly behaviors: Behaviors
  readonly expressions: ExpressionOptions
  /** The engine's time of this command, milliseconds. */
  readonly now: number
  readonly events: EngineEvent[] = []
  readonly effects: Effects
  /** The user task whose listeners have to agree before the command can be answered. */
  awaitedTask: Key | undefined
  #steps: Step[] = []
  #stepsTaken = 0
  #activations = 0
  #written = 0
  readonly #state: State

  constructor(environment: Environment, now: number, effects: Effects) {
    this.#state = environment.state
    this.state = environment.state
    this.models = environment.models
    this.behaviors = environment.behaviors
    this.expressions = { clock: { now: () => new Date(now) }, zone: environment.expressions.zone }
    this.now = now
    this.effects = effects
  }

  /** Hands out a new key. */
  nextKey(): Key {
    return this.#state.nextKey()
  }

  /** Records what has happened and applies it. */
  emit(event: EngineEvent): void {
    applyEvent(this.#state, event, this.now)
    this.events.push(event)
    this.#notice(event)
  }

  /** Puts a step behind those that wait. */
  enqueue(step: Step): void {
    this.#steps.push(step)
  }

  /** The next step, which is thereby taken; `undefined`: all is done. */
  takeStep(): Step | undefined {
    const step = this.#steps[this.#stepsTaken]
    this.#stepsTaken += 1
    if (step === undefined) {
      this.#steps = []
      this.#stepsTaken = 0
    }
    return step
  }

  /** Steps that are still to do. */
  pendingSteps(): readonly Step[] {
    return this.#steps.slice(this.#stepsTaken)
  }

  /** The row of an element instance that must exist. */
  element(key: Key): ElementInstanceRow {
    return this.state.elements.require(key)
  }

  /** The element of the diagram that a row is an instance of. */
  node(row: ElementInstanceRow): FlowNode {
    const node = this.model(row.processDefinitionKey).nodes.get(row.elementId)
    if (node === undefined)
      throw new Error(`process definition ${row.processDefinitionKey} has no element ${row.elementId}`)
    return node
  }

  /** The diagram of a process definition. */
  model(processDefinitionKey: Key): ProcessModel {
    return this.models.process(this.state.processDefinitions.require(processDefinitionKey))
  }

  /** The behaviour of an element instance. */
  behavior(row: ElementInstanceRow): Behavior {
    const behavior = this.behaviors[row.type]
    if (behavior === undefined) throw new Error(`no behaviour for ${row.type}`)
    return behavior
  }

  /** Counts an activation. @throws {ElementFailure} when a command has made too many, or has written too much */
  countActivation(): void {
    this.#activations += 1
    const waiting = this.#steps.length - this.#stepsTaken
    if (this.#activations + waiting > MAX_ACTIVATIONS)
      throw new ElementFailure(
        'UNKNOWN',
        `Expected the process to reach a wait state, but it activated ${MAX_ACTIVATIONS} elements without one; ` +
          'resolve the incident to let it go on',
      )
    if (this.#written > MAX_WRITTEN)
      throw new ElementFailure(
        'UNKNOWN',
        `Expected the process to reach a wait state, but it wrote variables of ${MAX_WRITTEN} characters without one; ` +
          'resolve the incident to let it go on',
      )
  }

  /** Counts text of variables that is written. */
  countWritten(characters: number): void {
    this.#written += characters
  }

  #notice(event: EngineEvent): void {
    switch (event.type) {
      case 'JobCreated':
        this.effects.jobTypes.add(event.jobType)
        return
      case 'JobReturned':
      case 'JobTimedOut':
      case 'JobFailed': {
        const job = this.state.jobs.get(event.key)
        if (job?.activatable === 1) this.effects.jobTypes.add(job.type)
        if (job?.retryAt != null) this.due(job.retryAt)
        return
      }
      case 'BatchOperationCreated':
      case 'BatchOperationStateChanged':
        // Its items are due at once.
        this.due(Number.NEGATIVE_INFINITY)
        return
      case 'TimerCreated':
        this.due(event.row.dueAt)
        return
      case 'JobActivated':
      case 'JobTimeoutUpdated':
        this.due(event.deadline)
        return
      case 'MessagePublished':
        if (event.expiresAt !== null) this.due(event.expiresAt)
        return
      default:
    }
  }

  private due(at: number): void {
    this.effects.dueAt = Math.min(this.effects.dueAt, at)
  }
}
