import type { Prisma, Transaction } from '../database/index.ts'
import { type CaseRow, findCase, lockCase, toRegisteredFiling } from './case-row.ts'
import { courtDate, courtTime } from './court-time.ts'
import { type CaseEnvironment, system } from './environment.ts'
import { CaseError } from './errors.ts'
import { FilingApplication, FilingCorrection, FilingVerification, Finding, type RegisteredFiling } from './filing.ts'
import { checkFilingData } from './filing-check.ts'
import { parse } from './parse.ts'
import type { FilingCheckResult } from './types.ts'

/** Runs the next round of the filing check; the same element instance gets the findings that it got before. */
export async function checkFiling(
  { prisma, clock, audit }: CaseEnvironment,
  caseId: string,
  elementInstanceKey: string,
): Promise<{ filingCheck: FilingCheckResult; filing: RegisteredFiling }> {
  return prisma.$transaction(async (transaction) => {
    const row = await lockCase(transaction, caseId)
    const filing = toRegisteredFiling(row)
    const earlier = await transaction.filingCheck.findUnique({ where: { elementInstanceKey } })
    if (earlier) {
      const findings = Finding.array().parse(earlier.findings)
      return { filingCheck: { round: earlier.round, checkedAt: courtTime(earlier.checkedAt), findings }, filing }
    }
    const checkedAt = clock.now()
    const application = FilingApplication.parse(row.application)
    const findings = checkFilingData(filing, application, courtDate(checkedAt))
    const round = (await transaction.filingCheck.count({ where: { caseId } })) + 1
    await transaction.filingCheck.create({ data: { caseId, round, elementInstanceKey, checkedAt, findings } })
    const errors = findings.filter(({ severity }) => severity === 'error').length
    const detail = { round, errors, remarks: findings.length - errors }
    await audit.record(
      { actor: system, action: 'filing.check', subjectType: 'case', subjectId: caseId, detail },
      transaction,
    )
    return { filingCheck: { round, checkedAt: courtTime(checkedAt), findings }, filing }
  })
}

/** Writes the clerk's correction into the case; what changed is kept in the audit trail with both values. */
export async function applyCorrection(
  { prisma, audit }: CaseEnvironment,
  caseId: string,
  verificationInput: unknown,
  correctionInput: unknown,
  elementInstanceKey?: string,
): Promise<void> {
  const verification = parse(FilingVerification, verificationInput, '核对意见')
  const correction = parse(FilingCorrection, correctionInput, '纠正内容')
  await findCase(prisma, caseId)
  await prisma.$transaction(async (transaction) => {
    const row = await lockCase(transaction, caseId)
    if (elementInstanceKey !== undefined) {
      const done = await transaction.filingCheck.findUnique({ where: { correctionKey: elementInstanceKey } })
      if (done) return
    }
    const check = await transaction.filingCheck.findFirst({ where: { caseId }, orderBy: { round: 'desc' } })
    if (!check) throw new CaseError('wrong-status', `案件 ${row.caseNumber} 尚未比对立案信息，不能纠正`)
    const before = toRegisteredFiling(row)
    await transaction.case.update({
      where: { id: caseId },
      data: {
        subjectType: correction.subjectType,
        amount: correction.amount ?? null,
        basisNumber: correction.basisNumber,
        basisContent: correction.basisContent,
      },
    })
    await correctParties(transaction, row, correction)
    await transaction.filingCheck.update({
      where: { id: check.id },
      data: {
        verification: verification as Prisma.InputJsonObject,
        correction: correction as Prisma.InputJsonObject,
        correctionKey: elementInstanceKey ?? null,
      },
    })
    const after = toRegisteredFiling(await findCase(transaction, caseId))
    const detail = { round: check.round, changes: changes(before, after), note: correction.note ?? null }
    await audit.record(
      { actor: system, action: 'filing.correct', subjectType: 'case', subjectId: caseId, detail },
      transaction,
    )
  })
}

/** Writes the corrected list of parties; who stays keeps his row, and with it address and telephone. */
async function correctParties(transaction: Transaction, row: CaseRow, correction: FilingCorrection): Promise<void> {
  const kept = matchRows(row, correction)
  await transaction.party.deleteMany({ where: { caseId: row.id, id: { notIn: [...kept.values()] } } })
  for (const [ordinal, { role, name, kind, idKind, idNumber }] of correction.parties.entries()) {
    const data = { ordinal, role, name, kind, idKind, idNumber: idKind === 'unknown' ? null : idNumber || null }
    const id = kept.get(ordinal)
    if (id === undefined) await transaction.party.create({ data: { ...data, caseId: row.id } })
    else await transaction.party.update({ where: { id }, data })
  }
}

/**
 * Which registered party each corrected one is, by place in the list. A form may leave out the ids: then the surest of name
 * and role, number, and place decides.
 */
function matchRows(row: CaseRow, correction: FilingCorrection): Map<number, string> {
  const left = new Map(row.parties.map((party) => [party.id, party]))
  const kept = new Map<number, string>()
  const take = (ordinal: number, id: string | undefined) => {
    if (id === undefined || kept.has(ordinal) || !left.delete(id)) return
    kept.set(ordinal, id)
  }
  for (const [ordinal, { partyId, name }] of correction.parties.entries()) {
    if (!partyId) continue
    take(ordinal, partyId)
    if (kept.has(ordinal)) continue
    const message = `当事人“${name}”重复，或不是本案已登记的当事人`
    throw new CaseError('invalid', message, [{ field: `parties[${ordinal}].partyId`, message }])
  }
  const signs: ((own: CaseRow['parties'][number], index: number) => boolean)[] = [
    (own, index) => own.name === correction.parties[index]?.name && own.role === correction.parties[index]?.role,
    (own, index) => own.idNumber !== null && own.idNumber === correction.parties[index]?.idNumber,
    (own, index) => own.ordinal === index,
  ]
  for (const sign of signs) {
    for (const index of correction.parties.keys()) {
      if (!kept.has(index)) take(index, [...left.values()].find((own) => sign(own, index))?.id)
    }
  }
  return kept
}

function changes(before: RegisteredFiling, after: RegisteredFiling): Prisma.InputJsonObject[] {
  const found: Prisma.InputJsonObject[] = []
  const compare = (field: string, from: string | null | undefined, to: string | null | undefined) => {
    if ((from ?? null) !== (to ?? null)) found.push({ field, from: from ?? null, to: to ?? null })
  }
  compare('subjectType', before.subjectType, after.subjectType)
  compare('amount', before.amount, after.amount)
  compare('basisNumber', before.basisNumber, after.basisNumber)
  compare('basisContent', before.basisContent, after.basisContent)
  for (const party of before.parties) {
    const now = after.parties.find(({ partyId }) => partyId === party.partyId)
    for (const field of ['role', 'name', 'kind', 'idKind', 'idNumber'] as const) {
      compare(`${party.name}.${field}`, party[field], now?.[field])
    }
  }
  for (const party of after.parties) {
    if (!before.parties.some(({ partyId }) => partyId === party.partyId)) compare('parties', null, party.name)
  }
  return found
}
