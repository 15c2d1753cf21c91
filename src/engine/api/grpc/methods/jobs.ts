import type { ActivatedJob, Engine } from '../../../index.ts'
import { pollJobs } from '../../long-poll.ts'
import type { ServerStream } from '../call.ts'
import type { Responses } from '../messages.ts'
import { DONE, type Handlers } from './handlers.ts'
import { jobMessage } from './job-message.ts'
import { resultOf } from './job-result.ts'
import type { JobStreams } from './job-streams.ts'
import { checkTenant, keyOf, numberOf, variablesOf } from './values.ts'

/** Characters of variables after which an activation goes on in a next message: clients take 4 MiB by default. */
const MESSAGE_CHARACTERS = 1_000_000

/** Jobs. */
export function jobHandlers(
  engine: Engine,
  streams: JobStreams,
): Pick<
  Handlers,
  | 'ActivateJobs'
  | 'StreamActivatedJobs'
  | 'CompleteJob'
  | 'FailJob'
  | 'ThrowError'
  | 'UpdateJobRetries'
  | 'UpdateJobTimeout'
> {
  return {
    async ActivateJobs(request, stream) {
      checkTenant('ActivateJobs', request.tenantIds)
      const command = {
        type: 'ActivateJobs',
        jobType: request.type,
        worker: request.worker,
        timeout: numberOf(request.timeout),
        maxJobs: request.maxJobsToActivate,
        fetchVariables: request.fetchVariable,
      } as const
      const jobs = await pollJobs(engine, command, numberOf(request.requestTimeout), stream)
      if (jobs.length === 0 && stream.isEnded) throw stream.failure
      await sendJobs(jobs, stream)
    },
    async StreamActivatedJobs(request, stream) {
      checkTenant('StreamActivatedJobs', request.tenantIds)
      await streams.serve(
        {
          jobType: request.type,
          worker: request.worker,
          timeout: numberOf(request.timeout),
          fetchVariables: request.fetchVariable,
        },
        stream,
      )
    },
    async CompleteJob({ jobKey, variables, result }) {
      await engine.execute({
        type: 'CompleteJob',
        jobKey: keyOf(jobKey),
        ...variablesOf(variables),
        ...resultOf(result),
      })
      return DONE
    },
    async FailJob({ jobKey, retries, errorMessage, retryBackOff, variables }) {
      await engine.execute({
        type: 'FailJob',
        jobKey: keyOf(jobKey),
        retries,
        errorMessage,
        // Below 0 there is none, as in Camunda.
        retryBackOff: Math.max(0, numberOf(retryBackOff)),
        ...variablesOf(variables),
      })
      return DONE
    },
    async ThrowError({ jobKey, errorCode, errorMessage, variables }) {
      await engine.execute({
        type: 'ThrowJobError',
        jobKey: keyOf(jobKey),
        errorCode,
        errorMessage,
        ...variablesOf(variables),
      })
      return DONE
    },
    async UpdateJobRetries({ jobKey, retries }) {
      await engine.execute({ type: 'UpdateJob', jobKey: keyOf(jobKey), retries })
      return DONE
    },
    async UpdateJobTimeout({ jobKey, timeout }) {
      await engine.execute({ type: 'UpdateJob', jobKey: keyOf(jobKey), timeout: numberOf(timeout) })
      return DONE
    },
  }
}

/** Sends jobs in messages that a client accepts. */
async function sendJobs(jobs: readonly ActivatedJob[], stream: ServerStream<Responses['ActivateJobs']>): Promise<void> {
  let messages: ReturnType<typeof jobMessage>[] = []
  let characters = 0
  for (const job of jobs) {
    const message = jobMessage(job)
    if (messages.length > 0 && characters + message.variables.length > MESSAGE_CHARACTERS) {
      stream.write({ jobs: messages })
      await stream.drained()
      messages = []
      characters = 0
    }
    messages.push(message)
    characters += message.variables.length
  }
  if (messages.length > 0) stream.write({ jobs: messages })
}
