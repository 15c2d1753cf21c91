import { z } from 'zod'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'
import type { Supervision } from '../../src/supervision/index.ts'

/** Records that an overdue node was raised to a rung of its ladder; the rung's own deadline runs from `raisedAt`. */
export function escalationRaiseWorker({ supervision }: { supervision: Supervision }): AnyWorker {
  return defineWorker({
    type: 'escalation.raise',
    input: z.object({
      entryId: z.uuid({ error: '应为节点登记的标识（uuid）' }),
      role: z.string({ error: '应为督办岗位的代码：请检查 escalation-ladder.dmn' }).min(1, '不能为空'),
    }),
    output: z.object({ escalation: z.object({ escalationId: z.string(), raisedAt: z.string() }) }),
    async run({ entryId, role }, { elementInstanceKey }) {
      const { escalationId, raisedAt } = await supervision.raiseEscalation({ entryId, role, elementInstanceKey })
      return { escalation: { escalationId, raisedAt } }
    },
  })
}
