import type { DatabaseSync } from 'node:sqlite'
import { KEY_BASE, type Key } from '../protocol/values.ts'
import { History } from './history.ts'
import type * as rows from './rows.ts'
import { Table } from './table.ts'
import { VariableTable } from './variable-table.ts'

/** Rows kept in memory a table between batches. */
const CACHED_ROWS = 4_000

/** The state of the engine: its tables. Only appliers call their writing methods. */
export class State {
  readonly processDefinitions: Table<rows.ProcessDefinitionRow>
  readonly decisionRequirements: Table<rows.DecisionRequirementsRow>
  readonly decisions: Table<rows.DecisionDefinitionRow>
  readonly forms: Table<rows.FormRow>
  readonly resources: Table<rows.ResourceRow>
  readonly processInstances: Table<rows.ProcessInstanceRow>
  readonly elements: Table<rows.ElementInstanceRow>
  readonly gatewayTokens: Table<rows.GatewayTokenRow>
  readonly variables: VariableTable
  readonly jobs: Table<rows.JobRow>
  readonly userTasks: Table<rows.UserTaskRow>
  readonly timers: Table<rows.TimerRow>
  readonly messages: Table<rows.MessageRow>
  readonly messageCorrelations: Table<rows.MessageCorrelationRow>
  readonly messageSubscriptions: Table<rows.MessageSubscriptionRow>
  readonly correlatedSubscriptions: Table<rows.CorrelatedMessageSubscriptionRow>
  readonly endedSubscriptions: Table<rows.EndedMessageSubscriptionRow>
  readonly taskAssignees: Table<rows.TaskAssigneeRow>
  readonly startSubscriptions: Table<rows.MessageStartSubscriptionRow>
  readonly signalSubscriptions: Table<rows.SignalSubscriptionRow>
  readonly compensations: Table<rows.CompensationSubscriptionRow>
  readonly incidents: Table<rows.IncidentRow>
  readonly decisionInstances: Table<rows.DecisionInstanceRow>
  readonly batchOperations: Table<rows.BatchOperationRow>
  readonly batchOperationItems: Table<rows.BatchOperationItemRow>
  readonly meta: Table<{ readonly name: string; readonly value: number | null }>
  readonly #tables: { flush(): void; trim(limit: number): void; forget(): void }[]
  readonly #insertFlow
  readonly #deleteFlow
  readonly #history: History
  #lastKey: Key

  constructor(database: DatabaseSync) {
    this.processDefinitions = new Table(database, 'process_definition', 'content')
    this.decisionRequirements = new Table(database, 'decision_requirements', 'content')
    this.decisions = new Table(database, 'decision_definition')
    this.forms = new Table(database, 'form', 'content')
    this.resources = new Table(database, 'resource', 'content')
    this.processInstances = new Table(database, 'process_instance')
    this.elements = new Table(database, 'element_instance', 'loopItems')
    this.gatewayTokens = new Table(database, 'gateway_token')
    this.variables = new VariableTable(database)
    this.jobs = new Table(database, 'job')
    this.userTasks = new Table(database, 'user_task')
    this.timers = new Table(database, 'timer')
    this.messages = new Table(database, 'message', 'variables')
    this.messageCorrelations = new Table(database, 'message_correlation')
    this.messageSubscriptions = new Table(database, 'message_subscription')
    this.correlatedSubscriptions = new Table(database, 'correlated_message_subscription')
    this.endedSubscriptions = new Table(database, 'ended_message_subscription')
    this.taskAssignees = new Table(database, 'task_assignee')
    this.startSubscriptions = new Table(database, 'message_start_subscription')
    this.signalSubscriptions = new Table(database, 'signal_subscription')
    this.compensations = new Table(database, 'compensation_subscription')
    this.incidents = new Table(database, 'incident')
    this.decisionInstances = new Table(database, 'decision_instance', 'evaluatedDecisions')
    this.batchOperations = new Table(database, 'batch_operation')
    this.batchOperationItems = new Table(database, 'batch_operation_item')
    this.meta = new Table(database, 'meta')
    this.#history = new History(database)
    this.#insertFlow = database.prepare('INSERT OR IGNORE INTO sequence_flow VALUES (?, ?, ?, ?)')
    this.#deleteFlow = database.prepare('DELETE FROM sequence_flow WHERE processInstanceKey = ? AND elementId = ?')
    this.#tables = Object.values(this).filter((part) => part instanceof Table || part instanceof VariableTable)
    this.#lastKey = this.meta.get('lastKey')?.value ?? KEY_BASE
  }

  /** The last key that was handed out. */
  get lastKey(): Key {
    return this.#lastKey
  }

  /** Hands out a key. Written with the batch by `flush`. */
  nextKey(): Key {
    this.#lastKey += 1
    return this.#lastKey
  }

  /** Replay: keys go on after this one. */
  restoreLastKey(key: Key): void {
    this.#lastKey = key
  }

  /** Sets or removes a single value. */
  setMeta(name: string, value: number | null): void {
    if (value === null) this.meta.delete(name)
    else if (this.meta.get(name) === undefined) this.meta.insert({ name, value })
    else this.meta.update(name, { value })
  }

  /** Records that a sequence flow was taken. */
  recordFlow(processInstanceKey: Key, flowId: string): void {
    const instance = this.processInstances.require(processInstanceKey)
    this.#insertFlow.run(processInstanceKey, flowId, instance.processDefinitionKey, instance.processDefinitionId)
  }

  /** A sequence flow counts as not taken: another takes its place. */
  forgetFlow(processInstanceKey: Key, flowId: string): void {
    this.#deleteFlow.run(processInstanceKey, flowId)
  }

  /** Deletes everything of process instances that have ended. */
  deleteHistory(processInstanceKeys: readonly Key[]): void {
    for (const table of this.#tables) table.flush()
    for (const key of processInstanceKeys) this.#history.delete(key)
    // What the caches hold of them is gone as well.
    for (const table of this.#tables) table.forget()
  }

  /** Writes pending changes to the database, inside a transaction. */
  flush(): void {
    if (this.#lastKey !== (this.meta.get('lastKey')?.value ?? KEY_BASE)) this.setMeta('lastKey', this.#lastKey)
    for (const table of this.#tables) table.flush()
  }

  /** Drops cached rows beyond a limit; with nothing pending. */
  trim(): void {
    for (const table of this.#tables) table.trim(CACHED_ROWS)
  }

  /** Forgets everything that was not written: the transaction was rolled back. */
  forget(lastKey: Key): void {
    this.#lastKey = lastKey
    for (const table of this.#tables) table.forget()
  }
}
