import type { Prisma } from '../database/index.ts'
import { type CaseStatus, caseStatusLabels, closingModeLabels, label, teamLabels } from '../procedure/index.ts'
import { type CaseRow, lockCase } from './case-row.ts'
import { courtTime } from './court-time.ts'
import { type CaseEnvironment, system } from './environment.ts'
import { CaseError } from './errors.ts'

/** Team and persons after the receipt of the file (Art. 16(2)). */
export async function assign(
  { prisma, audit }: CaseEnvironment,
  input: {
    caseId: string
    team: string
    handlingJudge: string
    handlingClerk: string
    triage?: unknown
    actor?: string
  },
): Promise<void> {
  const { caseId, team, handlingJudge, handlingClerk, triage, actor = system } = input
  if (!Object.hasOwn(teamLabels, team)) throw invalid('team', `团队“${team}”不存在`)
  if (!handlingJudge) throw invalid('handlingJudge', '请确定承办法官')
  if (!handlingClerk) throw invalid('handlingClerk', '请确定书记员')
  await prisma.$transaction(async (transaction) => {
    const row = await lockCase(transaction, caseId)
    const same = row.team === team && row.handlingJudge === handlingJudge && row.handlingClerk === handlingClerk
    if (same && row.status === 'enforcing') return
    requireStatus(row, ['filed', 'received', 'enforcing'], '确定承办人')
    const kept = triage === undefined ? {} : { triage: triage as Prisma.InputJsonValue }
    await transaction.case.update({
      where: { id: caseId },
      data: { team, handlingJudge, handlingClerk, status: 'enforcing', ...kept },
    })
    const detail = { team, handlingJudge, handlingClerk }
    await audit.record({ actor, action: 'case.assign', subjectType: 'case', subjectId: caseId, detail }, transaction)
  })
}

/** Closes the case in the way that was approved. */
export async function close(
  { prisma, clock, audit }: CaseEnvironment,
  input: { caseId: string; mode: string; actor?: string },
): Promise<{ closedAt: string }> {
  const { caseId, mode, actor = system } = input
  if (!Object.hasOwn(closingModeLabels, mode)) throw invalid('mode', `结案方式“${mode}”不存在`)
  return prisma.$transaction(async (transaction) => {
    const row = await lockCase(transaction, caseId)
    if (row.closedAt !== null) {
      if (row.closingMode !== mode) throw wrongStatus(row, '以另一方式结案')
      return { closedAt: courtTime(row.closedAt) }
    }
    requireStatus(row, ['enforcing'], '结案')
    const closedAt = clock.now()
    await transaction.case.update({ where: { id: caseId }, data: { closingMode: mode, closedAt, status: 'closed' } })
    const detail = { mode, modeName: label(closingModeLabels, mode) }
    await audit.record({ actor, action: 'case.close', subjectType: 'case', subjectId: caseId, detail }, transaction)
    return { closedAt: courtTime(closedAt) }
  })
}

/** Marks a closed case as archived (Art. 26). */
export async function markArchived(
  { prisma, clock, audit }: CaseEnvironment,
  caseId: string,
  actor = system,
): Promise<{ archivedAt: string }> {
  return prisma.$transaction(async (transaction) => {
    const row = await lockCase(transaction, caseId)
    if (row.archivedAt !== null) return { archivedAt: courtTime(row.archivedAt) }
    requireStatus(row, ['closed'], '归档')
    const archivedAt = clock.now()
    await transaction.case.update({ where: { id: caseId }, data: { archivedAt, status: 'archived' } })
    await audit.record({ actor, action: 'case.archive', subjectType: 'case', subjectId: caseId }, transaction)
    return { archivedAt: courtTime(archivedAt) }
  })
}

function requireStatus(row: CaseRow, allowed: readonly CaseStatus[], deed: string): void {
  if (!(allowed as readonly string[]).includes(row.status)) throw wrongStatus(row, deed)
}

function wrongStatus(row: CaseRow, deed: string): CaseError {
  const status = label(caseStatusLabels, row.status)
  return new CaseError('wrong-status', `案件 ${row.caseNumber} 的状态是“${status}”，不能${deed}`)
}

function invalid(field: string, message: string): CaseError {
  return new CaseError('invalid', message, [{ field, message }])
}
