// An engine of its own process, served over REST and gRPC: `served-engine.ts DIRECTORY`. Says on standard output when it is ready.
import { serveEngine, serveGateway } from '../../src/engine/api/index.ts'
import { openEngine } from '../../src/engine/index.ts'

const begin = performance.now()
const engine = await openEngine({ directory: process.argv[2] ?? '.' })
const server = await serveEngine(engine, { host: '127.0.0.1', port: 0 })
const gateway = await serveGateway(engine, { host: '127.0.0.1', port: 0 })
const ready = {
  url: server.url,
  grpcUrl: gateway.url,
  milliseconds: performance.now() - begin,
  megabytes: process.memoryUsage.rss() / 1e6,
}
console.log(JSON.stringify(ready))

process.once('SIGTERM', async () => {
  await server.close()
  await gateway.close()
  await engine.close()
})
