// What many waiting instances cost: a step, the start, the disk, their deadlines all at once.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Engine, openEngine } from '../../src/engine/index.ts'
import { startEngineProcess } from './engine-process.ts'
import { DUE_AT, grow, WAITING } from './grow.ts'
import { runInstances, THREE_TASKS } from './in-process.ts'
import { type Measurement, median, percentile } from './measurement.ts'

/** Rounds and instances a round of the comparison of steps; engines take turns, so that noise meets all alike. */
const ROUNDS = 9
const INSTANCES = 1_000

/** All measurements with up to `most` waiting instances, on directories below `parent`. */
export async function benchManyWaiting(parent: string, most = 1_000_000): Promise<Measurement[]> {
  const folder = mkdtempSync(join(parent, 'bench-'))
  const sizes = [most / 1_000, most / 10, most]
  const directories = sizes.map((size) => join(folder, String(size)))
  try {
    for (const [index, directory] of directories.entries()) {
      mkdirSync(directory)
      await grow(directory, sizes[index] ?? 0, { 'three-tasks.bpmn': THREE_TASKS })
    }
    return [
      ...(await bytesAnInstance(join(folder, 'bytes'))),
      ...(await costOfAStep(directories, sizes)),
      ...(await startAndDeadlines(directories.at(-1) ?? '', most)),
      ...(await spreadDeadlines(join(folder, 'spread'), most / 10)),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function bytesAnInstance(directory: string): Promise<Measurement[]> {
  const count = 20_000
  const engine = await openEngine({ directory })
  await engine.execute({ type: 'DeployResources', resources: [{ name: 'waiting.bpmn', content: WAITING }] })
  for (let done = 0; done < count; done += 200)
    await Promise.all(Array.from({ length: 200 }, (_, index) => startWaiting(engine, done + index)))
  await engine.close()
  const bytes = statSync(join(directory, 'engine.db')).size / count
  return [
    { what: 'disk for a waiting instance with its journal', value: bytes, unit: 'bytes', target: { atMost: 4096 } },
  ]
}

function startWaiting(engine: Engine, number: number) {
  const variables = { caseId: `case-${number}`, group: 'team', due: new Date(DUE_AT).toISOString() }
  return engine.execute({ type: 'CreateProcessInstance', processDefinitionId: 'waiting', variables })
}

async function costOfAStep(directories: readonly string[], sizes: readonly number[]): Promise<Measurement[]> {
  const engines = await Promise.all(directories.map((directory) => openEngine({ directory })))
  const costs: number[][] = engines.map(() => [])
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [index, engine] of engines.entries()) {
      const { cpuMillisecondsAnInstance } = await runInstances(engine, 'three-tasks', INSTANCES, 200)
      // The first round warms up.
      if (round > 0) costs[index]?.push(cpuMillisecondsAnInstance)
    }
  for (const engine of engines) await engine.close()
  const medians = costs.map(median)
  return medians.map((value, index) => ({
    what: `CPU of an instance of three tasks beside ${sizes[index]?.toLocaleString('en')} waiting`,
    value: value / (medians[0] ?? value),
    unit: '× the first',
    ...(index === 0 ? {} : { target: { atMost: 1.2 } }),
  }))
}

async function startAndDeadlines(directory: string, instances: number): Promise<Measurement[]> {
  const served = await startEngineProcess(directory)
  const name = `${instances.toLocaleString('en')} waiting instances and timers`
  const measurements: Measurement[] = [
    { what: `ready with ${name}`, value: served.readyMilliseconds, unit: 'ms', target: { atMost: 1_000 } },
    { what: `memory with ${name}`, value: served.readyMegabytes, unit: 'MB', target: { atMost: 300 } },
  ]
  try {
    measurements.push(
      ...(await deadlines(
        served.url,
        instances,
        `${instances.toLocaleString('en')} timers due in the same minute`,
        true,
      )),
    )
  } finally {
    await served.stop()
  }
  checkEachFiredOnce(directory, instances)
  return measurements
}

/** The worst case for the disk, for comparison: the timers of neighbours fall due in different seconds. */
async function spreadDeadlines(directory: string, instances: number): Promise<Measurement[]> {
  mkdirSync(directory)
  await grow(directory, instances, { 'three-tasks.bpmn': THREE_TASKS }, true)
  const served = await startEngineProcess(directory)
  const what = `${instances.toLocaleString('en')} timers, each in another second than its neighbours`
  try {
    return await deadlines(served.url, instances, what, false)
  } finally {
    await served.stop()
    checkEachFiredOnce(directory, instances)
  }
}

/** All timers become due; meanwhile clients go on. */
async function deadlines(url: string, instances: number, what: string, bound: boolean): Promise<Measurement[]> {
  const latencies: number[] = []
  let firing = true
  const client = async () => {
    while (firing) {
      const start = performance.now()
      await call(`${url}/v2/process-instances`, 'POST', { processDefinitionId: 'three-tasks' })
      latencies.push(performance.now() - start)
    }
  }
  const begin = performance.now()
  const clients = [client(), client()]
  // Answers when everything that is due has happened.
  await call(`${url}/v2/clock`, 'PUT', { timestamp: DUE_AT })
  const seconds = (performance.now() - begin) / 1_000
  firing = false
  await Promise.all(clients)
  const rate = { what, value: instances / seconds, unit: 'timers/s' }
  const latency = { what: '  p99 of the API meanwhile', value: percentile(latencies, 0.99), unit: 'ms' }
  if (!bound) return [rate, latency]
  return [
    { ...rate, target: { atLeast: 5_000 } },
    { ...latency, target: { atMost: 250 } },
  ]
}

function checkEachFiredOnce(directory: string, instances: number): void {
  const database = new DatabaseSync(join(directory, 'engine.db'), { readOnly: true })
  const found = database
    .prepare(
      "SELECT COUNT(*) AS fired, COUNT(DISTINCT processInstanceKey) AS instances, (SELECT COUNT(*) FROM timer) AS waiting FROM element_instance WHERE elementId = 'late-end' AND state = 'COMPLETED'",
    )
    .get()
  database.close()
  if (found?.fired !== instances || found.instances !== instances || found.waiting !== 0)
    throw new Error(`timers were missed or doubled: ${JSON.stringify(found)}, expected ${instances}`)
}

/** One call over HTTP; unlike `fetch` it waits for the answer as long as that takes. */
function call(url: string, method: string, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent, headers: { 'content-type': 'application/json' } }, (answer) => {
      answer.resume()
      answer.once('end', () =>
        (answer.statusCode ?? 500) < 300 ? resolve() : reject(new Error(`${method} ${url}: ${answer.statusCode}`)),
      )
    })
    call.once('error', reject)
    call.end(JSON.stringify(body))
  })
}

const agent = new Agent({ keepAlive: true })
