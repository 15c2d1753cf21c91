import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Call, isGone, ServerStream } from './call.ts'
import { ACCEPTED_ENCODINGS, frame, RequestReader } from './framing.ts'
import { errorTrailers, GrpcError } from './status.ts'

/** One method of a service, with how its messages are read and written. */
export type Method = UnaryMethod | StreamMethod

interface UnaryMethod {
  readonly kind: 'unary'
  readonly decode: (message: Buffer) => unknown
  readonly encode: (response: unknown) => Uint8Array
  readonly handle: (request: unknown, call: Call) => Promise<unknown>
}

interface StreamMethod {
  readonly kind: 'stream'
  readonly decode: (message: Buffer) => unknown
  readonly encode: (response: unknown) => Uint8Array
  /** Resolves when all has been written; the stream then ends. */
  readonly handle: (request: unknown, stream: ServerStream<unknown>) => Promise<void>
}

export interface GrpcServerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Throws GrpcError UNAUTHENTICATED for a header `authorization` that is not accepted. */
  readonly authenticate?: (authorization: string | undefined) => void
  /** The largest message of a request, in bytes. */
  readonly maxMessageSize: number
  /** The most unary calls under way; those beyond it are refused with RESOURCE_EXHAUSTED. */
  readonly maxCallsUnderWay: number
  /** Turns an error of a handler into a status; `undefined`: INTERNAL, and `onError` is told. */
  readonly toStatus: (error: unknown, path: string) => GrpcError | undefined
  readonly onError: (error: unknown, path: string) => void
}

export interface GrpcServer {
  readonly host: string
  readonly port: number
  /** Ends waiting calls with UNAVAILABLE, lets the others finish, and resolves when all connections are closed. */
  close(): Promise<void>
}

/** How long answers may take to reach their clients after `close()`. */
const CLOSE_GRACE_MILLISECONDS = 2_000
/** Requests in flight on all streams of a connection may fill this many bytes before they are read. */
const WINDOW = 1024 * 1024

/** Protobuf messages only; `application/grpc-web` is another protocol, `+json` another encoding. */
const CONTENT_TYPE = /^application\/grpc(\+proto)?(;|$)/

const RESPONSE_HEADERS = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': ACCEPTED_ENCODINGS,
}
const SUCCESS = { 'grpc-status': '0' }

/**
 * Serves methods over HTTP/2 without TLS, as gRPC.
 * @param methods by path: `/package.Service/Method`
 * @throws the error of `listen` (`EADDRINUSE`, `EACCES`, …) when the address cannot be had
 */
