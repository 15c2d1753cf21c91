import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Key } from '../protocol/values.ts'

/** Tables with rows of a process instance that outlive it, as history. */
const TABLES = [
  'sequence_flow',
  'variable',
  'job',
  'user_task',
  'incident',
  'decision_instance',
  'correlated_message_subscription',
  'ended_message_subscription',
  'compensation_subscription',
  'element_instance',
]

/** Deletes the rows of ended process instances. */
export class History {
  readonly #statements: readonly StatementSync[]

  constructor(database: DatabaseSync) {
    this.#statements = [
      'DELETE FROM user_task_candidate WHERE userTaskKey IN (SELECT key FROM user_task WHERE processInstanceKey = ?)',
      ...TABLES.map((table) => `DELETE FROM ${table} WHERE processInstanceKey = ?`),
      'DELETE FROM process_instance WHERE key = ?',
    ].map((sql) => database.prepare(sql))
  }

  /** Deletes everything of a process instance; nothing of it may be pending in a table's cache. */
  delete(processInstanceKey: Key): void {
    for (const statement of this.#statements) statement.run(processInstanceKey)
  }
}
