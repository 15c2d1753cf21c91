import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { type CaseFilingInput, type Cases, createCases } from '../../src/cases/index.ts'
import type { PrismaClient } from '../../src/database/index.ts'
import { createAudit } from '../../src/identity/index.ts'
import { type AnyWorker, runJob } from '../../src/orchestration/index.ts'
import { faultlessFiling, StandingClock } from '../cases/fixtures.ts'

/** The instant at which the cases of these tests are filed: a Monday. */
const filedAt = '2026-03-02T09:00:00+08:00'

/** The case register on a real database, with a clock that the test moves. */
export function courtOf(prisma: PrismaClient): { cases: Cases; clock: StandingClock } {
  const clock = new StandingClock(filedAt)
  const audit = createAudit({ prisma, clock })
  return { clock, cases: createCases({ prisma, clock, audit, court: { name: '清丰县人民法院', code: '豫0922' } }) }
}

/** Files a case that differs from a faultless one in `changes`. */
export async function fileCase(cases: Cases, changes: Partial<CaseFilingInput> = {}) {
  return cases.file({ ...faultlessFiling(), ...changes }, 'filing1')
}

/** Delivers a job to a worker as the engine would; the same `elementInstanceKey` again is a second delivery. */
export async function deliver(
  worker: AnyWorker,
  variables: Record<string, unknown>,
  elementInstanceKey: string = randomUUID(),
) {
  const job = {
    jobKey: randomUUID(),
    jobType: worker.type,
    processInstanceKey: 'process',
    processDefinitionId: 'test',
    elementId: 'element',
    elementInstanceKey,
    retries: 3,
    variables,
  }
  return runJob(worker, job, () => {})
}

/** The variables with which the job was completed. */
export async function complete(worker: AnyWorker, variables: Record<string, unknown>, elementInstanceKey?: string) {
  const outcome = await deliver(worker, variables, elementInstanceKey)
  if (outcome.kind !== 'complete') throw new Error(`${worker.type} did not complete: ${outcome.message}`)
  return outcome.variables
}

/** Delivers a job that must become an incident at once, with a message that contains each of `parts`. */
export async function expectIncident(worker: AnyWorker, variables: Record<string, unknown>, ...parts: string[]) {
  const outcome = await deliver(worker, variables)
  expect(outcome).toMatchObject({ kind: 'fail', retries: 0 })
  for (const part of parts) expect(outcome.kind === 'fail' ? outcome.message : '').toContain(part)
}

/** An id of the right shape that is no case's. */
export const unknownCase = '00000000-0000-4000-8000-00000000dead'
