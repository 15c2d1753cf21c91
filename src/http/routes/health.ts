import { Router } from 'express'
import type { HttpDependencies } from '../dependencies.ts'

/** `/healthz`: the process answers. `/readyz`: database and engine answer too. Neither tells anything else. */
export function healthRouter({ orchestration, pool }: HttpDependencies): Router {
  const router = Router()

  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' })
  })

  router.get('/readyz', async (_request, response) => {
    const [database, engine] = await Promise.all([
      answers(() => pool.query('SELECT 1')),
      answers(() => orchestration.ready()),
    ])
    response
      .status(database && engine ? 200 : 503)
      .json({ status: database && engine ? 'ok' : 'unavailable', database, engine })
  })

  return router
}

/** Not being reachable is an answer here, not a failure. */
async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await ask()) !== false
  } catch {
    return false
  }
}
