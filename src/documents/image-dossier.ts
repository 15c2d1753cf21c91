import { PDFDocument, PDFHexString, PDFName, PDFNumber, type PDFRef } from '@cantoo/pdf-lib'
import { PdfMergeError } from './errors.ts'

/** One document of an image dossier. */
export interface PdfPart {
  /** Its bookmark. */
  readonly title: string
  readonly pdf: Uint8Array
}

/** What an image dossier holds and where. Pages count from 1. */
export interface DossierManifest {
  readonly caseNumber: string
  /** Title of the PDF, e.g. `（2026）豫0922执123号 正卷`. */
  readonly title: string
  /** When it was made; an ISO time with offset, from the caller's clock. */
  readonly createdAt: string
  /** SHA-256 or other facts about the parts that the caller wants to travel with the PDF, by title. */
  readonly entries?: readonly Readonly<Record<string, string | number>>[]
}

/** An image dossier with the page on which each part begins. */
export interface ImageDossier {
  readonly pdf: Uint8Array
  readonly pages: number
  readonly parts: readonly { readonly title: string; readonly pageFrom: number; readonly pageTo: number }[]
}

/**
 * Joins PDFs into one, each with a bookmark on its first page.
 *
 * @throws PdfMergeError when there is no part, or one is not a PDF that can be read, or has no page
 */
export async function mergePdf(parts: readonly PdfPart[], title?: string): Promise<ImageDossier> {
  const { document, placed } = await join(parts)
  if (title !== undefined) document.setTitle(title, { showInWindowTitleBar: true })
  return { pdf: await document.save(), pages: document.getPageCount(), parts: placed }
}

/**
 * The image dossier of Article 26: one PDF with a bookmark a document, and its manifest as the attached file
 * `manifest.json` (what it holds, on which pages, and what the caller recorded of each part).
 *
 * @throws PdfMergeError as {@link mergePdf}; also when `manifest.entries` does not match the parts one to one
 */
export async function buildImageDossier(parts: readonly PdfPart[], manifest: DossierManifest): Promise<ImageDossier> {
  if (manifest.entries !== undefined && manifest.entries.length !== parts.length) {
    throw new PdfMergeError(`清单有 ${manifest.entries.length} 项，材料有 ${parts.length} 件，二者应一一对应`)
  }
  const { document, placed } = await join(parts)
  const createdAt = new Date(manifest.createdAt)
  if (Number.isNaN(createdAt.getTime())) throw new PdfMergeError(`制作时间“${manifest.createdAt}”不是有效的时间`)
  document.setTitle(manifest.title, { showInWindowTitleBar: true })
  document.setSubject(manifest.caseNumber)
  document.setCreationDate(createdAt)
  document.setModificationDate(createdAt)
  const content = {
    caseNumber: manifest.caseNumber,
    title: manifest.title,
    createdAt: manifest.createdAt,
    pages: document.getPageCount(),
    parts: placed.map((part, index) => ({ ...manifest.entries?.[index], ...part })),
  }
  await document.attach(new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`), 'manifest.json', {
    mimeType: 'application/json',
    description: '影像卷宗清单',
    creationDate: createdAt,
    modificationDate: createdAt,
  })
  return { pdf: await document.save(), pages: document.getPageCount(), parts: placed }
}

async function join(parts: readonly PdfPart[]): Promise<{ document: PDFDocument; placed: ImageDossier['parts'] }> {
  if (parts.length === 0) throw new PdfMergeError('没有可合并的材料')
  const document = await PDFDocument.create()
  const placed: { title: string; pageFrom: number; pageTo: number }[] = []
  for (const part of parts) {
    const source = await PDFDocument.load(part.pdf).catch((cause) => {
      throw new PdfMergeError(`材料“${part.title}”不是可读的 PDF`, { cause })
    })
    const pages = await document.copyPages(source, source.getPageIndices())
    if (pages.length === 0) throw new PdfMergeError(`材料“${part.title}”没有页面`)
    const pageFrom = document.getPageCount() + 1
    for (const page of pages) document.addPage(page)
    placed.push({ title: part.title, pageFrom, pageTo: document.getPageCount() })
  }
  addBookmarks(document, placed)
  return { document, placed }
}

/** Bookmarks as a flat outline (ISO 32000-1, 12.3.3), which the library has no function for. */
function addBookmarks(document: PDFDocument, placed: ImageDossier['parts']): void {
  const context = document.context
  const outline = context.nextRef()
  const items: { ref: PDFRef; title: string; page: number }[] = placed.map((part) => ({
    ref: context.nextRef(),
    title: part.title,
    page: part.pageFrom - 1,
  }))
  items.forEach((item, index) => {
    const entry = context.obj({
      Title: PDFHexString.fromText(item.title),
      Parent: outline,
      Dest: [document.getPage(item.page).ref, 'Fit'],
    })
    const previous = items[index - 1]
    const next = items[index + 1]
    if (previous !== undefined) entry.set(PDFName.of('Prev'), previous.ref)
    if (next !== undefined) entry.set(PDFName.of('Next'), next.ref)
    context.assign(item.ref, entry)
  })
  const first = items[0]
  const last = items.at(-1)
  if (first === undefined || last === undefined) return
  context.assign(
    outline,
    context.obj({ Type: 'Outlines', First: first.ref, Last: last.ref, Count: PDFNumber.of(items.length) }),
  )
  document.catalog.set(PDFName.of('Outlines'), outline)
  document.catalog.set(PDFName.of('PageMode'), PDFName.of('UseOutlines'))
}
