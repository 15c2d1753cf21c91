import type { Pool } from 'pg'
import type { Clock } from '../calendar/clock.ts'

/** Unsubmitted answers, one set a task and user. */
export interface TaskDrafts {
  find(taskKey: string, username: string): Promise<Record<string, unknown> | null>
  save(taskKey: string, username: string, data: Record<string, unknown>): Promise<void>
  /** Removes every user's draft of a task that is done. */
  remove(taskKey: string): Promise<void>
}

/** Keeps drafts in table `task_draft`. */
export function createTaskDrafts(pool: Pool, clock: Clock): TaskDrafts {
  return {
    async find(taskKey, username) {
      const { rows } = await pool.query<{ data: Record<string, unknown> }>(
        'SELECT data FROM task_draft WHERE task_key = $1 AND username = $2',
        [taskKey, username],
      )
      return rows[0]?.data ?? null
    },
    async save(taskKey, username, data) {
      await pool.query(
        `INSERT INTO task_draft (task_key, username, data, saved_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (task_key, username) DO UPDATE SET data = excluded.data, saved_at = excluded.saved_at`,
        [taskKey, username, JSON.stringify(data), clock.now()],
      )
    },
    async remove(taskKey) {
      await pool.query('DELETE FROM task_draft WHERE task_key = $1', [taskKey])
    },
  }
}
