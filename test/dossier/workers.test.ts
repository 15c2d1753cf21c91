import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { buildImageDossier } from '../../src/documents/index.ts'
import { createDossier } from '../../src/dossier/index.ts'
import { type AnyWorker, runJob } from '../../src/orchestration/index.ts'
import { dossierArchiveWorker } from '../../workers/dossier/dossier-archive.ts'
import { dossierCheckWorker } from '../../workers/dossier/dossier-check.ts'
import { dossierEnterWorker } from '../../workers/dossier/dossier-enter.ts'
import { dossierImageWorker } from '../../workers/dossier/dossier-image.ts'
import { dossierOpenWorker } from '../../workers/dossier/dossier-open.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestClock, insertCase, insertDocument, makePdf } from './fixture.ts'

const { prisma } = await openTestDatabase()
const clock = createTestClock('2026-05-11T09:00:00+08:00')
const dossier = createDossier({ prisma, clock })
const archived: string[] = []
const dependencies = {
  dossier,
  buildImageDossier,
  cases: {
    async markArchived(caseId: string) {
      archived.push(caseId)
      return { archivedAt: '2026-05-11T09:00:00+08:00' }
    },
  },
}

/** Delivers a job twice; both deliveries must answer the same. */
async function deliverTwice(worker: AnyWorker, variables: Record<string, unknown>) {
  const job = jobOf(worker.type, variables)
  const first = await runJob(worker, job, () => {})
  expect(await runJob(worker, job, () => {})).toEqual(first)
  return first
}

function jobOf(type: string, variables: Record<string, unknown>) {
  return {
    jobKey: '1',
    jobType: type,
    processInstanceKey: '21',
    processDefinitionId: 'dossier-archive',
    elementId: 'element',
    elementInstanceKey: randomUUID(),
    retries: 3,
    variables,
  }
}

async function openCase(): Promise<string> {
  const caseId = await insertCase(prisma)
  expect(await deliverTwice(dossierOpenWorker(dependencies), { caseId })).toEqual({ kind: 'complete', variables: {} })
  return caseId
}

/** A case with a rendered document and its signed copy. */
async function signedDocument(kind: string, title: string) {
  const caseId = await openCase()
  const documentId = await insertDocument(prisma, caseId, kind, title)
  const { uploadId } = await dossier.storeUpload({
    caseId,
    fileName: '签名件.pdf',
    mediaType: 'application/pdf',
    bytes: await makePdf(3, 'signed'),
    uploadedBy: 'reception1',
  })
  return { caseId, documentId, uploadId }
}

describe('workers of the dossier, each delivered twice', () => {
  it('dossier.open opens it once', async () => {
    const caseId = await openCase()
    expect(await prisma.auditEntry.count({ where: { subjectId: caseId, action: 'dossier.open' } })).toBe(1)
  })

  it.each([
    ['reception-transcript', '初次接待谈话笔录', 'main'],
    ['triage-transfer-slip', '案件分流移交单', 'auxiliary'],
  ])('dossier.enter catalogues the signed %s (%s) in %s', async (kind, title, volume) => {
    const { caseId, documentId, uploadId } = await signedDocument(kind, title)
    await deliverTwice(dossierEnterWorker(dependencies), { caseId, documentId, uploadId })
    expect(await dossier.entries(caseId)).toMatchObject([
      { volume, title, kind, source: 'scan', documentId, uploadId, pages: 3, enteredBy: 'reception1' },
    ])
  })

  it('dossier.check, dossier.image and dossier.archive bring it to the archive', async () => {
    const { caseId, documentId, uploadId } = await signedDocument('reception-transcript', '初次接待谈话笔录')
    await deliverTwice(dossierEnterWorker(dependencies), { caseId, documentId, uploadId })
    expect(await deliverTwice(dossierCheckWorker(dependencies), { caseId })).toMatchObject({
      kind: 'complete',
      variables: { dossierCheck: { complete: false, entries: 1, pages: 3, remarks: [] } },
    })
    await deliverTwice(dossierImageWorker(dependencies), { caseId })
    expect(await dossier.entries(caseId)).toHaveLength(2)
    const archiveReview = { accepted: 'yes', archiveNumber: '2026-执-7' }
    expect(await deliverTwice(dossierArchiveWorker(dependencies), { caseId, archiveReview })).toEqual({
      kind: 'complete',
      variables: {},
    })
    expect(archived).toContain(caseId)
    expect(await prisma.auditEntry.findMany({ where: { subjectId: caseId, action: 'dossier.seal' } })).toMatchObject([
      { detail: { archiveNumber: '2026-执-7', position: 2 } },
    ])
    expect(await dossier.verify(caseId)).toMatchObject({ intact: true })
  })
})

describe('bad input fails with a message that a person can act on', () => {
  const caseId = randomUUID()
  it.each([
    [dossierOpenWorker(dependencies), { caseId }, /没有案件/],
    [dossierOpenWorker(dependencies), { caseId: null }, /案件标识/],
    [dossierEnterWorker(dependencies), { caseId, documentId: randomUUID(), uploadId: null }, /请先上传签名件/],
    [dossierEnterWorker(dependencies), { caseId, documentId: randomUUID(), uploadId: randomUUID() }, /本案没有文书/],
    [dossierCheckWorker(dependencies), { caseId }, /尚未建立电子卷宗/],
    [dossierImageWorker(dependencies), { caseId }, /没有案件/],
    [dossierArchiveWorker(dependencies), { caseId }, /没有案件/],
  ])('%#', async (worker, variables, message) => {
    const outcome = await runJob(worker, jobOf(worker.type, variables), () => {})
    expect(outcome).toMatchObject({ kind: 'fail', retries: 0, message: expect.stringMatching(message) })
  })

  it('the catalogue itself is not an entry of either volume', async () => {
    const { caseId, documentId, uploadId } = await signedDocument('dossier-catalogue', '卷宗目录')
    const outcome = await runJob(
      dossierEnterWorker(dependencies),
      jobOf('dossier.enter', { caseId, documentId, uploadId }),
      () => {},
    )
    expect(outcome).toMatchObject({ kind: 'fail', message: '文书“卷宗目录”（dossier-catalogue）不入卷' })
  })
})
