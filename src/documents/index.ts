/**
 * The court's documents: what kinds there are, what data each takes, and how they become PDF.
 *
 * ```ts
 * const renderer = createRenderer({ templatesDirectory, cacheDirectory, court: { name: '清丰县人民法院' } })
 * const { pdf, pages } = await renderer.render('reception-transcript', data)
 * await renderer.close()
 * ```
 */
export { type BrowserEnvironment, type BrowserOptions, browserEnvironment, launchBrowser } from './browser.ts'
export {
  BrowserError,
  DocumentDataError,
  DocumentRenderError,
  PdfMergeError,
  TemplateError,
} from './errors.ts'
export {
  chineseDate,
  chineseInteger,
  maskAccount,
  maskIdNumber,
  maskPhone,
  moneyFigures,
  moneyInCapitals,
  numericDate,
  numericDateTime,
} from './format.ts'
export { buildImageDossier, type DossierManifest, type ImageDossier, mergePdf, type PdfPart } from './image-dossier.ts'
export {
  type DocumentKind,
  type DocumentKindCode,
  documentKindCodes,
  documentKinds,
  isDocumentKind,
  type Volume,
} from './kinds.ts'
export { documentNumber } from './numbering.ts'
export {
  type CourtIdentity,
  createRenderer,
  type RenderedDocument,
  type Renderer,
  type RendererOptions,
} from './renderer.ts'
export {
  type ClosingNoticeData,
  type DocumentData,
  type DossierCatalogueData,
  type EnforcementNoticeData,
  type NoReceptionStatementData,
  parseDocumentData,
  type ReceptionTranscriptData,
  type TriageTransferSlipData,
} from './schemas/index.ts'
export { createDocuments, type Documents, type IssuedDocument, type IssueRequest } from './store.ts'
