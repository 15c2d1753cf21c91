import { z } from 'zod'
import type { Dossiers } from '../../src/dossier/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** Counts the dossier before its conversion; what is missing is shown to the handler, who reviews it (Art. 26). */
export function dossierCheckWorker({ dossier }: { dossier: Dossiers }): AnyWorker {
  return defineWorker({
    type: 'dossier.check',
    input: z.object({ caseId: z.uuid({ error: '应为案件标识（uuid）' }) }),
    output: z.object({
      dossierCheck: z.object({
        complete: z.boolean(),
        entries: z.int(),
        pages: z.int(),
        missing: z.array(z.object({ kind: z.string(), title: z.string(), message: z.string() })),
        remarks: z.array(z.string()),
      }),
    }),
    async run({ caseId }) {
      return { dossierCheck: await dossier.check(caseId) }
    },
  })
}
