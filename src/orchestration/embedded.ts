import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../calendar/clock.ts'
import { serveEngine, serveGateway } from '../engine/api/index.ts'
import { type Engine, openEngine } from '../engine/index.ts'
import type { CamundaConnection } from './camunda.ts'

/** The engine inside this process, reached like any Camunda 8. */
export interface EmbeddedEngine {
  connection: CamundaConnection
  /** The engine's time, which the whole product goes by. */
  clock: Clock
  close(): Promise<void>
}

/**
 * Opens the engine's store below `dataDirectory` and serves it on 127.0.0.1, by REST and by gRPC, to holders of its credentials only.
 * They are made anew at each start and lie, readable by the owner alone, in `engine.json` of the data directory: desktop Modeler and
 * command lines use them.
 * @throws Error when the store is open elsewhere or cannot be written, or a port is taken
 */
export async function startEmbeddedEngine(options: {
  dataDirectory: string
  port: number
  /** Of the gRPC gateway; 0 takes a free one. */
  grpcPort: number
  /** What the product itself talks to the engine by. */
  transport: CamundaConnection['transport']
  /** How long ended process instances are kept, ISO-8601; for ever where not given. */
  historyRetention?: string
  onFault: (fault: unknown) => void
}): Promise<EmbeddedEngine> {
  const engine = await openEngine({
    directory: join(options.dataDirectory, 'engine'),
    timeZone: 'Asia/Shanghai',
    ...(options.historyRetention && { historyRetention: options.historyRetention }),
    onFault: options.onFault,
  })
  const credentials = { user: 'enforcement', password: randomBytes(24).toString('base64url') }
  const parts: (() => Promise<void>)[] = [() => engine.close()]
  const close = async () => {
    for (const part of parts.splice(0).reverse()) await part()
  }
  try {
    await releaseJobs(engine)
    const server = await serveEngine(engine, { host: '127.0.0.1', port: options.port, credentials })
    parts.push(() => server.close())
    const gateway = await serveGateway(engine, { host: '127.0.0.1', port: options.grpcPort, credentials })
    parts.push(() => gateway.close())
    const access = { restAddress: server.url, grpcAddress: gateway.url, ...credentials }
    await writeFile(join(options.dataDirectory, 'engine.json'), `${JSON.stringify(access, null, 2)}\n`, { mode: 0o600 })
    return {
      connection: {
        restAddress: server.url,
        grpcAddress: gateway.url,
        transport: options.transport,
        basic: credentials,
      },
      clock: engine.clock,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Jobs in hand when the process ended come back at once: their workers lived in it, and nobody else has had credentials. */
async function releaseJobs(engine: Engine): Promise<void> {
  const held = engine.query.all<{ key: number }>('SELECT key FROM job WHERE deadline IS NOT NULL')
  await Promise.all(held.map(({ key }) => engine.execute({ type: 'UpdateJob', jobKey: key, timeout: 0 })))
}
