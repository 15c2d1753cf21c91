import { PDFDocument } from '@cantoo/pdf-lib'
import { describe, expect, test } from 'vitest'
import { buildImageDossier, mergePdf, PdfMergeError } from '../../src/documents/index.ts'

async function pdfOf(pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  for (let page = 0; page < pages; page++) document.addPage()
  return document.save()
}

/** Bookmarks and attachments as a reader shows them. */
async function opened(pdf: Uint8Array) {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs')
  const task = getDocument({ data: pdf.slice(), verbosity: 0 })
  const document = await task.promise
  const outline = (await document.getOutline()) ?? []
  const bookmarks = await Promise.all(
    outline.map(async (item) => {
      const target = Array.isArray(item.dest) ? await document.getPageIndex(item.dest[0]) : undefined
      return { title: item.title, page: target === undefined ? undefined : target + 1 }
    }),
  )
  const attachments = [...((await document.getAttachments())?.keys() ?? [])]
  const content: unknown = attachments.includes('manifest.json')
    ? JSON.parse(new TextDecoder().decode((await document.getAttachmentContent('manifest.json')) ?? undefined))
    : undefined
  const { info } = await document.getMetadata()
  const pages = document.numPages
  await task.destroy()
  return { bookmarks, attachments, content, info, pages }
}

const parts = async () => [
  { title: '执行申请书', pdf: await pdfOf(2) },
  { title: '初次接待谈话笔录', pdf: await pdfOf(4) },
  { title: '㛃䶮商贸行的异议（含附件）', pdf: await pdfOf(1) },
]

const manifest = {
  caseNumber: '（2026）豫0922执123号',
  title: '（2026）豫0922执123号 正卷',
  createdAt: '2026-12-31T10:00:00+08:00',
}

describe('mergePdf', () => {
  test('joins the parts in order, a bookmark on the first page of each', async () => {
    const merged = await mergePdf(await parts())
    expect(merged.pages).toBe(7)
    expect(merged.parts).toEqual([
      { title: '执行申请书', pageFrom: 1, pageTo: 2 },
      { title: '初次接待谈话笔录', pageFrom: 3, pageTo: 6 },
      { title: '㛃䶮商贸行的异议（含附件）', pageFrom: 7, pageTo: 7 },
    ])
    const { bookmarks, pages } = await opened(merged.pdf)
    expect(pages).toBe(7)
    expect(bookmarks).toEqual([
      { title: '执行申请书', page: 1 },
      { title: '初次接待谈话笔录', page: 3 },
      { title: '㛃䶮商贸行的异议（含附件）', page: 7 },
    ])
  })

  test('names the part that is no PDF', async () => {
    const bad = [...(await parts()), { title: '损坏的扫描件', pdf: new TextEncoder().encode('not a pdf') }]
    await expect(mergePdf(bad)).rejects.toThrow('材料“损坏的扫描件”不是可读的 PDF')
    await expect(mergePdf([])).rejects.toThrow(PdfMergeError)
  })
})

describe('影像卷宗', () => {
  test('carries its manifest and the time of the caller’s clock', async () => {
    const entries = [{ sha256: 'a1' }, { sha256: 'b2' }, { sha256: 'c3' }]
    const dossier = await buildImageDossier(await parts(), { ...manifest, entries })
    const { attachments, content, info, bookmarks } = await opened(dossier.pdf)
    expect(bookmarks).toHaveLength(3)
    expect(info).toMatchObject({ Title: manifest.title, CreationDate: 'D:20261231020000Z' })

    expect(attachments).toEqual(['manifest.json'])
    expect(content).toEqual({
      ...manifest,
      pages: 7,
      parts: dossier.parts.map((part, index) => ({ ...part, ...entries[index] })),
    })
  })

  test('is the same for the same parts and the same time', async () => {
    const [one, other] = await Promise.all([
      parts().then((list) => buildImageDossier(list, manifest)),
      parts().then((list) => buildImageDossier(list, manifest)),
    ])
    expect(Buffer.from(one.pdf).equals(Buffer.from(other.pdf))).toBe(true)
  })

  test('refuses a manifest that does not match', async () => {
    await expect(buildImageDossier(await parts(), { ...manifest, entries: [{ sha256: 'a1' }] })).rejects.toThrow(
      '清单有 1 项，材料有 3 件',
    )
    await expect(buildImageDossier(await parts(), { ...manifest, createdAt: '昨天' })).rejects.toThrow(
      '“昨天”不是有效的时间',
    )
  })
})
