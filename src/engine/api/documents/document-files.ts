import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentShelf, StoredDocument } from './document.ts'

const SUFFIX = '.document'
/** A document's file begins with its description, one line of JSON. So much of it is read to learn when it expires. */
const DESCRIPTION_LIMIT = 64 * 1024
const END_OF_LINE = 0x0a

/** Documents as files: each is written whole under another name, and has its own once it is on disk. */
export class DocumentFiles implements DocumentShelf {
  readonly #directory: string
  #secret: Promise<Buffer> | undefined

  constructor(directory: string) {
    this.#directory = directory
  }

  async put(name: string, { content, ...description }: StoredDocument): Promise<boolean> {
    const line = Buffer.from(`${JSON.stringify(description)}\n`)
    return this.#write(`${name}${SUFFIX}`, Buffer.concat([line, content]))
  }

  async get(name: string): Promise<StoredDocument | undefined> {
    const bytes = await unlessMissing(readFile(this.#path(name)))
    if (bytes === undefined) return undefined
    const end = bytes.indexOf(END_OF_LINE)
    return { ...describe(bytes.subarray(0, end)), content: bytes.subarray(end + 1) }
  }

  async delete(name: string): Promise<boolean> {
    const removed = await unlessMissing(unlink(this.#path(name)).then(() => true))
    if (removed) await this.#sync()
    return removed ?? false
  }

  async expired(now: number): Promise<string[]> {
    const found: string[] = []
    for (const file of (await unlessMissing(readdir(this.#directory))) ?? []) {
      if (!file.endsWith(SUFFIX)) continue
      const name = file.slice(0, -SUFFIX.length)
      const description = await this.#description(name)
      if (Date.parse(description?.metadata.expiresAt ?? '') <= now) found.push(name)
    }
    return found
  }

  secret(): Promise<Buffer> {
    this.#secret ??= this.#readSecret()
    return this.#secret
  }

  async #readSecret(): Promise<Buffer> {
    await this.#write('link.key', randomBytes(32))
    return readFile(join(this.#directory, 'link.key'))
  }

  async #description(name: string): Promise<Omit<StoredDocument, 'content'> | undefined> {
    const file = await unlessMissing(open(this.#path(name)))
    if (file === undefined) return undefined
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(DESCRIPTION_LIMIT), 0, DESCRIPTION_LIMIT, 0)
      const end = buffer.subarray(0, bytesRead).indexOf(END_OF_LINE)
      return end < 0 ? undefined : describe(buffer.subarray(0, end))
    } finally {
      await file.close()
    }
  }

  /** Writes a file that is not there yet. @returns false when there is one of this name */
  async #write(name: string, bytes: Buffer): Promise<boolean> {
    await mkdir(this.#directory, { recursive: true })
    const draft = join(this.#directory, `${randomUUID()}.draft`)
    try {
      const file = await open(draft, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      // Unlike a renamed file, a linked one never takes the place of another.
      await link(draft, join(this.#directory, name))
      await this.#sync()
      return true
    } catch (error) {
      if (isError(error, 'EEXIST')) return false
      throw error
    } finally {
      await rm(draft, { force: true })
    }
  }

  /** Makes the names of the directory durable. */
  async #sync(): Promise<void> {
    const directory = await open(this.#directory)
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  }

  #path(name: string): string {
    return join(this.#directory, `${name}${SUFFIX}`)
  }
}

function describe(line: Buffer): Omit<StoredDocument, 'content'> {
  // Written by this class.
  return JSON.parse(line.toString('utf8')) as Omit<StoredDocument, 'content'>
}

async function unlessMissing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work
  } catch (error) {
    if (isError(error, 'ENOENT')) return undefined
    throw error
  }
}

function isError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
