import { z } from 'zod'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'
import type { Supervision } from '../../src/supervision/index.ts'

/** Reminds the handler: the register notes it, and the task list marks the task (Art. 13 风险提示). */
export function reminderSendWorker({ supervision }: { supervision: Supervision }): AnyWorker {
  return defineWorker({
    type: 'reminder.send',
    input: z.object({ entryId: z.uuid({ error: '应为节点登记的标识（uuid）' }) }),
    output: z.object({}),
    async run({ entryId }) {
      await supervision.remind({ entryId })
      return {}
    },
  })
}
