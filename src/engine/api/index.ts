/**
 * Serves an engine as Camunda's Orchestration Cluster REST API v2 (of 8.8), for `@camunda8/sdk` and any other client.
 *
 *     const server = await serveEngine(engine, { host: '127.0.0.1', port: 8080 })
 *     console.log(server.url)
 *     await server.close()
 */
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import type { Engine } from '../index.ts'
import { DocumentStore } from './documents/document-store.ts'
import type { Credentials } from './http/authentication.ts'
import type { ReadRoute } from './http/read.ts'
import { type Route, Router } from './http/router.ts'
import { type Handler, startHttpServer } from './http/server.ts'
import { READ_ROUTES } from './read-routes.ts'
import { rejectionProblem } from './rejections.ts'
import { batchOperationRoutes } from './resources/batch-operations.ts'
import { clusterRoutes } from './resources/cluster.ts'
import { decisionRoutes } from './resources/decisions.ts'
import { deploymentRoutes } from './resources/deployments.ts'
import { documentRoutes, isDocumentLink } from './resources/documents.ts'
import { elementInstanceRoutes } from './resources/element-instances.ts'
import { incidentRoutes } from './resources/incidents.ts'
import { jobRoutes } from './resources/jobs.ts'
import { messageRoutes } from './resources/messages.ts'
import { modificationRoutes } from './resources/modifications.ts'
import { processInstanceRoutes } from './resources/process-instances.ts'
import { resourceRoutes } from './resources/resources.ts'
import { signalRoutes } from './resources/signals.ts'
import { unsupportedRoutes } from './resources/unsupported.ts'
import { userTaskRoutes } from './resources/user-tasks.ts'
import { SearchPool } from './threads/search-pool.ts'

export { type Gateway, type GatewayOptions, serveGateway } from './grpc/index.ts'
export type { Credentials } from './http/authentication.ts'

/** How to serve an engine. */
export interface ServeOptions {
  /** Address to listen on, e.g. `127.0.0.1`. */
  host: string
  /** 0 takes a free one. */
  port: number
  /** When given, only requests with these HTTP Basic credentials are served; every other one gets 401. */
  credentials?: Credentials
  /** The largest request body in bytes. Default 4 MiB, as Camunda's. */
  maxBodySize?: number
  /** Milliseconds that a search may take before it is answered with 504. Default 10,000. */
  searchTimeout?: number
  /** Is told of errors that are answered with status 500. Default: `console.error`. */
  onError?: (error: unknown, request: { method: string; path: string }) => void
}

/** An engine that is being served. */
export interface EngineServer {
  /** Base address for `ZEEBE_REST_ADDRESS` or `CAMUNDA_REST_ADDRESS`, without `/v2`: `http://127.0.0.1:8080`. */
  url: string
  /** Stops serving: releases long polls, answers what is under way. The engine stays open. */
  close(): Promise<void>
}

const DEFAULT_MAX_BODY_SIZE = 4 * 1024 * 1024
const DEFAULT_SEARCH_TIMEOUT = 10_000
/** One core is for the commands. */
const SEARCH_THREADS = Math.min(Math.max(availableParallelism() - 1, 1), 4)

/**
 * Serves an engine over HTTP.
 * @throws Error of `listen` when the address cannot be had: `EADDRINUSE`, `EACCES`, …
 */
export async function serveEngine(engine: Engine, options: ServeOptions): Promise<EngineServer> {
  let url = ''
  const cluster = { host: options.host, port: () => Number(new URL(url).port), user: options.credentials?.user }
  const folder = engine.databaseFile === null ? null : join(dirname(engine.databaseFile), 'documents')
  const documents = new DocumentStore(folder, engine.clock)
  const pool =
    engine.databaseFile === null
      ? undefined
      : new SearchPool(engine.databaseFile, SEARCH_THREADS, options.searchTimeout ?? DEFAULT_SEARCH_TIMEOUT)
  const router = new Router<Handler>([
    ...clusterRoutes(engine, cluster),
    ...deploymentRoutes(engine),
    ...processInstanceRoutes(engine),
    ...modificationRoutes(engine),
    ...batchOperationRoutes(engine),
    ...elementInstanceRoutes(engine),
    ...jobRoutes(engine),
    ...userTaskRoutes(engine),
    ...incidentRoutes(engine),
    ...messageRoutes(engine),
    ...signalRoutes(engine),
    ...decisionRoutes(engine),
    ...resourceRoutes(engine),
    ...READ_ROUTES.map((route, index) => readingRoute(engine, route, index, pool)),
    ...documentRoutes(documents),
    ...unsupportedRoutes(),
  ])
  const server = await startHttpServer(router, {
    host: options.host,
    port: options.port,
    ...(options.credentials ? { credentials: options.credentials } : {}),
    isOpen: (method, path, search) => isDocumentLink(documents, method, path, search),
    maxBodySize: options.maxBodySize ?? DEFAULT_MAX_BODY_SIZE,
    onError: options.onError ?? ((error, { method, path }) => console.error(`engine API: ${method} ${path}:`, error)),
    toProblem: rejectionProblem,
  })
  url = server.url
  return {
    url,
    async close() {
      await server.close()
      await pool?.close()
    },
  }
}

/** A route that reads: quick ones here, others by a search thread if there are any. */
function readingRoute(
  engine: Engine,
  { method, path, read, quick }: ReadRoute,
  route: number,
  pool: SearchPool | undefined,
): Route<Handler> {
  if (quick || pool === undefined) return { method, path, handler: (request) => read(engine.query, request) }
  return {
    method,
    path,
    handler: (request) => {
      const { params, search, contentType, body } = request
      return pool.run({ route, params, search, contentType, body }, (callback) => request.onGone(callback))
    },
  }
}
