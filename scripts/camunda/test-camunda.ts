// The same diagrams, decisions and forms on real Camunda 8: they deploy on 8.6.0 and 8.8.21, and a whole case runs on the latter
// with the product's own workers over gRPC. Needs a JDK 21 or later and Maven; not part of `npm test`.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startApplication } from '../../src/application.ts'
import { loadConfig } from '../../src/config.ts'
import { createDemoUsers } from '../../src/demo/load.ts'
import { demoUsers } from '../../src/demo/users.ts'
import { connectCamunda, createOrchestration, readResources } from '../../src/orchestration/index.ts'
import { Court } from '../../src/rehearsal/court.ts'
import { rehearse } from '../../src/rehearsal/rehearse.ts'
import { readScenario } from '../../src/rehearsal/scenario.ts'
import { startBroker } from './broker.ts'
import { startInMemoryZeebe } from './in-memory-zeebe.ts'
import { serveTasklistApi } from './tasklist-api.ts'

const root = join(import.meta.dirname, '..', '..')
const password = 'camunda-test-2022'

/** Deploys everything to Camunda 8.6.0. */
async function deploysOn860(): Promise<string> {
  const broker = await startBroker()
  const camunda = connectCamunda({
    restAddress: 'http://127.0.0.1:1',
    grpcAddress: broker.grpcAddress,
    transport: 'grpc',
  })
  try {
    const { processes } = await createOrchestration(camunda, 'grpc').deploy(await readResources(root))
    return `${processes.length} processes deployed`
  } finally {
    await camunda.closeAllClients()
    await broker.stop()
  }
}

/** Runs a scenario on Zeebe 8.8.21 with the product's workers. */
async function runsOn8821(name: string): Promise<string> {
  const zeebe = await startInMemoryZeebe()
  const tasklist = await serveTasklistApi(zeebe.controlUrl, join(root, 'forms'))
  const dataDirectory = await mkdtemp(join(tmpdir(), 'camunda-'))
  const config = loadConfig(['--data', dataDirectory, '--port', '0', '--demo', 'off'], {
    CAMUNDA_REST_ADDRESS: tasklist.url,
    CAMUNDA_GRPC_ADDRESS: zeebe.grpcAddress,
    CAMUNDA_TRANSPORT: 'grpc',
  })
  try {
    const application = await startApplication(config, pino({ level: 'error' }), root)
    try {
      await createDemoUsers(application, password)
      const scenario = await readScenario(join(root, 'scenarios', `${name}.yaml`))
      const now = new Date().toISOString()
      const court = new Court({ url: application.url, password, people: demoUsers })
      const result = await rehearse(
        // The engine's clock and the application's run with the machine's: nothing falls due in the minute that this takes.
        {
          ...scenario,
          start: now,
          filing: { ...scenario.filing, applicationReceivedAt: now },
          steps: scenario.steps.filter((step) => !('clock' in step)),
        },
        {
          court,
          now: () => application.clock.now(),
          moveClock: async () => {},
          onStep: (step) => console.log(`  ${step.what}　${step.by ?? ''}`),
        },
      ).catch(async (error: Error) => {
        throw new Error([error.message, ...tasklist.records.incidents].join('\n'), { cause: error })
      })
      if (!result.ok) throw new Error(result.differences.join('\n'))
      return `outcome ${result.outcome}, documents ${result.documents.join(', ')}`
    } finally {
      await application.close()
    }
  } finally {
    await tasklist.close()
    zeebe.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

const checks = {
  'diagrams, decisions and forms deploy on Camunda 8.6.0': deploysOn860,
  'window-small-loan runs through on Zeebe 8.8.21': () => runsOn8821('window-small-loan'),
}

let failed = 0
for (const [name, check] of Object.entries(checks)) {
  try {
    console.log(`✓ ${name}: ${await check()}`)
  } catch (error) {
    failed++
    console.error(`✗ ${name}\n${error instanceof Error ? error.stack : error}`)
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
