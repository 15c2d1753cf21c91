import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EngineClock } from '../../index.ts'
import type { DocumentMetadata, DocumentShelf, StoredDocument } from './document.ts'
import { DocumentFiles } from './document-files.ts'

export type { StoredDocument } from './document.ts'

const HOUR = 3_600_000

/** Documents that processes refer to: contents with a hash, a time to live and links. */
export class DocumentStore {
  readonly #shelf: DocumentShelf
  readonly #clock: EngineClock
  #nextCleaning = Number.NEGATIVE_INFINITY

  /** @param directory folder for the documents, made when the first one comes; null keeps them in memory */
  constructor(directory: string | null, clock: EngineClock) {
    this.#shelf = directory === null ? new DocumentMemory() : new DocumentFiles(directory)
    this.#clock = clock
  }

  /** Keeps a document durably. @returns it, or `undefined` when there is one of this id already */
  async create(
    documentId: string,
    content: Buffer,
    metadata: Omit<DocumentMetadata, 'size'>,
  ): Promise<StoredDocument | undefined> {
    await this.#clean()
    const contentHash = createHash('sha256').update(content).digest('hex')
    const document = { documentId, contentHash, metadata: { ...metadata, size: content.length }, content }
    const name = nameOf(documentId)
    if (await this.#shelf.put(name, document)) return document
    if (await this.get(documentId)) return undefined
    // What is there has expired.
    await this.#shelf.delete(name)
    return (await this.#shelf.put(name, document)) ? document : undefined
  }

  /** A document that has not expired. */
  async get(documentId: string): Promise<StoredDocument | undefined> {
    const document = await this.#shelf.get(nameOf(documentId))
    const expiresAt = document?.metadata.expiresAt
    return expiresAt !== undefined && Date.parse(expiresAt) <= this.#now() ? undefined : document
  }

  /** Removes a document. @returns false when there was none */
  async delete(documentId: string): Promise<boolean> {
    return (await this.get(documentId)) !== undefined && this.#shelf.delete(nameOf(documentId))
  }

  /** The query of a link by which anybody may read a document until it expires. */
  async link(document: StoredDocument, timeToLive: number): Promise<{ query: string; expiresAt: string }> {
    const expires = this.#now() + timeToLive
    const signature = await this.#sign(document.documentId, document.contentHash, expires)
    const query = new URLSearchParams({ contentHash: document.contentHash, expires: String(expires), signature })
    return { query: query.toString(), expiresAt: new Date(expires).toISOString() }
  }

  /** Whether a query is that of a link to this document which is still good. */
  async isLink(documentId: string, query: URLSearchParams): Promise<boolean> {
    const expires = Number(query.get('expires'))
    const given = Buffer.from(query.get('signature') ?? '')
    if (given.length === 0 || !(expires > this.#now())) return false
    const expected = Buffer.from(await this.#sign(documentId, query.get('contentHash') ?? '', expires))
    return given.length === expected.length && timingSafeEqual(given, expected)
  }

  async #sign(documentId: string, contentHash: string, expires: number): Promise<string> {
    const text = JSON.stringify([documentId, contentHash, expires])
    return createHmac('sha256', await this.#shelf.secret())
      .update(text)
      .digest('base64url')
  }

  /** Removes what has expired, once in a while. */
  async #clean(): Promise<void> {
    const now = this.#now()
    if (now < this.#nextCleaning && now > this.#nextCleaning - HOUR) return
    this.#nextCleaning = now + HOUR
    for (const name of await this.#shelf.expired(now)) await this.#shelf.delete(name)
  }

  #now(): number {
    return this.#clock.now().getTime()
  }
}

/** A document's id may be any text; its name is one that every file system takes. */
function nameOf(documentId: string): string {
  return createHash('sha256').update(documentId, 'utf8').digest('hex')
}

class DocumentMemory implements DocumentShelf {
  readonly #documents = new Map<string, StoredDocument>()
  readonly #secret = randomBytes(32)

  async put(name: string, document: StoredDocument): Promise<boolean> {
    if (this.#documents.has(name)) return false
    this.#documents.set(name, document)
    return true
  }

  async get(name: string): Promise<StoredDocument | undefined> {
    return this.#documents.get(name)
  }

  async delete(name: string): Promise<boolean> {
    return this.#documents.delete(name)
  }

  async expired(now: number): Promise<string[]> {
    const all = [...this.#documents]
    return all.filter(([, { metadata }]) => Date.parse(metadata.expiresAt ?? '') <= now).map(([name]) => name)
  }

  async secret(): Promise<Buffer> {
    return this.#secret
  }
}
