import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { Clock } from '../calendar/index.ts'
import type { Cases } from '../cases/index.ts'
import type { Documents } from '../documents/store.ts'
import type { Dossiers } from '../dossier/index.ts'
import type { AuditTrail, Identity } from '../identity/index.ts'
import type { Orchestration } from '../orchestration/orchestration.ts'
import type { Supervision } from '../supervision/index.ts'

export interface HttpConfig {
  /** Signs session cookies; at least 32 characters. */
  sessionSecret: string
  /** Sends the cookie over https only; true wherever the court's pages are served by https. */
  secureCookie: boolean
  /** Whether a system administrator may move the clock (rehearsals and training). */
  allowClockControl: boolean
  /** Name of the court, shown on every page. */
  courtName: string
  /** Failed log-ins from one address in a minute before it is refused; 20 unless given. */
  logInAttemptsPerMinute?: number
  /** Folder with the built pages; the one beside the source unless given. */
  webDirectory?: string
}

/** What the web application needs of the rest of the product; `main.ts` and tests hand it in. */
export interface HttpDependencies {
  orchestration: Orchestration
  identity: Pick<Identity, 'authenticate' | 'findUser' | 'usersWithRole' | 'listUsers'>
  cases: Pick<Cases, 'file' | 'markStarted' | 'get' | 'list' | 'history' | 'receptionRegister'>
  documents: Pick<Documents, 'list' | 'read'>
  dossier: Pick<Dossiers, 'catalogue' | 'entries' | 'read' | 'verify' | 'storeUpload'>
  supervision: Pick<Supervision, 'nodeEntries' | 'overdue'>
  audit: AuditTrail
  clock: Clock
  config: HttpConfig
  logger: Logger
  /** For the session store and drafts. */
  pool: Pool
}
