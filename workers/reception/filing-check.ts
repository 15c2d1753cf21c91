import { z } from 'zod'
import type { Cases } from '../../src/cases/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** 比对立案信息 (Art. 8): what the register says against what the written application says. */
export function filingCheckWorker({ cases }: { cases: Cases }): AnyWorker {
  return defineWorker({
    type: 'filing.check',
    input: z.object({ caseId: z.uuid() }),
    output: z.object({ filingCheck: z.json(), filing: z.json() }),
    async run({ caseId }, { elementInstanceKey }) {
      const { filingCheck, filing } = await cases.checkFiling(caseId, elementInstanceKey)
      return {
        filingCheck: { ...filingCheck },
        filing: {
          ...filing,
          amount: filing.amount ?? null,
          parties: filing.parties.map((party) => ({ ...party, idNumber: party.idNumber ?? null })),
        },
      }
    },
  })
}
