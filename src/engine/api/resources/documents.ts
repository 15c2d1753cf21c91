import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { DocumentStore, StoredDocument } from '../documents/document-store.ts'
import { validate } from '../http/body.ts'
import { type MultipartForm, parseMultipart, type UploadedFile } from '../http/multipart.ts'
import { entityNotFound, invalidArgument, Problem } from '../http/problem.ts'
import type { Route } from '../http/router.ts'
import type { ApiRequest, ApiResponse, Handler } from '../http/server.ts'
import { NO_CONTENT, optionalInput } from './responses.ts'
import { int64 } from './values.ts'

/** The name of the one store, as in Camunda that of a folder on the local disk. */
const STORE_ID = 'local'
const DEFAULT_TIME_TO_LIVE = 3_600_000

const metadata = z.strictObject({
  contentType: z.string().nullish(),
  fileName: z.string().nullish(),
  expiresAt: z.iso
    .datetime({ offset: true, message: 'must be a date and time in ISO 8601 with offset, e.g. 2026-11-23T08:00:00Z' })
    .nullish(),
  // The size is that of the content, whatever is said.
  size: z.int().nullish(),
  processDefinitionId: z.string().nullish(),
  processInstanceKey: z
    .string()
    .regex(/^[0-9]{1,19}$/, 'must be a key: a string of digits')
    .nullish(),
  customProperties: z.record(z.string(), z.unknown()).nullish(),
})
type GivenMetadata = z.output<typeof metadata>

const linkRequest = z.strictObject({
  timeToLive: int64.refine((milliseconds) => milliseconds > 0, 'must be greater than 0').nullish(),
})

/** `/v2/documents`. */
export function documentRoutes(documents: DocumentStore): Route<Handler>[] {
  const path = '/v2/documents/:documentId'
  return [
    { method: 'POST', path: '/v2/documents', handler: (request) => create(documents, request) },
    { method: 'POST', path: '/v2/documents/batch', handler: (request) => createBatch(documents, request) },
    { method: 'GET', path, handler: (request) => read(documents, request) },
    {
      method: 'DELETE',
      path,
      async handler(request) {
        checkStore(request)
        const documentId = request.params.documentId ?? ''
        if (!(await documents.delete(documentId))) throw notFound(documentId)
        return NO_CONTENT
      },
    },
    { method: 'POST', path: `${path}/links`, handler: (request) => createLink(documents, request) },
  ]
}

/** Whether a request reads a document by a link that was given out for it, and so needs no credentials. */
export async function isDocumentLink(
  documents: DocumentStore,
  method: string,
  path: string,
  search: string,
): Promise<boolean> {
  const [, id] = /^\/v2\/documents\/([^/]+)$/.exec(path) ?? []
  const query = new URLSearchParams(search)
  if (method !== 'GET' || id === undefined || !query.has('signature')) return false
  try {
    return await documents.isLink(decodeURIComponent(id), query)
  } catch (error) {
    if (error instanceof URIError) return false
    throw error
  }
}

async function create(documents: DocumentStore, request: ApiRequest): Promise<ApiResponse> {
  checkStore(request)
  const form = await parseMultipart(request.body, request.contentType)
  const [file] = form.files.get('file') ?? []
  if (!file) throw new Problem(400, "Required part 'file' is not present.")
  const [given] = metadataOf(form, 'metadata')
  const documentId = request.query.get('documentId') || randomUUID()
  const document = await store(documents, documentId, file, given)
  if (!document) throw new Problem(409, `Document with id '${documentId}' already exists`, 'ALREADY_EXISTS')
  return { status: 201, json: referenceOf(document) }
}