export async function startGrpcServer(
  methods: ReadonlyMap<string, Method>,
  options: GrpcServerOptions,
): Promise<GrpcServer> {
  const sessions = new Set<ServerHttp2Session>()
  const calls = new Set<Call>()
  let closing = false
  let underWay = 0

  const server = createServer({ settings: { initialWindowSize: WINDOW, maxConcurrentStreams: 2 ** 31 - 1 } })
  server.on('session', (session) => {
    sessions.add(session)
    session.setLocalWindowSize(WINDOW)
    session.on('close', () => sessions.delete(session))
    // A connection that breaks ends its calls; there is nobody to tell.
    session.on('error', () => {})
    if (closing) session.close()
  })
  server.on('sessionError', () => {})

  server.on('stream', (stream, headers) => {
    // A stream that breaks is a client that has gone; `close` says so.
    stream.on('error', () => {})
    try {
      receive(stream, headers)
    } catch (error) {
      fail(stream, statusOf(error, String(headers[':path'])))
    }
  })

  function receive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    if (!CONTENT_TYPE.test(headers['content-type'] ?? '')) {
      stream.respond({ ':status': 415 }, { endStream: true })
      return
    }
    const path = String(headers[':path'])
    const method = methods.get(path)
    if (method === undefined) throw new GrpcError('UNIMPLEMENTED', `Method not found: ${path.slice(1)}`)
    options.authenticate?.(headers.authorization)
    if (closing) throw new GrpcError('UNAVAILABLE', 'The gateway closes')
    const timeout = headers['grpc-timeout'] as string | undefined
    const reader = new RequestReader(options.maxMessageSize, headers['grpc-encoding'] as string | undefined)
    stream.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk)
      } catch (error) {
        fail(stream, statusOf(error, path))
      }
    })
    stream.on('end', () => {
      if (stream.headersSent || isGone(stream)) return
      void (method.kind === 'unary'
        ? answerOnce(stream, path, method, reader, timeout)
        : answerMany(stream, path, method, reader, timeout))
    })
  }

  /** Keeps a call where `close` and the client's end find it, while `work` runs. */
  async function track(stream: ServerHttp2Stream, path: string, call: Call, work: () => Promise<void>): Promise<void> {
    calls.add(call)
    const gone = () => call.end('client')
    stream.on('close', gone)
    try {
      await work()
    } catch (error) {
      fail(stream, statusOf(error, path))
    } finally {
      stream.off('close', gone)
      call.finish()
      calls.delete(call)
    }
  }

  function answerOnce(
    stream: ServerHttp2Stream,
    path: string,
    method: UnaryMethod,
    reader: RequestReader,
    timeout: string | undefined,
  ): Promise<void> {
    const call = new Call(stream, timeout)
    return track(stream, path, call, async () => {
      if (underWay >= options.maxCallsUnderWay)
        throw new GrpcError(
          'RESOURCE_EXHAUSTED',
          "Failed to write client request to partition '1', because the request limit is exhausted.",
        )
      underWay += 1
      try {
        const response = await method.handle(decode(method, reader), call)
        if (isGone(stream)) return
        respond(stream)
        stream.end(frame(method.encode(response)))
      } finally {
        underWay -= 1
      }
    })
  }

  function answerMany(
    stream: ServerHttp2Stream,
    path: string,
    method: StreamMethod,
    reader: RequestReader,
    timeout: string | undefined,
  ): Promise<void> {
    const begin = () => {
      if (!stream.headersSent) respond(stream)
    }
    const call = new ServerStream(stream, timeout, method.encode, begin)
    return track(stream, path, call, async () => {
      await method.handle(decode(method, reader), call)
      if (isGone(stream)) return
      begin()
      stream.end()
    })
  }

  function statusOf(error: unknown, path: string): GrpcError {
    const status = error instanceof GrpcError ? error : options.toStatus(error, path)
    if (status !== undefined) return status
    options.onError(error, path)
    return new GrpcError(
      'INTERNAL',
      'Unexpected error occurred during the request processing: see the log of the engine',
    )
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: options.host, port: options.port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { address, port } = server.address() as AddressInfo

  let closed: Promise<void> | undefined
  function close(): Promise<void> {
    closing = true
    return new Promise((resolve) => {
      const impatient = setTimeout(() => {
        for (const session of sessions) session.destroy()
      }, CLOSE_GRACE_MILLISECONDS)
      server.close(() => {
        clearTimeout(impatient)
        resolve()
      })
      for (const call of calls) call.end('closing')
      for (const session of sessions) session.close()
    })
  }

  return {
    host: address,
    port,
    close() {
      closed ??= close()
      return closed
    },
  }
}

function decode(method: Method, reader: RequestReader): unknown {
  const message = reader.message()
  try {
    return method.decode(message)
  } catch (error) {
    throw new GrpcError('INTERNAL', `The request cannot be decoded: ${(error as Error).message}`)
  }
}

/** Begins a successful answer; its trailers follow the last message. */
function respond(stream: ServerHttp2Stream): void {
  stream.respond(RESPONSE_HEADERS, { waitForTrailers: true, sendDate: false } as object)
  stream.on('wantTrailers', sendSuccess)
}

function sendSuccess(this: ServerHttp2Stream): void {
  this.sendTrailers(SUCCESS)
}

/** Ends a call without success: by trailers alone, or after the messages that were sent. */
function fail(stream: ServerHttp2Stream, error: GrpcError): void {
  if (isGone(stream)) return
  const trailers = errorTrailers(error)
  if (!stream.headersSent) {
    stream.respond({ ...RESPONSE_HEADERS, ...trailers }, { endStream: true })
    // What the client still sends of its request is not read.
    if (!stream.readableEnded) stream.close()
    return
  }
  stream.off('wantTrailers', sendSuccess)
  stream.on('wantTrailers', () => stream.sendTrailers(trailers))
  stream.end()
}
