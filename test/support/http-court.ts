import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll } from 'vitest'
import { type Clock, createCourtCalendar } from '../../src/calendar/index.ts'
import { createCases } from '../../src/cases/index.ts'
import type { Database } from '../../src/database/index.ts'
import { demoUsers } from '../../src/demo/users.ts'
import { createDocuments } from '../../src/documents/store.ts'
import { createDossier } from '../../src/dossier/index.ts'
import { createHttpApplication, type HttpConfig, type HttpDependencies } from '../../src/http/index.ts'
import { createAudit, createIdentity } from '../../src/identity/index.ts'
import { createSupervision } from '../../src/supervision/index.ts'
import { openTestDatabase } from './database.ts'
import { FakeOrchestration } from './fake-orchestration.ts'
import { onePagePdf } from './pdf.ts'

const PASSWORD = 'court-password-1'

/** A person at a browser: keeps the session's cookie and token. */
class Visitor {
  readonly url: string
  cookie = ''
  csrfToken = ''
  constructor(url: string) {
    this.url = url
  }

  async logIn(username: string, password = PASSWORD): Promise<Response> {
    const response = await this.send('POST', '/api/session', { username, password })
    if (response.ok) this.csrfToken = ((await response.clone().json()) as { csrfToken: string }).csrfToken
    return response
  }

  get(path: string): Promise<Response> {
    return this.send('GET', path)
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const form = body instanceof FormData
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.cookie && { cookie: this.cookie }),
        ...(this.csrfToken && { 'x-csrf-token': this.csrfToken }),
        ...(body !== undefined && !form && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: form ? body : typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) this.cookie = line.split(';')[0] ?? ''
    return response
  }
}

/** The web application with the court's people on a real database; the engine is the fake. */
export interface HttpCourt {
  url: string
  engine: FakeOrchestration
  database: Database
  cases: ReturnType<typeof createCases>
  dossier: ReturnType<typeof createDossier>
  documents: ReturnType<typeof createDocuments>
  dependencies: HttpDependencies
  /** Moved by setting it. */
  clock: Clock & { moment: Date }
  password: string
  visitor(): Visitor
  /** Somebody signed in. */
  as(username: string): Promise<Visitor>
}

/** Starts it on a port of its own; it ends with the test file. */
export async function startHttpCourt(config: Partial<HttpConfig> = {}): Promise<HttpCourt> {
  const database = await openTestDatabase()
  const { prisma, pool } = database
  const engine = new FakeOrchestration()
  const clock = { moment: new Date('2026-03-02T09:30:00+08:00'), now: () => clock.moment }
  const audit = createAudit({ prisma, clock })
  const identity = createIdentity({ prisma, clock })
  for (const user of demoUsers) await identity.createUser({ ...user, password: PASSWORD })
  const court = { name: '测试县人民法院', code: '豫0922' }
  const cases = createCases({ prisma, clock, audit, court })
  const dossier = createDossier({ prisma, clock })
  const supervision = createSupervision({
    prisma,
    clock,
    calendar: createCourtCalendar(),
    evaluateDecision: () => engine.evaluateDecision(),
  })
  const pdf = await onePagePdf()
  const renderer = {
    render: async () => ({ pdf, pages: 1, html: '' }),
    renderHtml: async () => '',
    close: async () => {},
  }
  const documents = createDocuments({ prisma, clock, renderer: renderer as never })
  const dependencies: HttpDependencies = {
    orchestration: engine,
    identity,
    cases,
    documents,
    dossier,
    supervision,
    audit,
    clock,
    logger: pino({ level: 'silent' }),
    pool,
    config: {
      sessionSecret: 'a secret of the tests that is long enough',
      secureCookie: false,
      allowClockControl: true,
      courtName: court.name,
      webDirectory: join(import.meta.dirname, '../../src/web/dist'),
      ...config,
    },
  }
  const server = await listen(createHttpApplication(dependencies))
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  )
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sessions = new Map<string, Promise<Visitor>>()
  return {
    url,
    engine,
    database,
    cases,
    dossier,
    documents,
    dependencies,
    clock,
    password: PASSWORD,
    visitor: () => new Visitor(url),
    as(username) {
      const session = sessions.get(username) ?? signIn(url, username)
      sessions.set(username, session)
      return session
    },
  }
}

async function signIn(url: string, username: string): Promise<Visitor> {
  const visitor = new Visitor(url)
  const response = await visitor.logIn(username)
  if (!response.ok) throw new Error(`${username} cannot sign in: ${response.status}`)
  return visitor
}

function listen(application: ReturnType<typeof createHttpApplication>): Promise<Server> {
  return new Promise((resolve) => {
    const server = application.listen(0, '127.0.0.1', () => resolve(server))
  })
}
