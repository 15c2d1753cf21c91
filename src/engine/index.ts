/**
 * Embedded process engine that behaves like Camunda 8: commands in, durable rows out.
 *
 *     const engine = await openEngine({ directory: 'data/engine' })
 *     await engine.execute({ type: 'DeployResources', resources: [{ name: 'a.bpmn', content: xml }] })
 *     await engine.execute({ type: 'CreateProcessInstance', processDefinitionId: 'a', variables: { amount: 3 } })
 */
import type { Engine, EngineOptions } from './protocol/engine.ts'
import { startEngine } from './runtime/engine.ts'

export * from './protocol/batch-operations.ts'
export * from './protocol/commands.ts'
export type { Engine, EngineClock, EngineOptions, EngineQuery, SqlValue } from './protocol/engine.ts'
export * from './protocol/job-result.ts'
export * from './protocol/operations.ts'
export { CommandRejection, type RejectionType } from './protocol/rejections.ts'
export * from './protocol/results.ts'
export * from './protocol/values.ts'
export { createEngineClock } from './runtime/clock.ts'

/**
 * Opens (or creates) an engine.
 * @throws {Error} when another process has the directory open, it cannot be written, or its tables are of a newer version
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  return startEngine(options)
}
