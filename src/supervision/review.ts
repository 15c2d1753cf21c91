import { formatInstant } from '../calendar/index.ts'
import type { Prisma } from '../database/index.ts'
import { type Review, type ReviewAction, type SupervisionEnvironment, SupervisionError } from './types.ts'

const withChanges = { dueDateChanges: { orderBy: { decidedAt: 'asc' } } } as const satisfies Prisma.NodeEntryInclude

type Entry = Prisma.NodeEntryGetPayload<{ include: typeof withChanges }>

/**
 * Says what a fired timer of a node means now, and takes ownership of its escalation where there is one. An entry counts as due
 * from the instant `dueAt` on, since that is when its timer fires; work finished at that very instant is still in time.
 */
export async function reviewNode(
  environment: SupervisionEnvironment,
  request: { caseId: string; node: string; processInstanceKey: string },
): Promise<Review> {
  const { clock } = environment
  const now = clock.now()
  const entries = await entriesToReview(environment, request)
  const open = entries.filter((entry) => entry.finishedAt === null && entry.kind !== 'earliest')
  if (open.length === 0) return answer('finished', entries[0]!)

  const due = open.filter((entry) => entry.dueAt <= now)
  await recordOverdue(environment, due, now)
  const escalating = due.find((entry) => entry.kind === 'hard')
  if (escalating !== undefined) {
    const owned = await takeOwnership(environment, escalating.id, request.processInstanceKey)
    if (owned) await closePassedRungs(environment, request.processInstanceKey, now)
    return answer(owned ? 'escalate' : 'finished', escalating)
  }
  const coming = open.find((entry) => entry.dueAt > now)
  if (coming === undefined) return answer('record', due[0]!)
  // Before the date that the due timer was set for, only the reminder's timer can have fired.
  const timerStillAhead = entries.every((entry) => firstDueAt(entry) > now)
  return answer(timerStillAhead ? 'remind' : 'wait', coming)
}

/**
 * The entries of one activity, earliest date first: the one whose escalation the asking process owns, else the latest activity at
 * that node (a loop enters a node again; an earlier visit is finished or was cancelled).
 */
async function entriesToReview(
  { prisma }: SupervisionEnvironment,
  request: { caseId: string; node: string; processInstanceKey: string },
): Promise<Entry[]> {
  const { caseId, node } = request
  const owned = await prisma.nodeEntry.findFirst({ where: { caseId, node, supervisedBy: request.processInstanceKey } })
  const chosen =
    owned ??
    (await prisma.nodeEntry.findFirst({
      where: { caseId, node },
      orderBy: [{ startedAt: 'desc' }, { finishedAt: { sort: 'desc', nulls: 'first' } }],
    }))
  if (chosen === null) {
    throw new SupervisionError(
      'unknown-node',
      `案件 ${caseId} 的节点 ${node} 没有期限登记：请核对督办调用活动的 node 与该元素的 node`,
    )
  }
  return prisma.nodeEntry.findMany({
    where: { elementInstanceKey: chosen.elementInstanceKey },
    include: withChanges,
    orderBy: [{ dueAt: 'asc' }, { deadlineKey: 'asc' }],
  })
}

async function recordOverdue({ prisma }: SupervisionEnvironment, due: readonly Entry[], now: Date): Promise<void> {
  const ids = due.filter((entry) => entry.overdueAt === null).map((entry) => entry.id)
  if (ids.length === 0) return
  await prisma.nodeEntry.updateMany({ where: { id: { in: ids }, overdueAt: null }, data: { overdueAt: now } })
}

/** One statement decides who owns the escalation, however many ask at once. */
async function takeOwnership({ prisma }: SupervisionEnvironment, id: string, processInstanceKey: string) {
  const { count } = await prisma.nodeEntry.updateMany({
    where: { id, finishedAt: null, OR: [{ supervisedBy: null }, { supervisedBy: processInstanceKey }] },
    data: { supervisedBy: processInstanceKey },
  })
  return count === 1
}

/** A rung whose time passed was interrupted by its timer; its own entry ends here, as overdue. */
async function closePassedRungs(
  { prisma }: SupervisionEnvironment,
  processInstanceKey: string,
  now: Date,
): Promise<void> {
  await prisma.nodeEntry.updateMany({
    where: { processInstanceKey, finishedAt: null, dueAt: { lte: now } },
    data: { finishedAt: now, overdueAt: now },
  })
}

/** The date for which the activity's own timers were set. */
function firstDueAt(entry: Entry): Date {
  return entry.dueDateChanges[0]?.fromDueAt ?? entry.dueAt
}

function answer(action: ReviewAction, entry: Entry): Review {
  return {
    action,
    entryId: entry.id,
    dueAt: formatInstant(entry.dueAt),
    handlerRole: entry.handlerRole ?? '',
    ladder: entry.ladder ?? '',
  }
}
