import type { EngineQuery } from '../../index.ts'
import type { ApiResponse } from './response.ts'
import type { Method } from './router.ts'

/** A request as handlers that only read see it; everything in it can cross to another thread. */
export interface ReadRequest {
  /** The values of the route's `:names`. */
  params: Record<string, string>
  query: URLSearchParams
  contentType: string | undefined
  body: Buffer
}

/** Where a reading handler reads. */
export interface ReadQuery extends EngineQuery {
  /**
   * A condition that is always true, for every row that a long statement looks at: it ends the statement when nobody
   * waits for it any more, or its time is up. Absent where a statement cannot be ended.
   */
  readonly guard?: string
}

/**
 * A route that only reads. It may be served by another thread, with a connection of its own, so that the thread of the
 * commands does not wait for it: its handler must not know anything but its arguments.
 */
export interface ReadRoute {
  method: Method
  path: string
  read: (query: ReadQuery, request: ReadRequest) => ApiResponse
  /** Set when it reads a few rows by key: that costs less than to ask another thread. */
  quick?: true
}
