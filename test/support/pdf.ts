import { PDFDocument } from '@cantoo/pdf-lib'

/** A valid PDF of one empty page. */
export async function onePagePdf(): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.create()
  document.addPage()
  return new Uint8Array(await document.save())
}
