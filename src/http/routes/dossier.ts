import { type RequestHandler, type Response, Router } from 'express'
import multer, { memoryStorage } from 'multer'
import { z } from 'zod'
import { type DocumentKindCode, documentKinds } from '../../documents/kinds.ts'
import { can, type Volume } from '../../identity/index.ts'
import { caseSubject, readableCase } from '../case-access.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { Problem, parse } from '../problem.ts'

const MAX_UPLOAD_BYTES = 50 * 1024 * 1024

const EntryId = z.object({ caseId: z.uuid('案件标识无效'), entryId: z.uuid('卷宗条目标识无效') })
const DocumentId = z.object({ documentId: z.uuid('文书标识无效') })

/** The electronic dossier and documents: catalogue, contents, uploads. Every reading is recorded. */
export function dossierRouter(dependencies: HttpDependencies): Router {
  const { cases, documents, dossier, audit } = dependencies
  const router = Router()

  router.get('/cases/:caseId/dossier', async (request, response) => {
    const { caseId, subject } = await readableCase(dependencies, request.params, response)
    const { user } = response.locals
    const [catalogue, verification] = await Promise.all([dossier.catalogue(caseId), dossier.verify(caseId)])
    const visible = catalogue.filter(({ volume }) => can(user, 'dossier.read', { ...subject, volume }))
    await record(response, 'dossier.catalogue.read', caseId)
    response.json({ entries: visible, hidden: catalogue.length - visible.length, verification })
  })

  router.get('/cases/:caseId/dossier/:entryId/content', async (request, response) => {
    const { entryId } = parse(EntryId, request.params)
    const { caseId, subject } = await readableCase(dependencies, request.params, response)
    const known = (await dossier.entries(caseId)).find((entry) => entry.entryId === entryId)
    if (!known) throw new Problem(404, '卷宗中没有此材料。')
    const { volume } = known
    if (!can(response.locals.user, 'dossier.read', { ...subject, volume }))
      throw new Problem(403, '您的岗位无权调阅此卷。')
    await record(response, 'dossier.read', caseId, { entryId, title: known.title, volume })
    const entry = await dossier.read(entryId)
    sendContent(response, { bytes: entry.bytes, mediaType: entry.mediaType, title: entry.title })
  })

  router.get('/documents/:documentId/content', async (request, response) => {
    const { documentId } = parse(DocumentId, request.params)
    const document = await documents.read(documentId)
    if (!document) throw new Problem(404, '没有此文书。')
    const subject = await caseSubject(dependencies, await cases.get(document.caseId))
    const volume = volumeOf(document.kind)
    if (!can(response.locals.user, 'dossier.read', { ...subject, volume })) throw new Problem(404, '没有此文书。')
    await record(response, 'document.read', document.caseId, { documentId, title: document.title })
    sendContent(response, { bytes: document.bytes, mediaType: 'application/pdf', title: document.title })
  })

  router.post('/cases/:caseId/uploads', uploadAllowed, singleFile, async (request, response) => {
    const { file } = request
    if (!file) throw new Problem(400, '请选择要上传的文件。')
    const { caseId } = await readableCase(dependencies, request.params, response)
    const { user } = response.locals
    const upload = await dossier.storeUpload({
      caseId,
      // multer reads names as latin1; browsers send UTF-8.
      fileName: Buffer.from(file.originalname, 'latin1').toString('utf8'),
      mediaType: file.mimetype,
      bytes: file.buffer,
      uploadedBy: user.username,
    })
    await record(response, 'upload.add', caseId, { uploadId: upload.uploadId, sha256: upload.sha256 })
    response.status(201).json(upload)
  })

  async function uploadAllowed(...[request, response, next]: Parameters<RequestHandler>): Promise<void> {
    const { subject } = await readableCase(dependencies, request.params, response)
    const handles = subject.openTasks.some((task) => can(response.locals.user, 'task.complete', task))
    if (!handles) throw new Problem(403, '正在办理本案任务的人员才能上传文件，请先签收任务。')
    next()
  }

  async function record(
    response: Response,
    action: string,
    caseId: string,
    detail: Record<string, string> = {},
  ): Promise<void> {
    await audit.record({ actor: response.locals.user.username, action, subjectType: 'case', subjectId: caseId, detail })
  }

  return router
}

const singleFile = multer({
  storage: memoryStorage(),
  limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 0, parts: 2 },
}).single('file')

/** The volume that a kind of document goes to; the catalogue itself, which goes to neither, is read like 正卷. */
export function volumeOf(kind: DocumentKindCode): Volume {
  return documentKinds[kind].volume ?? 'main'
}

/** Sends a file for viewing. The pages' own policy would keep the browser's PDF viewer from showing it in a frame. */
function sendContent(
  response: Response,
  { bytes, mediaType, title }: { bytes: Uint8Array; mediaType: string; title: string },
): void {
  const extension = { 'application/pdf': 'pdf', 'image/png': 'png', 'image/jpeg': 'jpg' }[mediaType] ?? 'bin'
  response.set({
    'Content-Type': mediaType,
    'Content-Disposition': `inline; filename*=UTF-8''${encodeURIComponent(`${title}.${extension}`)}`,
    'Content-Security-Policy':
      "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'self'",
    'X-Frame-Options': 'SAMEORIGIN',
  })
  response.send(Buffer.from(bytes))
}
