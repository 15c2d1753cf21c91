import { randomUUID } from 'node:crypto'
import { PDFDocument } from '@cantoo/pdf-lib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildImageDossier } from '../../src/documents/index.ts'
import { createDossier, type DossierMaterial } from '../../src/dossier/index.ts'
import { openTestDatabase } from '../support/database.ts'
import { createTestClock, insertCase, insertDocument, makePdf } from './fixture.ts'

const { prisma, pool } = await openTestDatabase()
const clock = createTestClock('2026-05-11T09:00:00+08:00')
const dossier = createDossier({ prisma, clock })

/** A pixel, for uploads that are pictures. */
const png = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
)

async function openCase(): Promise<string> {
  const caseId = await insertCase(prisma)
  await dossier.open(caseId)
  return caseId
}

async function material(caseId: string, changes: Partial<DossierMaterial> = {}): Promise<DossierMaterial> {
  return {
    caseId,
    volume: 'main',
    title: '执行申请书',
    kind: 'application',
    source: 'scan',
    bytes: await makePdf(1),
    mediaType: 'application/pdf',
    enteredBy: 'dossier1',
    ...changes,
  }
}

/** Changes rows behind the product's back: whoever can do this can switch off the database's own refusal too. */
async function tamper(statements: string | readonly string[], ...values: unknown[]): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query("SET LOCAL session_replication_role = 'replica'")
    for (const sql of [statements].flat()) await client.query(sql, values)
    await client.query('COMMIT')
  } finally {
    client.release()
  }
}

describe('opening', () => {
  it('happens once, whoever asks again', async () => {
    const caseId = await insertCase(prisma)
    const first = await dossier.open(caseId)
    clock.set('2026-05-11T09:05:00+08:00')
    expect(await dossier.open(caseId)).toEqual(first)
    expect(await dossier.verify(caseId)).toMatchObject({ intact: true, entries: 0 })
  })

  it('needs a case, and entering needs an open dossier', async () => {
    await expect(dossier.open(randomUUID())).rejects.toMatchObject({ code: 'unknown-case' })
    const caseId = await insertCase(prisma)
    await expect(dossier.enter(await material(caseId))).rejects.toMatchObject({ code: 'not-open' })
    await expect(dossier.verify(caseId)).rejects.toMatchObject({ code: 'not-open' })
  })
})

