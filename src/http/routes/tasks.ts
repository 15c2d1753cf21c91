import { type Response, Router } from 'express'
import { z } from 'zod'
import { can, type User } from '../../identity/index.ts'
import {
  type JsonValue,
  OrchestrationError,
  type UserTask,
  type UserTaskFilter,
} from '../../orchestration/orchestration.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { validateSubmission } from '../form-validation.ts'
import { Problem, parse } from '../problem.ts'
import { personsExcluded } from '../separation-of-duty.ts'
import { createTaskDrafts } from '../task-drafts.ts'
import { createTaskViews } from '../task-views.ts'
import { checkWidgets } from '../task-widgets.ts'

const Query = z
  .object({
    scope: z.enum(['mine', 'groups', 'supervision', 'done', 'case'], '没有此种任务列表'),
    caseId: z.uuid('案件标识无效').optional(),
    q: z.string().trim().max(100, '查找内容过长').optional(),
    page: z.coerce.number('页码应为数字').int().min(1).max(1_000).default(1),
    size: z.coerce.number('每页条数应为数字').int().min(1).max(200).default(50),
  })
  .refine(({ scope, caseId }) => scope !== 'case' || caseId !== undefined, { path: ['caseId'], message: '请指明案件' })

const TaskKey = z.object({ taskKey: z.string().regex(/^\d{1,20}$/, '任务编号应为数字') })

const Answers = z.object({ variables: z.record(z.string(), z.json(), '请提交表单内容') })

/** Most tasks that one list looks through; a person has far fewer. */
const SEARCH_LIMIT = 1_000

/** Lists, claims, fills and completes user tasks: `/api/tasks`. A task shows only to those who may see it. */
export function tasksRouter(dependencies: HttpDependencies): Router {
  const { orchestration, audit, pool, clock } = dependencies
  const views = createTaskViews(dependencies)
  const drafts = createTaskDrafts(pool, clock)
  const router = Router()

  router.get('/tasks', async (request, response) => {
    const { scope, caseId, q, page, size } = parse(Query, request.query)
    const { user } = response.locals
    const filter = { ...listFilter(scope, user), ...(caseId !== undefined && { caseId }) }
    // The engine answers oldest first; of what is done the latest is wanted.
    const done = scope === 'done' ? (await orchestration.searchUserTasks(filter, { from: 0, limit: 1 })).total : 0
    const found = await orchestration.searchUserTasks(filter, {
      from: Math.max(0, done - SEARCH_LIMIT),
      limit: SEARCH_LIMIT,
    })
    const visible = found.items.filter((task) => can(user, 'task.read', task))
    const items = (await views.list(visible)).filter((item) => q === undefined || q === '' || views.matches(item, q))
    const sorted = scope === 'done' ? items.toSorted(byCompletion) : items.toSorted(byDueDate)
    response.json({ items: sorted.slice((page - 1) * size, page * size), total: items.length })
  })

  router.get('/tasks/:taskKey', async (request, response) => {
    const task = await readable(request.params, response.locals.user)
    const [form, variables, draft, [view], summary, excluded] = await Promise.all([
      orchestration.getUserTaskForm(task.taskKey),
      orchestration.getUserTaskVariables(task.taskKey),
      drafts.find(task.taskKey, response.locals.user.username),
      views.list([task]),
      views.caseOf(task),
      personsExcluded(orchestration, task),
    ])
    response.json({
      ...view,
      formId: form?.formId ?? null,
      schema: form?.schema ?? null,
      variables,
      draft,
      case: summary,
      allowed: allowedActions(task, response.locals.user, excluded),
    })
  })

  router.post('/tasks/:taskKey/claim', async (request, response) => {
    const { user } = response.locals
    const task = await open(request.params, user)
    if (task.assignee === user.username) {
      response.status(204).end()
      return
    }
    if (task.assignee !== null) throw new Problem(409, `此任务已由${await nameOf(task.assignee)}签收。`)
    const excluded = await personsExcluded(orchestration, task)
    if (excluded.includes(user.username)) throw new Problem(403, OWN_WORK)
    if (!can(user, 'task.claim', task)) throw new Problem(403, '此任务不属于您的岗位，不能签收。')
    await orConflict('此任务刚刚由他人签收。', () => orchestration.assignUserTask(task.taskKey, user.username))
    await record(response, task, 'task.claim')
    response.status(204).end()
  })

  router.post('/tasks/:taskKey/release', async (request, response) => {
    const { user } = response.locals
    const task = await open(request.params, user)
    demandAssignee(task, user)
    if (!can(user, 'task.release', task)) throw new Problem(409, '此任务由案件指定您办理，不能退回。')
    await orConflict('此任务已经办结。', () => orchestration.unassignUserTask(task.taskKey))
    await record(response, task, 'task.release')
    response.status(204).end()
  })

  router.put('/tasks/:taskKey/draft', saveDraft)
  router.post('/tasks/:taskKey/draft', saveDraft)

  async function saveDraft(request: { params: unknown; body: unknown }, response: Response): Promise<void> {
    const { user } = response.locals
    const task = await open(request.params, user)
    demandAssignee(task, user)
    const { variables } = parse(Answers, request.body)
    await drafts.save(task.taskKey, user.username, variables)
    response.status(204).end()
  }

  router.post('/tasks/:taskKey/complete', async (request, response) => {
    const { user } = response.locals
    const task = await open(request.params, user)
    demandAssignee(task, user)
    const excluded = await personsExcluded(orchestration, task)
    if (!can(user, 'task.complete', { ...task, excluded })) throw new Problem(403, OWN_WORK)
    const { variables: submitted } = parse(Answers, request.body)
    const [form, context] = await Promise.all([
      orchestration.getUserTaskForm(task.taskKey),
      orchestration.getUserTaskVariables(task.taskKey),
    ])
    const submission = await validateSubmission(form?.schema ?? EMPTY_FORM, context, submitted)
    if (!submission.ok) throw new Problem(422, '请改正标出的内容后再提交。', submission.errors)
    const errors = await checkWidgets(dependencies, task, context, submission.fields)
    if (errors.length > 0) throw new Problem(422, '请改正标出的内容后再提交。', errors)
    const variables = signed(z.record(z.string(), z.json()).parse(submission.variables), user)
    await orConflict('此任务已经由他人办结。', () => orchestration.completeUserTask(task.taskKey, variables))
    await drafts.remove(task.taskKey)
    await record(response, task, 'task.complete')
    response.status(204).end()
  })

  /** @throws Problem 404 also where the task exists but is not the user's to see */
  async function readable(params: unknown, user: User): Promise<UserTask> {
    const { taskKey } = parse(TaskKey, params)
    const task = await orNotFound(() => orchestration.getUserTask(taskKey))
    if (!can(user, 'task.read', task)) throw notFound()
    return task
  }

  async function open(params: unknown, user: User): Promise<UserTask> {
    const task = await readable(params, user)
    if (task.state !== 'CREATED') throw new Problem(409, '此任务已经办结或者撤销。')
    return task
  }

  async function nameOf(username: string): Promise<string> {
    return (await dependencies.identity.findUser(username))?.displayName ?? '他人'
  }

  async function record(response: Response, task: UserTask, action: string): Promise<void> {
    await audit.record({
      actor: response.locals.user.username,
      action,
      subjectType: task.caseId === null ? 'task' : 'case',
      subjectId: task.caseId ?? task.taskKey,
      detail: { taskKey: task.taskKey, elementId: task.elementId, name: task.name },
    })
  }

  return router
}

