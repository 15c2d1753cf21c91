import { randomUUID } from 'node:crypto'
import type { Transaction } from '../database/index.ts'
import { type ChainedEntry, entryHash, sha256 } from './chain.ts'
import { inspectContent } from './content.ts'
import { lockHead, recordEntry } from './head.ts'
import { type DossierEnvironment, DossierError, type DossierMaterial } from './types.ts'
import { readVolume } from './view.ts'

/** Waiting for other entries of the same case is normal, failing because of them is not. */
export const patient = { maxWait: 30_000, timeout: 30_000 } as const

interface Content {
  sha256: string
  mediaType: string
  pages: number
}

/**
 * Appends an entry: under the lock of the case's row, so that entries of a case follow one another and each is bound to the one
 * before. Throws `DossierError`.
 */
export async function enterMaterial(environment: DossierEnvironment, material: DossierMaterial): Promise<ChainedEntry> {
  const { prisma, clock } = environment
  checkMaterial(material)
  const supplied = material.bytes === undefined ? undefined : await inspectBytes(material, material.bytes)

  return prisma.$transaction(async (transaction) => {
    const head = await lockHead(transaction, material.caseId)
    const known = await findDelivered(transaction, material)
    if (known !== null) return known
    if (head.sealedAt !== null) throw new DossierError('sealed', `卷宗已归档，不能再编入“${material.title}”`)

    if (supplied !== undefined && material.bytes !== undefined) {
      await storeContent(transaction, material.bytes, supplied, clock.now())
    }
    const content = supplied ?? (await contentOfReference(transaction, material))
    const entry: Omit<ChainedEntry, 'hash'> = {
      id: randomUUID(),
      caseId: material.caseId,
      position: head.headPosition + 1,
      ...(await numberOf(transaction, material)),
      volume: material.volume,
      title: material.title.trim(),
      kind: material.kind,
      source: material.source,
      documentId: material.documentId ?? null,
      uploadId: material.uploadId ?? null,
      elementInstanceKey: material.elementInstanceKey ?? null,
      ...content,
      enteredBy: material.enteredBy,
      enteredAt: clock.now(),
      previousHash: head.headHash,
    }
    const chained = { ...entry, hash: entryHash(entry) }
    await transaction.dossierEntry.create({ data: chained })
    await recordEntry(transaction, chained)
    return chained
  }, patient)
}

/** Keeps content under its hash; the same content is kept once. */
export async function storeContent(
  transaction: Transaction,
  bytes: Uint8Array,
  content: Pick<Content, 'sha256' | 'mediaType'>,
  now: Date,
): Promise<void> {
  const { sha256, mediaType } = content
  await transaction.blob.createMany({
    data: [{ sha256, mediaType, size: bytes.length, bytes: Uint8Array.from(bytes), createdAt: now }],
    skipDuplicates: true,
  })
}

function checkMaterial(material: DossierMaterial): void {
  readVolume(material.volume)
  const refuse = (field: string, message: string): never => {
    throw new DossierError('invalid', `卷宗材料的${field}：${message}`)
  }
  if (material.title.trim() === '') refuse('名称 title', '不能为空')
  if (material.title.length > 200) refuse('名称 title', '不得超过 200 字')
  if (material.kind === '') refuse('种类 kind', '不能为空')
  if (material.enteredBy === '') refuse('编入人 enteredBy', '不能为空')
  const referenced = material.documentId !== undefined || material.uploadId !== undefined
  if (material.bytes === undefined && !referenced) refuse('内容', '应给出 bytes、documentId 或 uploadId')
  if (material.bytes !== undefined && referenced) refuse('内容', 'bytes 不能与 documentId、uploadId 同时给出')
}

async function inspectBytes(material: DossierMaterial, bytes: Uint8Array): Promise<Content> {
  if (material.mediaType === undefined) {
    throw new DossierError('invalid', '卷宗材料的类型 mediaType：给出 bytes 时应当写明')
  }
  const { mediaType, pages } = await inspectContent(bytes, material.mediaType, material.title)
  if (material.pages !== undefined && material.pages !== pages) {
    throw new DossierError('invalid', `卷宗材料“${material.title}”写明 ${material.pages} 页，实际 ${pages} 页`)
  }
  return { sha256: sha256(bytes), mediaType, pages }
}

/** The entry that an earlier delivery of the same job made. */
async function findDelivered(transaction: Transaction, material: DossierMaterial): Promise<ChainedEntry | null> {
  if (material.elementInstanceKey === undefined) return null
  const known = await transaction.dossierEntry.findUnique({
    where: { elementInstanceKey: material.elementInstanceKey },
  })
  if (known !== null && known.caseId !== material.caseId) {
    throw new DossierError('invalid', `元素实例 ${material.elementInstanceKey} 已用于另一案件的卷宗`)
  }
  return known
}

/** Content of a document or an upload of the case; of the upload where both are given, since it is the signed copy. */
async function contentOfReference(transaction: Transaction, material: DossierMaterial): Promise<Content> {
  const { caseId, documentId, uploadId } = material
  const document =
    documentId === undefined ? undefined : await transaction.document.findFirst({ where: { id: documentId, caseId } })
  if (document === null) throw new DossierError('unknown-document', `本案没有文书 ${documentId}`)
  const upload =
    uploadId === undefined ? undefined : await transaction.upload.findFirst({ where: { id: uploadId, caseId } })
  if (upload === null) throw new DossierError('unknown-upload', `本案没有上传文件 ${uploadId}，请重新上传`)
  const content = upload ?? document
  if (content === undefined) throw new DossierError('invalid', '卷宗材料没有内容')
  const blob = await transaction.blob.findUnique({ where: { sha256: content.sha256 }, select: { mediaType: true } })
  if (blob === null) throw new DossierError('altered', `“${material.title}”的内容（${content.sha256}）已不存在`)
  return { sha256: content.sha256, mediaType: blob.mediaType, pages: content.pages }
}

/** A new number at the end of the volume, or the next version of the number that is corrected. */
async function numberOf(
  transaction: Transaction,
  material: DossierMaterial,
): Promise<{ number: number; version: number }> {
  const { caseId, volume, corrects } = material
  if (corrects === undefined) {
    const { _max } = await transaction.dossierEntry.aggregate({ where: { caseId, volume }, _max: { number: true } })
    return { number: (_max.number ?? 0) + 1, version: 1 }
  }
  const { _max } = await transaction.dossierEntry.aggregate({
    where: { caseId, volume, number: corrects },
    _max: { version: true },
  })
  if (_max.version === null) throw new DossierError('unknown-entry', `卷宗没有第 ${corrects} 号材料，无从更正`)
  return { number: corrects, version: _max.version + 1 }
}
