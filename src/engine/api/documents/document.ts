/** What is kept of a document beside its content. */
export interface DocumentMetadata {
  contentType: string
  fileName: string
  size: number
  /** ISO 8601; absent: kept until it is deleted. */
  expiresAt?: string
  processDefinitionId?: string
  processInstanceKey?: string
  customProperties?: Record<string, unknown>
}

/** A document as it is kept. */
export interface StoredDocument {
  documentId: string
  /** SHA-256 of the content in hexadecimal digits. Whoever wants the content must know it. */
  contentHash: string
  metadata: DocumentMetadata
  content: Buffer
}

/** Where documents are kept: one file each, or memory. All that is read has been written whole. */
export interface DocumentShelf {
  /** Keeps a document. @returns false when there is one of this name already */
  put(name: string, document: StoredDocument): Promise<boolean>
  get(name: string): Promise<StoredDocument | undefined>
  /** @returns false when there was none */
  delete(name: string): Promise<boolean>
  /** Names of all documents whose time is up. */
  expired(now: number): Promise<string[]>
  /** A secret that stays the same as long as the documents are kept. */
  secret(): Promise<Buffer>
}
