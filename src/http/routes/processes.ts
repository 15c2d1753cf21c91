import { Router } from 'express'
import { z } from 'zod'
import type { HttpDependencies } from '../dependencies.ts'
import { parse } from '../problem.ts'

const Key = z.object({ key: z.string().regex(/^\d{1,20}$/, '流程定义的编号应为数字') })

/** Deployed diagrams: `/api/processes` and each diagram's XML. The procedure itself is no secret within the court. */
export function processesRouter({ orchestration }: HttpDependencies): Router {
  const router = Router()

  router.get('/processes', async (_request, response) => {
    const definitions = await orchestration.searchProcessDefinitions(true)
    response.json({ items: definitions.toSorted((a, b) => a.processDefinitionId.localeCompare(b.processDefinitionId)) })
  })

  router.get('/processes/:key/xml', async (request, response) => {
    const { key } = parse(Key, request.params)
    response.type('application/xml').send(await orchestration.getProcessDefinitionXml(key))
  })

  return router
}
