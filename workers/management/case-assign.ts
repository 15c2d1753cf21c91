import { z } from 'zod'
import type { Cases } from '../../src/cases/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** Registers the team and the persons who received the case (Arts. 15 and 16). */
export function caseAssignWorker({ cases }: { cases: Cases }): AnyWorker {
  return defineWorker({
    type: 'case.assign',
    input: z.object({
      caseId: z.uuid(),
      triage: z.json(),
      triageDecision: z.object({ team: z.string() }).loose(),
      receipt: z.object({ handlingJudge: z.string(), handlingClerk: z.string() }),
    }),
    output: z.object({}),
    async run({ caseId, triage, triageDecision, receipt }) {
      const { handlingJudge, handlingClerk } = receipt
      await cases.assign({
        caseId,
        team: triageDecision.team,
        handlingJudge,
        handlingClerk,
        triage: { proposal: triage, decision: triageDecision },
      })
      return {}
    },
  })
}
