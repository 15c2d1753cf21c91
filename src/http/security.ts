import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { type Action, can, type Identity, type User } from '../identity/index.ts'
import { Problem } from './problem.ts'

/** Name of the session cookie. */
export const SESSION_COOKIE = 'session'

declare module 'express-session' {
  interface SessionData {
    /** Who signed in. */
    username: string
    /** Sent back by the pages with every change. */
    csrfToken: string
  }
}

declare global {
  namespace Express {
    interface Locals {
      /** The signed-in user, after `signedIn`. */
      user: User
    }
  }
}

/** Security headers: scripts only of our own, no outside host at all. bpmn-js and form-js need inline styles. */
export function securityHeaders({ https }: { https: boolean }): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    strictTransportSecurity: https,
    referrerPolicy: { policy: 'no-referrer' },
  })
}

/** Personal data stays in no cache, neither the browser's nor one between. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store')
  next()
}

/** Lets only signed-in, active users through; the user is read anew, so that a lost role counts at once. */
export function signedIn(identity: Pick<Identity, 'findUser'>): RequestHandler {
  return async (request, response, next) => {
    const username = request.session.username
    const user = username === undefined ? null : await identity.findUser(username)
    if (!user?.active) throw new Problem(401, '请先登录。')
    response.locals.user = user
    next()
  }
}

/** A new CSRF token. */
export function newCsrfToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Refuses a change whose `x-csrf-token` is not the session's: another site can send the cookie, but not read the token. */
export const csrfChecked: RequestHandler = (request, _response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') {
    next()
    return
  }
  const expected = Buffer.from(request.session.csrfToken ?? '')
  const given = Buffer.from(request.get('x-csrf-token') ?? '')
  if (expected.length === 0 || expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw new Problem(403, '页面已失效，请刷新后重新操作。')
  }
  next()
}

/** Slows down guessing of passwords from one address; the identity capability also watches each name. */
export function logInLimit(attemptsAMinute: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: attemptsAMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    handler: () => {
      throw new Problem(429, '登录尝试过于频繁，请一分钟后再试。')
    },
  })
}

/** @throws Problem 403 unless the user may do this */
export function demand(response: Response, action: Action, detail = '您的岗位没有此项权限。'): User {
  const { user } = response.locals
  if (!can(user, action)) throw new Problem(403, detail)
  return user
}
