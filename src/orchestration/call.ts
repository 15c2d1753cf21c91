import { OrchestrationError } from './orchestration.ts'

/** Runs a call of the SDK and turns whatever it throws into one kind of error that carries the engine's reason. @throws OrchestrationError */
export async function call<T>(operation: string, run: () => PromiseLike<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const fault = error as {
      status?: number
      detail?: string
      title?: string
      message?: string
      response?: { status?: number }
    }
    const status = fault.status ?? fault.response?.status ?? 503
    throw new OrchestrationError(
      status,
      `${operation}: ${fault.detail ?? fault.message ?? fault.title ?? String(error)}`,
      { cause: error },
    )
  }
}
