/** Problem details for HTTP APIs, RFC 9457. `instance` is the path of the request that failed. */
interface ProblemDetail {
  type: string
  title: string
  status: number
  detail: string
  instance: string
}

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** An answer other than success. Thrown by handlers, written by the server as a problem detail. */
export class Problem extends Error {
  readonly status: number
  readonly title: string
  readonly headers: Record<string, string>

  /**
   * @param status HTTP status, 400 or above
   * @param detail one sentence that names the field, key or path and says what was expected
   * @param title the machine-readable kind; by default the reason phrase of the status
   * @param headers additional response headers (`allow`, `www-authenticate`)
   */
  constructor(status: number, detail: string, title?: string, headers: Record<string, string> = {}) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.title = title ?? REASONS[status] ?? 'Error'
    this.headers = headers
  }

  /** The body of the answer to the request for `instance` (a path without query). */
  toDetail(instance: string): ProblemDetail {
    return { type: 'about:blank', title: this.title, status: this.status, detail: this.message, instance }
  }
}

/** 400 for a request that is understood but carries a wrong value; Camunda's title for it is `INVALID_ARGUMENT`. */
export function invalidArgument(detail: string): Problem {
  return new Problem(400, detail, 'INVALID_ARGUMENT')
}

/** 404 for an entity that does not exist, e.g. `User Task with key '7' not found`. */
export function entityNotFound(entity: string, key: string | number | bigint, by = 'key'): Problem {
  return new Problem(404, `${entity} with ${by} '${key}' not found`, 'NOT_FOUND')
}
