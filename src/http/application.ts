import path from 'node:path'
import connectPgSimple from 'connect-pg-simple'
import express, { type Application } from 'express'
import session from 'express-session'
import { pinoHttp } from 'pino-http'
import type { HttpDependencies } from './dependencies.ts'
import { problemHandler, unknownRoute } from './problem.ts'
import { casesRouter } from './routes/cases.ts'
import { clockRouter } from './routes/clock.ts'
import { dossierRouter } from './routes/dossier.ts'
import { healthRouter } from './routes/health.ts'
import { incidentsRouter } from './routes/incidents.ts'
import { processesRouter } from './routes/processes.ts'
import { registersRouter } from './routes/registers.ts'
import { sessionRouter } from './routes/session.ts'
import { supervisionRouter } from './routes/supervision.ts'
import { tasksRouter } from './routes/tasks.ts'
import { usersRouter } from './routes/users.ts'
import { csrfChecked, noStore, SESSION_COOKIE, securityHeaders, signedIn } from './security.ts'
import { pages } from './static-pages.ts'

const SESSION_IDLE_MS = 8 * 60 * 60_000

/**
 * The web application: the JSON interface under `/api`, health checks, and the pages. Every route under `/api` but the
 * log-in asks for a signed-in user, every change for the session's CSRF token; what a user may do is decided by the
 * identity capability's permissions. Failures are problem details (RFC 9457) in Chinese.
 */
export function createHttpApplication(dependencies: HttpDependencies): Application {
  const { config, logger, identity, pool } = dependencies
  const application = express()
  application.disable('x-powered-by')
  application.set('query parser', 'simple')
  if (config.secureCookie) application.set('trust proxy', 'loopback')

  application.use(pinoHttp({ logger, serializers: { req: requestLine }, autoLogging: { ignore: isQuiet } }))
  application.use(securityHeaders({ https: config.secureCookie }))
  application.use(noStore, healthRouter(dependencies))

  const Store = connectPgSimple(session)
  const api = express.Router()
  api.use(
    session({
      name: SESSION_COOKIE,
      secret: config.sessionSecret,
      store: new Store({
        pool,
        tableName: 'session',
        errorLog: (...reason) => logger.error({ reason }, 'session store'),
      }),
      resave: false,
      saveUninitialized: false,
      rolling: true,
      cookie: {
        httpOnly: true,
        sameSite: 'strict',
        secure: config.secureCookie,
        maxAge: SESSION_IDLE_MS,
        path: '/api',
      },
    }),
  )
  api.use(express.json({ limit: '1mb' }))
  api.use(sessionRouter(dependencies))
  api.use(signedIn(identity), csrfChecked)
  for (const router of [
    tasksRouter,
    casesRouter,
    dossierRouter,
    registersRouter,
    supervisionRouter,
    incidentsRouter,
    processesRouter,
    usersRouter,
    clockRouter,
  ]) {
    api.use(router(dependencies))
  }
  api.use(unknownRoute)
  application.use('/api', api)

  application.use(pages(config.webDirectory ?? path.join(import.meta.dirname, '../web/dist')))
  application.use(problemHandler(logger))
  return application
}

/** Addresses may hold what a user searched for: the log keeps the path alone. */
function requestLine(request: { method: string; url: string }): { method: string; path: string } {
  return { method: request.method, path: request.url.split('?')[0] ?? '' }
}

function isQuiet(request: { url?: string }): boolean {
  return request.url === '/healthz' || request.url === '/readyz' || request.url?.startsWith('/assets/') === true
}
