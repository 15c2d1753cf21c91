import { formatInstant } from '../calendar/index.ts'
import { sha256 } from './chain.ts'
import { checkDossier } from './check.ts'
import { enterMaterial, patient } from './enter.ts'
import { lockHead, recordOpening, recordSeal } from './head.ts'
import { imageDossier } from './image.ts'
import { type DossierEnvironment, DossierError, type Dossiers } from './types.ts'
import { storeUpload } from './upload.ts'
import { verifyDossier } from './verify.ts'
import { catalogueOf, imageKind, viewEntry } from './view.ts'

/** Builds the dossiers of all cases on a database and a clock. */
export function createDossier(environment: DossierEnvironment): Dossiers {
  const { prisma, clock } = environment
  return {
    async open(caseId) {
      const openedAt = await prisma.$transaction(
        (transaction) => recordOpening(transaction, caseId, clock.now()),
        patient,
      )
      return { openedAt: formatInstant(openedAt) }
    },

    async enter(material) {
      return viewEntry(await enterMaterial(environment, material))
    },

    async catalogue(caseId, volume) {
      return catalogueOf(await prisma.dossierEntry.findMany({ where: { caseId } }), volume)
    },

    async entries(caseId) {
      const entries = await prisma.dossierEntry.findMany({ where: { caseId }, orderBy: { position: 'asc' } })
      return entries.map(viewEntry)
    },

    async read(entryId) {
      const entry = await prisma.dossierEntry.findUnique({ where: { id: entryId } })
      if (entry === null) throw new DossierError('unknown-entry', `没有卷宗材料 ${entryId}`)
      const blob = await prisma.blob.findUnique({ where: { sha256: entry.sha256 } })
      if (blob === null || sha256(blob.bytes) !== entry.sha256) {
        throw new DossierError('altered', `“${entry.title}”的内容缺失或被改动，请立即报告系统管理员`)
      }
      return { ...viewEntry(entry), bytes: blob.bytes }
    },

    verify: (caseId) => verifyDossier(environment, caseId),
    check: (caseId) => checkDossier(environment, caseId),
    image: (caseId, buildImageDossier, options) => imageDossier(environment, caseId, buildImageDossier, options),
    storeUpload: (upload) => storeUpload(environment, upload),

    async describe({ caseId, documentId, uploadId }) {
      const document = await prisma.document.findFirst({ where: { id: documentId, caseId } })
      if (document === null) throw new DossierError('unknown-document', `本案没有文书 ${documentId}`)
      const upload = await prisma.upload.findFirst({ where: { id: uploadId, caseId } })
      if (upload === null) throw new DossierError('unknown-upload', `本案没有上传文件 ${uploadId}，请重新上传`)
      return { kind: document.kind, title: document.title, uploadedBy: upload.uploadedBy }
    },

    archive: (caseId, options = {}) =>
      prisma.$transaction(async (transaction) => {
        const head = await lockHead(transaction, caseId)
        if (head.sealedAt !== null) {
          return { archivedAt: formatInstant(head.sealedAt), headHash: head.headHash }
        }
        const last = await transaction.dossierEntry.findFirst({ where: { caseId }, orderBy: { position: 'desc' } })
        if (last?.kind !== imageKind) {
          throw new DossierError(
            'incomplete',
            last === null
              ? '卷宗没有材料，不能归档'
              : `最后编入的“${last.title}”不在影像卷宗中，应重新转为影像卷宗后归档`,
          )
        }
        const now = clock.now()
        await recordSeal(transaction, caseId, now, head, options.archiveNumber)
        return { archivedAt: formatInstant(now), headHash: head.headHash }
      }, patient),
  }
}
