import { createHash, timingSafeEqual } from 'node:crypto'
import { Problem } from './problem.ts'

/** The one account that may use the API. */
export interface Credentials {
  user: string
  password: string
}

const UNAUTHENTICATED_HEADERS = { 'www-authenticate': 'Basic realm="orchestration cluster", charset="UTF-8"' }

/**
 * Returns a check of the `authorization` header against HTTP Basic credentials (RFC 7617).
 * The check returns Problem 401 for anything but exactly these credentials; it takes the same time for every wrong one,
 * because fixed-length digests are compared.
 */
export function basicAuthentication(
  credentials: Credentials,
): (authorization: string | undefined) => Problem | undefined {
  const expected = digest(`${credentials.user}:${credentials.password}`)
  return (authorization) => {
    const encoded = /^basic +([a-z0-9+/=]+) *$/i.exec(authorization ?? '')?.[1]
    const given = digest(encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8'))
    if (!timingSafeEqual(given, expected) || encoded === undefined) {
      return new Problem(
        401,
        'An Authentication object was not found in the request: send HTTP Basic credentials that are valid here.',
        undefined,
        UNAUTHENTICATED_HEADERS,
      )
    }
    return undefined
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
