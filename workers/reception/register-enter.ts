import { z } from 'zod'
import type { Cases } from '../../src/cases/index.ts'
import { type AnyWorker, defineWorker } from '../../src/orchestration/worker.ts'

/** Enters a row in one of the registers of Arts. 6 and 25. */
export function registerEnterWorker({ cases }: { cases: Cases }): AnyWorker {
  return defineWorker({
    type: 'register.enter',
    input: z.object({ caseId: z.uuid(), register: z.string(), entry: z.json() }),
    output: z.object({}),
    async run({ caseId, register, entry }, { elementInstanceKey }) {
      await cases.enterRegister({ caseId, register, entry, elementInstanceKey })
      return {}
    },
  })
}
