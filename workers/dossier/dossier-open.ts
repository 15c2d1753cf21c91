import { z } from 'zod'
import type { Dossiers } from '../../src/dossier/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** Opens the electronic dossier of a case (Arts. 3 and 18). */
export function dossierOpenWorker({ dossier }: { dossier: Dossiers }): AnyWorker {
  return defineWorker({
    type: 'dossier.open',
    input: z.object({ caseId: z.uuid({ error: '应为案件标识（uuid）' }) }),
    output: z.object({}),
    async run({ caseId }) {
      await dossier.open(caseId)
      return {}
    },
  })
}
