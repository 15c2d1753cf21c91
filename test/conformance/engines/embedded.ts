import { serveGateway } from '../../../src/engine/api/grpc/index.ts'
import { serveEngine } from '../../../src/engine/api/index.ts'
import { openEngine } from '../../../src/engine/index.ts'
import { connectGrpc } from '../clients/grpc.ts'
import { connectRest } from '../clients/rest.ts'
import { JournalReader } from '../observation/journal.ts'
import type { EngineUnderTest } from './engine.ts'
import { unawaited } from './unawaited.ts'

/** The embedded engine in memory. Its clock stands still but for what a scenario moves. */
async function startEmbedded(transport: 'rest' | 'grpc'): Promise<EngineUnderTest> {
  const engine = await openEngine({ directory: null, timeZone: 'UTC' })
  const place = { host: '127.0.0.1', port: 0 }
  const server = await serveEngine(engine, place)
  const gateway = await serveGateway(engine, place)
  const client = connectRest(server.url)
  const rest = { ...client, ...unawaited(engine, client) }
  const grpc = connectGrpc(gateway.url)
  const journal = new JournalReader(engine)
  await engine.execute({ type: 'PinClock', timestamp: Date.parse('2026-11-23T09:00:00Z') })
  return {
    name: transport === 'rest' ? 'embedded (REST)' : 'embedded (gRPC, user tasks REST)',
    version: '8.8',
    client:
      transport === 'rest'
        ? rest
        : {
            ...rest,
            ...grpc,
            completeJob: (key, variables, result) =>
              (result === undefined ? grpc : rest).completeJob(key, variables, result),
          },
    async observe() {
      return journal.read()
    },
    async observeDue() {
      await engine.execute({ type: 'PinClock', timestamp: engine.clock.now().getTime() })
      return journal.read()
    },
    async moveClock(milliseconds) {
      await engine.execute({ type: 'PinClock', timestamp: engine.clock.now().getTime() + milliseconds })
    },
    async close() {
      await rest.close()
      await grpc.close()
      await server.close()
      await gateway.close()
      await engine.close()
    },
  }
}

/** The embedded engine over its REST API. */
export const startEmbeddedRest = (): Promise<EngineUnderTest> => startEmbedded('rest')
/** The embedded engine over its gRPC gateway; what that does not have over REST. */
export const startEmbeddedGrpc = (): Promise<EngineUnderTest> => startEmbedded('grpc')
