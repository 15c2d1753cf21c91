import type { ActivatedJob, ActivateJobs, Engine } from '../index.ts'

/** How long an activation waits for jobs when its request says 0 or nothing, as in Camunda. */
const DEFAULT_POLL_MILLISECONDS = 10_000
/** The longest wait of one activation: beyond it, setTimeout would overflow. */
const MAX_POLL_MILLISECONDS = 2 ** 31 - 1
/** The most jobs one activation hands out, whatever it asks for; keeps answers in the megabytes. */
const MAX_JOBS = 1_000

/** Who waits for the jobs. */
interface Client {
  /** Aborts when nobody waits any more. */
  readonly abandoned: AbortSignal
  /** True when the client has gone: jobs given to it would be lost. */
  readonly clientGone: boolean
}

/**
 * Hands out jobs as soon as there are some, and none when none appear in time. A job is only activated while the client
 * still waits; when it goes in the moment between, the jobs go back to the pool unharmed.
 * @param wait milliseconds; 0 is the default, below 0 does not wait
 */
export async function pollJobs(
  engine: Engine,
  command: ActivateJobs,
  wait: number,
  client: Client,
): Promise<readonly ActivatedJob[]> {
  const limited = { ...command, maxJobs: Math.min(command.maxJobs, MAX_JOBS) }
  const end = performance.now() + Math.min(wait || DEFAULT_POLL_MILLISECONDS, MAX_POLL_MILLISECONDS)
  for (;;) {
    if (client.clientGone) return []
    const { jobs } = await engine.execute(limited)
    if (jobs.length > 0) {
      if (!client.clientGone) return jobs
      await giveBack(engine, jobs)
      return []
    }
    const remaining = Math.floor(end - performance.now())
    if (wait < 0 || remaining <= 0 || client.abandoned.aborted) return []
    if (!(await engine.waitForJobs([command.jobType], remaining, client.abandoned))) return []
  }
}

/** A failure that leaves the retries as they are makes jobs available again at once; those that have ended stay so. */
export async function giveBack(engine: Engine, jobs: readonly ActivatedJob[]): Promise<void> {
  await Promise.allSettled(
    jobs.map(({ jobKey, retries }) => engine.execute({ type: 'FailJob', jobKey, retries, retryBackOff: 0 })),
  )
}
