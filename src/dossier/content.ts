import { PDFDocument } from '@cantoo/pdf-lib'
import { DossierError, type DossierMediaType } from './types.ts'

const mediaTypeNames: Readonly<Record<DossierMediaType, string>> = {
  'application/pdf': 'PDF',
  'image/png': 'PNG 图片',
  'image/jpeg': 'JPEG 图片',
}

/** Largest file that is taken, in bytes [默认]. */
const defaultSizeLimit = 50 * 1024 * 1024

/** What the bytes are by their first ones; undefined for what a dossier does not take. */
function detectMediaType(bytes: Uint8Array): DossierMediaType | undefined {
  const startsWith = (...signature: number[]) => signature.every((byte, index) => bytes[index] === byte)
  if (startsWith(0x25, 0x50, 0x44, 0x46, 0x2d)) return 'application/pdf'
  if (startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (startsWith(0xff, 0xd8, 0xff)) return 'image/jpeg'
  return undefined
}

/** Tells whether a text is a media type that a dossier takes. */
function isDossierMediaType(text: string): text is DossierMediaType {
  return Object.hasOwn(mediaTypeNames, text)
}

/**
 * Checks a file by what it really is and counts its pages. Throws `DossierError`: too large, of another type than
 * claimed, not of a type that a dossier takes, or not readable.
 * @param name how messages call the file
 */
export async function inspectContent(
  bytes: Uint8Array,
  claimed: string,
  name: string,
  sizeLimit = defaultSizeLimit,
): Promise<{ mediaType: DossierMediaType; pages: number }> {
  if (bytes.length === 0) throw new DossierError('invalid', `文件“${name}”是空的，请重新选择`)
  if (bytes.length > sizeLimit) {
    const limit = Math.floor(sizeLimit / 1024 / 1024)
    throw new DossierError('too-large', `文件“${name}”超过 ${limit} MB，请压缩或分成几份上传`)
  }
  const mediaType = detectMediaType(bytes)
  if (mediaType === undefined) {
    throw new DossierError('unsupported-type', `文件“${name}”不是 PDF、PNG 或 JPEG，请转换后上传`)
  }
  if (mediaType !== claimed) {
    const claim = isDossierMediaType(claimed) ? mediaTypeNames[claimed] : `“${claimed}”`
    throw new DossierError(
      'unsupported-type',
      `文件“${name}”标为${claim}，实际是 ${mediaTypeNames[mediaType]}，请核对文件后重新上传`,
    )
  }
  return { mediaType, pages: (await toPdfDocument(bytes, mediaType, name)).getPageCount() }
}

/** The content as PDF: itself, or the picture on a page of its own. Throws `DossierError` when it cannot be read. */
export async function toPdf(bytes: Uint8Array, mediaType: string, name: string): Promise<Uint8Array> {
  if (mediaType === 'application/pdf') return bytes
  if (!isDossierMediaType(mediaType))
    throw new DossierError('unsupported-type', `“${name}”不能转为 PDF（${mediaType}）`)
  return (await toPdfDocument(bytes, mediaType, name)).save()
}

/** A4 in points. */
const a4 = { width: 595.28, height: 841.89 }

async function toPdfDocument(bytes: Uint8Array, mediaType: DossierMediaType, name: string): Promise<PDFDocument> {
  try {
    if (mediaType === 'application/pdf') return await readPdf(bytes, name)
    const document = await PDFDocument.create()
    const picture = mediaType === 'image/png' ? await document.embedPng(bytes) : await document.embedJpg(bytes)
    const landscape = picture.width > picture.height
    const page = document.addPage(landscape ? [a4.height, a4.width] : [a4.width, a4.height])
    const scale = Math.min(page.getWidth() / picture.width, page.getHeight() / picture.height)
    const [width, height] = [picture.width * scale, picture.height * scale]
    page.drawImage(picture, { x: (page.getWidth() - width) / 2, y: (page.getHeight() - height) / 2, width, height })
    return document
  } catch (error) {
    if (error instanceof DossierError) throw error
    throw new DossierError('invalid', `文件“${name}”已损坏，无法读取，请重新扫描或导出`, { cause: error })
  }
}

async function readPdf(bytes: Uint8Array, name: string): Promise<PDFDocument> {
  const document = await PDFDocument.load(bytes, { ignoreEncryption: true, updateMetadata: false })
  if (document.isEncrypted) throw new DossierError('invalid', `文件“${name}”是加密的 PDF，请解除密码后上传`)
  if (document.getPageCount() === 0) throw new DossierError('invalid', `文件“${name}”没有页面`)
  return document
}
