import { formatInstant } from '../calendar/index.ts'
import { volumeLabels } from '../procedure/index.ts'
import { sha256 } from './chain.ts'
import { toPdf } from './content.ts'
import { enterMaterial } from './enter.ts'
import {
  type BuildImageDossier,
  type CatalogueRow,
  type DossierEnvironment,
  DossierError,
  type DossierVolume,
} from './types.ts'
import { catalogueOf, imageKind } from './view.ts'

/**
 * Converts each volume that holds something to one PDF and enters it; converted again after the archive sent it back, it becomes
 * the next version (Art. 26). Throws `DossierError`.
 */
export async function imageDossier(
  environment: DossierEnvironment,
  caseId: string,
  buildImageDossier: BuildImageDossier,
  options: { elementInstanceKey?: string; enteredBy?: string } = {},
): Promise<{ entryIds: string[]; pages: number }> {
  const { prisma } = environment
  const subject = await prisma.case.findUnique({ where: { id: caseId }, select: { caseNumber: true } })
  if (subject === null) throw new DossierError('unknown-case', `没有案件 ${caseId}`)
  const entries = await prisma.dossierEntry.findMany({ where: { caseId }, orderBy: { position: 'asc' } })
  const catalogue = catalogueOf(entries)
  if (catalogue.length === 0) throw new DossierError('incomplete', '卷宗没有材料，不能转为影像卷宗')

  const result = { entryIds: [] as string[], pages: 0 }
  for (const volume of ['main', 'auxiliary'] as const) {
    const rows = catalogue.filter((row) => row.volume === volume)
    if (rows.length === 0) continue
    const elementInstanceKey = options.elementInstanceKey && `${options.elementInstanceKey}/${volume}`
    const earlier = entries.filter((entry) => entry.kind === imageKind && entry.volume === volume)
    const delivered = earlier.find((entry) => elementInstanceKey && entry.elementInstanceKey === elementInstanceKey)
    const entry =
      delivered ??
      (await enterMaterial(environment, {
        caseId,
        volume,
        title: `影像卷宗（${volumeLabels[volume]}）`,
        kind: imageKind,
        source: 'system',
        bytes: await buildVolume(environment, subject.caseNumber, volume, rows, buildImageDossier),
        mediaType: 'application/pdf',
        enteredBy: options.enteredBy ?? 'system',
        ...(elementInstanceKey ? { elementInstanceKey } : {}),
        ...(earlier[0] ? { corrects: earlier[0].number } : {}),
      }))
    result.entryIds.push(entry.id)
    result.pages += entry.pages
  }
  return result
}

async function buildVolume(
  { prisma, clock }: DossierEnvironment,
  caseNumber: string,
  volume: DossierVolume,
  rows: readonly CatalogueRow[],
  buildImageDossier: BuildImageDossier,
): Promise<Uint8Array> {
  const parts: { title: string; pdf: Uint8Array }[] = []
  for (const row of rows) {
    const blob = await prisma.blob.findUnique({ where: { sha256: row.sha256 } })
    if (blob === null || sha256(blob.bytes) !== row.sha256) {
      throw new DossierError('altered', `第 ${row.position} 项“${row.title}”的内容缺失或被改动，不能转为影像卷宗`)
    }
    parts.push({ title: row.title, pdf: await toPdf(blob.bytes, row.mediaType, row.title) })
  }
  const { pdf } = await buildImageDossier(parts, {
    caseNumber,
    title: `${caseNumber} ${volumeLabels[volume]}`,
    createdAt: formatInstant(clock.now()),
    entries: rows.map((row) => ({
      position: row.position,
      number: row.number,
      version: row.version,
      kind: row.kind,
      sha256: row.sha256,
      hash: row.hash,
      enteredBy: row.enteredBy,
      enteredAt: row.enteredAt,
    })),
  })
  return pdf
}
