/** Status codes of gRPC that the gateway answers with. */
const GrpcCode = {
  OK: 0,
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

type GrpcCodeName = keyof typeof GrpcCode

/** A call that does not succeed. Thrown by handlers, written by the server as the status of the call. */
export class GrpcError extends Error {
  readonly code: GrpcCodeName

  /** @param code what kind of failure  @param details one sentence that names the field, key or limit */
  constructor(code: GrpcCodeName, details: string) {
    super(details)
    this.name = 'GrpcError'
    this.code = code
  }
}

/**
 * Most bytes of a status message in a header. Clients accept 8 KiB of headers (Java's default), and the message is there
 * twice when it is short.
 */
const LONGEST_MESSAGE = 6_000
const LONGEST_DETAILED_MESSAGE = 1_500

/** The trailers that end a failed call: code, message, and both again as `google.rpc.Status`, as Camunda sends them. */
export function errorTrailers(error: GrpcError): Record<string, string> {
  const code = GrpcCode[error.code]
  const bytes = Buffer.from(error.message, 'utf8')
  const trailers: Record<string, string> = { 'grpc-status': String(code), 'grpc-message': percentEncode(bytes) }
  if (bytes.length <= LONGEST_DETAILED_MESSAGE) trailers['grpc-status-details-bin'] = statusProto(code, bytes)
  return trailers
}

const HEXADECIMAL = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
const PERCENT = 0x25

/** Percent-encoding of gRPC: everything but printable ASCII, and the percent sign. */
function percentEncode(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const end = endOfCharacter(bytes, at)
    let character = ''
    for (; at < end; at += 1) {
      const byte = bytes[at] as number
      character += byte >= 0x20 && byte <= 0x7e && byte !== PERCENT ? String.fromCharCode(byte) : HEXADECIMAL[byte]
    }
    if (text.length + character.length > LONGEST_MESSAGE) return `${text}...`
    text += character
  }
  return text
}

/** A message is cut between characters, never within one. */
function endOfCharacter(bytes: Buffer, start: number): number {
  let end = start + 1
  while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end += 1
  return end
}

/** `google.rpc.Status { int32 code = 1; string message = 2; }` in base64. */
function statusProto(code: number, message: Buffer): string {
  const head = [0x08, code, 0x12]
  let length = message.length
  for (; length > 0x7f; length >>>= 7) head.push((length & 0x7f) | 0x80)
  head.push(length)
  return Buffer.concat([Buffer.from(head), message]).toString('base64')
}
