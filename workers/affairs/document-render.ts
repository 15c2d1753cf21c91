import { z } from 'zod'
import { type Documents, documentKindCodes, documentKinds } from '../../src/documents/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'
import { closing, type DocumentSources, documentData, triage, triageDecision } from './document-data.ts'

/**
 * Renders a document of the court and keeps it; one that needs no signed copy enters the dossier at once, the others when
 * the signed copy is uploaded (dossier.enter).
 */
export function documentRenderWorker(dependencies: DocumentSources & { documents: Documents }): AnyWorker {
  const { documents, dossier } = dependencies
  return defineWorker({
    type: 'document.render',
    input: z.object({
      caseId: z.uuid(),
      documentKind: z.enum(documentKindCodes),
      triage: triage.nullish(),
      triageDecision: triageDecision.nullish(),
      closing: closing.nullish(),
    }),
    output: z.object({ documentId: z.string() }),
    async run({ caseId, documentKind, ...variables }, { elementInstanceKey }) {
      // A case that does not exist is named before anything is numbered for it.
      await dependencies.cases.get(caseId)
      const document = await documents.issue({
        caseId,
        kind: documentKind,
        elementInstanceKey,
        data: (number) =>
          documentData(documentKind, dependencies, {
            caseId,
            number,
            triage:
              variables.triage && variables.triageDecision
                ? { triage: variables.triage, triageDecision: variables.triageDecision }
                : undefined,
            closing: variables.closing ?? undefined,
          }),
      })
      const { volume, needsSignedCopy, title } = documentKinds[documentKind]
      if (volume && !needsSignedCopy) {
        await dossier.enter({
          caseId,
          volume,
          title,
          kind: documentKind,
          source: 'system',
          documentId: document.documentId,
          enteredBy: 'system',
          elementInstanceKey,
        })
      }
      return { documentId: document.documentId }
    },
  })
}
