import type { Clock } from '../calendar/index.ts'
import type { PrismaClient } from '../database/index.ts'

/** What the dossier needs: its database and business time. */
export interface DossierEnvironment {
  prisma: PrismaClient
  clock: Clock
}

/** 正卷 (parties may read it) or 副卷 (internal). */
export type DossierVolume = 'main' | 'auxiliary'

/** Media types that a dossier takes. */
export type DossierMediaType = 'application/pdf' | 'image/png' | 'image/jpeg'

/** Where an entry came from: made by the system, handed in on paper and scanned, or sent by someone electronically. */
export type DossierSource = 'system' | 'scan' | 'upload'

/** Material to be catalogued. Exactly one of `bytes`, `documentId` and `uploadId` gives the content. */
export interface DossierMaterial {
  caseId: string
  volume: DossierVolume
  title: string
  /** Code of the kind of material; for a rendered document its kind, e.g. `reception-transcript`. */
  kind: string
  source: DossierSource
  bytes?: Uint8Array
  /** Required with `bytes`, and must be what the bytes are. */
  mediaType?: DossierMediaType
  /** Required with `bytes` of a kind whose pages cannot be counted here; checked for PDF. */
  pages?: number
  /** A rendered document of the case. With `uploadId`, the entry is its signed scan: the content is the upload's. */
  documentId?: string
  /** An upload of the case. */
  uploadId?: string
  /** Username, or `system`. */
  enteredBy: string
  /** Makes a repeated delivery of the same job harmless. */
  elementInstanceKey?: string
  /** Number of the entry that this one corrects: it becomes its next version. */
  corrects?: number
}

/** One entry of the catalogue. Times are ISO-8601 with offset +08:00. */
export interface DossierEntryView {
  entryId: string
  caseId: string
  /** Serial in the order of entry, over both volumes, from 1. */
  position: number
  volume: DossierVolume
  /** Number in its volume, from 1; a corrected entry keeps its number. */
  number: number
  version: number
  title: string
  kind: string
  source: string
  documentId: string | null
  uploadId: string | null
  sha256: string
  mediaType: string
  pages: number
  enteredBy: string
  enteredAt: string
  previousHash: string
  hash: string
}

/** An entry in the order of its volume, newest version only, with the pages that it takes in that volume. */
export interface CatalogueRow extends DossierEntryView {
  pageFrom: number
  pageTo: number
}

/** One alteration found by `verify`. */
export interface DossierProblem {
  kind: 'changed-field' | 'changed-content' | 'missing-content' | 'removed' | 'reordered' | 'forged'
  /** Position of the entry concerned. */
  position: number
  /** In Chinese, what was found. */
  message: string
}

/** Result of verifying the hash chain and all contents. */
export interface DossierVerification {
  intact: boolean
  entries: number
  /** Hash of the last entry; keep it elsewhere and it proves the whole dossier. */
  headHash: string
  problems: DossierProblem[]
}

/** Result of the count before conversion (清点卷宗). */
export interface DossierCheck {
  complete: boolean
  /** Catalogued entries, newest versions. */
  entries: number
  pages: number
  missing: { kind: string; title: string; message: string }[]
  /** Paper that is still expected, as remarks: they do not block the conversion. */
  remarks: string[]
}

/** What the caller's function is told about an image dossier besides its parts. */
export interface ImageManifest {
  caseNumber: string
  title: string
  createdAt: string
  entries: Record<string, string | number>[]
}

/** Joins PDFs into one with bookmarks and the manifest attached (`buildImageDossier` of `src/documents`). */
export type BuildImageDossier = (
  parts: { title: string; pdf: Uint8Array }[],
  manifest: ImageManifest,
) => Promise<{ pdf: Uint8Array; pages: number }>

/** A file that a person uploads to a case. */
export interface UploadRequest {
  caseId: string
  fileName: string
  /** As the browser claims; what the bytes are decides. */
  mediaType: string
  bytes: Uint8Array
  uploadedBy: string
}

/** The electronic dossier of every case: an append-only catalogue with a hash chain, and content by hash. */
export interface Dossiers {
  /** Opens the dossier of a case; opening it again changes nothing. */
  open(caseId: string): Promise<{ openedAt: string }>
  /** Catalogues material. The same element instance is entered once. */
  enter(material: DossierMaterial): Promise<DossierEntryView>
  /** What the dossier needs to know of a document and its signed copy to catalogue it. */
  describe(request: {
    caseId: string
    documentId: string
    uploadId: string
  }): Promise<{ kind: string; title: string; uploadedBy: string }>
  /** Newest versions in order of volume and number, with page ranges. */
  catalogue(caseId: string, volume?: DossierVolume): Promise<CatalogueRow[]>
  /** All versions in order of entry. */
  entries(caseId: string): Promise<DossierEntryView[]>
  /** One entry with its content; the content is checked against its hash. */
  read(entryId: string): Promise<DossierEntryView & { bytes: Uint8Array }>
  /** Proves that nothing was changed, removed or reordered, or names what was. */
  verify(caseId: string): Promise<DossierVerification>
  /** What is missing before the dossier can be converted (Art. 26). */
  check(caseId: string): Promise<DossierCheck>
  /** Converts the main volume, then the auxiliary one, to one PDF each, and enters them (Art. 26). */
  image(
    caseId: string,
    buildImageDossier: BuildImageDossier,
    options?: { elementInstanceKey?: string; enteredBy?: string },
  ): Promise<{ entryIds: string[]; pages: number }>
  /** Seals the dossier: nothing may be entered afterwards (Art. 26). */
  archive(caseId: string, options?: { archiveNumber?: string }): Promise<{ archivedAt: string; headHash: string }>
  /** Stores an uploaded file after checking what it really is. */
  storeUpload(
    upload: UploadRequest,
  ): Promise<{ uploadId: string; sha256: string; mediaType: DossierMediaType; pages: number }>
}

/** Why a request on a dossier was refused. */
export type DossierErrorCode =
  | 'unknown-case'
  | 'not-open'
  | 'sealed'
  | 'unknown-entry'
  | 'unknown-document'
  | 'unknown-upload'
  | 'invalid'
  | 'too-large'
  | 'unsupported-type'
  | 'altered'
  | 'incomplete'

/** A refused request on a dossier; the message is Chinese and says what to do. */
export class DossierError extends Error {
  override readonly name = 'DossierError'
  readonly code: DossierErrorCode

  constructor(code: DossierErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
