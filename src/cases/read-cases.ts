import type { Prisma } from '../database/index.ts'
import { findCase, toParty, toSummary, withParties } from './case-row.ts'
import { courtTime } from './court-time.ts'
import type { CaseEnvironment } from './environment.ts'
import { CaseError } from './errors.ts'
import { isRegister, type RegisterCode, type RegisterEntries, registerSchemas } from './registers.ts'
import type {
  CaseDetail,
  CaseFilter,
  CaseListScope,
  CaseSummary,
  HistoryEvent,
  Page,
  PageRequest,
  ReceptionRow,
} from './types.ts'

const largestPage = 200

export async function getCase({ prisma }: CaseEnvironment, caseId: string): Promise<CaseDetail> {
  const row = await findCase(prisma, caseId)
  const reception = await prisma.reception.findUnique({ where: { caseId } })
  const items = await prisma.propertyItem.findMany({ where: { caseId }, orderBy: { sequence: 'asc' } })
  const movements = await prisma.fundsMovement.findMany({
    where: { caseId },
    orderBy: [{ at: 'asc' }, { sequence: 'asc' }],
  })
  return {
    ...toSummary(row),
    causeCategory: row.causeCategory,
    basisNumber: row.basisNumber,
    basisContent: row.basisContent,
    restored: row.restored,
    applicationReceivedAt: courtTime(row.applicationReceivedAt),
    processInstanceKey: row.processInstanceKey,
    triage: row.triage,
    closingMode: row.closingMode,
    application: row.application,
    parties: row.parties.map(toParty),
    reception: reception?.content ?? null,
    propertyItems: items.map(({ kind, description, amount, frozen }) => ({
      kind,
      description,
      amount: amount?.toFixed(2) ?? null,
      frozen,
    })),
    fundsMovements: movements.map(({ direction, amount, at }) => ({
      direction: direction as 'receipt' | 'disbursement',
      amount: amount.toFixed(2),
      at: courtTime(at),
    })),
  }
}

/** Newest first. @throws CaseError `invalid` for a page out of range */
export async function listCases(
  { prisma }: CaseEnvironment,
  filter: CaseFilter,
  { page = 1, size = 50 }: PageRequest = {},
): Promise<Page<CaseSummary>> {
  if (!Number.isInteger(page) || page < 1) throw pageError('page', '页码应为正整数')
  if (!Number.isInteger(size) || size < 1 || size > largestPage)
    throw pageError('size', `每页应为 1 至 ${largestPage} 条`)
  const where: Prisma.CaseWhereInput = { AND: [within(filter.scope), containing(filter.q)] }
  if (filter.status !== undefined) where.status = filter.status
  if (filter.team !== undefined) where.team = filter.team
  if (filter.handlingJudge !== undefined) where.handlingJudge = filter.handlingJudge
  const [total, rows] = await Promise.all([
    prisma.case.count({ where }),
    prisma.case.findMany({
      where,
      include: withParties,
      orderBy: [{ filedAt: 'desc' }, { id: 'desc' }],
      skip: (page - 1) * size,
      take: size,
    }),
  ])
  return { items: rows.map(toSummary), total }
}

function within(scope: CaseListScope | undefined): Prisma.CaseWhereInput {
  if (scope === undefined || scope.all) return {}
  const any: Prisma.CaseWhereInput[] = [
    { team: { in: scope.teams } },
    { handlingJudge: scope.handler },
    { handlingClerk: scope.handler },
    { id: { in: scope.caseIds ?? [] } },
  ]
  if (scope.archived) any.push({ status: 'archived' })
  if (scope.filedBy) any.push({ filedBy: scope.filedBy })
  return { OR: any }
}

function containing(q: string | undefined): Prisma.CaseWhereInput {
  const text = q?.trim()
  if (!text) return {}
  // Typed from a keyboard, brackets are half-width more often than not.
  const asNumber = text.replaceAll('(', '（').replaceAll(')', '）')
  return {
    OR: [
      { caseNumber: { contains: asNumber } },
      { parties: { some: { OR: [{ name: { contains: text } }, { idNumber: text.toUpperCase() }] } } },
    ],
  }
}

function pageError(field: string, message: string): CaseError {
  return new CaseError('invalid', message, [{ field, message }])
}

export async function registerEntries<Code extends RegisterCode>(
  { prisma }: CaseEnvironment,
  caseId: string,
  register: Code,
): Promise<RegisterEntries[Code][]> {
  if (!isRegister(register)) throw pageError('register', `登记簿“${String(register)}”不存在`)
  const rows = await prisma.registerEntry.findMany({
    where: { caseId, register },
    orderBy: { sequence: 'asc' },
  })
  return rows.map((row) => registerSchemas[register].parse(row.entry) as RegisterEntries[Code])
}

/** One row a case, from its reception record (Art. 6). */
export async function receptionRegister({ prisma }: CaseEnvironment, from: Date, to: Date): Promise<ReceptionRow[]> {
  const rows = await prisma.reception.findMany({
    where: { recordedAt: { gte: from, lt: to } },
    include: { case: { include: withParties } },
    orderBy: [{ recordedAt: 'asc' }, { caseId: 'asc' }],
  })
  return rows.map((row) => {
    const { caseId, caseNumber, applicants, respondents } = toSummary(row.case)
    const entry = registerSchemas['initial-reception'].parse(row.content)
    return {
      caseId,
      caseNumber,
      applicants,
      respondents,
      held: row.held,
      notHeldReason: row.held ? null : (entry.notHeldReason ?? null),
      mode: entry.mode ?? null,
      startedAt: row.startedAt && courtTime(row.startedAt),
      endedAt: entry.endedAt ? courtTime(entry.endedAt) : null,
      interviewer: row.interviewer,
      recorder: row.recorder,
      interviewee: row.interviewee,
      recordedAt: courtTime(row.recordedAt),
    }
  })
}

const deeds: Readonly<Record<string, string>> = {
  'case.file': '立案',
  'case.start': '进入执行流程',
  'filing.check': '比对立案信息',
  'filing.correct': '纠正立案信息',
  'register.enter': '登记入簿',
  'case.assign': '确定承办团队和承办人',
  'case.close': '结案',
  'case.archive': '归档',
  'dossier.open': '建立电子卷宗',
  'dossier.enter': '材料入卷',
  'document.render': '制作文书',
  'upload.add': '上传材料',
  'task.claim': '签收任务',
  'task.release': '退回任务',
  'task.complete': '办结任务',
  'deadline.extend': '延长期限',
  'escalation.raise': '超期督办',
  'reminder.send': '提醒承办人',
}

/** What was done in the case; who read it is in the audit trail, not here. */
export async function history({ prisma, audit }: CaseEnvironment, caseId: string): Promise<HistoryEvent[]> {
  await findCase(prisma, caseId)
  const entries = await audit.list('case', caseId)
  return entries
    .filter(({ action }) => !action.endsWith('.read'))
    .map(({ at, actor, action, detail }) => ({
      at: courtTime(at),
      actor,
      action,
      text: deeds[action] ?? action,
      detail,
    }))
}
