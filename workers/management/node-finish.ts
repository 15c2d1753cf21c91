import { z } from 'zod'
import type { Orchestration } from '../../src/orchestration/orchestration.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'
import type { Supervision } from '../../src/supervision/index.ts'

/** Long enough for a supervising process that is between its review and its wait for the message. */
const timeToLiveMs = 10 * 60 * 1000

/**
 * End listener of an activity with a deadline: marks its entries finished, and tells a supervising process. Delivered again, it publishes
 * again: the correlation key is the entry, which is supervised once.
 */
export function nodeFinishWorker(dependencies: {
  supervision: Supervision
  publishMessage: Orchestration['publishMessage']
}): AnyWorker {
  const { supervision, publishMessage } = dependencies
  return defineWorker({
    type: 'node.finish',
    input: z.object({
      caseId: z.uuid({ error: '应为案件标识（uuid）' }),
      node: z.string({ error: '应为节点代码' }),
      deadline: z.object(
        { entryId: z.uuid({ error: '应为节点登记的标识（uuid）' }) },
        { error: '没有期限：该元素应有 deadline.compute 启动监听器' },
      ),
    }),
    output: z.object({}),
    async run({ deadline }) {
      const { entryIds } = await supervision.finish({ entryId: deadline.entryId })
      for (const entryId of entryIds) {
        await publishMessage({ name: 'node.finished', correlationKey: entryId, timeToLiveMs })
      }
      return {}
    },
  })
}
