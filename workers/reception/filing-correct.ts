import { z } from 'zod'
import type { Cases } from '../../src/cases/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** 纠正立案信息 (Art. 8): writes the clerk's correction into the case register. */
export function filingCorrectWorker({ cases }: { cases: Cases }): AnyWorker {
  return defineWorker({
    type: 'filing.correct',
    input: z.object({ caseId: z.uuid(), verification: z.json(), correction: z.json() }),
    output: z.object({}),
    async run({ caseId, verification, correction }, { elementInstanceKey }) {
      await cases.applyCorrection(caseId, verification, correction, elementInstanceKey)
      return {}
    },
  })
}
