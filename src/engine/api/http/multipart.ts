import { Problem } from './problem.ts'

/** A file of a `multipart/form-data` body. */
export interface UploadedFile {
  name: string
  /** As the sender says; '' when it does not. */
  contentType: string
  content: Buffer
}

/** The parts of a `multipart/form-data` body: files and plain texts by name of the field. */
export interface MultipartForm {
  files: Map<string, UploadedFile[]>
  fields: Map<string, string[]>
}

/**
 * Parses a `multipart/form-data` body (RFC 7578) with the parser of Node's own fetch.
 * @throws Problem 415 for another content type, 400 for a malformed body
 */
export async function parseMultipart(body: Buffer, contentType: string | undefined): Promise<MultipartForm> {
  if (contentType === undefined || !/^multipart\/form-data\s*;/i.test(contentType)) {
    throw new Problem(415, `Content-Type '${contentType ?? 'none'}' is not supported. Send 'multipart/form-data'.`)
  }
  let form: FormData
  try {
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  } catch (error) {
    throw new Problem(400, `The multipart body cannot be read: ${error instanceof Error ? error.message : error}`)
  }
  const result: MultipartForm = { files: new Map(), fields: new Map() }
  for (const [name, value] of form.entries()) {
    if (typeof value === 'string') {
      result.fields.set(name, [...(result.fields.get(name) ?? []), value])
    } else {
      const list = result.files.get(name) ?? []
      list.push({ name: value.name, contentType: value.type, content: Buffer.from(await value.arrayBuffer()) })
      result.files.set(name, list)
    }
  }
  return result
}
