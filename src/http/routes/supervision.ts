import { Router } from 'express'
import { isNode, isRole, nodes, roleName } from '../../procedure/index.ts'
import { deadlineState } from '../deadline-state.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { demand } from '../security.ts'

/** Overdue nodes of all cases, for those who supervise: `/api/supervision/overdue`. */
export function supervisionRouter({ supervision, cases, clock }: HttpDependencies): Router {
  const router = Router()

  router.get('/supervision/overdue', async (_request, response) => {
    demand(response, 'supervision.read', '您的岗位没有督办权限。')
    const entries = await supervision.overdue()
    const caseIds = [...new Set(entries.map(({ caseId }) => caseId))].slice(0, 200)
    const { items } =
      caseIds.length === 0
        ? { items: [] }
        : await cases.list({ scope: { all: false, teams: [], handler: '', caseIds } }, { size: 200 })
    const summaries = new Map(items.map((summary) => [summary.caseId, summary]))
    response.json({
      items: entries.map((entry) => ({
        entryId: entry.entryId,
        caseId: entry.caseId,
        caseNumber: summaries.get(entry.caseId)?.caseNumber ?? null,
        team: summaries.get(entry.caseId)?.team ?? null,
        handlingJudge: summaries.get(entry.caseId)?.handlingJudge ?? null,
        node: entry.node,
        nodeName: isNode(entry.node) ? nodes[entry.node].name : entry.node,
        kind: entry.kind,
        handlerRole: entry.handlerRole,
        handlerRoleName:
          entry.handlerRole && isRole(entry.handlerRole) ? roleName(entry.handlerRole) : entry.handlerRole,
        runsFrom: entry.runsFrom,
        dueAt: entry.dueAt,
        explanation: entry.explanation,
        escalations: entry.escalations.map(({ role, ...rest }) => ({
          ...rest,
          role,
          roleName: isRole(role) ? roleName(role) : role,
        })),
        dueDateChanges: entry.dueDateChanges,
        deadline: deadlineState(entry.dueAt, entry.remindAt, clock),
      })),
    })
  })

  return router
}
