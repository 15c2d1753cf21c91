import { Worker } from 'node:worker_threads'
import { Problem } from '../http/problem.ts'
import type { ApiResponse } from '../http/server.ts'
import type { ThreadResult, ThreadStart, ThreadTask } from './messages.ts'

/** A thread ends a statement by itself when its time is up; if it has not answered so much later, it is left alone. */
const GRACE_MILLISECONDS = 1_000

/** Several times what the largest answer takes. */
const THREAD_MEGABYTES = 768

/** What a caller gives for a task. */
type Request = Omit<ThreadTask, 'id' | 'timeLimit'>

interface Entry {
  readonly id: number
  readonly request: Request
  readonly endsAt: number
  readonly timer: NodeJS.Timeout
  readonly resolve: (response: ApiResponse) => void
  readonly reject: (reason: unknown) => void
  thread: Thread | undefined
}

interface Thread {
  readonly worker: Worker
  readonly giveUp: Int32Array
  entry: Entry | undefined
}

/** Threads that serve reading routes of a database file, started when they are needed. */
export class SearchPool {
  readonly #file: string
  readonly #size: number
  readonly #timeLimit: number
  readonly #threads = new Set<Thread>()
  readonly #waiting = new Set<Entry>()
  #lastId = 0

  /**
   * @param file the database file
   * @param size the most threads
   * @param timeLimit milliseconds that a search may take, waiting for a thread included
   */
  constructor(file: string, size: number, timeLimit: number) {
    this.#file = file
    this.#size = size
    this.#timeLimit = timeLimit
  }

  /**
   * Serves a request.
   * @param onGone registers what to do when nobody waits for the answer any more
   * @throws Problem as the route does; 504 when it takes too long
   */
  run(request: Request, onGone: (callback: () => void) => void): Promise<ApiResponse> {
    return new Promise((resolve, reject) => {
      // The numbers go round before they leave the range of the shared one.
      this.#lastId = (this.#lastId % 0x7fff_ffff) + 1
      const entry: Entry = {
        id: this.#lastId,
        request,
        endsAt: performance.now() + this.#timeLimit,
        timer: setTimeout(() => this.#expire(entry), this.#timeLimit + GRACE_MILLISECONDS),
        resolve,
        reject,
        thread: undefined,
      }
      this.#waiting.add(entry)
      onGone(() => this.#giveUp(entry))
      this.#next()
    })
  }

  /** Ends all threads; what they work on is not answered any more. */
  async close(): Promise<void> {
    for (const entry of this.#waiting) this.#settle(entry, () => entry.reject(closing()))
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, closing())))
  }

  #next(): void {
    for (const entry of this.#waiting) {
      const idle = [...this.#threads].find((thread) => thread.entry === undefined)
      if (idle === undefined && this.#threads.size >= this.#size) return
      const thread = idle ?? this.#start()
      this.#waiting.delete(entry)
      entry.thread = thread
      thread.entry = entry
      const timeLimit = entry.endsAt - performance.now()
      thread.worker.postMessage({ id: entry.id, ...entry.request, timeLimit } satisfies ThreadTask)
    }
  }

  #start(): Thread {
    const giveUp = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
    const workerData: ThreadStart = { file: this.#file, giveUp }
    const worker = new Worker(new URL('./search-thread.ts', import.meta.url), {
      workerData,
      // A thread that wants more than this fails alone.
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MEGABYTES },
    })
    // Idle threads keep nothing alive.
    worker.unref()
    const thread: Thread = { worker, giveUp: new Int32Array(giveUp), entry: undefined }
    worker.on('message', (result: ThreadResult) => {
      const { entry } = thread
      thread.entry = undefined
      if (entry?.id === result.id) this.#settle(entry, () => answer(entry, result))
      this.#next()
    })
    worker.on('error', (fault) => void this.#end(thread, fault))
    this.#threads.add(thread)
    return thread
  }

  async #end(thread: Thread, reason: unknown): Promise<void> {
    this.#threads.delete(thread)
    const { entry } = thread
    if (entry) this.#settle(entry, () => entry.reject(reason))
    Atomics.store(thread.giveUp, 0, entry?.id ?? 0)
    await thread.worker.terminate()
  }

  /** Nobody waits for the answer. */
  #giveUp(entry: Entry): void {
    if (this.#waiting.has(entry)) this.#settle(entry, () => entry.reject(new Problem(503, 'The client has gone.')))
    else if (entry.thread?.entry === entry) Atomics.store(entry.thread.giveUp, 0, entry.id)
  }

  #expire(entry: Entry): void {
    const { thread } = entry
    const late = new Problem(504, 'The search waited too long for its turn: try again later.', 'DEADLINE_EXCEEDED')
    this.#settle(entry, () => entry.reject(late))
    // It is somewhere in one step of a statement, which nothing can end; it ends itself after that.
    if (thread?.entry === entry) void this.#end(thread, late)
    this.#next()
  }

  #settle(entry: Entry, tell: () => void): void {
    clearTimeout(entry.timer)
    this.#waiting.delete(entry)
    tell()
  }
}

function answer(entry: Entry, result: ThreadResult): void {
  if ('response' in result) entry.resolve(result.response)
  else if ('problem' in result) {
    const { status, detail, title, headers } = result.problem
    entry.reject(new Problem(status, detail, title, headers))
  } else entry.reject(result.fault)
}

function closing(): Problem {
  return new Problem(503, 'The engine closes: try again when it is started again.', 'UNAVAILABLE')
}
