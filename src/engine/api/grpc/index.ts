import type { Engine } from '../../index.ts'
import { CommandRejection, type RejectionType } from '../../protocol/rejections.ts'
import { basicAuthentication, type Credentials } from '../http/authentication.ts'
import { type Contract, loadContract } from './contract.ts'
import { clusterHandlers } from './methods/cluster.ts'
import { decisionHandlers } from './methods/decisions.ts'
import type { Handlers } from './methods/handlers.ts'
import { instanceHandlers } from './methods/instances.ts'
import { JobStreams } from './methods/job-streams.ts'
import { jobHandlers } from './methods/jobs.ts'
import { messageHandlers } from './methods/messages.ts'
import { resourceHandlers } from './methods/resources.ts'
import { type GrpcServer, type Method, startGrpcServer } from './server.ts'
import { GrpcError } from './status.ts'

/** How to serve an engine over gRPC. */
export interface GatewayOptions {
  /** Address to listen on, e.g. `127.0.0.1`. */
  host: string
  /** 0 takes a free one. */
  port: number
  /** When given, only calls with these HTTP Basic credentials in the metadata `authorization` are served. */
  credentials?: Credentials
  /** The largest request in bytes. Default 4 MiB, as Camunda's. */
  maxMessageSize?: number
  /** The most calls under way, streams not counted; those beyond are refused with RESOURCE_EXHAUSTED. Default 10,000. */
  maxCallsUnderWay?: number
  /** Is told of errors that are answered with status INTERNAL. Default: `console.error`. */
  onError?: (error: unknown, path: string) => void
}

/** An engine that is being served over gRPC. */
export interface Gateway {
  /** Address for `ZEEBE_GRPC_ADDRESS`: `grpc://127.0.0.1:26500`. */
  url: string
  /** Stops serving: ends waiting calls with UNAVAILABLE, answers what is under way. The engine stays open. */
  close(): Promise<void>
}

const DEFAULT_MAX_MESSAGE_SIZE = 4 * 1024 * 1024
const DEFAULT_MAX_CALLS = 10_000

/**
 * Serves an engine by Zeebe's gateway protocol (of 8.8) for Zeebe clients of any language.
 *
 *     const gateway = await serveGateway(engine, { host: '127.0.0.1', port: 26500 })
 *     console.log(gateway.url)
 *     await gateway.close()
 *
 * @throws Error of `listen` when the address cannot be had: `EADDRINUSE`, `EACCES`, …
 */
export async function serveGateway(engine: Engine, options: GatewayOptions): Promise<Gateway> {
  const onError = options.onError ?? ((error, path) => console.error(`engine API: ${path}:`, error))
  let server: GrpcServer | undefined
  const handlers: Handlers = {
    ...clusterHandlers(() => ({ host: options.host, port: server?.port ?? options.port })),
    ...resourceHandlers(engine),
    ...instanceHandlers(engine),
    ...jobHandlers(engine, new JobStreams(engine)),
    ...messageHandlers(engine),
    ...decisionHandlers(engine),
  }
  server = await startGrpcServer(methodsOf(loadContract(), handlers), {
    host: options.host,
    port: options.port,
    ...(options.credentials ? { authenticate: authentication(options.credentials) } : {}),
    maxMessageSize: options.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
    maxCallsUnderWay: options.maxCallsUnderWay ?? DEFAULT_MAX_CALLS,
    toStatus: rejectionStatus,
    onError,
  })
  const { host, port, close } = server
  return { url: `grpc://${host.includes(':') ? `[${host}]` : host}:${port}`, close }
}

/** The methods as the server takes them, by path. */
function methodsOf(contract: Contract, handlers: Handlers): Map<string, Method> {
  return new Map(
    Object.entries(contract).map(([name, { path, responseStream, decode, encode }]) => {
      const handle = handlers[name as keyof Handlers]
      // A name ties the types of request and response to its handler; a list of all methods cannot say so.
      return [path, { kind: responseStream ? 'stream' : 'unary', decode, encode, handle } as Method]
    }),
  )
}

const CODES: Readonly<Record<RejectionType, GrpcError['code']>> = {
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  NOT_FOUND: 'NOT_FOUND',
  ALREADY_EXISTS: 'ALREADY_EXISTS',
  INVALID_STATE: 'FAILED_PRECONDITION',
  PROCESSING_ERROR: 'INTERNAL',
  EXCEEDED_BATCH_RECORD_SIZE: 'INTERNAL',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  RESOURCE_EXHAUSTED: 'RESOURCE_EXHAUSTED',
  UNAVAILABLE: 'UNAVAILABLE',
}

/** Camunda's names of what each method commands. */
const INTENTS: Readonly<Record<keyof Handlers, string>> = {
  Topology: '',
  DeployResource: 'CREATE',
  DeployProcess: 'CREATE',
  DeleteResource: 'DELETE',
  CreateProcessInstance: 'CREATE',
  CreateProcessInstanceWithResult: 'CREATE_WITH_AWAITING_RESULT',
  CancelProcessInstance: 'CANCEL',
  ModifyProcessInstance: 'MODIFY',
  MigrateProcessInstance: 'MIGRATE',
  SetVariables: 'UPDATE',
  ResolveIncident: 'RESOLVE',
  ActivateJobs: 'ACTIVATE',
  StreamActivatedJobs: 'ACTIVATE',
  CompleteJob: 'COMPLETE',
  FailJob: 'FAIL',
  ThrowError: 'THROW_ERROR',
  UpdateJobRetries: 'UPDATE_RETRIES',
  UpdateJobTimeout: 'UPDATE_TIMEOUT',
  PublishMessage: 'PUBLISH',
  BroadcastSignal: 'BROADCAST',
  EvaluateDecision: 'EVALUATE',
}

/** The status of a refused command, in Camunda's words; `undefined` for any other error. */
function rejectionStatus(error: unknown, path: string): GrpcError | undefined {
  if (!(error instanceof CommandRejection)) return undefined
  const { type, message } = error
  if (type === 'DEADLINE_EXCEEDED' || type === 'RESOURCE_EXHAUSTED' || type === 'UNAVAILABLE')
    return new GrpcError(CODES[type], message)
  const intent = INTENTS[path.slice(path.lastIndexOf('/') + 1) as keyof Handlers]
  return new GrpcError(CODES[type], `Command '${intent}' rejected with code '${type}': ${message}`)
}

/** The check of REST with the status of gRPC. */
function authentication(credentials: Credentials): (authorization: string | undefined) => void {
  const check = basicAuthentication(credentials)
  return (authorization) => {
    if (check(authorization) === undefined) return
    throw new GrpcError(
      'UNAUTHENTICATED',
      'Expected HTTP Basic credentials that are valid here in the metadata [authorization]',
    )
  }
}
