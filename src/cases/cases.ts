import { lockCase, toFiledCase, withParties } from './case-row.ts'
import { assign, close, markArchived } from './case-status.ts'
import { applyCorrection, checkFiling } from './check-case.ts'
import { enterRegister } from './enter-register.ts'
import { type CaseEnvironment, system } from './environment.ts'
import { CaseError } from './errors.ts'
import { fileCase } from './file-case.ts'
import { getCase, history, listCases, receptionRegister, registerEntries } from './read-cases.ts'
import { triageFacts } from './triage-facts.ts'
import type { Cases } from './types.ts'

export type { CaseEnvironment } from './environment.ts'

/** Creates the case register over the court's database. */
export function createCases(environment: CaseEnvironment): Cases {
  return {
    file: (filing, actor) => fileCase(environment, filing, actor),
    markStarted: (caseId, processInstanceKey) => markStarted(environment, caseId, processInstanceKey),
    async unstarted() {
      const rows = await environment.prisma.case.findMany({
        where: { processInstanceKey: null },
        include: withParties,
        orderBy: [{ filedAt: 'asc' }, { id: 'asc' }],
      })
      return rows.map(toFiledCase)
    },
    get: (caseId) => getCase(environment, caseId),
    list: (filter, page) => listCases(environment, filter, page),
    async search(q, scope) {
      const { items } = await listCases(environment, scope === undefined ? { q } : { q, scope })
      return items
    },
    checkFiling: (caseId, elementInstanceKey) => checkFiling(environment, caseId, elementInstanceKey),
    applyCorrection: (caseId, verification, correction, elementInstanceKey) =>
      applyCorrection(environment, caseId, verification, correction, elementInstanceKey),
    recordReception: ({ caseId, reception, elementInstanceKey }) =>
      enterRegister(environment, { caseId, register: 'initial-reception', entry: reception, elementInstanceKey }),
    enterRegister: (input) => enterRegister(environment, input),
    registerEntries: (caseId, register) => registerEntries(environment, caseId, register),
    receptionRegister: (from, to) => receptionRegister(environment, from, to),
    triageFacts: (caseId) => triageFacts(environment, caseId),
    assign: (input) => assign(environment, input),
    close: (input) => close(environment, input),
    markArchived: (caseId, actor) => markArchived(environment, caseId, actor),
    history: (caseId) => history(environment, caseId),
  }
}

async function markStarted(
  { prisma, audit }: CaseEnvironment,
  caseId: string,
  processInstanceKey: string,
): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    const row = await lockCase(transaction, caseId)
    if (row.processInstanceKey === processInstanceKey) return
    if (row.processInstanceKey !== null) {
      throw new CaseError(
        'wrong-status',
        `案件 ${row.caseNumber} 已由流程实例 ${row.processInstanceKey} 办理，不能再关联 ${processInstanceKey}`,
      )
    }
    await transaction.case.update({ where: { id: caseId }, data: { processInstanceKey } })
    const detail = { processInstanceKey }
    await audit.record(
      { actor: system, action: 'case.start', subjectType: 'case', subjectId: caseId, detail },
      transaction,
    )
  })
}
