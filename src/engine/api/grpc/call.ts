import type { ServerHttp2Stream } from 'node:http2'
import { frame } from './framing.ts'
import { GrpcError } from './status.ts'

/** Why nobody waits for the answer of a call any more, or why it is not given. */
type Ending = 'client' | 'deadline' | 'closing'

const MILLISECONDS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 }
/** Beyond it, setTimeout would overflow. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Milliseconds of the header `grpc-timeout`; `undefined` without one. */
function timeoutOf(header: string | undefined): number | undefined {
  const match = /^([0-9]{1,8})([HMSmun])$/.exec(header ?? '')
  return match === null ? undefined : Number(match[1]) * (MILLISECONDS[match[2] as string] as number)
}

/** Whether nothing can be written any more. */
export function isGone(stream: ServerHttp2Stream): boolean {
  return stream.destroyed || stream.closed
}

/** A call as handlers see it. */
export class Call {
  readonly #stream: ServerHttp2Stream
  readonly #timeout: string | undefined
  readonly #started = performance.now()
  #ending: Ending | undefined
  #controller: AbortController | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(stream: ServerHttp2Stream, timeout: string | undefined) {
    this.#stream = stream
    this.#timeout = timeout
  }

  /** True when the client has gone: whatever is done for it now is lost. */
  get clientGone(): boolean {
    return this.#ending === 'client' || this.#ending === 'deadline' || isGone(this.#stream)
  }

  /** Aborts when the client goes, its deadline passes, or the gateway closes. Made on demand: few calls wait. */
  get abandoned(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#ending !== undefined) this.#controller.abort()
      else this.#armDeadline()
    }
    return this.#controller.signal
  }

  #armDeadline(): void {
    const timeout = timeoutOf(this.#timeout)
    if (timeout === undefined) return
    const remaining = timeout - (performance.now() - this.#started)
    this.#timer = setTimeout(() => this.end('deadline'), Math.min(Math.max(remaining, 0), LONGEST_TIMER))
  }

  /** Whether the call has ended before its answer: `failure` says how. */
  get isEnded(): boolean {
    return this.#ending !== undefined
  }

  /** The status of a call that has ended before its answer. */
  get failure(): GrpcError {
    switch (this.#ending) {
      case 'deadline':
        return new GrpcError('DEADLINE_EXCEEDED', 'The deadline of the call has passed')
      case 'closing':
        return new GrpcError('UNAVAILABLE', 'The gateway closes: call again when it has been started again')
      default:
        return new GrpcError('CANCELLED', 'The client has cancelled the call')
    }
  }

  /** Waits for a result, unless the call ends before. @throws {GrpcError} in that case; what was begun goes on */
  unlessEnded<Result>(result: Promise<Result>): Promise<Result> {
    const { abandoned: signal } = this
    return new Promise((resolve, reject) => {
      const abort = () => reject(this.failure)
      if (signal.aborted) abort()
      signal.addEventListener('abort', abort, { once: true })
      result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    })
  }

  /** Ends what waits for this call. */
  end(ending: Ending): void {
    this.#ending ??= ending
    clearTimeout(this.#timer)
    this.#controller?.abort()
  }

  /** The answer is complete: nothing can end it any more. */
  finish(): void {
    clearTimeout(this.#timer)
  }
}

/** A call that is answered with many messages. */
export class ServerStream<Response> extends Call {
  readonly #stream: ServerHttp2Stream
  readonly #encode: (response: Response) => Uint8Array
  readonly #begin: () => void

  constructor(
    stream: ServerHttp2Stream,
    timeout: string | undefined,
    encode: (response: Response) => Uint8Array,
    begin: () => void,
  ) {
    super(stream, timeout)
    this.#stream = stream
    this.#encode = encode
    this.#begin = begin
  }

  /** Tells the client that the call was accepted, before there is a message. */
  open(): void {
    if (!isGone(this.#stream)) this.#begin()
  }

  /** Sends a message. @returns false when the client does not keep up: wait for `drained` before the next */
  write(response: Response): boolean {
    if (isGone(this.#stream)) return false
    this.#begin()
    return this.#stream.write(frame(this.#encode(response)))
  }

  /** Resolves when the client has taken what was written, or the call has ended. */
  drained(): Promise<void> {
    const { abandoned: signal } = this
    if (signal.aborted || !this.#stream.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        this.#stream.off('drain', done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#stream.once('drain', done)
      signal.addEventListener('abort', done, { once: true })
    })
  }
}