/** Notes in each submitted object who submitted it: documents and registers name the person, not the office. */
function signed(variables: Record<string, JsonValue>, { username }: User): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? { ...value, completedBy: username }
        : value,
    ]),
  )
}

const OWN_WORK = '审核、审批不能由拟办人本人办理，请由其他人员办理。'
const EMPTY_FORM = { type: 'default', components: [] }

function listFilter(scope: z.output<typeof Query>['scope'], user: User): UserTaskFilter {
  switch (scope) {
    case 'mine':
      return { state: 'CREATED', assignee: user.username }
    case 'groups':
      return { state: 'CREATED', unassigned: true, candidateGroups: user.roles }
    case 'done':
      return { state: 'COMPLETED', assignee: user.username }
    // Of one case: each task that the user may see, as `task.read` decides below.
    case 'case':
      return { state: 'CREATED' }
    case 'supervision':
      if (!can(user, 'supervision.read')) throw new Problem(403, '您的岗位没有督办权限。')
      return { state: 'CREATED' }
  }
}

function allowedActions(task: UserTask, user: User, excluded: string[]) {
  const subject = { ...task, excluded }
  const open = task.state === 'CREATED'
  return {
    claim: open && can(user, 'task.claim', subject),
    release: open && can(user, 'task.release', subject),
    complete: open && can(user, 'task.complete', subject),
  }
}

function demandAssignee(task: UserTask, user: User): void {
  if (task.assignee === user.username) return
  throw new Problem(409, task.assignee === null ? '请先签收此任务。' : '此任务由他人办理。')
}

const notFound = () => new Problem(404, '没有此任务，或者不属于您的岗位。')

async function orNotFound<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof OrchestrationError && error.status === 404) throw notFound()
    throw error
  }
}

/** The engine refuses what somebody else did a moment before: 404 where the task is gone, 409 where it changed. */
async function orConflict(detail: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (error instanceof OrchestrationError && (error.status === 404 || error.status === 409))
      throw new Problem(409, detail)
    throw error
  }
}

interface Dated {
  dueAt: string | null
  createdAt: string
  completedAt: string | null
}

function byDueDate(a: Dated, b: Dated): number {
  return moment(a.dueAt) - moment(b.dueAt) || moment(a.createdAt) - moment(b.createdAt)
}

function byCompletion(a: Dated, b: Dated): number {
  return moment(b.completedAt) - moment(a.completedAt)
}

/** Work without a date comes last. */
function moment(time: string | null): number {
  return time === null ? Number.MAX_SAFE_INTEGER : Date.parse(time)
}
