import { z } from 'zod'
import type { BuildImageDossier, Dossiers } from '../../src/dossier/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** Converts the dossier to an image dossier, one PDF a volume (Art. 26). */
export function dossierImageWorker(dependencies: {
  dossier: Dossiers
  buildImageDossier: BuildImageDossier
}): AnyWorker {
  const { dossier, buildImageDossier } = dependencies
  return defineWorker({
    type: 'dossier.image',
    input: z.object({ caseId: z.uuid({ error: '应为案件标识（uuid）' }) }),
    output: z.object({}),
    async run({ caseId }, { elementInstanceKey }) {
      await dossier.image(caseId, buildImageDossier, { elementInstanceKey })
      return {}
    },
  })
}
