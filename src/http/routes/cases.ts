import { Router } from 'express'
import { z } from 'zod'
import type { FiledCase } from '../../cases/index.ts'
import { can } from '../../identity/index.ts'
import { caseStatuses } from '../../procedure/index.ts'
import { listScope, readableCase } from '../case-access.ts'
import { caseProcess } from '../case-process.ts'
import { deadlineState } from '../deadline-state.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { Problem, parse } from '../problem.ts'
import { demand } from '../security.ts'
import { volumeOf } from './dossier.ts'

const Query = z.object({
  q: z.string().trim().max(100, '查找内容过长').optional(),
  status: z.enum(caseStatuses, '没有此种状态').optional(),
  page: z.coerce.number('页码应为数字').int().min(1).max(10_000).default(1),
  size: z.coerce.number('每页条数应为数字').int().min(1).max(200).default(50),
})

/** Filing, the list of cases, and what the case page shows: `/api/cases`. */
export function casesRouter(dependencies: HttpDependencies): Router {
  const { cases, documents, supervision, orchestration, audit, clock, logger } = dependencies
  const router = Router()

  router.post('/cases', async (request, response) => {
    const user = demand(response, 'case.file', '只有立案人员可以立案。')
    const filed = await cases.file(request.body, user.username)
    const started = await start(filed)
    response.status(201).json({ caseId: filed.caseId, caseNumber: filed.caseNumber, started })
  })

  router.get('/cases', async (request, response) => {
    const { q, status, page, size } = parse(Query, request.query)
    const filter = {
      scope: await listScope(dependencies, response.locals.user),
      ...(q && { q }),
      ...(status && { status }),
    }
    response.json(await cases.list(filter, { page, size }))
  })

  router.get('/cases/:caseId', async (request, response) => {
    const { detail } = await readableCase(dependencies, request.params, response)
    await audit.record({
      actor: response.locals.user.username,
      action: 'case.read',
      subjectType: 'case',
      subjectId: detail.caseId,
    })
    response.json(detail)
  })

  router.get('/cases/:caseId/documents', async (request, response) => {
    const { caseId, subject } = await readableCase(dependencies, request.params, response)
    const issued = await documents.list(caseId)
    const { user } = response.locals
    const visible = issued.filter(({ kind }) => can(user, 'dossier.read', { ...subject, volume: volumeOf(kind) }))
    response.json({ items: visible })
  })

  router.get('/cases/:caseId/history', async (request, response) => {
    const { caseId } = await readableCase(dependencies, request.params, response)
    response.json({ items: await cases.history(caseId) })
  })

  router.get('/cases/:caseId/nodes', async (request, response) => {
    const { caseId } = await readableCase(dependencies, request.params, response)
    const entries = await supervision.nodeEntries(caseId)
    response.json({
      items: entries.map((entry) => ({
        ...entry,
        deadline: entry.finishedAt === null ? deadlineState(entry.dueAt, entry.remindAt, clock) : null,
      })),
    })
  })

  router.get('/cases/:caseId/process', async (request, response) => {
    const { caseId, detail } = await readableCase(dependencies, request.params, response)
    const { processInstanceKey } = detail
    if (processInstanceKey === null) throw new Problem(409, '流程尚未启动，请稍后再看。')
    const entries = await supervision.nodeEntries(caseId)
    response.json(await caseProcess(orchestration, processInstanceKey, entries, clock))
  })

  /** The case stands once it is registered; when the engine is away, it is told at the next start. */
  async function start(filed: FiledCase): Promise<boolean> {
    try {
      const { processInstanceKey } = await orchestration.correlateMessage({
        name: 'case.filed',
        correlationKey: filed.caseId,
        variables: { ...filed },
      })
      if (processInstanceKey !== null) await cases.markStarted(filed.caseId, processInstanceKey)
      return true
    } catch (error) {
      logger.error({ err: error, caseId: filed.caseId }, 'case filed, but its process could not be started yet')
      return false
    }
  }

  return router
}
