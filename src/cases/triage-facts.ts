import { Prisma } from '../database/index.ts'
import { findCase } from './case-row.ts'
import type { CaseEnvironment } from './environment.ts'
import { CaseError } from './errors.ts'
import { parse } from './parse.ts'
import { registerSchemas } from './registers.ts'
import type { TriageFacts } from './types.ts'

/**
 * Collects what Arts. 15 and 16 judge by. 足额 means cash frozen or received that reaches the claim; every other thing found
 * would have to be disposed of.
 */
export async function triageFacts({ prisma }: CaseEnvironment, caseId: string): Promise<TriageFacts> {
  const row = await findCase(prisma, caseId)
  const missing = (field: string, message: string) =>
    new CaseError('missing-data', `案件 ${row.caseNumber} 缺少分流所需信息：${message}`, [{ field, message }])

  if (row.subjectType === 'money' && row.amount === null) {
    throw missing('amount', '金钱给付案件未登记执行标的金额，请先补登')
  }
  const respondentKinds = row.parties.filter(({ role }) => role === 'respondent').map(({ kind }) => kind)
  if (respondentKinds.length === 0) throw missing('respondentKinds', '未登记被执行人')
  const firstSearch = await prisma.registerEntry.findFirst({
    where: { caseId, register: 'property-search' },
    orderBy: { sequence: 'asc' },
  })
  if (!firstSearch) throw missing('firstSearchFoundProperty', '首次财产查控尚无反馈登记')
  const search = parse(registerSchemas['property-search'], firstSearch.entry, '首次查控登记内容')

  const items = await prisma.propertyItem.findMany({ where: { caseId } })
  const receipts = await prisma.fundsMovement.findMany({ where: { caseId, direction: 'receipt' } })
  const cash = items
    .filter(({ kind, frozen }) => kind === 'deposit' && frozen)
    .reduce((total, item) => total.plus(item.amount ?? 0), new Prisma.Decimal(0))
  const available = receipts.reduce((total, { amount }) => total.plus(amount), cash)

  return {
    subjectType: row.subjectType as TriageFacts['subjectType'],
    amount: row.subjectType === 'money' ? (row.amount?.toNumber() ?? null) : null,
    causeCategory: row.causeCategory as TriageFacts['causeCategory'],
    respondentKinds: [...new Set(respondentKinds)],
    fullyCovered: row.subjectType === 'money' && row.amount !== null && available.greaterThanOrEqualTo(row.amount),
    disposalNeeded: items.some(({ kind }) => kind !== 'deposit'),
    firstSearchFoundProperty: search.found === 'yes',
    restored: row.restored,
  }
}
