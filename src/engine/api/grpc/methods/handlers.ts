import type { Call, ServerStream } from '../call.ts'
import type { Requests, Responses } from '../messages.ts'

type StreamName = 'ActivateJobs' | 'StreamActivatedJobs'

/** What serves each method of the contract. */
export type Handlers = {
  readonly [Name in keyof Requests]: Name extends StreamName
    ? (request: Requests[Name], stream: ServerStream<Responses[Name]>) => Promise<void>
    : (request: Requests[Name], call: Call) => Promise<Responses[Name]>
}

/** The answer of methods that have nothing to tell. */
export const DONE = {}
