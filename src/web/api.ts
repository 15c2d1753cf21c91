import { signal } from '@preact/signals'

/** What is wrong with one field of what was sent. */
export interface FieldError {
  field: string
  message: string
}

/** A refused or failed request, as problem details of the server say it. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly title: string
  readonly errors: FieldError[]
  constructor(status: number, title: string, detail: string, errors: FieldError[] = []) {
    super(detail)
    this.status = status
    this.title = title
    this.errors = errors
  }
}

/** Token of the session, sent with every change. */
export const csrfToken = signal<string | null>(null)

/** Called when the server says that nobody is signed in any more. */
export const signedOut: { handler: () => void } = { handler: () => {} }

export const get = <T>(address: string, abort?: AbortSignal): Promise<T> => request<T>('GET', address, undefined, abort)
export const post = <T>(address: string, body?: unknown): Promise<T> => request<T>('POST', address, body)
export const remove = <T>(address: string): Promise<T> => request<T>('DELETE', address)

/** A diagram or another text. */
export async function getText(address: string): Promise<string> {
  return (await send('GET', address)).text()
}

/** Sends a file as the form field `file`. */
export async function upload<T>(address: string, file: File): Promise<T> {
  const body = new FormData()
  body.set('file', file)
  return (await send('POST', address, body)).json() as Promise<T>
}

async function request<T>(method: string, address: string, body?: unknown, abort?: AbortSignal): Promise<T> {
  const response = await send(method, address, body === undefined ? undefined : JSON.stringify(body), abort)
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function send(method: string, address: string, body?: BodyInit, abort?: AbortSignal): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' })
  if (typeof body === 'string') headers.set('content-type', 'application/json')
  if (csrfToken.value !== null) headers.set('x-csrf-token', csrfToken.value)
  let response: Response
  try {
    response = await fetch(`/api${address}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body !== undefined && { body }),
      ...(abort && { signal: abort }),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, '无法连接', '无法连接服务器，请检查网络后再试。')
  }
  if (response.ok) return response
  const problem = (await response.json().catch(() => ({}))) as Partial<{
    title: string
    detail: string
    errors: FieldError[]
  }>
  if (response.status === 401 && address !== '/session') signedOut.handler()
  throw new ApiError(
    response.status,
    problem.title ?? '请求失败',
    problem.detail ?? '系统没有给出原因，请稍后再试。',
    problem.errors ?? [],
  )
}
