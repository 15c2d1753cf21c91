/**
 * The seam to Camunda 8: one client, one deployment, one worker runtime, whichever engine runs.
 *
 * ```ts
 * const camunda = connectCamunda(connection)
 * const orchestration = createOrchestration(camunda, connection.transport)
 * await orchestration.deploy(await readResources(root))
 * const runtime = startWorkers({ camunda, transport: connection.transport, workers, onFailure })
 * ```
 */
export { type CamundaConnection, connectCamunda } from './camunda.ts'
export { createOrchestration } from './client.ts'
export { type EmbeddedEngine, startEmbeddedEngine } from './embedded.ts'
export * from './orchestration.ts'
export { type Resource, readResources } from './resources.ts'
export type { AnyWorker, JobContext } from './worker.ts'
export { runJob, startWorkers, type WorkerRuntime, type WorkerRuntimeOptions } from './worker-runtime.ts'
