import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import { createWorkers } from '../workers/index.ts'
import { type Clock, createCourtCalendar, systemClock } from './calendar/index.ts'
import { createCases, type FiledCase } from './cases/index.ts'
import { type Config, ConfigError, sessionSecret } from './config.ts'
import { openDatabase } from './database/index.ts'
import { createDocuments, createRenderer } from './documents/index.ts'
import { createDossier } from './dossier/index.ts'
import { createHttpApplication } from './http/application.ts'
import { createAudit, createIdentity } from './identity/index.ts'
import {
  type CamundaConnection,
  connectCamunda,
  createOrchestration,
  type Orchestration,
  readResources,
  startEmbeddedEngine,
  startWorkers,
} from './orchestration/index.ts'
import { createSupervision } from './supervision/index.ts'

/** The running product. */
export interface Application {
  url: string
  clock: Clock
  orchestration: Orchestration
  identity: ReturnType<typeof createIdentity>
  cases: ReturnType<typeof createCases>
  /** Stops everything that was started, last first. */
  close(): Promise<void>
}

/** A part that could not be started, in one line that says what to do. */
export class StartError extends Error {
  override name = 'StartError'
}

/**
 * Makes the data directory where it is missing and checks that files can be made in it.
 * @throws ConfigError with one line when it cannot be made or written
 */
