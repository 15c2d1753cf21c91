import { Router } from 'express'
import { z } from 'zod'
import type { HttpDependencies } from '../dependencies.ts'
import { Problem, parse } from '../problem.ts'
import { demand } from '../security.ts'

const Move = z.object({ instant: z.iso.datetime({ offset: true, error: '时间应为带时区的 ISO 8601 格式' }) })

/** Moving the engine's clock in rehearsals: `/api/clock`, system administrators only, where the configuration allows it. */
export function clockRouter({ orchestration, audit, config }: HttpDependencies): Router {
  const router = Router()

  router.put('/clock', async (request, response) => {
    const user = demandClock(response)
    const { instant } = parse(Move, request.body)
    await orchestration.pinClock(new Date(instant))
    await audit.record({
      actor: user.username,
      action: 'clock.pin',
      subjectType: 'clock',
      subjectId: 'engine',
      detail: { instant },
    })
    response.status(204).end()
  })

  router.delete('/clock', async (_request, response) => {
    const user = demandClock(response)
    await orchestration.resetClock()
    await audit.record({ actor: user.username, action: 'clock.reset', subjectType: 'clock', subjectId: 'engine' })
    response.status(204).end()
  })

  function demandClock(response: Parameters<typeof demand>[0]) {
    const user = demand(response, 'clock.set')
    if (!config.allowClockControl) throw new Problem(403, '本系统没有开放时钟调整。')
    return user
  }

  return router
}