async function createBatch(documents: DocumentStore, request: ApiRequest): Promise<ApiResponse> {
  checkStore(request)
  const form = await parseMultipart(request.body, request.contentType)
  const files = form.files.get('files') ?? []
  if (files.length === 0) throw new Problem(400, "Required part 'files' is not present.")
  const list = metadataOf(form, 'metadataList')
  if (list.length > 0 && list.length !== files.length) {
    throw invalidArgument(`Part [metadataList] must have one entry a file: ${files.length}, not ${list.length}.`)
  }
  const createdDocuments: object[] = []
  const failedDocuments: object[] = []
  for (const [index, file] of files.entries()) {
    try {
      const document = await store(documents, randomUUID(), file, list[index])
      if (document) createdDocuments.push(referenceOf(document))
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      failedDocuments.push({ fileName: file.name, detail })
    }
  }
  const status = failedDocuments.length === 0 ? 201 : 207
  return { status, json: { createdDocuments, failedDocuments } }
}

async function read(documents: DocumentStore, request: ApiRequest): Promise<ApiResponse> {
  const { metadata, content } = await existing(documents, request)
  return {
    status: 200,
    contentType: metadata.contentType,
    bytes: content,
    headers: {
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(metadata.fileName)}`,
      // What others have uploaded must not be run as a page of this server.
      'x-content-type-options': 'nosniff',
    },
  }
}

async function createLink(documents: DocumentStore, request: ApiRequest): Promise<ApiResponse> {
  const { timeToLive } = optionalInput(request, linkRequest)
  const document = await existing(documents, request)
  const { query, expiresAt } = await documents.link(document, timeToLive ?? DEFAULT_TIME_TO_LIVE)
  const url = `${request.origin}/v2/documents/${encodeURIComponent(document.documentId)}?${query}`
  return { status: 201, json: { url, expiresAt } }
}

async function existing(documents: DocumentStore, request: ApiRequest): Promise<StoredDocument> {
  checkStore(request)
  const documentId = request.params.documentId ?? ''
  const contentHash = request.query.get('contentHash')
  if (!contentHash) {
    throw invalidArgument('No [contentHash] provided: pass on the one of the reference to the document.')
  }
  const document = await documents.get(documentId)
  if (!document) throw notFound(documentId)
  if (document.contentHash !== contentHash.toLowerCase()) {
    throw invalidArgument(`The [contentHash] is not that of the document with id '${documentId}'.`)
  }
  return document
}

function store(documents: DocumentStore, documentId: string, file: UploadedFile, given: GivenMetadata | undefined) {
  return documents.create(documentId, file.content, {
    contentType: given?.contentType || file.contentType || 'application/octet-stream',
    fileName: given?.fileName || file.name,
    ...(given?.expiresAt ? { expiresAt: new Date(given.expiresAt).toISOString() } : {}),
    ...(given?.processDefinitionId ? { processDefinitionId: given.processDefinitionId } : {}),
    ...(given?.processInstanceKey ? { processInstanceKey: given.processInstanceKey } : {}),
    ...(given?.customProperties ? { customProperties: given.customProperties } : {}),
  })
}

function referenceOf({ documentId, contentHash, metadata }: StoredDocument) {
  return { 'camunda.document.type': 'camunda', storeId: STORE_ID, documentId, contentHash, metadata }
}

/** Metadata of a form: JSON parts of this name, each one object or a list of them. */
function metadataOf(form: MultipartForm, part: string): GivenMetadata[] {
  const files = form.files.get(part) ?? []
  const texts = [...(form.fields.get(part) ?? []), ...files.map(({ content }) => content.toString('utf8'))]
  return texts.flatMap((text) => {
    const value = parse(text, part)
    return (Array.isArray(value) ? value : [value]).map((one) => validate(metadata, one, part))
  })
}

function parse(text: string, part: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Problem(400, `Part '${part}' is not valid JSON: ${error instanceof Error ? error.message : error}`)
  }
}

function checkStore(request: ApiRequest): void {
  const storeId = request.query.get('storeId')
  if (storeId && storeId !== STORE_ID) {
    throw invalidArgument(`Document store with id '${storeId}' does not exist: the only one is '${STORE_ID}'.`)
  }
}

function notFound(documentId: string): Problem {
  return entityNotFound('Document', documentId, 'id')
}
