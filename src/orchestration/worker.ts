import type { z } from 'zod'

/** The engine's facts about a job that a worker may need besides its variables. */
export interface JobContext {
  jobKey: string
  jobType: string
  processInstanceKey: string
  processDefinitionId: string
  elementId: string
  elementInstanceKey: string
}

/** A job worker: one job type, checked input and output, and the work itself. */
export interface WorkerDefinition<Input extends z.ZodType, Output extends z.ZodType> {
  type: string
  /** Only these variables are fetched from the engine. */
  input: Input
  output: Output
  run(input: z.output<Input>, job: JobContext): Promise<z.input<Output>>
}

/** A worker of any input and output, as the runtime holds them together. */
export type AnyWorker = WorkerDefinition<z.ZodType, z.ZodType>

/** Types `run` by the schemas; delivery is at least once, so `run` is idempotent by case and element instance. */
export function defineWorker<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: WorkerDefinition<Input, Output>,
): AnyWorker {
  return definition as unknown as AnyWorker
}

/** Ends the job with a BPMN error that the diagram catches. */
export class BpmnError extends Error {
  override name = 'BpmnError'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** A passing failure (database away, browser restarting): the job is tried again after `backOffMs`. */
export class RetryableFailure extends Error {
  override name = 'RetryableFailure'
  readonly backOffMs: number
  constructor(message: string, backOffMs = 5_000, options?: ErrorOptions) {
    super(message, options)
    this.backOffMs = backOffMs
  }
}