export function openDataDirectory(directory: string): void {
  try {
    makeDirectory(directory)
    accessSync(directory, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new ConfigError([
      `数据目录 ${directory} 无法写入（${(error as NodeJS.ErrnoException).code}）：请检查权限，或用 --data 指定其他目录。`,
    ])
  }
}

/** Like `mkdir -p`; Node's own recursive mkdir never returns below /proc. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return
  makeDirectory(dirname(directory))
  mkdirSync(directory)
}

const ENGINE_PATIENCE_MS = 30_000
const UNSTARTED_EVERY_MS = 30_000

/**
 * Starts the product: database, engine (or the court's cluster), workers and web application.
 * @param root folder of the project: diagrams, forms, templates and pages are read from there
 * @throws ConfigError, DatabaseError, StartError, each with one clear line; what was started is stopped again
 */
export async function startApplication(config: Config, logger: Logger, root: string): Promise<Application> {
  const parts: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const stop of parts.splice(0).reverse()) await stop()
  }
  try {
    return await start(config, logger, root, parts, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  config: Config,
  logger: Logger,
  root: string,
  parts: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Application> {
  openDataDirectory(config.dataDirectory)
  const cacheDirectory = join(config.dataDirectory, 'cache')

  const database = await openDatabase({
    directory: config.dataDirectory,
    ...(config.databaseUrl ? { url: config.databaseUrl } : {}),
  })
  parts.push(() => database.close())
  const { prisma } = database

  const { connection, clock } = await startEngine(config, logger, parts)
  const camunda = connectCamunda(connection)
  parts.push(() => camunda.closeAllClients())
  const orchestration = createOrchestration(camunda, connection.transport)
  await waitForEngine(orchestration)
  await orchestration.deploy(await readResources(root))

  const audit = createAudit({ prisma, clock })
  const identity = createIdentity({ prisma, clock })
  const cases = createCases({ prisma, clock, audit, court: config.court })
  const dossier = createDossier({ prisma, clock })
  const supervision = createSupervision({
    prisma,
    clock,
    calendar: createCourtCalendar(),
    evaluateDecision: (id, variables) => orchestration.evaluateDecision(id, variables),
  })
  const renderer = createRenderer({
    templatesDirectory: join(root, 'templates'),
    cacheDirectory,
    court: config.court,
    ...(config.chromiumPath ? { chromiumPath: config.chromiumPath } : {}),
  })
  parts.push(() => renderer.close())
  const documents = createDocuments({ prisma, clock, renderer })

  const runtime = startWorkers({
    camunda,
    transport: connection.transport,
    workers: createWorkers({
      cases,
      dossier,
      documents,
      supervision,
      clock,
      publishMessage: (message) => orchestration.publishMessage(message),
      displayName: async (username) => (await identity.findUser(username))?.displayName ?? username,
    }),
    onFailure: (job, error) => logger.error({ job, err: error }, `job ${job.jobType} (${job.elementId}) failed`),
  })
  parts.push(() => runtime.close())

  /** Hands the engine what it has not acknowledged: also cases that were filed just before a crash. */
  const startFiledCases = async () => {
    for (const filed of await cases.unstarted()) {
      await startCase(filed).catch((error) =>
        logger.error({ err: error, caseId: filed.caseId }, 'case filed, but its process could not be started yet'),
      )
    }
  }
  const startCase = async ({ caseId, ...variables }: FiledCase) => {
    // The engine may have started it and the acknowledgement been lost.
    const known = await orchestration.searchProcessInstances({ processDefinitionId: 'enforcement-case', caseId })
    const processInstanceKey =
      known.items[0]?.processInstanceKey ??
      (
        await orchestration.correlateMessage({
          name: 'case.filed',
          correlationKey: caseId,
          variables: { caseId, ...variables },
        })
      ).processInstanceKey
    if (processInstanceKey !== null) await cases.markStarted(caseId, processInstanceKey)
  }
  await startFiledCases()
  const retry = setInterval(() => {
    startFiledCases().catch((error) => logger.error({ err: error }, 'filed cases could not be handed to the engine'))
  }, UNSTARTED_EVERY_MS)
  parts.push(async () => clearInterval(retry))

  const app = createHttpApplication({
    orchestration,
    identity,
    audit,
    cases,
    documents,
    dossier,
    supervision,
    clock,
    logger,
    pool: database.pool,
    config: {
      sessionSecret: sessionSecret(config.dataDirectory),
      secureCookie: config.behindHttps,
      allowClockControl: config.allowClockControl,
      courtName: config.court.name,
      webDirectory: join(root, 'src', 'web', 'dist'),
    },
  })
  const server = await listen(app, config)
  parts.push(() => stopListening(server))

  const { port } = server.address() as AddressInfo
  return { url: `http://${config.host}:${port}`, clock, orchestration, identity, cases, close }
}

async function startEngine(
  config: Config,
  logger: Logger,
  parts: (() => Promise<unknown>)[],
): Promise<{ connection: CamundaConnection; clock: Clock }> {
  const { camunda } = config
  if (camunda.mode === 'cluster') {
    const connection: CamundaConnection = {
      restAddress: camunda.restAddress ?? 'http://127.0.0.1:8080',
      transport: camunda.transport,
      settings: camunda.sdkEnvironment,
      ...(camunda.grpcAddress ? { grpcAddress: camunda.grpcAddress } : {}),
    }
    return { connection, clock: systemClock }
  }
  const engine = await startEmbeddedEngine({
    dataDirectory: config.dataDirectory,
    port: config.enginePort,
    ...(config.historyRetention && { historyRetention: config.historyRetention }),
    grpcPort: config.engineGrpcPort,
    transport: camunda.transport,
    onFault: (fault) => logger.error({ err: fault }, 'fault inside the engine'),
  }).catch((error: NodeJS.ErrnoException & { port?: number }) => {
    if (error.code === 'EADDRINUSE') {
      const variable = error.port === config.enginePort ? 'ENGINE_PORT' : 'ENGINE_GRPC_PORT'
      throw new StartError(`引擎端口 ${error.port} 已被占用：请用 ${variable} 指定其他端口。`)
    }
    throw new StartError(`引擎无法启动：${error.message}`, { cause: error })
  })
  parts.push(() => engine.close())
  return { connection: engine.connection, clock: engine.clock }
}

async function waitForEngine(orchestration: Orchestration): Promise<void> {
  const deadline = performance.now() + ENGINE_PATIENCE_MS
  while (!(await orchestration.ready())) {
    if (performance.now() > deadline)
      throw new StartError('Camunda 8 在 30 秒内没有就绪：请检查 CAMUNDA_REST_ADDRESS 与集群状态。')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

function listen(app: ReturnType<typeof createHttpApplication>, { host, port }: Config): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host)
    server.once('listening', () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new StartError(`端口 ${port} 已被占用：请用 --port 或 PORT 指定其他端口。`)
          : new StartError(`无法监听 ${host}:${port}：${error.message}`, { cause: error }),
      )
    })
  })
}

function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