describe('entering', () => {
  it('numbers by volume, chains over both, and shows page ranges', async () => {
    const caseId = await openCase()
    await dossier.enter(await material(caseId, { title: '甲', bytes: await makePdf(3) }))
    await dossier.enter(await material(caseId, { title: '乙', volume: 'auxiliary', bytes: await makePdf(2) }))
    await dossier.enter(await material(caseId, { title: '丙', bytes: await makePdf(1) }))
    const catalogue = await dossier.catalogue(caseId)
    expect(
      catalogue.map(({ title, volume, number, position, pageFrom, pageTo }) => [
        title,
        volume,
        number,
        position,
        pageFrom,
        pageTo,
      ]),
    ).toEqual([
      ['甲', 'main', 1, 1, 1, 3],
      ['丙', 'main', 2, 3, 4, 4],
      ['乙', 'auxiliary', 1, 2, 1, 2],
    ])
    expect(await dossier.catalogue(caseId, 'auxiliary')).toHaveLength(1)
    expect(await dossier.verify(caseId)).toMatchObject({ intact: true, entries: 3, problems: [] })
  })

  it('a correction is a new version; the old one stays', async () => {
    const caseId = await openCase()
    await dossier.enter(await material(caseId, { bytes: await makePdf(1, 'a') }))
    await dossier.enter(await material(caseId, { bytes: await makePdf(2, 'b'), corrects: 1 }))
    expect(await dossier.catalogue(caseId)).toMatchObject([{ number: 1, version: 2, pages: 2 }])
    expect(await dossier.entries(caseId)).toHaveLength(2)
    await expect(dossier.enter(await material(caseId, { corrects: 9 }))).rejects.toThrow('卷宗没有第 9 号材料')
  })

  it('the same job twice is one entry', async () => {
    const caseId = await openCase()
    const delivered = await material(caseId, { elementInstanceKey: randomUUID() })
    const first = await dossier.enter(delivered)
    expect(await dossier.enter(delivered)).toEqual(first)
    expect(await dossier.entries(caseId)).toHaveLength(1)
  })

  it('many at once give one unbroken chain, and one entry a job', async () => {
    const caseId = await openCase()
    const materials = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        material(caseId, { title: `材料${index}`, elementInstanceKey: `${caseId}${index % 10}` }),
      ),
    )
    await Promise.all(materials.map((one) => dossier.enter(one)))
    const entries = await dossier.entries(caseId)
    expect(entries.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await dossier.verify(caseId)).toMatchObject({ intact: true })
  })

  it('takes a signed scan as the content of a document', async () => {
    const caseId = await openCase()
    const documentId = await insertDocument(prisma, caseId, 'reception-transcript', '初次接待谈话笔录')
    const { uploadId, sha256 } = await dossier.storeUpload({
      caseId,
      fileName: '签名件.png',
      mediaType: 'image/png',
      bytes: png,
      uploadedBy: 'reception1',
    })
    const { bytes: _, mediaType: __, ...signed } = await material(caseId, { documentId, uploadId })
    expect(await dossier.enter(signed)).toMatchObject({
      sha256,
      mediaType: 'image/png',
      pages: 1,
      documentId,
      uploadId,
    })
  })

  it.each([
    ['an empty title', { title: ' ' }, /名称 title：不能为空/],
    ['a wrong page count', { pages: 7 }, /写明 7 页，实际 1 页/],
    ['a type that the bytes are not', { mediaType: 'image/png' }, /标为PNG 图片，实际是 PDF/],
    ['a document of another case', { bytes: undefined, documentId: randomUUID() }, /本案没有文书/],
    ['an upload of another case', { bytes: undefined, uploadId: randomUUID() }, /本案没有上传文件/],
    ['no content', { bytes: undefined }, /应给出 bytes、documentId 或 uploadId/],
  ] as [string, Partial<Record<keyof DossierMaterial, unknown>>, RegExp][])(
    'is refused with %s',
    async (_, changes, message) => {
      const caseId = await openCase()
      const complete = { ...(await material(caseId)), ...changes }
      const given = Object.fromEntries(Object.entries(complete).filter(([, value]) => value !== undefined))
      await expect(dossier.enter(given as unknown as DossierMaterial)).rejects.toThrow(message)
      expect(await dossier.entries(caseId)).toEqual([])
    },
  )
})

describe('reading', () => {
  it('gives what was entered', async () => {
    const caseId = await openCase()
    const bytes = await makePdf(2, 'read')
    const { entryId } = await dossier.enter(await material(caseId, { bytes }))
    const read = await dossier.read(entryId)
    expect(Buffer.from(read.bytes).equals(Buffer.from(bytes))).toBe(true)
    expect(read).toMatchObject({ pages: 2, enteredBy: 'dossier1' })
    await expect(dossier.read(randomUUID())).rejects.toMatchObject({ code: 'unknown-entry' })
  })
})

