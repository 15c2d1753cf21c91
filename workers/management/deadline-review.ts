import { z } from 'zod'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'
import type { Supervision } from '../../src/supervision/index.ts'

/** Asks the node register what a fired timer means now. */
export function deadlineReviewWorker({ supervision }: { supervision: Supervision }): AnyWorker {
  return defineWorker({
    type: 'deadline.review',
    input: z.object({
      caseId: z.uuid({ error: '应为案件标识（uuid）' }),
      node: z.string({ error: '应为节点代码：请检查督办调用活动的输入映射 node' }).min(1, '不能为空'),
    }),
    output: z.object({
      review: z.object({
        action: z.enum(['finished', 'remind', 'wait', 'record', 'escalate']),
        entryId: z.string(),
        dueAt: z.string(),
        handlerRole: z.string(),
        ladder: z.string(),
      }),
    }),
    async run({ caseId, node }, { processInstanceKey }) {
      return { review: await supervision.review({ caseId, node, processInstanceKey }) }
    },
  })
}
