import { Router } from 'express'
import { z } from 'zod'
import { isRole } from '../../procedure/index.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { parse } from '../problem.ts'

const Query = z.object({ role: z.string().refine(isRole, '没有此角色') })

/** `/api/users?role=`: who holds a role, for the pickers of forms. Names only. */
export function usersRouter({ identity }: HttpDependencies): Router {
  const router = Router()
  router.get('/users', async (request, response) => {
    const { role } = parse(Query, request.query)
    const users = await identity.usersWithRole(role)
    response.json({ items: users.map(({ username, displayName }) => ({ username, displayName })) })
  })
  return router
}
