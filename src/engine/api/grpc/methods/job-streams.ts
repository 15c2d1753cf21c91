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
  readonly #channels = new Map<string, Channel>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /**
   * Serves a stream until its client breaks off or the gateway closes.
   * @throws {GrpcError} with the reason, or what the engine has thrown when jobs cannot be taken any more
   */
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
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
    stream.abandoned.addEventListener('abort', () => resolve(), { once: true })
    if (stream.abandoned.aborted) resolve()
    const leave = channel.join({ subscription, stream, fail: reject, blocked: false })
    try {
      await ended
    } finally {
      leave()
      if (channel.isEmpty && this.#channels.get(jobType) === channel) this.#channels.delete(jobType)
    }
    throw stream.failure
  }
}

function refused(reason: string): GrpcError {
  return new GrpcError('INVALID_ARGUMENT', `Expected to stream activated jobs with ${reason}`)
}

interface Member {
  readonly subscription: Subscription
  readonly stream: JobStream
  /** Ends the stream with an error. */
  readonly fail: (error: unknown) => void
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
  join(member: Member): () => void {
    this.#members.add(member)
    this.#changed()
    if (!this.#running) void this.#run()
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
    this.#running = true
    try {
      while (this.#members.size > 0) await this.#serveReady()
    } catch (error) {
      // Clients see it, and open their streams again; silent ones would never bring a job.
      for (const { fail } of this.#members) fail(error)
      this.#members.clear()
    } finally {
      this.#running = false
    }
  }

  /** One round: jobs for all whose clients keep up, then a wait for more. */
  async #serveReady(): Promise<void> {
    const change = this.#change.signal
    const ready = [...this.#members].filter(({ blocked }) => !blocked)
    if (ready.length === 0) {
      await new Promise((resolve) => change.addEventListener('abort', resolve, { once: true }))
      return
    }
    const most = ready.length === 1 ? MOST_FOR_ONE : MOST_FOR_EACH
    const taken = await Promise.all(ready.map((member) => this.#serve(member, most)))
    // Fewer than asked for: there are no more now.
    if (taken.some((count) => count === most)) return
    await this.#engine.waitForJobs([this.#jobType], RENEWAL_MILLISECONDS, change)
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
