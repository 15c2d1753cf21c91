import { z } from 'zod'
import { documentKinds, isDocumentKind, type Volume } from '../../src/documents/index.ts'
import { DossierError, type Dossiers } from '../../src/dossier/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** Catalogues the signed copy of a document that the system made (Arts. 6 and 7). */
export function dossierEnterWorker({ dossier }: { dossier: Dossiers }): AnyWorker {
  return defineWorker({
    type: 'dossier.enter',
    input: z.object({
      caseId: z.uuid({ error: '应为案件标识（uuid）' }),
      documentId: z.uuid({ error: '应为文书标识（uuid），由 document.render 给出' }),
      uploadId: z.uuid({ error: '应为上传文件的标识（uuid）：请先上传签名件' }),
    }),
    output: z.object({}),
    async run({ caseId, documentId, uploadId }, { elementInstanceKey }) {
      const { kind, title, uploadedBy } = await dossier.describe({ caseId, documentId, uploadId })
      await dossier.enter({
        caseId,
        volume: volumeOf(kind, title),
        title,
        kind,
        source: 'scan',
        documentId,
        uploadId,
        enteredBy: uploadedBy,
        elementInstanceKey,
      })
      return {}
    },
  })
}

function volumeOf(kind: string, title: string): Volume {
  const volume = isDocumentKind(kind) ? documentKinds[kind].volume : null
  if (volume === null) throw new DossierError('invalid', `文书“${title}”（${kind}）不入卷`)
  return volume
}
