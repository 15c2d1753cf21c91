import { sha256 } from './chain.ts'
import { inspectContent } from './content.ts'
import { storeContent } from './enter.ts'
import { readHead } from './head.ts'
import { type DossierEnvironment, DossierError, type Dossiers, type UploadRequest } from './types.ts'

/** Keeps an uploaded file after checking what it really is. Throws `DossierError`. */
export async function storeUpload(
  { prisma, clock }: DossierEnvironment,
  { caseId, fileName, mediaType: claimed, bytes, uploadedBy }: UploadRequest,
): ReturnType<Dossiers['storeUpload']> {
  const name = readFileName(fileName)
  if (uploadedBy === '') throw new DossierError('invalid', '上传人 uploadedBy 不能为空')
  const { sealedAt } = await readHead(prisma, caseId)
  if (sealedAt !== null) throw new DossierError('sealed', '卷宗已归档，不能再上传材料')
  const { mediaType, pages } = await inspectContent(bytes, claimed, name)
  const hash = sha256(bytes)
  return prisma.$transaction(async (transaction) => {
    const now = clock.now()
    await storeContent(transaction, bytes, { sha256: hash, mediaType }, now)
    const upload = await transaction.upload.create({
      data: { caseId, fileName: name, mediaType, sha256: hash, pages, uploadedBy, uploadedAt: now },
    })
    return { uploadId: upload.id, sha256: hash, mediaType, pages }
  })
}

/** The name without folders; some browsers send the whole path. */
function readFileName(fileName: string): string {
  const name = fileName.split(/[/\\]/).at(-1)?.trim() ?? ''
  if (name === '') throw new DossierError('invalid', '文件名不能为空')
  if (name.length > 255) throw new DossierError('invalid', '文件名不得超过 255 个字符')
  if (/\p{Cc}/u.test(name)) throw new DossierError('invalid', '文件名含有控制字符，请改名后上传')
  return name
}
