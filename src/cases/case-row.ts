import type { Prisma, PrismaClient, Transaction } from '../database/index.ts'
import type { CaseStatus } from '../procedure/index.ts'
import { courtTime } from './court-time.ts'
import { CaseError } from './errors.ts'
import type { RegisteredFiling } from './filing.ts'
import type { CaseParty, CaseSummary, FiledCase } from './types.ts'

/** A case with its parties in their order, as every reading here asks for it. */
export const withParties = { parties: { orderBy: { ordinal: 'asc' } } } satisfies Prisma.CaseInclude
export type CaseRow = Prisma.CaseGetPayload<{ include: typeof withParties }>

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** @throws CaseError `unknown-case` */
export async function findCase(prisma: PrismaClient | Transaction, caseId: string): Promise<CaseRow> {
  const row = uuid.test(caseId) ? await prisma.case.findUnique({ where: { id: caseId }, include: withParties }) : null
  if (!row) throw new CaseError('unknown-case', `案件 ${caseId} 不存在`)
  return row
}

/** Holds the case's row until the transaction ends: what is done to one case is done one after the other. */
export async function lockCase(transaction: Transaction, caseId: string): Promise<CaseRow> {
  if (uuid.test(caseId)) await transaction.$queryRaw`SELECT 1 FROM "case" WHERE "id" = ${caseId}::uuid FOR UPDATE`
  return findCase(transaction, caseId)
}

const money = (amount: Prisma.Decimal | null): string | null => amount?.toFixed(2) ?? null
const moment = (instant: Date | null): string | null => instant && courtTime(instant)
const namesOf = (row: CaseRow, role: string) =>
  row.parties.filter((party) => party.role === role).map(({ name }) => name)

export function toFiledCase(row: CaseRow): FiledCase {
  return {
    caseId: row.id,
    caseNumber: row.caseNumber,
    channel: row.channel as FiledCase['channel'],
    filedAt: courtTime(row.filedAt),
    applicationReceivedAt: courtTime(row.applicationReceivedAt),
  }
}

export function toSummary(row: CaseRow): CaseSummary {
  return {
    caseId: row.id,
    caseNumber: row.caseNumber,
    status: row.status as CaseStatus,
    channel: row.channel as CaseSummary['channel'],
    cause: row.cause,
    subjectType: row.subjectType,
    amount: money(row.amount),
    applicants: namesOf(row, 'applicant'),
    respondents: namesOf(row, 'respondent'),
    filedAt: courtTime(row.filedAt),
    filedBy: row.filedBy,
    team: row.team,
    handlingJudge: row.handlingJudge,
    handlingClerk: row.handlingClerk,
    closedAt: moment(row.closedAt),
    archivedAt: moment(row.archivedAt),
  }
}

export function toParty(row: CaseRow['parties'][number]): CaseParty {
  const { id, role, name, kind, idKind, idNumber, address, phone } = row
  return { partyId: id, role: role as CaseParty['role'], name, kind, idKind, idNumber, address, phone }
}

/** The part of a case that filing check and correction work on. */
export function toRegisteredFiling(row: CaseRow): RegisteredFiling {
  return {
    subjectType: row.subjectType as RegisteredFiling['subjectType'],
    amount: money(row.amount),
    basisNumber: row.basisNumber,
    basisContent: row.basisContent,
    parties: row.parties.map((party) => ({
      partyId: party.id,
      role: party.role as RegisteredFiling['parties'][number]['role'],
      name: party.name,
      kind: party.kind as RegisteredFiling['parties'][number]['kind'],
      idKind: party.idKind as RegisteredFiling['parties'][number]['idKind'],
      idNumber: party.idNumber,
    })),
  }
}
