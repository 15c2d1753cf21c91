import { z } from 'zod'
import type { Cases } from '../../src/cases/index.ts'
import type { Dossiers } from '../../src/dossier/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** Seals the dossier and marks the case archived (Art. 26). */
export function dossierArchiveWorker(dependencies: {
  dossier: Dossiers
  cases: Pick<Cases, 'markArchived'>
}): AnyWorker {
  const { dossier, cases } = dependencies
  return defineWorker({
    type: 'dossier.archive',
    input: z.object({
      caseId: z.uuid({ error: '应为案件标识（uuid）' }),
      archiveReview: z.object({ archiveNumber: z.string().nullish(), completedBy: z.string().optional() }).nullish(),
    }),
    output: z.object({}),
    async run({ caseId, archiveReview }) {
      const archiveNumber = archiveReview?.archiveNumber?.trim()
      await dossier.archive(caseId, archiveNumber ? { archiveNumber } : {})
      await cases.markArchived(caseId, archiveReview?.completedBy)
      return {}
    },
  })
}
