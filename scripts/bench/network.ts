// The engine over the network beside real Camunda 8.6.0, each in a process of its own, with the same client.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Broker, startBroker } from '../camunda/broker.ts'
import { findJavaHome } from '../camunda/java.ts'
import { startEngineProcess } from './engine-process.ts'
import type { Measurement } from './measurement.ts'
import { drive, type NetworkRun, type Target, TRANSPORTS, type Transport } from './network-driver.ts'

/** How many times faster and thriftier than Camunda the engine is to be. */
const FASTER = 4
const THRIFTIER = 8

/** A run of each engine by one transport. */
interface Comparison {
  readonly transport: Transport
  readonly embedded: NetworkRun
  readonly camunda: NetworkRun | undefined
}

/** Both engines by each transport, one after the other; only the embedded one where there is no Java. */
export async function benchNetwork(parent: string, instances = 2_000): Promise<Measurement[]> {
  const folder = mkdtempSync(join(parent, 'bench-'))
  const broker = await startCamunda()
  try {
    const engine = await startEngineProcess(join(folder, 'engine'))
    try {
      const embedded: Target = { pid: engine.pid, restAddress: engine.url, grpcAddress: engine.grpcUrl }
      const comparisons: Comparison[] = []
      for (const transport of TRANSPORTS)
        comparisons.push({
          transport,
          camunda: broker && (await drive(broker, transport, { instances })),
          embedded: await drive(embedded, transport, { instances }),
        })
      return comparisons.flatMap((comparison) => measurementsOf(comparison, comparisons))
    } finally {
      await engine.stop()
    }
  } finally {
    await broker?.stop()
    rmSync(folder, { recursive: true })
  }
}

async function startCamunda(): Promise<Broker | undefined> {
  try {
    findJavaHome()
  } catch {
    console.error('no JDK 21 or later: Camunda is not measured, and there is nothing to compare with')
    return undefined
  }
  return startBroker()
}

function measurementsOf({ transport, embedded, camunda }: Comparison, all: readonly Comparison[]): Measurement[] {
  const others = all.flatMap((one) => one.camunda ?? [])
  const fastest = Math.max(...others.map(({ instancesPerSecond }) => instancesPerSecond))
  const thriftiest = Math.min(...others.map(({ cpuMillisecondsAnInstance }) => cpuMillisecondsAnInstance))
  const aim = <Limit>(limit: Limit): { target?: Limit } => (camunda === undefined ? {} : { target: limit })
  const name = `over the network, ${transport}`
  return [
    {
      what: `${name}: 3 service tasks`,
      value: embedded.instancesPerSecond,
      unit: 'instances/s',
      ...aim({ atLeast: FASTER * fastest }),
    },
    {
      what: `${name}, CPU of the engine`,
      value: embedded.cpuMillisecondsAnInstance,
      unit: 'ms',
      ...aim({ atMost: thriftiest / THRIFTIER }),
    },
    {
      what: `${name}, job created to completed, p99`,
      value: embedded.jobMilliseconds.p99,
      unit: 'ms',
      ...aim({ atMost: camunda?.jobMilliseconds.p99 ?? 0 }),
    },
    { what: `${name}, job created to completed, p50`, value: embedded.jobMilliseconds.p50, unit: 'ms' },
    ...(camunda === undefined ? [] : camundaMeasurements(name, camunda)),
  ]
}

function camundaMeasurements(name: string, camunda: NetworkRun): Measurement[] {
  return [
    { what: `  Camunda 8.6.0 ${name}: 3 service tasks`, value: camunda.instancesPerSecond, unit: 'instances/s' },
    { what: `  Camunda 8.6.0 ${name}, CPU of the engine`, value: camunda.cpuMillisecondsAnInstance, unit: 'ms' },
    {
      what: `  Camunda 8.6.0 ${name}, job created to completed, p99`,
      value: camunda.jobMilliseconds.p99,
      unit: 'ms',
    },
    {
      what: `  Camunda 8.6.0 ${name}, job created to completed, p50`,
      value: camunda.jobMilliseconds.p50,
      unit: 'ms',
    },
  ]
}
