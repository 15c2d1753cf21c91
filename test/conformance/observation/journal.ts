import type { Engine, JsonValue } from '../../../src/engine/index.ts'
import type { EngineEvent } from '../../../src/engine/protocol/events.ts'
import { readJournal } from '../../../src/engine/runtime/journal.ts'
import type { UserTaskRow } from '../../../src/engine/state/rows.ts'
import type { ElementObservation, IncidentObservation, JobObservation, Observation } from './observations.ts'

/** Events of a user task that change nothing which a user sees: its listeners are being asked, or one denied. */
const ASKING: ReadonlySet<EngineEvent['type']> = new Set([
  'UserTaskChangeStarted',
  'UserTaskListenerCompleted',
  'UserTaskChangeDenied',
])

/** Reads the embedded engine's journal as it grows. */
export class JournalReader {
  readonly #engine: Engine
  readonly #elements = new Map<number, Omit<ElementObservation, 'state'>>()
  readonly #incidents = new Map<number, Omit<IncidentObservation, 'state'>>()
  readonly #jobs = new Map<number, Omit<JobObservation, 'state'>>()
  readonly #variables = new Map<number, { scopeKey: number; name: string; value: JsonValue }>()
  #position = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** What the entries since the last call tell. */
  read(): Observation[] {
    const observations: Observation[] = []
    for (const { position, events } of readJournal(this.#engine.query, this.#position)) {
      this.#position = position
      for (const event of events) observations.push(...[this.#observe(event) ?? []].flat())
    }
    return observations
  }

  #observe(event: EngineEvent): Observation | undefined {
    switch (event.type) {
      case 'ElementActivating': {
        const { key, elementId, elementType, flowScopeKey } = event
        const scopeKey = elementType === 'PROCESS' ? this.#callerOf(key) : flowScopeKey
        return this.#keep(this.#elements, { kind: 'element', key, elementId, elementType, scopeKey }, 'entered')
      }
      case 'ElementActivated':
        return this.#again(this.#elements, event.key, 'activated')
      case 'ElementCompleted':
        return this.#again(this.#elements, event.key, 'completed')
      case 'ElementTerminated':
        return this.#again(this.#elements, event.key, 'terminated')
      case 'SequenceFlowTaken':
        return { kind: 'flow', flowId: event.flowId, scopeKey: event.scopeKey }
      case 'VariableCreated': {
        const { key, scopeKey, name, value } = event
        return this.#setVariable(key, { scopeKey, name, value: JSON.parse(value) })
      }
      case 'VariableUpdated': {
        const { scopeKey, name } = known(this.#variables, event.key)
        return this.#setVariable(event.key, { scopeKey, name, value: JSON.parse(event.value) })
      }
      case 'VariableItemSet': {
        const { scopeKey, name, value } = known(this.#variables, event.key)
        const items = Array.isArray(value) ? [...value] : []
        while (items.length < event.index) items.push(null)
        items[event.index] = JSON.parse(event.value)
        return this.#setVariable(event.key, { scopeKey, name, value: items })
      }
      case 'IncidentCreated': {
        const { key, errorType, errorMessage, elementInstanceKey: elementKey } = event
        return this.#keep(this.#incidents, { kind: 'incident', key, errorType, errorMessage, elementKey }, 'created')
      }
      case 'IncidentResolved':
        return this.#again(this.#incidents, event.key, 'resolved')
      default:
        return event.type.startsWith('UserTask') ? this.#userTask(event) : this.#job(event)
    }
  }

  #job(event: EngineEvent): Observation | undefined {
    switch (event.type) {
      case 'JobCreated': {
        const { key, elementInstanceKey: elementKey, jobType: type, kind: jobKind, listenerEventType, retries } = event
        const headers = JSON.parse(event.customHeaders)
        const what = { key, elementKey, type, jobKind, listenerEventType, retries, headers }
        return this.#keep(this.#jobs, { kind: 'job', ...what, errorCode: '', errorMessage: '' }, 'created')
      }
      case 'JobCompleted':
        return this.#again(this.#jobs, event.key, 'completed')
      case 'JobCanceled':
        return this.#again(this.#jobs, event.key, 'canceled')
      case 'JobTimedOut':
        return this.#again(this.#jobs, event.key, 'timed out')
      case 'JobTimeoutUpdated':
        return this.#again(this.#jobs, event.key, 'timeout updated')
      case 'JobRetriesUpdated':
        return this.#again(this.#jobs, event.key, 'retries updated', { retries: event.retries })
      case 'JobFailed':
        return this.#again(this.#jobs, event.key, 'failed', {
          retries: event.retries,
          errorMessage: event.errorMessage,
        })
      case 'JobErrorThrown': {
        const { key, errorCode, errorMessage } = event
        return this.#again(this.#jobs, key, 'error thrown', { errorCode, errorMessage })
      }
      default:
        return undefined
    }
  }

  /** A user task is read from its row: it is compared as it stands after a step. */
  #userTask(event: EngineEvent): Observation | undefined {
    if (!('key' in event)) return undefined
    const row = this.#engine.query.get<UserTaskRow>('SELECT * FROM user_task WHERE key = ?', event.key)
    // While listeners are asked it still is what it was.
    if (row === undefined || (row.state !== 'CREATING' && ASKING.has(event.type))) return undefined
    return {
      kind: 'userTask',
      key: row.key,
      elementKey: row.elementInstanceKey,
      state: row.state === 'CREATING' || row.state === 'COMPLETED' || row.state === 'CANCELED' ? row.state : 'CREATED',
      assignee: row.assignee ?? '',
      candidateGroups: JSON.parse(row.candidateGroups),
      candidateUsers: JSON.parse(row.candidateUsers),
      dueDate: row.dueDateText ?? '',
      followUpDate: row.followUpDateText ?? '',
      priority: row.priority,
      formKey: row.formKey === null ? '' : String(row.formKey),
      externalFormReference: row.externalFormReference ?? '',
      headers: JSON.parse(row.customHeaders),
    }
  }

  #setVariable(key: number, variable: { scopeKey: number; name: string; value: JsonValue }): Observation {
    this.#variables.set(key, variable)
    return { kind: 'variable', ...variable }
  }

  #callerOf(processInstanceKey: number): number {
    const row = this.#engine.query.get<{ parentElementInstanceKey: number | null }>(
      'SELECT parentElementInstanceKey FROM process_instance WHERE key = ?',
      processInstanceKey,
    )
    return row?.parentElementInstanceKey ?? -1
  }

  #keep<T extends { key: number }, S>(table: Map<number, T>, what: T, state: S): T & { state: S } {
    table.set(what.key, what)
    return { ...what, state }
  }

  #again<T, S>(table: Map<number, T>, key: number, state: S, changes: Partial<T> = {}): T & { state: S } {
    return { ...known(table, key), ...changes, state }
  }
}

function known<T>(table: ReadonlyMap<number, T>, key: number): T {
  const value = table.get(key)
  if (value === undefined) throw new Error(`the journal speaks of ${key} before it was made`)
  return value
}
