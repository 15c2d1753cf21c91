// Drives any engine over the network with the client and the worker of the SDK: start → 3 service tasks → end.
import { setTimeout as sleep } from 'node:timers/promises'
import { Camunda8 } from '@camunda8/sdk'
import { bpmn, end, flows, job, serviceTask, start } from '../../src/engine/testing/bpmn-builder.ts'
import { cpuMilliseconds } from './engine-process.ts'
import { percentile } from './measurement.ts'

/** How jobs reach the worker; commands go by the same protocol. */
export const TRANSPORTS = ['REST', 'gRPC, polling', 'gRPC, streaming'] as const
export type Transport = (typeof TRANSPORTS)[number]

/** An engine that runs in a process of its own. */
export interface Target {
  readonly pid: number
  readonly restAddress: string
  readonly grpcAddress: string
}

/** What a run came to. */
export interface NetworkRun {
  readonly instancesPerSecond: number
  /** Of the engine's process, user and system. */
  readonly cpuMillisecondsAnInstance: number
  /** From a job's creation, as far as the client has been told of it, to the answer to its completion. */
  readonly jobMilliseconds: { readonly p50: number; readonly p99: number }
  /** Commands that had to be sent again because the engine was too busy. */
  readonly refused: number
}

const PROCESS_ID = 'network-bench'
/** One worker does all three tasks. */
const JOB_TYPE = 'network-bench-task'
const PROCESS = bpmn(
  PROCESS_ID,
  start() +
    ['a', 'b', 'c'].map((id) => serviceTask(id, job(JOB_TYPE))).join('') +
    end() +
    flows('start -> a -> b -> c -> end'),
)
const JOBS_AN_INSTANCE = 3
const WARM_UP = 200
/** Jobs that the worker has in hand at most, and how often it asks for more; neither is to be what limits an engine. */
const MAX_JOBS = 200
const POLL_MILLISECONDS = 10
const JOB_TIMEOUT = 60_000

interface WorkedJob {
  readonly processInstanceKey: string
  complete(variables: object): Promise<unknown>
}

/** Commands and a running worker of one transport. */
interface Driver {
  create(): Promise<string>
  close(): Promise<void>
}

/** Runs `instances` to their end after a warm-up; `width` are created at a time. */
export async function drive(
  target: Target,
  transport: Transport,
  { instances = 2_000, width = 20 } = {},
): Promise<NetworkRun> {
  const camunda = new Camunda8(
    {
      ZEEBE_REST_ADDRESS: target.restAddress,
      ZEEBE_GRPC_ADDRESS: target.grpcAddress,
      CAMUNDA_AUTH_STRATEGY: 'NONE',
      CAMUNDA_LOG_LEVEL: 'none',
      CAMUNDA_SUPPORT_LOG_ENABLED: false,
      zeebeGrpcSettings: { ZEEBE_CLIENT_LOG_LEVEL: 'NONE', ZEEBE_GRPC_CLIENT_RETRY: false },
    },
    { defaultCached: false },
  )
  const run = new Run()
  const driver =
    transport === 'REST' ? driveRest(camunda, run) : await driveGrpc(camunda, run, transport === 'gRPC, streaming')
  try {
    await deploy(camunda)
    await run.through(driver, WARM_UP, width)
    return await run.measured(target, driver, instances, width)
  } finally {
    await driver.close()
    await camunda.closeAllClients()
  }
}

async function deploy(camunda: Camunda8): Promise<void> {
  await camunda.getZeebeGrpcApiClient().deployResource({ process: Buffer.from(PROCESS), name: `${PROCESS_ID}.bpmn` })
}

/** Counts and times of one run; told of what happens by the driver. */
class Run {
  #completed = 0
  #refused = 0
  #latencies: number[] = []
  /** When the last command of an instance was acknowledged: its next job was there then. */
  readonly #acknowledged = new Map<string, number>()