describe('verifying finds', () => {
  async function threeEntries(): Promise<string> {
    const caseId = await openCase()
    for (const title of ['甲', '乙', '丙']) {
      await dossier.enter(await material(caseId, { title, bytes: await makePdf(1, `${caseId}${title}`) }))
    }
    return caseId
  }
  const problemsOf = async (caseId: string) =>
    (await dossier.verify(caseId)).problems.map(({ kind, position }) => `${kind} ${position}`)

  it.each([
    ['a changed field', `UPDATE dossier_entry SET pages = 9 WHERE case_id = $1 AND position = 2`, ['changed-field 2']],
    [
      'a changed time',
      `UPDATE dossier_entry SET entered_at = entered_at - interval '1 ms' WHERE case_id = $1 AND position = 3`,
      ['changed-field 3'],
    ],
    ['a removed entry', `DELETE FROM dossier_entry WHERE case_id = $1 AND position = 2`, ['removed 2']],
    ['a removed last entry', `DELETE FROM dossier_entry WHERE case_id = $1 AND position = 3`, ['removed 3']],
    ['a dossier emptied', `DELETE FROM dossier_entry WHERE case_id = $1`, ['removed 1', 'removed 2', 'removed 3']],
    [
      'entries put in another order',
      [
        'UPDATE dossier_entry SET position = position + 100 WHERE case_id = $1 AND position < 3',
        'UPDATE dossier_entry SET position = 103 - position WHERE case_id = $1 AND position > 100',
      ],
      ['reordered 1', 'reordered 2'],
    ],
    [
      'changed content',
      `UPDATE blob SET bytes = bytes || '\\x00' WHERE sha256 = (SELECT sha256 FROM dossier_entry WHERE case_id = $1 AND position = 1)`,
      ['changed-content 1'],
    ],
    [
      'removed content',
      `DELETE FROM blob WHERE sha256 = (SELECT sha256 FROM dossier_entry WHERE case_id = $1 AND position = 1)`,
      ['missing-content 1'],
    ],
    [
      'an entry smuggled in at the end',
      `INSERT INTO dossier_entry SELECT gen_random_uuid(), case_id, 4, volume, 4, version, title, kind, source, document_id, upload_id,
       NULL, sha256, media_type, pages, entered_by, entered_at, hash, hash FROM dossier_entry WHERE case_id = $1 AND position = 3`,
      ['changed-field 4'],
    ],
  ] as [string, string | string[], string[]][])('%s', async (_, sql, expected) => {
    const caseId = await threeEntries()
    await tamper(sql, caseId)
    expect(await dossier.verify(caseId)).toMatchObject({ intact: false })
    expect(await problemsOf(caseId)).toEqual(expected)
  })

  it('nothing after any sequence of entries, and the change of any stored field of any entry', async () => {
    const pdf = await makePdf(1)
    const step = fc.record({
      volume: fc.constantFrom('main' as const, 'auxiliary' as const),
      title: fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() !== '' && !text.includes('\0')),
      correct: fc.boolean(),
    })
    const columns = ['volume', 'title', 'kind', 'source', 'media_type', 'entered_by', 'previous_hash', 'hash', 'sha256']
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.constantFrom(...columns),
        async (steps, at, column) => {
          const caseId = await openCase()
          for (const { volume, title, correct } of steps) {
            const before = await dossier.catalogue(caseId, volume)
            await dossier.enter(
              await material(caseId, {
                volume,
                title,
                bytes: pdf,
                ...(correct && before[0] ? { corrects: before[0].number } : {}),
              }),
            )
          }
          const { intact, entries } = await dossier.verify(caseId)
          expect({ intact, entries }).toEqual({ intact: true, entries: steps.length })
          const position = 1 + (at % steps.length)
          await tamper(
            `UPDATE dossier_entry SET "${column}" = "${column}" || 'x' WHERE case_id = $1 AND position = $2`,
            caseId,
            position,
          )
          const { problems } = await dossier.verify(caseId)
          expect(problems.map((problem) => problem.position)).toContain(position)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('and the database itself refuses to change an entry', async () => {
    const caseId = await threeEntries()
    await expect(pool.query(`UPDATE dossier_entry SET title = '改' WHERE case_id = $1`, [caseId])).rejects.toThrow(
      'append-only',
    )
  })
})

describe('uploading', () => {
  const upload = (caseId: string, changes: object) =>
    dossier.storeUpload({
      caseId,
      fileName: '材料.pdf',
      mediaType: 'application/pdf',
      bytes: new Uint8Array(),
      uploadedBy: 'reception1',
      ...changes,
    })

  it('counts pages, keeps only the name, and keeps the same content once', async () => {
    const caseId = await openCase()
    const bytes = await makePdf(4, 'upload')
    const first = await upload(caseId, { bytes, fileName: 'C:\\scans\\申请书.pdf' })
    const second = await upload(caseId, { bytes })
    expect(first).toMatchObject({ pages: 4, mediaType: 'application/pdf' })
    expect(second.uploadId).not.toBe(first.uploadId)
    expect(await prisma.blob.count({ where: { sha256: first.sha256 } })).toBe(1)
    expect(await prisma.upload.findUnique({ where: { id: first.uploadId } })).toMatchObject({ fileName: '申请书.pdf' })
  })

  it.each([
    ['a program that calls itself PDF', { bytes: Buffer.from('MZ\x90\0 no pdf') }, 'unsupported-type'],
    ['HTML', { bytes: Buffer.from('<html>'), mediaType: 'text/html' }, 'unsupported-type'],
    ['a picture that calls itself PDF', { bytes: png }, 'unsupported-type'],
    ['a broken PDF', { bytes: Buffer.from('%PDF-1.7\nnonsense') }, 'invalid'],
    ['a broken picture', { bytes: png.slice(0, 20), mediaType: 'image/png' }, 'invalid'],
    ['an empty file', {}, 'invalid'],
    ['a nameless file', { fileName: ' ' }, 'invalid'],
    ['a file of 51 MB', { bytes: new Uint8Array(51 * 1024 * 1024) }, 'too-large'],
  ])('refuses %s', async (_, changes, code) => {
    const caseId = await openCase()
    await expect(upload(caseId, changes)).rejects.toMatchObject({ name: 'DossierError', code })
    expect(await prisma.upload.count({ where: { caseId } })).toBe(0)
  })

  it('needs a case', async () => {
    await expect(upload(randomUUID(), { bytes: png, mediaType: 'image/png' })).rejects.toMatchObject({
      code: 'not-open',
    })
  })
})

describe('from the count to the archive', () => {
  async function completeCase(): Promise<string> {
    const caseId = await openCase()
    const { uploadId } = await dossier.storeUpload({
      caseId,
      fileName: '签名件.png',
      mediaType: 'image/png',
      bytes: png,
      uploadedBy: 'reception1',
    })
    const documents = [
      ['reception-transcript', '初次接待谈话笔录', 'main'],
      ['enforcement-notice', '执行通知书', 'main'],
      ['triage-transfer-slip', '案件分流移交单', 'auxiliary'],
      ['closing-notice', '结案通知书', 'main'],
    ] as const
    for (const [kind, title, volume] of documents) {
      const documentId = await insertDocument(prisma, caseId, kind, title)
      await dossier.enter({
        caseId,
        volume,
        title,
        kind,
        source: 'system',
        documentId,
        enteredBy: 'system',
        ...(kind === 'reception-transcript' ? { uploadId } : {}),
      })
    }
    return caseId
  }

  it('an empty dossier lacks what every case must hold', async () => {
    const caseId = await openCase()
    const { complete, missing } = await dossier.check(caseId)
    expect(complete).toBe(false)
    expect(missing.map(({ kind }) => kind)).toEqual([
      'reception-transcript',
      'enforcement-notice',
      'triage-transfer-slip',
      'closing-notice',
    ])
  })

  it('an unsigned transcript is not enough', async () => {
    const caseId = await openCase()
    const documentId = await insertDocument(prisma, caseId, 'no-reception-statement', '说明')
    await insertDocument(prisma, caseId, 'closing-notice', '结案通知书')
    await dossier.enter({
      caseId,
      volume: 'main',
      title: '说明',
      kind: 'no-reception-statement',
      source: 'system',
      documentId,
      enteredBy: 'system',
    })
    const messages = (await dossier.check(caseId)).missing.map(({ message }) => message)
    expect(messages[0]).toContain('已编入的是未签名的文本')
    expect(messages.at(-1)).toContain('已制作，尚未编入卷宗')
  })

  it('a complete one is converted, a volume each, with bookmarks and all pages, pictures too', async () => {
    const caseId = await completeCase()
    expect(await dossier.check(caseId)).toMatchObject({ complete: true, missing: [], entries: 4, pages: 7 })
    const job = { elementInstanceKey: randomUUID() }
    const { entryIds, pages } = await dossier.image(caseId, buildImageDossier, job)
    expect(entryIds).toHaveLength(2)
    expect(pages).toBe(7)
    const image = await dossier.read(entryIds[0]!)
    expect(image).toMatchObject({ title: '影像卷宗（正卷）', volume: 'main', pages: 5, mediaType: 'application/pdf' })
    expect((await PDFDocument.load(image.bytes)).getPageCount()).toBe(5)
    expect((await dossier.image(caseId, buildImageDossier, job)).entryIds).toEqual(entryIds)
    expect(await dossier.catalogue(caseId)).toHaveLength(4)
    expect(await dossier.verify(caseId)).toMatchObject({ intact: true, entries: 6 })
  })

  it('the archive seals it: nothing may be entered or uploaded afterwards', async () => {
    const caseId = await completeCase()
    await expect(dossier.archive(caseId)).rejects.toThrow('应重新转为影像卷宗后归档')
    await dossier.image(caseId, buildImageDossier)
    clock.set('2026-06-01T10:00:00+08:00')
    const sealed = await dossier.archive(caseId, { archiveNumber: '2026-执-1' })
    expect(sealed.archivedAt).toBe('2026-06-01T10:00:00+08:00')
    clock.set('2026-06-02T10:00:00+08:00')
    expect(await dossier.archive(caseId)).toEqual(sealed)
    await expect(dossier.enter(await material(caseId))).rejects.toMatchObject({ code: 'sealed' })
    await expect(
      dossier.storeUpload({ caseId, fileName: 'x.png', mediaType: 'image/png', bytes: png, uploadedBy: 'dossier1' }),
    ).rejects.toMatchObject({ code: 'sealed' })
    expect(await dossier.verify(caseId)).toMatchObject({ intact: true, headHash: sealed.headHash })
  })

  it('sent back by the archive, it is converted again as a new version', async () => {
    const caseId = await completeCase()
    await dossier.image(caseId, buildImageDossier, { elementInstanceKey: randomUUID() })
    await dossier.enter(await material(caseId, { title: '补充材料' }))
    await expect(dossier.archive(caseId)).rejects.toThrow('最后编入的“补充材料”不在影像卷宗中')
    const { entryIds } = await dossier.image(caseId, buildImageDossier, { elementInstanceKey: randomUUID() })
    expect(await dossier.read(entryIds[0]!)).toMatchObject({ version: 2, pages: 6 })
    await expect(dossier.archive(caseId)).resolves.toMatchObject({ headHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  it('open paper is remarked upon', async () => {
    const caseId = await openCase()
    const at = new Date('2026-05-11T09:00:00+08:00')
    await prisma.nodeEntry.create({
      data: {
        caseId,
        node: 'paper-scan',
        elementId: 'scanPaper',
        elementInstanceKey: randomUUID(),
        processInstanceKey: '1',
        deadlineKey: 'paper.scan',
        kind: 'hard',
        runsFrom: at,
        dueAt: at,
        remindAt: at,
        provisional: false,
        explanation: [],
        startedAt: at,
      },
    })
    expect((await dossier.check(caseId)).remarks).toEqual(['纸质材料节点 paper-scan（scanPaper）尚未办结'])
  })
})
