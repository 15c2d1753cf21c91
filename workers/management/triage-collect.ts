import { z } from 'zod'
import type { Cases } from '../../src/cases/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** Collects the facts that the triage decision judges by (Arts. 15 and 16). */
export function triageCollectWorker({ cases }: { cases: Cases }): AnyWorker {
  return defineWorker({
    type: 'triage.collect',
    input: z.object({ caseId: z.uuid() }),
    output: z.object({ facts: z.json() }),
    async run({ caseId }) {
      return { facts: { ...(await cases.triageFacts(caseId)) } }
    },
  })
}
