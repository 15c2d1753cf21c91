import { z } from 'zod'

const session = z.object({
  csrfToken: z.string(),
  user: z.object({ username: z.string(), roles: z.array(z.string()) }),
})

const problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
})

/** An answer of the application other than success; `message` holds what the person would read. */
class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** One person signed in to the web application, using the same routes as the pages do. */
export class ApiClient {
  private readonly url: string
  private readonly cookie: string
  private readonly csrfToken: string
  readonly username: string

  private constructor(url: string, cookie: string, csrfToken: string, username: string) {
    this.url = url
    this.cookie = cookie
    this.csrfToken = csrfToken
    this.username = username
  }

  /** @throws ApiError when the application refuses the log-in */
  static async signIn(url: string, username: string, password: string): Promise<ApiClient> {
    const response = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    })
    await refuse(response)
    const { csrfToken } = session.parse(await response.json())
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    return new ApiClient(url, cookie, csrfToken, username)
  }

  /** Asks for `path` and checks the answer. @throws ApiError */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    const response = await this.request('GET', path)
    return schema.parse(await response.json())
  }

  /** The bytes behind `path`. @throws ApiError */
  async download(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.request('GET', path)).arrayBuffer())
  }

  /** Sends a command and answers its JSON, null where there is none. @throws ApiError */
  async send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
    const response = await this.request(method, path, body)
    const text = await response.text()
    return text === '' ? null : JSON.parse(text)
  }

  private async request(method: string, path: string, body?: unknown): Promise<Response> {
    const form = body instanceof FormData
    const response = await fetch(this.url + path, {
      method,
      headers: {
        cookie: this.cookie,
        'x-csrf-token': this.csrfToken,
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
    await refuse(response)
    return response
  }
}

async function refuse(response: Response): Promise<void> {
  if (response.ok) return
  const text = await response.text()
  let detail = text
  try {
    const { title, detail: reason, errors } = problem.parse(JSON.parse(text))
    detail = [title, reason, ...(errors ?? []).map((error) => `${error.field}: ${error.message}`)]
      .filter(Boolean)
      .join('; ')
  } catch {
    // Not a problem detail (a proxy's page, say): its text says more than we could.
  }
  throw new ApiError(response.status, `${new URL(response.url).pathname}: ${response.status} ${detail}`)
}
