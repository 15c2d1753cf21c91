import { serveEngine } from '../../../src/engine/api/index.ts'
import { openEngine } from '../../../src/engine/index.ts'
import { connectRest } from '../clients/rest.ts'
import { JournalReader } from '../observation/journal.ts'
import type { EngineUnderTest } from './engine.ts'

/** The embedded engine in memory, asked over its REST API. Its clock stands still but for what a scenario moves. */
export async function startEmbedded(): Promise<EngineUnderTest> {
  const engine = await openEngine({ directory: null, timeZone: 'UTC' })
  const server = await serveEngine(engine, { host: '127.0.0.1', port: 0 })
  const client = connectRest(server.url)
  const journal = new JournalReader(engine)
  await engine.execute({ type: 'PinClock', timestamp: Date.parse('2026-11-23T09:00:00Z') })
  return {
    name: 'embedded (REST)',
    version: '8.8',
    client,
    async observe() {
      return journal.read()
    },
    async moveClock(milliseconds) {
      await engine.execute({ type: 'PinClock', timestamp: engine.clock.now().getTime() + milliseconds })
    },
    async close() {
      await client.close()
      await server.close()
      await engine.close()
    },
  }
}
