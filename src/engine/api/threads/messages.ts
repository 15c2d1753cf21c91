/** What the threads of the API tell each other. */

/** What a search thread is started with. */
export interface ThreadStart {
  /** The database file. */
  file: string
  /** One number: the task to give up. */
  giveUp: SharedArrayBuffer
}

/** A request for a search thread. */
export interface ThreadTask {
  /** 1, 2, 3, … in a pool. */
  id: number
  /** Index in the list of reading routes. */
  route: number
  params: Record<string, string>
  search: string
  contentType: string | undefined
  body: Uint8Array
  /** Milliseconds that are left for it. */
  timeLimit: number
}

/** What came of a task. */
export type ThreadResult = { id: number } & (
  | { response: { status: number; contentType: string; bytes: Uint8Array } | { status: 200 | 204 } }
  | { problem: { status: number; detail: string; title: string; headers: Record<string, string> } }
  | { fault: Error }
)
