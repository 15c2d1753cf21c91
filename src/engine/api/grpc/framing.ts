import { gunzipSync, inflateSync } from 'node:zlib'
import { GrpcError } from './status.ts'

/** Bytes before each message: whether it is compressed, and its length. */
const PREFIX = 5

/** A message as it goes over the wire: never compressed, since both ends are on one machine or near. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX + message.length)
  framed[0] = 0
  framed.writeUInt32BE(message.length, 1)
  framed.set(message, PREFIX)
  return framed
}

/** How a client says that its messages are compressed; the value of `grpc-accept-encoding`. */
export const ACCEPTED_ENCODINGS = 'identity,deflate,gzip'

const DECOMPRESS: Readonly<Record<string, typeof gunzipSync>> = { gzip: gunzipSync, deflate: inflateSync }

/** The one message of a request, gathered chunk by chunk. */
export class RequestReader {
  readonly #limit: number
  readonly #encoding: string
  readonly #chunks: Buffer[] = []
  #size = 0

  /** @param limit the largest message, in bytes  @param encoding the header `grpc-encoding` */
  constructor(limit: number, encoding: string | undefined) {
    this.#limit = limit
    this.#encoding = encoding ?? 'identity'
  }

  /** @throws {GrpcError} RESOURCE_EXHAUSTED as soon as the message is known to be too large */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size > this.#limit) {
      const head = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
      if (head.length >= PREFIX) this.#checkSize(head.readUInt32BE(1))
      // Longer than what its prefix says: a second message, which no method here takes.
      if (this.#size > this.#limit + PREFIX) throw new GrpcError('INTERNAL', 'Expected one message in the request')
    }
  }

  /** The bytes of the message. @throws {GrpcError} when there is not exactly one, or it cannot be decompressed */
  message(): Buffer {
    const [first] = this.#chunks
    const data = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
    if (data.length < PREFIX) throw new GrpcError('INTERNAL', 'Expected one message in the request, but there is none')
    const length = data.readUInt32BE(1)
    this.#checkSize(length)
    if (data.length !== PREFIX + length)
      throw new GrpcError('INTERNAL', `Expected one message of ${length} bytes, but there are ${data.length - PREFIX}`)
    const message = data.subarray(PREFIX)
    return data[0] === 0 ? message : this.#decompress(message)
  }

  #checkSize(length: number): void {
    if (length > this.#limit)
      throw new GrpcError('RESOURCE_EXHAUSTED', `gRPC message exceeds maximum size ${this.#limit}: ${length}`)
  }

  #decompress(message: Buffer): Buffer {
    const decompress = DECOMPRESS[this.#encoding]
    if (decompress === undefined)
      throw new GrpcError(
        'UNIMPLEMENTED',
        `Messages compressed with '${this.#encoding}' cannot be read: use one of ${ACCEPTED_ENCODINGS}`,
      )
    try {
      return decompress(message, { maxOutputLength: this.#limit, chunkSize: chunkSizeFor(message.length) })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        throw new GrpcError('RESOURCE_EXHAUSTED', `Decompressed gRPC message exceeds maximum size ${this.#limit}`)
      throw new GrpcError('INTERNAL', `The message is not valid ${this.#encoding}: ${(error as Error).message}`)
    }
  }
}

/** Most messages are small: the default chunk of 16 KiB would cost more to allocate than they cost to inflate. */
function chunkSizeFor(compressed: number): number {
  return Math.min(16_384, Math.max(512, compressed * 4))
}
