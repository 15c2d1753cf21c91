import { setMaxListeners } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basicAuthentication, type Credentials } from './authentication.ts'
import { readBody } from './body.ts'
import { Problem } from './problem.ts'
import type { ReadRequest } from './read.ts'
import type { ApiResponse } from './response.ts'
import type { Router } from './router.ts'

export type { ApiResponse } from './response.ts'

/** A request as handlers see it. */
export interface ApiRequest extends ReadRequest {
  /** The query string, not parsed. */
  readonly search: string
  /** Aborts when nobody waits for the answer any more: the client has gone, or the server closes. */
  readonly abandoned: AbortSignal
  /** True when the client has gone; false while the server closes. */
  readonly clientGone: boolean
  /** Calls back when the client goes, or has its answer. */
  onGone(callback: () => void): void
  /** The address by which the client reached this server: `http://127.0.0.1:8080`. */
  readonly origin: string
}

export type Handler = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>

interface HttpServerOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  /** When given, every request must carry them by HTTP Basic authentication. */
  credentials?: Credentials
  /** Whether a request may be served without credentials, or with wrong ones. */
  isOpen?: (method: string, path: string, search: string) => Promise<boolean>
  /** The largest request body, in bytes. */
  maxBodySize: number
  /** Told of errors that are answered with status 500. */
  onError: (error: unknown, request: { method: string; path: string }) => void
  /** Turns an error of the engine into a problem; `undefined` when it is not one. */
  toProblem: (error: unknown) => Problem | undefined
}

interface HttpServer {
  /** The address to reach it by, without a trailing slash: `http://127.0.0.1:8080`. */
  url: string
  /** Takes no more requests, releases the waiting ones, and resolves when all are answered. */
  close(): Promise<void>
}

/** Idle connections stay open this long, so that polling clients do not race with their closing. */
const KEEP_ALIVE_MILLISECONDS = 65_000
/** How long answers may take to reach their clients after `close()`. */
const CLOSE_GRACE_MILLISECONDS = 15_000

/**
 * Starts an HTTP server for a router.
 * @throws the error of `listen` (`EADDRINUSE`, `EACCES`, …) when the address cannot be had
 */
export async function startHttpServer(router: Router<Handler>, options: HttpServerOptions): Promise<HttpServer> {
  const authenticate = options.credentials && basicAuthentication(options.credentials)
  const closing = new AbortController()
  // Every waiting request listens; there is no fixed number of those.
  setMaxListeners(0, closing.signal)
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS }, (incoming, outgoing) => {
    void serve(incoming, outgoing)
  })

  let underWay = 0
  let whenQuiet = () => {}

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    underWay += 1
    outgoing.once('close', () => {
      underWay -= 1
      if (underWay === 0) whenQuiet()
    })
    const method = incoming.method ?? 'GET'
    const target = incoming.url ?? '/'
    const mark = target.indexOf('?')
    const path = mark === -1 ? target : target.slice(0, mark)
    try {
      const search = mark === -1 ? '' : target.slice(mark + 1)
      const refused = authenticate?.(incoming.headers.authorization)
      if (refused && !(await options.isOpen?.(method, path, search))) throw refused
      const match = router.find(method, path)
      const body = await readBody(incoming, options.maxBodySize)
      const request = new IncomingApiRequest(incoming, outgoing, closing.signal, match.params, search, body)
      const response = await match.handler(request)
      letGo(outgoing)
      write(outgoing, response)
    } catch (error) {
      let problem = error instanceof Problem ? error : options.toProblem(error)
      if (!problem) {
        options.onError(error, { method, path })
        problem = new Problem(
          500,
          'Unexpected error occurred during the request processing: see the log of the engine.',
        )
      }
      letGo(outgoing)
      writeProblem(incoming, outgoing, problem, path)
    }
  }

  /** Connections that become idle after `close()` would keep the server from closing. */
  function letGo(outgoing: ServerResponse): void {
    if (closing.signal.aborted && !outgoing.headersSent) outgoing.setHeader('connection', 'close')
  }

  await listen(server, options)
  let closed: Promise<void> | undefined
  function close(): Promise<void> {
    return new Promise((resolve, reject) => {
      // Left over now are connections that wait for a next request, or never sent one.
      whenQuiet = () => server.closeAllConnections()
      const impatient = setTimeout(whenQuiet, CLOSE_GRACE_MILLISECONDS)
      server.close((error) => {
        clearTimeout(impatient)
        if (error) reject(error)
        else resolve()
      })
      closing.abort()
      if (underWay === 0) whenQuiet()
    })
  }

  return {
    url: urlOf(server),
    close() {
      closed ??= close()
      return closed
    },
  }
}

class IncomingApiRequest implements ApiRequest {
  readonly params: Record<string, string>
  readonly contentType: string | undefined
  readonly body: Buffer
  readonly #host: string | undefined
  readonly #outgoing: ServerResponse
  readonly #closing: AbortSignal
  readonly search: string
  #abandoned: AbortSignal | undefined

  constructor(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    closing: AbortSignal,
    params: Record<string, string>,
    search: string,
    body: Buffer,
  ) {
    this.#outgoing = outgoing
    this.#closing = closing
    this.search = search
    this.params = params
    this.contentType = incoming.headers['content-type']
    this.#host = incoming.headers.host
    this.body = body
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.search)
  }

  get origin(): string {
    const { localAddress, localPort } = this.#outgoing.socket ?? {}
    return `http://${this.#host ?? `${localAddress}:${localPort}`}`
  }

  get clientGone(): boolean {
    return this.#outgoing.destroyed || (this.#outgoing.socket?.destroyed ?? true)
  }

  onGone(callback: () => void): void {
    this.#outgoing.once('close', callback)
  }

  // Made on demand: most requests are answered at once and need none.
  get abandoned(): AbortSignal {
    if (!this.#abandoned) {
      const gone = new AbortController()
      const abort = () => gone.abort()
      if (this.clientGone || this.#closing.aborted) abort()
      this.#outgoing.once('close', abort)
      this.#closing.addEventListener('abort', abort, { once: true })
      this.#outgoing.once('close', () => this.#closing.removeEventListener('abort', abort))
      this.#abandoned = gone.signal
    }
    return this.#abandoned
  }
}

function write(outgoing: ServerResponse, response: ApiResponse): void {
  if ('json' in response) send(outgoing, response.status, 'application/json', JSON.stringify(response.json))
  else if ('text' in response) send(outgoing, response.status, response.contentType, response.text)
  else if ('bytes' in response) {
    for (const [name, value] of Object.entries(response.headers ?? {})) outgoing.setHeader(name, value)
    send(outgoing, response.status, response.contentType, response.bytes)
  } else outgoing.writeHead(response.status).end()
}

function writeProblem(incoming: IncomingMessage, outgoing: ServerResponse, problem: Problem, path: string): void {
  if (outgoing.headersSent) {
    outgoing.destroy()
    return
  }
  for (const [name, value] of Object.entries(problem.headers)) outgoing.setHeader(name, value)
  // A body that nobody reads would otherwise be taken for the next request of the connection.
  if (!incoming.complete) outgoing.setHeader('connection', 'close')
  send(outgoing, problem.status, 'application/problem+json', JSON.stringify(problem.toDetail(path)))
}

function send(outgoing: ServerResponse, status: number, contentType: string, content: string | Uint8Array): void {
  // Text goes out in one piece with the headers; bytes would be a second one.
  outgoing.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(content) })
  outgoing.end(content)
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
