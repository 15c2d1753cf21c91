/**
 * Embedded process engine that behaves like Camunda 8: commands in, durable rows out.
 *
 *     const engine = await openEngine({ directory: 'data/engine' })
 *     await engine.execute({ type: 'DeployResources', resources: [{ name: 'a.bpmn', content: xml }] })
 *     await engine.execute({ type: 'CreateProcessInstance', processDefinitionId: 'a', variables: { amount: 3 } })
 */
import type { Command } from './protocol/commands.ts'
import type { ResultOf } from './protocol/results.ts'
import type { EngineClock } from './runtime/clock.ts'
import { startEngine } from './runtime/engine.ts'

export * from './protocol/commands.ts'
export { CommandRejection, type RejectionType } from './protocol/rejections.ts'
export * from './protocol/results.ts'
export * from './protocol/values.ts'
export { createEngineClock, type EngineClock } from './runtime/clock.ts'

/** How to open an engine. */
export interface EngineOptions {
  /** Folder of the data, made when missing; `null` keeps everything in memory (tests). */
  readonly directory: string | null
  /** Default: a new clock that runs with the machine's. A clock pinned by command is pinned again at opening. */
  readonly clock?: EngineClock
  /** IANA zone for cron cycles and for calendar arithmetic of durations. Default: the machine's zone. */
  readonly timeZone?: string
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

/**
 * Opens (or creates) an engine.
 * @throws {Error} when another process has the directory open, it cannot be written, or its tables are of a newer version
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  return startEngine(options)
}
