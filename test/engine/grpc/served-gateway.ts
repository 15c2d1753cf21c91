import { Camunda8 } from '@camunda8/sdk'
import { type Client, credentials, loadPackageDefinition, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { type Gateway, type GatewayOptions, serveGateway } from '../../../src/engine/api/index.ts'
import type { Engine } from '../../../src/engine/index.ts'
import { ProcessTest } from '../../../src/engine/testing/process-test.ts'

const CREDENTIALS = { user: 'engine', password: '口令:with colon' }
export const AUTHORIZATION = `Basic ${Buffer.from(`${CREDENTIALS.user}:${CREDENTIALS.password}`).toString('base64')}`

type SdkClient = ReturnType<Camunda8['getZeebeGrpcApiClient']>

/** An engine in memory, served over gRPC, with the client of the SDK and a raw one. */
export interface ServedGateway {
  readonly engine: Engine
  readonly gateway: Gateway
  /** Words to ask the engine itself, and to move its clock. */
  readonly inside: ProcessTest
  readonly sdk: SdkClient
  readonly raw: RawClient
  close(): Promise<void>
}

/** Starts it; the clock is pinned, so that nothing falls due by itself. */
export async function startServedGateway(options: Partial<GatewayOptions> = {}): Promise<ServedGateway> {
  const inside = await ProcessTest.open()
  const { engine } = inside
  const gateway = await serveGateway(engine, { host: '127.0.0.1', port: 0, credentials: CREDENTIALS, ...options })
  const camunda = connectSdk(gateway.url)
  const raw = new RawClient(gateway.url, { authorization: AUTHORIZATION })
  return {
    engine,
    gateway,
    inside,
    sdk: camunda.getZeebeGrpcApiClient(),
    raw,
    async close() {
      await camunda.closeAllClients()
      raw.close()
      await gateway.close()
      await engine.close()
    },
  }
}

/** The SDK for a gateway; without retries, so that a refusal is seen. */
export function connectSdk(address: string, user = CREDENTIALS.user): Camunda8 {
  return new Camunda8(
    {
      ZEEBE_GRPC_ADDRESS: address,
      ZEEBE_REST_ADDRESS: 'http://127.0.0.1:1',
      CAMUNDA_AUTH_STRATEGY: 'BASIC',
      CAMUNDA_BASIC_AUTH_USERNAME: user,
      CAMUNDA_BASIC_AUTH_PASSWORD: CREDENTIALS.password,
      CAMUNDA_LOG_LEVEL: 'none',
      CAMUNDA_SUPPORT_LOG_ENABLED: false,
      zeebeGrpcSettings: {
        ZEEBE_CLIENT_LOG_LEVEL: 'NONE',
        ZEEBE_GRPC_CLIENT_RETRY: false,
        ZEEBE_GRPC_WORKER_LONGPOLL_SECONDS: 1,
        ZEEBE_GRPC_WORKER_POLL_INTERVAL_MS: 20,
      },
    },
    { defaultCached: false },
  )
}

/** What a raw call came to: the messages, or the status. */
export interface Outcome {
  readonly code: string
  readonly details: string
  // biome-ignore lint/suspicious/noExplicitAny: tests state with expect what a message must be
  readonly messages: any[]
}

/** A stream of messages under way. */
export interface RawStream {
  // biome-ignore lint/suspicious/noExplicitAny: tests state with expect what a message must be
  readonly messages: any[]
  /** Resolves when the gateway has accepted the call. */
  readonly opened: Promise<void>
  /** Resolves when there are `count` messages. */
  received(count: number): Promise<void>
  readonly outcome: Promise<Outcome>
  /** Stops and goes on to read. */
  pause(): void
  resume(): void
  cancel(): void
}

interface CallOptions {
  readonly metadata?: Readonly<Record<string, string>>
  /** Milliseconds. */
  readonly deadline?: number
}

/** Calls of any method with any fields, without what the SDK makes of them. */
export class RawClient {
  readonly #client: Client
  readonly #metadata: Readonly<Record<string, string>>

  constructor(address: string, metadata: Readonly<Record<string, string>> = {}, compression = 0) {
    const definition = loadPackageDefinition(
      loadSync(new URL('../../../src/engine/api/grpc/gateway.proto', import.meta.url).pathname, {
        keepCase: true,
        longs: String,
        enums: String,
        defaults: true,
      }),
    )
    const services = definition.gateway_protocol as unknown as {
      Gateway: new (address: string, credentials: unknown, options: object) => Client
    }
    this.#client = new services.Gateway(address.replace(/^grpc:\/\//, ''), credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.default_compression_algorithm': compression,
    })
    this.#metadata = metadata
  }

  /** Makes a call to its end. */
  async call(method: string, request: object = {}, options: CallOptions = {}): Promise<Outcome> {
    const service = this.#service(method)
    if (service.responseStream) return this.stream(method, request, options).outcome
    return new Promise((resolve) => {
      service(
        request,
        this.#metadataOf(options),
        callOptions(options),
        (error: ServiceError | null, message: unknown) =>
          resolve(error === null ? { code: 'OK', details: '', messages: [message] } : failure(error, [])),
      )
    })
  }

  /** Opens a stream. */
  stream(method: string, request: object, options: CallOptions = {}): RawStream {
    const messages: unknown[] = []
    const { promise: outcome, resolve } = Promise.withResolvers<Outcome>()
    const waiting = new Set<() => void>()
    const stream = this.#service(method)(request, this.#metadataOf(options), callOptions(options))
    stream.on('data', (message: unknown) => {
      messages.push(message)
      for (const check of waiting) check()
    })
    stream.on('error', (error: ServiceError) => resolve(failure(error, messages)))
    stream.on('end', () => resolve({ code: 'OK', details: '', messages }))
    return {
      messages,
      opened: new Promise((resolve) => stream.once('metadata', () => resolve())),
      received: (count) =>
        new Promise((done) => {
          const check = () => {
            if (messages.length < count) return
            waiting.delete(check)
            done()
          }
          waiting.add(check)
          check()
        }),
      outcome,
      pause: () => stream.pause(),
      resume: () => stream.resume(),
      cancel: () => stream.cancel(),
    }
  }

  close(): void {
    this.#client.close()
  }

  // biome-ignore lint/suspicious/noExplicitAny: the client's methods are made from the file at run time
  #service(method: string): any {
    const bound = (
      this.#client as unknown as Record<string, { bind(self: unknown): unknown; responseStream: boolean }>
    )[method]
    if (bound === undefined) throw new Error(`the contract has no method ${method}`)
    return Object.assign(bound.bind(this.#client) as object, { responseStream: bound.responseStream })
  }

  #metadataOf({ metadata = {} }: CallOptions): Metadata {
    const result = new Metadata()
    for (const [name, value] of Object.entries({ ...this.#metadata, ...metadata })) result.set(name, value)
    return result
  }
}

function callOptions({ deadline }: CallOptions): object {
  return deadline === undefined ? {} : { deadline: Date.now() + deadline }
}

function failure(error: ServiceError, messages: unknown[]): Outcome {
  return { code: status[error.code] ?? String(error.code), details: error.details, messages }
}
