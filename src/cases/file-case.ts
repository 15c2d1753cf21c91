import { randomUUID } from 'node:crypto'
import { Prisma, type Transaction } from '../database/index.ts'
import { formatCaseNumber, parseCaseNumber } from './case-number.ts'
import { toFiledCase, withParties } from './case-row.ts'
import { courtDate } from './court-time.ts'
import type { CaseEnvironment } from './environment.ts'
import { CaseError } from './errors.ts'
import { CaseFiling } from './filing.ts'
import { parse } from './parse.ts'
import type { FiledCase } from './types.ts'

/** Registers a case with its number, parties and audit entry in one transaction. */
export async function fileCase(environment: CaseEnvironment, input: unknown, actor: string): Promise<FiledCase> {
  const filing = parse(CaseFiling, input, '立案信息')
  const { prisma, clock, audit } = environment
  const filedAt = clock.now()
  const applicationReceivedAt = new Date(filing.applicationReceivedAt)
  if (applicationReceivedAt > filedAt) {
    const message = '收到申请的时间不能晚于立案时间'
    throw new CaseError('invalid', `立案信息有误：${message}`, [{ field: 'applicationReceivedAt', message }])
  }
  try {
    return await prisma.$transaction(async (transaction) => {
      const caseNumber = await takeNumber(environment, transaction, filing, filedAt)
      const row = await transaction.case.create({
        data: {
          id: randomUUID(),
          caseNumber,
          channel: filing.channel,
          status: 'filed',
          cause: filing.cause,
          causeCategory: filing.causeCategory,
          subjectType: filing.subjectType,
          amount: filing.amount ?? null,
          basisNumber: filing.basisNumber,
          basisContent: filing.basisContent,
          restored: filing.restored,
          application: filing.application as Prisma.InputJsonObject,
          applicationReceivedAt,
          filedAt,
          filedBy: actor,
          parties: {
            create: filing.parties.map(({ role, name, kind, idKind, idNumber, address, phone }, ordinal) => ({
              ordinal,
              role,
              name,
              kind,
              idKind,
              idNumber: idKind === 'unknown' ? null : idNumber || null,
              address: address || null,
              phone: phone || null,
            })),
          },
        },
        include: withParties,
      })
      const detail = { caseNumber, channel: filing.channel }
      await audit.record({ actor, action: 'case.file', subjectType: 'case', subjectId: row.id, detail }, transaction)
      return toFiledCase(row)
    })
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error
    const message = filing.caseNumber ? `案号 ${filing.caseNumber} 已被使用` : '自动编号与已有案号重复，请重新提交'
    throw new CaseError('case-number-taken', message, [{ field: 'caseNumber', message }])
  }
}

/** The number asked for, checked, or the next of the year. The sequence's row is locked until the transaction ends. */
async function takeNumber(
  { court }: CaseEnvironment,
  transaction: Transaction,
  filing: CaseFiling,
  filedAt: Date,
): Promise<string> {
  const typeCode = filing.restored ? '执恢' : '执'
  const thisYear = Number(courtDate(filedAt).slice(0, 4))
  if (filing.caseNumber === undefined) {
    const number = await advance(transaction, thisYear, court.code, typeCode)
    return formatCaseNumber({ year: thisYear, courtCode: court.code, typeCode, number })
  }
  const given = parseCaseNumber(filing.caseNumber)
  const refuse = (message: string) =>
    new CaseError('case-number-invalid', `案号 ${filing.caseNumber} ${message}`, [{ field: 'caseNumber', message }])
  const example = formatCaseNumber({ year: thisYear, courtCode: court.code, typeCode, number: 123 })
  if (!given) throw refuse(`格式不规范，应如 ${example}`)
  if (given.courtCode !== court.code) throw refuse(`不是本院（${court.code}）案号`)
  if (given.typeCode !== typeCode) throw refuse(`类型代字应为“${typeCode}”`)
  if (given.year > thisYear) throw refuse(`年份晚于立案年份 ${thisYear}`)
  await advance(transaction, given.year, court.code, typeCode, given.number)
  return filing.caseNumber
}

/** Moves the sequence on by one, or at least to the number that was given by hand; answers the last number used. */
async function advance(
  transaction: Transaction,
  year: number,
  courtCode: string,
  typeCode: string,
  given?: number,
): Promise<number> {
  const rows = await transaction.$queryRaw<{ last: number }[]>`
    INSERT INTO "case_number_sequence" AS s ("year", "court_code", "type_code", "last_number")
    VALUES (${year}, ${courtCode}, ${typeCode}, ${given ?? 1})
    ON CONFLICT ("year", "court_code", "type_code")
    DO UPDATE SET "last_number" = GREATEST(s."last_number" + ${given === undefined ? 1 : 0}, ${given ?? 0})
    RETURNING "last_number" AS last`
  const last = rows[0]?.last
  if (last === undefined) throw new Error('the case number sequence returned no row')
  return last
}
