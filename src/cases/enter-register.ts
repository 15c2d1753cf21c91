import { Prisma, type Transaction } from '../database/index.ts'
import { label, registerLabels } from '../procedure/index.ts'
import { type CaseRow, lockCase } from './case-row.ts'
import { type CaseEnvironment, system } from './environment.ts'
import { CaseError } from './errors.ts'
import { parse } from './parse.ts'
import { isRegister, type RegisterCode, type RegisterEntries, registerSchemas } from './registers.ts'

interface Entering {
  transaction: Transaction
  row: CaseRow
  registerEntryId: string
  enteredAt: Date
  /** The entry as submitted, kept as JSON. */
  content: Prisma.InputJsonObject
}

/** What follows from an entry in the tables, one function a register. */
const projections: { [Code in RegisterCode]: (entering: Entering, entry: RegisterEntries[Code]) => Promise<void> } = {
  'initial-reception': async ({ transaction, row, enteredAt, content }, entry) => {
    const data = {
      held: entry.held === 'yes',
      interviewer: entry.interviewer ?? null,
      recorder: entry.recorder ?? null,
      interviewee: entry.interviewee ?? null,
      startedAt: entry.startedAt ?? null,
      recordedAt: enteredAt,
      content,
    }
    await transaction.reception.upsert({ where: { caseId: row.id }, create: { caseId: row.id, ...data }, update: data })
    if (row.status === 'filed') await transaction.case.update({ where: { id: row.id }, data: { status: 'received' } })
  },

  'property-search': async ({ transaction, row, registerEntryId }, entry) => {
    await transaction.propertyItem.createMany({
      data: entry.results.map(({ kind, description, amount, frozen }) => ({
        caseId: row.id,
        registerEntryId,
        kind,
        description,
        amount: amount ?? null,
        frozen: frozen === 'yes',
      })),
    })
  },

  'funds-receipt': async ({ transaction, row, registerEntryId, content }, { amount, receivedAt }) => {
    await transaction.fundsMovement.create({
      data: { caseId: row.id, registerEntryId, direction: 'receipt', amount, at: receivedAt, detail: content },
    })
  },

  'funds-disbursement': async ({ transaction, row, registerEntryId, content }, { amount, paidAt }) => {
    const movements = await transaction.fundsMovement.findMany({ where: { caseId: row.id } })
    const sum = (direction: string) =>
      movements
        .filter((movement) => movement.direction === direction)
        .reduce((total, movement) => total.plus(movement.amount), new Prisma.Decimal(0))
    const available = sum('receipt').minus(sum('disbursement'))
    if (available.lessThan(amount)) {
      const message = `发放金额 ${amount} 元超过本案可发放案款 ${available.toFixed(2)} 元`
      throw new CaseError('invalid', message, [{ field: 'amount', message }])
    }
    await transaction.fundsMovement.create({
      data: { caseId: row.id, registerEntryId, direction: 'disbursement', amount, at: paidAt, detail: content },
    })
  },

  // The register's row says all there is to say.
  'act-performance': async () => {},
}

/** Enters a row in a register and in the tables that follow from it, once for an element instance. */
export async function enterRegister(
  { prisma, clock, audit }: CaseEnvironment,
  input: { caseId: string; register: string; entry: unknown; elementInstanceKey: string },
): Promise<{ registerEntryId: string }> {
  const { caseId, register, elementInstanceKey } = input
  if (!isRegister(register)) {
    throw new CaseError('invalid', `登记簿“${register}”不存在（可用：${Object.keys(registerSchemas).join('、')}）`, [
      { field: 'register', message: '登记簿不存在' },
    ])
  }
  const name = label(registerLabels, register)
  const entry = parse(registerSchemas[register], input.entry, `${name}的登记内容`)
  return prisma.$transaction(async (transaction) => {
    const row = await lockCase(transaction, caseId)
    const earlier = await transaction.registerEntry.findUnique({ where: { elementInstanceKey } })
    if (earlier) return { registerEntryId: earlier.id }
    const enteredAt = clock.now()
    // As submitted: JSON keeps neither dates nor the padding that parsing adds.
    const content = input.entry as Prisma.InputJsonObject
    const { id } = await transaction.registerEntry.create({
      data: { register, caseId, elementInstanceKey, enteredAt, entry: content },
    })
    const project = projections[register] as (entering: Entering, entry: unknown) => Promise<void>
    await project({ transaction, row, registerEntryId: id, enteredAt, content }, entry)
    const detail = { register, registerEntryId: id }
    await audit.record(
      { actor: system, action: 'register.enter', subjectType: 'case', subjectId: caseId, detail },
      transaction,
    )
    return { registerEntryId: id }
  })
}
