import type { Command } from './commands.ts'
import type { ResultOf } from './results.ts'

/** The engine's time: the machine's, until it is pinned. */
export interface EngineClock {
  /** The current instant. */
  now(): Date
  /** Stops the clock at `instant`. */
  pin(instant: Date): void
  /** Lets it run with the machine's clock again. */
  reset(): void
}

/** How to open an engine. */
export interface EngineOptions {
  /** Folder of the data, made when missing; `null` keeps everything in memory (tests). */
  readonly directory: string | null
  /** Default: a new clock that runs with the machine's. A clock pinned by command is pinned again at opening. */
  readonly clock?: EngineClock
  /** IANA zone for cron cycles and for calendar arithmetic of durations. Default: the machine's zone. */
  readonly timeZone?: string
  /**
   * How long process instances are kept after their end: an ISO-8601 duration (`P5Y`) or milliseconds. Default: for ever.
   * Older ones are deleted in the background with all that they called.
   */
  readonly historyRetention?: string | number
  /** Is told of faults inside the engine (its own bugs, a disk that fails in the background). Default: `console.error`. */
  readonly onFault?: (fault: unknown) => void
}

/** A value that SQLite takes or gives. */
export type SqlValue = null | number | string

/** Read-only SQL on the tables of `state/schema.ts`; sees every acknowledged command. */
export interface EngineQuery {
  /** All rows; bind parameters are `?` in order. */
  all<Row = Record<string, SqlValue>>(sql: string, ...parameters: SqlValue[]): Row[]
  /** The first row. */
  get<Row = Record<string, SqlValue>>(sql: string, ...parameters: SqlValue[]): Row | undefined
}

/** A running engine. */
export interface Engine {
  /** The engine's time; pin it by the command `PinClock`, not here. */
  readonly clock: EngineClock
  readonly query: EngineQuery
  /** The SQLite file (WAL) that `query` reads, for read-only connections of other threads; null when all is in memory. */
  readonly databaseFile: string | null
  /**
   * Carries out a command. Resolves after it is on disk.
   * @throws {CommandRejection} when the command was refused; it changed nothing
   */
  execute<C extends Command>(command: C): Promise<ResultOf<C>>
  /**
   * Waits until a job of one of `types` can be activated: `true`; `false` after `timeoutMs` of real time, on `signal`
   * or when the engine closes. Answers at once when there already is one.
   */
  waitForJobs(types: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<boolean>
  /** Finishes what was accepted, then closes the files. Later commands are refused with UNAVAILABLE. */
  close(): Promise<void>
}