  /** The worker's handler. */
  readonly work = async (worked: WorkedJob): Promise<unknown> => {
    const { processInstanceKey } = worked
    const arrived = performance.now()
    const created = Math.min(this.#acknowledged.get(processInstanceKey) ?? arrived, arrived)
    const answer = await this.#untilAccepted(() => worked.complete({}))
    const now = performance.now()
    this.#latencies.push(now - created)
    this.#acknowledged.set(processInstanceKey, now)
    this.#completed += 1
    return answer
  }

  /** Creates instances and waits until all their jobs are completed. */
  async through(driver: Driver, instances: number, width: number): Promise<void> {
    this.#completed = 0
    this.#refused = 0
    this.#latencies = []
    this.#acknowledged.clear()
    let begun = 0
    const creator = async () => {
      while (begun < instances) {
        begun += 1
        const key = await this.#untilAccepted(() => driver.create())
        if (!this.#acknowledged.has(key)) this.#acknowledged.set(key, performance.now())
      }
    }
    await Promise.all(Array.from({ length: width }, creator))
    while (this.#completed < instances * JOBS_AN_INSTANCE) await sleep(2)
  }

  async measured(target: Target, driver: Driver, instances: number, width: number): Promise<NetworkRun> {
    const cpu = cpuMilliseconds(target.pid)
    const begin = performance.now()
    await this.through(driver, instances, width)
    const seconds = (performance.now() - begin) / 1_000
    return {
      instancesPerSecond: instances / seconds,
      cpuMillisecondsAnInstance: (cpuMilliseconds(target.pid) - cpu) / instances,
      jobMilliseconds: { p50: percentile(this.#latencies, 0.5), p99: percentile(this.#latencies, 0.99) },
      refused: this.#refused,
    }
  }

  async #untilAccepted<Result>(command: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await command()
      } catch (error) {
        if (!/RESOURCE_EXHAUSTED/.test(String((error as Error).message))) throw error
        this.#refused += 1
        await sleep(20)
      }
    }
  }
}

function driveRest(camunda: Camunda8, run: Run): Driver {
  const client = camunda.getCamundaRestClient()
  acceptJobsOf860(client)
  const worker = client.createJobWorker({
    type: JOB_TYPE,
    worker: 'bench',
    timeout: JOB_TIMEOUT,
    maxJobsToActivate: MAX_JOBS,
    pollIntervalMs: POLL_MILLISECONDS,
    jobHandler: run.work as never,
  })
  return {
    create: async () =>
      (await client.createProcessInstance({ processDefinitionId: PROCESS_ID, variables: {} })).processInstanceKey,
    close: async () => {
      await worker.stop()
    },
  }
}

/** Camunda 8.6.0 calls the key of an activated job `key`. */
function acceptJobsOf860(client: object): void {
  const add = Reflect.get(client, 'addJobMethods') as (job: object) => object
  Reflect.set(client, 'addJobMethods', (given: { jobKey?: string; key?: string }) =>
    add({ ...given, jobKey: given.jobKey ?? String(given.key) }),
  )
}

async function driveGrpc(camunda: Camunda8, run: Run, streaming: boolean): Promise<Driver> {
  const client = camunda.getZeebeGrpcApiClient()
  const create = async () =>
    (await client.createProcessInstance({ bpmnProcessId: PROCESS_ID, variables: {} })).processInstanceKey
  if (!streaming) {
    const worker = client.createWorker({
      taskType: JOB_TYPE,
      timeout: JOB_TIMEOUT,
      maxJobsToActivate: MAX_JOBS,
      pollInterval: POLL_MILLISECONDS,
      taskHandler: run.work as never,
    })
    return {
      create,
      close: async () => {
        await worker.close()
      },
    }
  }
  const stream = await client.streamJobs({
    type: JOB_TYPE,
    worker: 'bench',
    timeout: JOB_TIMEOUT,
    tenantIds: [],
    taskHandler: run.work as never,
  })
  return { create, close: async () => stream.close() }
}
