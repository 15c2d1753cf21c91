import { z } from 'zod'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'
import type { Supervision } from '../../src/supervision/index.ts'

/** Records a supervisor's decision to extend a due date. */
export function deadlineExtendWorker({ supervision }: { supervision: Supervision }): AnyWorker {
  return defineWorker({
    type: 'deadline.extend',
    input: z.object({
      entryId: z.uuid({ error: '应为节点登记的标识（uuid）' }),
      newDueDate: z.string({ error: '决定延期的，应填写新期限' }),
      reason: z.string({ error: '决定延期的，应填写督办意见作为理由' }),
      /** Who answered the supervising task, where the task's completion tells. */
      supervisionDecision: z.object({ completedBy: z.string().optional() }).nullish(),
    }),
    output: z.object({}),
    async run({ supervisionDecision, ...request }, { elementInstanceKey }) {
      const decidedBy = supervisionDecision?.completedBy
      await supervision.extend({ ...request, elementInstanceKey, ...(decidedBy === undefined ? {} : { decidedBy }) })
      return {}
    },
  })
}
