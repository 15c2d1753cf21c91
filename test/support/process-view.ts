import { z } from 'zod'
import type { Engine, JsonValue, Key, Variables } from '../../src/engine/index.ts'

/** Which elements were gone through, as the engine's history has them. */
export interface ProcessCoverage {
  nodes: { processId: string; elementId: string }[]
  flows: { processId: string; elementId: string }[]
}

/** A user task as the reader of a test wants it. */
export interface OpenTask {
  key: Key
  elementId: string
  name: string | null
  candidateGroups: string[]
  assignee: string | null
  formId: string | null
  /** As the diagram gave them, with offset. */
  dueAt: string | null
  remindAt: string | null
  /** What the task sees, the innermost scope first. */
  variables: Variables
}

/** A process instance that a call activity started. */
export interface CalledProcess {
  state: string
  /** Variables of the instance itself. */
  variables: Variables
  /** Element id of the call activity. */
  calledBy: string
}

/** What can be seen of the one case in an engine: where it waits, what it went through, what it holds. */
export class ProcessView {
  readonly engine: Engine
  /** Process id of the instance that was started. */
  protected root = ''

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** Element ids of what waits for a person, a time or a message, in the order in which it began to wait. */
  waitsAt(): string[] {
    return this.engine.query
      .all<{ elementId: string }>(
        `SELECT elementId FROM element_instance
         WHERE state = 'ACTIVATED' AND type IN ('USER_TASK', 'INTERMEDIATE_CATCH_EVENT', 'EVENT_BASED_GATEWAY') ORDER BY key`,
      )
      .map((row) => row.elementId)
  }

  /** How often the element (of the process that was started, unless said otherwise) was completed. */
  timesThrough(elementId: string, processId = this.root): number {
    const row = this.engine.query.get<{ n: number }>(
      `SELECT count(*) AS n FROM element_instance
       WHERE processDefinitionId = ? AND elementId = ? AND state = 'COMPLETED' AND type <> 'MULTI_INSTANCE_BODY'`,
      processId,
      elementId,
    )
    return row?.n ?? 0
  }

  /** Whether the started process has come to its end. */
  isCompleted(): boolean {
    const row = this.engine.query.get<{ state: string }>(
      'SELECT state FROM process_instance WHERE parentProcessInstanceKey IS NULL ORDER BY key DESC',
    )
    return row?.state === 'COMPLETED'
  }

  /** The open task with that element id. @throws Error when there is none, or more than one */
  task(elementId: string): OpenTask {
    const found = this.openTasks().filter((task) => task.elementId === elementId)
    const [task] = found
    if (!task || found.length > 1) {
      throw new Error(`${found.length} open tasks ${elementId}; waiting at ${this.waitsAt().join(', ') || 'nothing'}`)
    }
    return task
  }

  /** All open user tasks, oldest first. */
  openTasks(): OpenTask[] {
    return this.engine.query
      .all<{
        key: number
        elementId: string
        name: string | null
        candidateGroups: string
        assignee: string | null
        formId: string | null
        dueDateText: string | null
        followUpDateText: string | null
        elementInstanceKey: number
      }>(
        `SELECT user_task.key, elementId, name, candidateGroups, assignee, formId, dueDateText, followUpDateText, elementInstanceKey
         FROM user_task LEFT JOIN form ON form.key = user_task.formKey WHERE state = 'CREATED' ORDER BY user_task.key`,
      )
      .map((row) => ({
        key: row.key,
        elementId: row.elementId,
        name: row.name,
        candidateGroups: z.array(z.string()).parse(JSON.parse(row.candidateGroups)),
        assignee: row.assignee,
        formId: row.formId,
        dueAt: row.dueDateText,
        remindAt: row.followUpDateText,
        variables: this.visibleFrom(row.elementInstanceKey),
      }))
  }

  /** Every instance of a called process, oldest first. */
  calls(processId: string): CalledProcess[] {
    return this.engine.query
      .all<{ key: number; state: string; calledBy: string }>(
        `SELECT process_instance.key, process_instance.state, element_instance.elementId AS calledBy FROM process_instance
         JOIN element_instance ON element_instance.key = parentElementInstanceKey
         WHERE process_instance.processDefinitionId = ? ORDER BY process_instance.key`,
        processId,
      )
      .map(({ key, state, calledBy }) => ({ state, calledBy, variables: this.variablesOf(key) }))
  }

  /** Variables of the started process itself: what leaves it when it is called. */
  variables(): Variables {
    const row = this.engine.query.get<{ key: number }>(
      'SELECT key FROM process_instance WHERE parentProcessInstanceKey IS NULL ORDER BY key DESC',
    )
    return row ? this.variablesOf(row.key) : {}
  }

  /** Active incidents as `elementId: message`. */
  incidents(): string[] {
    return this.engine.query
      .all<{ elementId: string; errorMessage: string }>(
        "SELECT elementId, errorMessage FROM incident WHERE state = 'ACTIVE' ORDER BY key",
      )
      .map(({ elementId, errorMessage }) => `${elementId}: ${errorMessage}`)
  }

  private variablesOf(scopeKey: Key): Variables {
    const rows = this.engine.query.all<{ name: string; value: string }>(
      'SELECT name, value FROM variable WHERE scopeKey = ? ORDER BY name',
      scopeKey,
    )
    return Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value) as JsonValue]))
  }

  private visibleFrom(elementInstanceKey: Key): Variables {
    const row = this.engine.query.get<{ flowScopeKey: number }>(
      'SELECT flowScopeKey FROM element_instance WHERE key = ?',
      elementInstanceKey,
    )
    const outer = row && row.flowScopeKey > 0 ? this.visibleFrom(row.flowScopeKey) : {}
    return { ...outer, ...this.variablesOf(elementInstanceKey) }
  }

  /** Which elements were completed, and which flows taken. */
  coverage(): ProcessCoverage {
    const read = (sql: string) => this.engine.query.all<{ processId: string; elementId: string }>(sql)
    return {
      nodes: read(
        `SELECT DISTINCT processDefinitionId AS processId, elementId FROM element_instance WHERE state = 'COMPLETED'`,
      ),
      flows: read('SELECT DISTINCT processDefinitionId AS processId, elementId FROM sequence_flow'),
    }
  }
}
