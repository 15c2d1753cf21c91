import { setTimeout as sleep } from 'node:timers/promises'
import type { Camunda8 } from '@camunda8/sdk'
import type { IOutputVariables } from '@camunda8/sdk/dist/zeebe/lib/interfaces-1.0.js'
import { z } from 'zod'
import type { JobVariables } from './orchestration.ts'
import { type AnyWorker, BpmnError, type JobContext, RetryableFailure } from './worker.ts'

/** What became of a job, before it is told to the engine. */
type Outcome =
  | { kind: 'complete'; variables: JobVariables }
  | { kind: 'bpmnError'; code: string; message: string }
  | { kind: 'fail'; message: string; retries: number; backOffMs: number }

/** A job as both transports deliver it. */
interface DeliveredJob extends JobContext {
  retries: number
  variables: Record<string, unknown>
}

export interface WorkerRuntimeOptions {
  camunda: Camunda8
  transport: 'rest' | 'grpc'
  workers: AnyWorker[]
  /** Told of each job that did not complete. */
  onFailure: (job: JobContext, error: unknown) => void
}

/** Running workers; `close` lets the jobs in hand finish. */
export interface WorkerRuntime {
  close(): Promise<void>
}

const JOB_TIMEOUT_MS = 60_000
const MAX_PARALLEL_JOBS = 8
const LONG_POLL_MS = 20_000
const CLOSE_WAIT_MS = 5_000

/** Codes of faults that pass by themselves: connections refused, reset or timed out, a database that restarts. */
const PASSING_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2034',
  '57P01',
  '57P03',
  '40001',
  '40P01',
])

function isPassing(error: unknown): boolean {
  if (error instanceof RetryableFailure) return true
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && PASSING_CODES.has(cause.code)) return true
  }
  return false
}

/** Parses the variables, runs the worker and parses what it answers; a fault becomes an outcome, never a lost job. */
export async function runJob(
  worker: AnyWorker,
  job: DeliveredJob,
  onFailure: WorkerRuntimeOptions['onFailure'],
): Promise<Outcome> {
  try {
    const input = worker.input.safeParse(job.variables)
    if (!input.success)
      throw new Error(`任务 ${job.jobType}（${job.elementId}）的输入变量不符合要求：\n${z.prettifyError(input.error)}`)
    const output = worker.output.safeParse(await worker.run(input.data, job))
    if (!output.success)
      throw new Error(`任务 ${job.jobType}（${job.elementId}）的输出变量不符合要求：\n${z.prettifyError(output.error)}`)
    return { kind: 'complete', variables: output.data as JobVariables }
  } catch (error) {
    onFailure(job, error)
    if (error instanceof BpmnError) return { kind: 'bpmnError', code: error.code, message: error.message }
    const message = error instanceof Error ? error.message : String(error)
    if (!isPassing(error)) return { kind: 'fail', message, retries: 0, backOffMs: 0 }
    const backOffMs = error instanceof RetryableFailure ? error.backOffMs : 5_000
    return { kind: 'fail', message, retries: Math.max(0, job.retries - 1), backOffMs }
  }
}

/** The variables that a worker's input schema names; the others stay in the engine. */
function fetchedVariables(worker: AnyWorker): string[] {
  return worker.input instanceof z.ZodObject ? Object.keys(worker.input.shape) : []
}

/**
 * Starts one long-polling worker for each job type, over REST or gRPC.
 * @throws {Error} when two workers claim one job type
 */
export function startWorkers(options: WorkerRuntimeOptions): WorkerRuntime {
  const types = new Set<string>()
  for (const { type } of options.workers) {
    if (types.has(type)) throw new Error(`two workers for job type ${type}`)
    types.add(type)
  }
  return options.transport === 'rest' ? startRestWorkers(options) : startGrpcWorkers(options)
}

function startRestWorkers({ camunda, workers, onFailure }: WorkerRuntimeOptions): WorkerRuntime {
  const running = workers.map((worker) =>
    // A client allows 16 requests in flight and counts long polls among them: workers that share one starve each other.
    camunda.getOrchestrationClusterApiClientLoose({}, { cached: false }).createJobWorker({
      jobType: worker.type,
      workerName: worker.type,
      jobTimeoutMs: JOB_TIMEOUT_MS,
      maxParallelJobs: MAX_PARALLEL_JOBS,
      pollTimeoutMs: LONG_POLL_MS,
      fetchVariables: fetchedVariables(worker),
      jobHandler: async (job) => {
        const outcome = await runJob(
          worker,
          {
            jobKey: job.jobKey,
            jobType: job.type,
            processInstanceKey: job.processInstanceKey,
            processDefinitionId: job.processDefinitionId,
            elementId: job.elementId,
            elementInstanceKey: job.elementInstanceKey,
            retries: job.retries,
            variables: job.variables,
          },
          onFailure,
        )
        switch (outcome.kind) {
          case 'complete':
            return job.complete(outcome.variables)
          case 'bpmnError':
            return job.error({ errorCode: outcome.code, errorMessage: outcome.message })
          case 'fail':
            return job.fail({
              errorMessage: outcome.message,
              retries: outcome.retries,
              retryBackOff: outcome.backOffMs,
            })
        }
      },
    }),
  )
  return {
    close: async () => {
      // The SDK's graceful stop waits for the long poll of an idle worker, and drops the jobs that it brings.
      for (const worker of running) worker.stop()
      const patience = performance.now() + CLOSE_WAIT_MS
      while (running.some((worker) => worker.activeJobs > 0) && performance.now() < patience) await sleep(10)
    },
  }
}

function startGrpcWorkers({ camunda, workers, onFailure }: WorkerRuntimeOptions): WorkerRuntime {
  const client = camunda.getZeebeGrpcApiClient()
  const running = workers.map((worker) =>
    client.createWorker({
      taskType: worker.type,
      timeout: JOB_TIMEOUT_MS,
      maxJobsToActivate: MAX_PARALLEL_JOBS,
      longPoll: LONG_POLL_MS,
      fetchVariable: fetchedVariables(worker),
      taskHandler: async (job) => {
        const outcome = await runJob(
          worker,
          {
            jobKey: job.key,
            jobType: job.type,
            processInstanceKey: job.processInstanceKey,
            processDefinitionId: job.bpmnProcessId,
            elementId: job.elementId,
            elementInstanceKey: job.elementInstanceKey,
            retries: job.retries,
            variables: job.variables,
          },
          onFailure,
        )
        switch (outcome.kind) {
          case 'complete':
            return job.complete(outcome.variables as IOutputVariables)
          case 'bpmnError':
            return job.error(outcome.code, outcome.message)
          case 'fail':
            return job.fail({
              errorMessage: outcome.message,
              retries: outcome.retries,
              retryBackOff: outcome.backOffMs,
            })
        }
      },
    }),
  )
  return {
    // Not the client itself: once it closes, it drops the outcomes of the jobs in hand.
    close: async () => {
      const closed = Promise.all(running.map((worker) => worker.close()))
      for (const worker of running) breakOffPoll(worker)
      await Promise.race([closed, sleep(CLOSE_WAIT_MS, undefined, { ref: false })])
    },
  }
}

/** The SDK leaves the poll of a worker that has jobs in hand open, and the jobs that it brings would wait for their timeout. */
function breakOffPoll(worker: object): void {
  const stream = Reflect.get(worker, 'jobStream') as { cancel?: () => void } | undefined
  stream?.cancel?.()
}
