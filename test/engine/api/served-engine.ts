import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Camunda8 } from '@camunda8/sdk'
import { type EngineServer, type ServeOptions, serveEngine } from '../../../src/engine/api/index.ts'
import { type Engine, openEngine } from '../../../src/engine/index.ts'
import { refusedAnswers } from './strict-responses.ts'

/** An engine on files of its own, served on a free port, with the clients of the SDK. */
export interface ServedEngine {
  engine: Engine
  server: EngineServer
  /** The client of 8.8; it checks every request and every answer against its schemas, unknown properties included. */
  client: Client
  /** The same client with checks of answers only: checked requests lose their cursors, and dates with other offsets than Z. */
  free: Client
  /** The client of 8.7, which the SDK still offers. */
  olderClient: ReturnType<Camunda8['getCamundaRestClient']>
  /** Sends a request as it is, authenticated, and returns status and body. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}

type StrictClient = ReturnType<Camunda8['getOrchestrationClusterApiClient']>
type WorkerFactory = Pick<StrictClient, 'createJobWorker'>
/** The client with plain strings for its branded keys and ids: tests write ids as literals. */
export type Client = Plain<Omit<StrictClient, keyof WorkerFactory>> & WorkerFactory

type Plain<T> = T extends string & { readonly __brand: string }
  ? string
  : T extends string | number | bigint | boolean | symbol | null | undefined | File
    ? T
    : T extends (...args: infer Args) => infer Result
      ? (...args: { [I in keyof Args]: Plain<Args[I]> }) => Plain<Result>
      : T extends PromiseLike<infer Value>
        ? Promise<Plain<Value>>
        : T extends readonly (infer Item)[]
          ? Plain<Item>[]
          : unknown extends T
            ? T
            : { [K in keyof T]: Plain<T[K]> }

export interface Answer {
  status: number
  contentType: string | null
  // biome-ignore lint/suspicious/noExplicitAny: tests state with expect what a body must be
  body: any
}

export const CREDENTIALS = { user: 'engine', password: '口令:with colon' }

export async function startServedEngine(options: Partial<ServeOptions> = {}): Promise<ServedEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'engine-api-'))
  const engine = await openEngine({ directory, timeZone: 'Asia/Shanghai' })
  const server = await serveEngine(engine, { host: '127.0.0.1', port: 0, credentials: CREDENTIALS, ...options })
  const clients = sdkClients(server.url)
  return {
    engine,
    server,
    ...clients,
    send: (method, path, body, headers) => send(server.url, method, path, body, headers),
    async close() {
      await clients.stop()
      await server.close()
      await engine.close()
      await rm(directory, { recursive: true })
      const refused = refusedAnswers()
      if (refused.length > 0) throw new Error(`answers that the schemas of the client refuse:\n${refused.join('\n')}`)
    },
  }
}

function sdkClients(url: string) {
  const connection = {
    ZEEBE_REST_ADDRESS: url,
    CAMUNDA_AUTH_STRATEGY: 'BASIC' as const,
    CAMUNDA_BASIC_AUTH_USERNAME: CREDENTIALS.user,
    CAMUNDA_BASIC_AUTH_PASSWORD: CREDENTIALS.password,
    CAMUNDA_LOG_LEVEL: 'none' as const,
    CAMUNDA_SUPPORT_LOG_ENABLED: false,
  }
  const camunda = new Camunda8(connection, { defaultCached: false })
  // The SDK passes this one setting on from the environment only.
  const previous = process.env.CAMUNDA_SDK_VALIDATION
  process.env.CAMUNDA_SDK_VALIDATION = 'req:strict,res:fanatical'
  const client = camunda.getOrchestrationClusterApiClient() as unknown as Client
  process.env.CAMUNDA_SDK_VALIDATION = 'req:none,res:fanatical'
  const free = camunda.getOrchestrationClusterApiClient() as unknown as Client
  if (previous === undefined) delete process.env.CAMUNDA_SDK_VALIDATION
  else process.env.CAMUNDA_SDK_VALIDATION = previous
  const olderClient = camunda.getCamundaRestClient()
  return {
    client,
    free,
    olderClient,
    async stop() {
      client.stopAllWorkers()
      await camunda.closeAllClients()
    },
  }
}

const AUTHORIZATION = `Basic ${Buffer.from(`${CREDENTIALS.user}:${CREDENTIALS.password}`).toString('base64')}`

async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const json = body !== undefined && typeof body !== 'string' && !(body instanceof FormData)
  const response = await fetch(url + path, {
    method,
    headers: { authorization: AUTHORIZATION, ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : (body as string | FormData) }),
  })
  const contentType = response.headers.get('content-type')
  const text = await response.text()
  return {
    status: response.status,
    contentType,
    body: contentType?.includes('json') ? JSON.parse(text) : text,
  }
}

/** Files of `test/engine/api/resources` for a deployment. */
export function resourceFiles(...names: string[]): Promise<File[]> {
  return Promise.all(
    names.map(async (name) => {
      const path = new URL(`resources/${name}`, import.meta.url)
      return new File([await readFile(path)], basename(name))
    }),
  )
}

/** Searches answer at once: the engine is not eventually consistent. */
export const NOW = { consistency: { waitUpToMs: 0 } }
