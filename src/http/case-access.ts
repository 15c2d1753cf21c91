import type { Response } from 'express'
import { z } from 'zod'
import type { CaseDetail, CaseListScope } from '../cases/index.ts'
import { type CaseSubject, can, caseScope, type User } from '../identity/index.ts'
import type { HttpDependencies } from './dependencies.ts'
import { Problem, parse } from './problem.ts'

const CaseId = z.object({ caseId: z.uuid('案件标识无效') })

const MOST_TASKS = 1_000

/** A case that the user may see; `subject` is what further permissions on it ask. */
export interface ReadableCase {
  caseId: string
  detail: CaseDetail
  subject: CaseSubject
}

/** The case of the address. @throws Problem 404 where there is none, or none that the user may see */
export async function readableCase(
  dependencies: Pick<HttpDependencies, 'cases' | 'orchestration'>,
  params: unknown,
  response: Response,
): Promise<ReadableCase> {
  const { caseId } = parse(CaseId, params)
  const detail = await dependencies.cases.get(caseId)
  const subject = await caseSubject(dependencies, detail)
  if (!can(response.locals.user, 'case.read', subject)) throw new Problem(404, '没有此案件，或者您无权查看。')
  return { caseId, detail, subject }
}

/** A case with its open tasks: who handles one may read the case meanwhile (Art. 19). */
export async function caseSubject(
  { orchestration }: Pick<HttpDependencies, 'orchestration'>,
  detail: CaseDetail,
): Promise<CaseSubject> {
  const { items } = await orchestration.searchUserTasks(
    { state: 'CREATED', caseId: detail.caseId },
    { from: 0, limit: MOST_TASKS },
  )
  return { ...detail, openTasks: items }
}

/** The cases that a user's list shows: those of his position, and those in which he has, or may take, an open task. */
export async function listScope(
  { orchestration }: Pick<HttpDependencies, 'orchestration'>,
  user: User,
): Promise<CaseListScope> {
  const scope = caseScope(user)
  if (scope.all) return scope
  const page = { from: 0, limit: MOST_TASKS }
  const [mine, groups] = await Promise.all([
    orchestration.searchUserTasks({ state: 'CREATED', assignee: user.username }, page),
    user.roles.length === 0
      ? { items: [] }
      : orchestration.searchUserTasks({ state: 'CREATED', unassigned: true, candidateGroups: user.roles }, page),
  ])
  const caseIds = [...mine.items, ...groups.items].map(({ caseId }) => caseId).filter((caseId) => caseId !== null)
  return { ...scope, caseIds: [...new Set(caseIds)] }
}
