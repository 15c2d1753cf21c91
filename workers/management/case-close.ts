import { z } from 'zod'
import type { Cases } from '../../src/cases/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** Closes the case as approved; from this moment the fifteen days of Art. 26 run. */
export function caseCloseWorker({ cases }: { cases: Cases }): AnyWorker {
  return defineWorker({
    type: 'case.close',
    input: z.object({ caseId: z.uuid(), closing: z.object({ mode: z.string() }).loose() }),
    output: z.object({ closedAt: z.string() }),
    async run({ caseId, closing }) {
      return cases.close({ caseId, mode: closing.mode })
    },
  })
}
