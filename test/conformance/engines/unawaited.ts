import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../../src/engine/index.ts'
import type { UserTaskRow } from '../../../src/engine/state/rows.ts'
import type { UserTaskCommands } from '../clients/client.ts'

const SETTLED: ReadonlySet<UserTaskRow['state']> = new Set(['CREATED', 'COMPLETED', 'CANCELED'])

type Listened = Omit<UserTaskCommands, 'correlate'>

/**
 * User task commands that return once they are answered or a listener is asked, whichever comes first: the answer comes only after
 * the listeners, which the scenario serves in its next steps.
 */
export function unawaited(engine: Engine, client: Listened): Listened {
  const journalEnd = () =>
    engine.query.get<{ position: number }>('SELECT coalesce(max(position), 0) AS position FROM journal')?.position
  const asksListeners = (key: string) => {
    const row = engine.query.get<Pick<UserTaskRow, 'state'>>('SELECT state FROM user_task WHERE key = ?', Number(key))
    return row !== undefined && !SETTLED.has(row.state)
  }

  async function send(key: string, command: () => Promise<void>): Promise<void> {
    const before = journalEnd()
    let answered = false
    const answer = command().finally(() => {
      answered = true
    })
    // Nobody waits for a later answer: what came of the command is seen in the log.
    answer.catch(() => undefined)
    while (!answered && !(journalEnd() !== before && asksListeners(key))) await sleep(1)
    if (answered) await answer
  }
  return {
    completeUserTask: (...request) => send(request[0], () => client.completeUserTask(...request)),
    assignUserTask: (...request) => send(request[0], () => client.assignUserTask(...request)),
    unassignUserTask: (...request) => send(request[0], () => client.unassignUserTask(...request)),
    updateUserTask: (...request) => send(request[0], () => client.updateUserTask(...request)),
  }
}
