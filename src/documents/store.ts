import { createHash } from 'node:crypto'
import type { Clock } from '../calendar/clock.ts'
import type { PrismaClient } from '../database/index.ts'
import { type DocumentKindCode, documentKinds } from './kinds.ts'
import { documentNumber } from './numbering.ts'
import type { Renderer } from './renderer.ts'
import type { DocumentData } from './schemas/index.ts'

/** A document as it lies in the case, without its content. */
export interface IssuedDocument {
  documentId: string
  caseId: string
  kind: DocumentKindCode
  title: string
  number: string | null
  pages: number
  sha256: string
  /** ISO-8601. */
  renderedAt: string
}

export interface IssueRequest<K extends DocumentKindCode> {
  caseId: string
  kind: K
  /** Makes the request idempotent: the same element instance gets the same document. */
  elementInstanceKey: string
  /** The template's data; called with the number that a numbered kind received. */
  data(number: string | null): DocumentData<K> | Promise<DocumentData<K>>
}

/** The documents that the court made for its cases. */
export interface Documents {
  /**
   * Renders a document, numbers it where its kind is numbered, and keeps it. Numbers have no gaps within a case.
   * @throws DocumentDataError for missing or wrong data, TemplateError, BrowserError; nothing is kept then
   */
  issue<K extends DocumentKindCode>(request: IssueRequest<K>): Promise<IssuedDocument>
  list(caseId: string): Promise<IssuedDocument[]>
  /** A document with its PDF; null where there is none of this id. */
  read(documentId: string): Promise<(IssuedDocument & { bytes: Uint8Array }) | null>
}

interface Dependencies {
  prisma: PrismaClient
  clock: Clock
  renderer: Renderer
}

const RENDER_TIMEOUT_MS = 60_000

/** @see Documents */
export function createDocuments({ prisma, clock, renderer }: Dependencies): Documents {
  return {
    async issue(request) {
      return prisma.$transaction(
        async (transaction) => {
          // Serial for each case, so that numbers are in order and a second delivery of the job finds the first one's document.
          await transaction.$queryRaw`SELECT id FROM "case" WHERE id = ${request.caseId}::uuid FOR UPDATE`
          const { elementInstanceKey, caseId, kind } = request
          const existing = await transaction.document.findUnique({ where: { elementInstanceKey } })
          if (existing) return toIssuedDocument(existing)

          const { title, numbered } = documentKinds[kind]
          const owner = await transaction.case.findUniqueOrThrow({
            where: { id: caseId },
            select: { caseNumber: true },
          })
          const last = await transaction.document.aggregate({ where: { caseId }, _max: { ordinal: true } })
          const ordinal = numbered ? (last._max.ordinal ?? 0) + 1 : null
          const number = ordinal === null ? null : documentNumber(owner.caseNumber, ordinal)

          const { pdf, pages } = await renderer.render(kind, await request.data(number))
          const sha256 = createHash('sha256').update(pdf).digest('hex')
          const renderedAt = clock.now()
          await transaction.blob.createMany({
            data: [
              {
                sha256,
                mediaType: 'application/pdf',
                size: pdf.byteLength,
                bytes: Buffer.from(pdf),
                createdAt: renderedAt,
              },
            ],
            skipDuplicates: true,
          })
          const document = await transaction.document.create({
            data: { caseId, kind, title, number, ordinal, elementInstanceKey, sha256, pages, renderedAt },
          })
          return toIssuedDocument(document)
        },
        { timeout: RENDER_TIMEOUT_MS, maxWait: RENDER_TIMEOUT_MS },
      )
    },

    async list(caseId) {
      const documents = await prisma.document.findMany({ where: { caseId }, orderBy: { renderedAt: 'asc' } })
      return documents.map(toIssuedDocument)
    },

    async read(documentId) {
      const document = await prisma.document.findUnique({ where: { id: documentId } })
      if (!document) return null
      const { bytes } = await prisma.blob.findUniqueOrThrow({ where: { sha256: document.sha256 } })
      return { ...toIssuedDocument(document), bytes }
    },
  }
}

function toIssuedDocument(row: {
  id: string
  caseId: string
  kind: string
  title: string
  number: string | null
  pages: number
  sha256: string
  renderedAt: Date
}): IssuedDocument {
  const { id, kind, renderedAt, ...rest } = row
  return {
    documentId: id,
    caseId: rest.caseId,
    kind: kind as DocumentKindCode,
    title: rest.title,
    number: rest.number,
    pages: rest.pages,
    sha256: rest.sha256,
    renderedAt: renderedAt.toISOString(),
  }
}
