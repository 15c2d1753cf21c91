import { PDFDocument } from '@cantoo/pdf-lib'
import { volumeLabels } from '../procedure/index.ts'
import { DocumentRenderError, TemplateError } from './errors.ts'
import { type DocumentKindCode, documentKinds } from './kinds.ts'
import { createPagePool, type PagePoolOptions } from './page-pool.ts'
import { parseDocumentData } from './schemas/index.ts'
import { restorePrintedCharacters } from './searchable-text.ts'
import { compileTemplates } from './templates.ts'

/** The court as its documents name it. */
export interface CourtIdentity {
  /** Full name, e.g. 清丰县人民法院. */
  readonly name: string
}

/** What {@link createRenderer} needs. */
export interface RendererOptions extends PagePoolOptions {
  /** Directory of the templates (`templates/`). */
  readonly templatesDirectory: string
  readonly court: CourtIdentity
}

/** A document, printed. */
export interface RenderedDocument {
  readonly pdf: Uint8Array
  readonly pages: number
  /** What was printed; stored or shown as a preview. */
  readonly html: string
}

/** Prints documents. One for a program: it keeps a browser. */
export interface Renderer {
  /**
   * Prints one document.
   *
   * @param kind its code in `documentKinds`
   * @param data what its schema in `documentSchemas` asks for; checked here, so unchecked input may be passed
   * @throws DocumentDataError when the data does not fit, naming each field in Chinese
   * @throws TemplateError when the template asks for something that is not there
   * @throws BrowserError, DocumentRenderError when the browser cannot be started or fails twice: worth another try
   * @throws DocumentRenderError when no font has a character of the document
   */
  render(kind: DocumentKindCode, data: unknown): Promise<RenderedDocument>
  /** The document as HTML only, without a browser. Throws as {@link Renderer.render} does for data and template. */
  preview(kind: DocumentKindCode, data: unknown): string
  /** Ends the browser after the documents in print; later calls are refused. */
  close(): Promise<void>
}

/**
 * Reads the templates and makes a renderer. The browser starts with the first document.
 *
 * @throws TemplateError when a template is missing or broken
 */
export function createRenderer(options: RendererOptions): Renderer {
  const templates = compileTemplates(options.templatesDirectory)
  for (const { template } of Object.values(documentKinds)) {
    if (!templates.has(template))
      throw new TemplateError(template, undefined, `目录 ${options.templatesDirectory} 中没有此文件`)
  }
  const pool = createPagePool(options)

  function preview(kind: DocumentKindCode, data: unknown): string {
    const { template, ...about } = documentKinds[kind]
    const fill = templates.get(template)
    if (fill === undefined) throw new TemplateError(template, undefined, '没有此文件')
    const checked = parseDocumentData(kind, data)
    return fill({ ...checked, court: options.court, kind: { ...about, code: kind }, volumeNames: volumeLabels })
  }

  return {
    preview,
    async render(kind, data) {
      const html = preview(kind, data)
      const document = await PDFDocument.load(await pool.print(html), { updateMetadata: false })
      const unprintable = restorePrintedCharacters(document, html)
      if (unprintable.length > 0) {
        const named = unprintable.map(
          (character) => `“${character}”（U+${character.codePointAt(0)?.toString(16).toUpperCase()}）`,
        )
        throw new DocumentRenderError(`没有字体能打印${named.join('、')}，请为系统安装包含这些字的 TrueType 字体`)
      }
      return { pdf: await document.save(), pages: document.getPageCount(), html }
    },
    close: () => pool.close(),
  }
}
