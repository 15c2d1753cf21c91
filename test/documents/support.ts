import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PDFDict, PDFDocument, PDFName } from '@cantoo/pdf-lib'
import { afterAll } from 'vitest'

/** The product's own templates. */
export const templatesDirectory = fileURLToPath(new URL('../../templates', import.meta.url))

const directories: string[] = []

// Registered before the hooks of the test files, therefore run after them: browsers are closed by then.
afterAll(async () => {
  for (const directory of directories) await rm(directory, { recursive: true, force: true, maxRetries: 5 })
})

/** A new directory that is removed after the test file. */
export async function temporaryDirectory(name: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `${name}-`))
  directories.push(directory)
  return directory
}

/** A copy of the templates with one file changed. */
export async function changedTemplates(file: string, change: (source: string) => string): Promise<string> {
  const directory = await temporaryDirectory('templates')
  await cp(templatesDirectory, directory, { recursive: true })
  const path = join(directory, file)
  const before = await readFile(path, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`the change left ${file} as it was`)
  await writeFile(path, after)
  return directory
}

/** A piece of text on a page; `x` and `y` in points from the lower left corner. */
export interface TextPiece {
  text: string
  x: number
  y: number
  width: number
}

/** Reads a PDF with another program than the one that made it: size and text of each page. */
export async function readPdf(
  pdf: Uint8Array,
): Promise<{ width: number; height: number; pieces: TextPiece[]; text: string }[]> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs')
  const task = getDocument({ data: pdf.slice(), verbosity: 0 })
  const document = await task.promise
  const pages = []
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    const [left = 0, bottom = 0, right = 0, top = 0] = page.view
    const { items } = await page.getTextContent()
    const pieces = items.flatMap((item) =>
      'str' in item && item.str !== ''
        ? [{ text: item.str, x: Number(item.transform[4]), y: Number(item.transform[5]), width: item.width }]
        : [],
    )
    pages.push({ width: right - left, height: top - bottom, pieces, text: pieces.map((piece) => piece.text).join('') })
  }
  await task.destroy()
  return pages
}

/** Where the type area ends and the foot of the page begins, in points from the lower edge. */
export const footHeight = (35 * 72) / 25.4

/** The text of a whole PDF without white space and page feet, for what runs over lines and pages. */
export async function textOf(pdf: Uint8Array): Promise<string> {
  return (await readPdf(pdf))
    .flatMap((page) => page.pieces.filter((piece) => piece.y > footHeight))
    .map((piece) => piece.text.replace(/\s/g, ''))
    .join('')
}

/** The fonts of a PDF: kind of each, and whether its outlines are in the file. */
export async function fontsOf(
  pdf: Uint8Array,
): Promise<{ name: string; subtype: string; embeddedTrueType: boolean }[]> {
  const { context } = await PDFDocument.load(pdf)
  return context
    .enumerateIndirectObjects()
    .map(([, object]) => object)
    .filter(
      (object): object is PDFDict => object instanceof PDFDict && object.get(PDFName.of('Type')) === PDFName.of('Font'),
    )
    .map((font) => ({
      name: String(font.get(PDFName.of('BaseFont'))),
      subtype: String(font.get(PDFName.of('Subtype'))),
      embeddedTrueType:
        context.lookupMaybe(font.get(PDFName.of('FontDescriptor')), PDFDict)?.has(PDFName.of('FontFile2')) ?? false,
    }))
}
