import type { ActivatedJob, Engine } from '../../../index.ts'
import { giveBack } from '../../long-poll.ts'
import type { ServerStream } from '../call.ts'
import type { ActivatedJobMessage } from '../messages.ts'
import { GrpcError } from '../status.ts'
import { jobMessage } from './job-message.ts'

/** What a client asks of a stream of jobs. */
interface Subscription {
  readonly jobType: string
  readonly worker: string
  /** Milliseconds that it has for each job. */
  readonly timeout: number
  readonly fetchVariables: readonly string[]
}

type JobStream = ServerStream<ActivatedJobMessage>

/** Jobs taken at a time for the only stream of a type, and for each of several, so that all get some. */
const MOST_FOR_ONE = 64
const MOST_FOR_EACH = 8
/** A wait for jobs ends with the streams, not by itself; it is only renewed. */
const RENEWAL_MILLISECONDS = 3_600_000

/** Open streams of jobs: jobs are handed out as soon as they can be activated, in turn to those whose clients keep up. */
export class JobStreams {
  readonly #engine: Engine
  readonly #onFault: (error: unknown) => void
  readonly #channels = new Map<string, Channel>()

  constructor(engine: Engine, onFault: (error: unknown) => void) {
    this.#engine = engine
    this.#onFault = onFault
  }

  /** Serves a stream until its client breaks off or the gateway closes. @throws {GrpcError} with the reason */
  async serve(subscription: Subscription, stream: JobStream): Promise<void> {
    const { jobType, timeout } = subscription
    if (jobType === '') throw refused('type to be present, but it was blank')
    if (!(timeout >= 1)) throw refused(`timeout to be greater than zero, but it was ${timeout}`)
    stream.open()
    let channel = this.#channels.get(jobType)
    if (channel === undefined) {
      channel = new Channel(this.#engine, jobType)
      this.#channels.set(jobType, channel)
    }
    const leave = channel.join(subscription, stream, this.#onFault)
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    stream.abandoned.addEventListener('abort', () => resolve(), { once: true })
    if (stream.abandoned.aborted) resolve()
    await ended
    leave()
    if (channel.isEmpty && this.#channels.get(jobType) === channel) this.#channels.delete(jobType)
    throw stream.failure
  }
}

function refused(reason: string): GrpcError {
  return new GrpcError('INVALID_ARGUMENT', `Expected to stream activated jobs with ${reason}`)
}

interface Member {
  readonly subscription: Subscription
  readonly stream: JobStream
  /** Its client has not yet taken what was written. */
  blocked: boolean
}

/** The streams of one job type. */
class Channel {
  readonly #engine: Engine
  readonly #jobType: string
  readonly #members = new Set<Member>()
  #running = false
  /** Aborted when there is somebody to serve again, or nobody any more. */
  #change = new AbortController()

  constructor(engine: Engine, jobType: string) {
    this.#engine = engine
    this.#jobType = jobType
  }

  get isEmpty(): boolean {
    return this.#members.size === 0
  }

  /** Adds a stream. @returns how it leaves */
  join(subscription: Subscription, stream: JobStream, onFault: (error: unknown) => void): () => void {
    const member: Member = { subscription, stream, blocked: false }
    this.#members.add(member)
    this.#changed()
    if (!this.#running) {
      this.#running = true
      this.#run()
        .catch(onFault)
        .finally(() => {
          this.#running = false
        })
    }
    return () => {
      this.#members.delete(member)
      this.#changed()
    }
  }

  #changed(): void {
    this.#change.abort()
    this.#change = new AbortController()
  }

  async #run(): Promise<void> {
    while (this.#members.size > 0) {
      const change = this.#change.signal
      const ready = [...this.#members].filter(({ blocked }) => !blocked)
      if (ready.length === 0) {
        await new Promise((resolve) => change.addEventListener('abort', resolve, { once: true }))
        continue
      }
      const most = ready.length === 1 ? MOST_FOR_ONE : MOST_FOR_EACH
      const taken = await Promise.all(ready.map((member) => this.#serve(member, most)))
      // Fewer than asked for: there are no more now.
      if (taken.some((count) => count === most)) continue
      await this.#engine.waitForJobs([this.#jobType], RENEWAL_MILLISECONDS, change)
    }
  }

  /** Takes jobs for a stream and writes them. @returns how many there were */
  async #serve(member: Member, most: number): Promise<number> {
    const { subscription, stream } = member
    const { jobs } = await this.#engine.execute({ type: 'ActivateJobs', maxJobs: most, ...subscription })
    const lost: ActivatedJob[] = []
    for (const job of jobs) {
      if (stream.clientGone) lost.push(job)
      else if (!stream.write(jobMessage(job))) member.blocked = true
    }
    if (lost.length > 0) await giveBack(this.#engine, lost)
    if (member.blocked)
      void stream.drained().then(() => {
        member.blocked = false
        this.#changed()
      })
    return jobs.length
  }
}
