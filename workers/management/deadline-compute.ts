import { z } from 'zod'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'
import type { Supervision } from '../../src/supervision/index.ts'

const key = z.string({ error: '应为期限规则的键，如 "reception.online"' }).min(1, '不能为空')

/** Start listener of an activity with a deadline: registers the node and answers the local variable `deadline`. */
export function deadlineComputeWorker({ supervision }: { supervision: Supervision }): AnyWorker {
  return defineWorker({
    type: 'deadline.compute',
    input: z.object({
      caseId: z.uuid({ error: '应为案件标识（uuid）' }),
      node: z.string({ error: '应为节点代码：请检查元素的输入映射 node' }).min(1, '不能为空'),
      deadlineKey: z.union([key, z.array(key).min(1, '列表不能为空')], {
        error: '应为期限规则的键或键的列表：请检查元素的输入映射 deadlineKey',
      }),
      deadlineFrom: z.string({ error: '应为带时区的时间，即期限起算的已记录时间：请检查元素的输入映射 deadlineFrom' }),
    }),
    output: z.object({
      deadline: z.object({
        entryId: z.string(),
        key: z.string(),
        dueAt: z.string(),
        remindAt: z.string(),
        explanation: z.array(z.string()),
        provisional: z.boolean(),
      }),
    }),
    async run(input, job) {
      const { elementId, elementInstanceKey, processInstanceKey, processDefinitionId } = job
      const deadline = await supervision.compute({
        ...input,
        elementId,
        elementInstanceKey,
        processInstanceKey,
        processDefinitionId,
      })
      return { deadline }
    },
  })
}
