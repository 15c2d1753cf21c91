import { z } from 'zod'
import type { Transaction } from '../database/index.ts'
import { type ChainHead, genesisHash } from './chain.ts'
import { DossierError } from './types.ts'

/*
 * The head of a dossier's chain, and its seal, are entries of the audit trail: a table of its own to which the database lets nobody
 * do anything but append. So the removal of the last entries shows too, and each head that there ever was can be compared.
 */

const subjectType = 'dossier'
const actions = { open: 'dossier.open', enter: 'dossier.enter', seal: 'dossier.seal' } as const

const detailSchema = z.object({ position: z.int(), hash: z.string() })

/** State of a dossier: where its chain ends, since when it is open, and since when it is sealed. */
export interface DossierState extends ChainHead {
  sealedAt: Date | null
}

/** The newest head. Throws `DossierError` when the dossier was never opened or its head cannot be read. */
export async function readHead(transaction: Transaction, caseId: string): Promise<DossierState> {
  const newest = await transaction.auditEntry.findFirst({
    where: { subjectType, subjectId: caseId, action: { in: Object.values(actions) } },
    orderBy: { id: 'desc' },
  })
  if (newest === null) throw new DossierError('not-open', `案件 ${caseId} 尚未建立电子卷宗（应先执行 dossier.open）`)
  const detail = detailSchema.safeParse(newest.detail)
  if (!detail.success) throw new DossierError('altered', `案件 ${caseId} 的卷宗登记被改动，请立即报告系统管理员`)
  return {
    headPosition: detail.data.position,
    headHash: detail.data.hash,
    sealedAt: newest.action === actions.seal ? newest.at : null,
  }
}

/** Locks the dossier of a case until the transaction ends, then reads its head. Throws `DossierError`. */
export async function lockHead(transaction: Transaction, caseId: string): Promise<DossierState> {
  await lockCase(transaction, caseId)
  return readHead(transaction, caseId)
}

/** Opens the dossier unless it is open; answers since when it is. */
export async function recordOpening(transaction: Transaction, caseId: string, now: Date): Promise<Date> {
  await lockCase(transaction, caseId)
  const opened = await transaction.auditEntry.findFirst({
    where: { subjectType, subjectId: caseId, action: actions.open },
    orderBy: { id: 'asc' },
  })
  if (opened !== null) return opened.at
  await append(transaction, caseId, actions.open, now, 'system', { position: 0, hash: genesisHash(caseId) })
  return now
}

/** Moves the head to an entry that was just made. */
export async function recordEntry(
  transaction: Transaction,
  entry: { caseId: string; id: string; position: number; hash: string; enteredBy: string; enteredAt: Date },
): Promise<void> {
  const { caseId, id, position, hash, enteredBy, enteredAt } = entry
  await append(transaction, caseId, actions.enter, enteredAt, enteredBy, { position, hash, entryId: id })
}

/** Seals the dossier at its head. */
export async function recordSeal(
  transaction: Transaction,
  caseId: string,
  now: Date,
  { headPosition, headHash }: ChainHead,
  archiveNumber: string | undefined,
): Promise<void> {
  const detail = { position: headPosition, hash: headHash, ...(archiveNumber === undefined ? {} : { archiveNumber }) }
  await append(transaction, caseId, actions.seal, now, 'system', detail)
}

async function lockCase(transaction: Transaction, caseId: string): Promise<void> {
  const rows = await transaction.$queryRaw<unknown[]>`SELECT 1 FROM "case" WHERE id = ${caseId}::uuid FOR NO KEY UPDATE`
  if (rows.length === 0) throw new DossierError('unknown-case', `没有案件 ${caseId}`)
}

async function append(
  transaction: Transaction,
  caseId: string,
  action: string,
  at: Date,
  actor: string,
  detail: { position: number; hash: string; entryId?: string; archiveNumber?: string },
): Promise<void> {
  await transaction.auditEntry.create({ data: { at, actor, action, subjectType, subjectId: caseId, detail } })
}
