import { promisify } from 'node:util'
import { type Request, Router } from 'express'
import { z } from 'zod'
import { can, type User } from '../../identity/index.ts'
import { roleName } from '../../procedure/index.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { Problem, parse } from '../problem.ts'
import { csrfChecked, logInLimit, newCsrfToken, SESSION_COOKIE, signedIn } from '../security.ts'

const LogIn = z.object({
  username: z.string('请填写用户名').trim().min(1, '请填写用户名').max(64, '用户名过长'),
  password: z.string('请填写密码').min(1, '请填写密码').max(256, '密码过长'),
})

/** Log-in, the signed-in user, log-out: `/api/session`. */
export function sessionRouter({ identity, audit, clock, config }: HttpDependencies): Router {
  const router = Router()

  router.post('/session', logInLimit(config.logInAttemptsPerMinute ?? 20), async (request, response) => {
    const { username, password } = parse(LogIn, request.body)
    const result = await identity.authenticate(username, password)
    if (!result.ok) {
      await audit.record({ actor: username, action: 'session.refused', subjectType: 'user', subjectId: username })
      throw result.reason === 'locked'
        ? new Problem(429, '登录失败次数过多，请稍后再试。')
        : new Problem(401, '用户名或者密码不正确。')
    }
    // A session id from before the log-in may be known to somebody else.
    await promisify(request.session.regenerate.bind(request.session))()
    request.session.username = result.user.username
    request.session.csrfToken = newCsrfToken()
    await promisify(request.session.save.bind(request.session))()
    await audit.record({ actor: username, action: 'session.open', subjectType: 'user', subjectId: username })
    response.json(sessionAnswer(request, result.user))
  })

  router.get('/session', signedIn(identity), (request, response) => {
    response.json(sessionAnswer(request, response.locals.user))
  })

  router.delete('/session', signedIn(identity), csrfChecked, async (request, response) => {
    const { username } = response.locals.user
    await promisify(request.session.destroy.bind(request.session))()
    await audit.record({ actor: username, action: 'session.close', subjectType: 'user', subjectId: username })
    response.clearCookie(SESSION_COOKIE, { path: '/api' }).status(204).end()
  })

  function sessionAnswer(request: Request, user: User) {
    return {
      user: {
        id: user.id,
        username: user.username,
        displayName: user.displayName,
        roles: user.roles,
        roleNames: user.roles.map(roleName),
      },
      csrfToken: request.session.csrfToken,
      court: config.courtName,
      // The court's time, which rehearsals move.
      now: clock.now().toISOString(),
      // What the pages offer; each route decides for itself.
      allowed: {
        fileCase: can(user, 'case.file'),
        readRegister: can(user, 'register.read'),
        supervise: can(user, 'supervision.read'),
        resolveIncidents: can(user, 'incident.resolve'),
        moveClock: config.allowClockControl && can(user, 'clock.set'),
      },
    }
  }

  return router
}
