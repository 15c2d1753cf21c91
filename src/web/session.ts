import { signal } from '@preact/signals'
import { ApiError, csrfToken, get, post, remove, signedOut } from './api.ts'

/** Who is signed in, and what the pages offer him. */
export interface Session {
  user: { id: string; username: string; displayName: string; roles: string[]; roleNames: string[] }
  csrfToken: string
  court: string
  /** The court's time when the session was asked for, ISO-8601. */
  now: string
  allowed: {
    fileCase: boolean
    readRegister: boolean
    supervise: boolean
    resolveIncidents: boolean
    moveClock: boolean
  }
}

/** `undefined` until the server was asked; `null` when nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined)

signedOut.handler = () => use(null)

/** Asks the server who is signed in. */
export async function loadSession(): Promise<void> {
  try {
    use(await get<Session>('/session'))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    use(null)
  }
}

/** @throws ApiError with what the person may read */
export async function logIn(username: string, password: string): Promise<void> {
  use(await post<Session>('/session', { username, password }))
}

export async function logOut(): Promise<void> {
  try {
    await remove('/session')
  } finally {
    use(null)
  }
}

function use(next: Session | null): void {
  csrfToken.value = next?.csrfToken ?? null
  session.value = next
}
