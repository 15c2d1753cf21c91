import { Router } from 'express'
import { z } from 'zod'
import { isRole } from '../../procedure/index.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { parse } from '../problem.ts'

const Query = z.object({ role: z.string().refine(isRole, '没有此角色').optional() })

/** `/api/users?role=`: who holds a role, for the pickers of forms; without a role everybody, to show names. Names only. */
export function usersRouter({ identity }: HttpDependencies): Router {
  const router = Router()
  router.get('/users', async (request, response) => {
    const { role } = parse(Query, request.query)
    const users = role === undefined ? await identity.listUsers() : await identity.usersWithRole(role)
    response.json({ items: users.map(({ username, displayName }) => ({ username, displayName })) })
  })
  return router
}
