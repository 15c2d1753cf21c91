import { formatInstant } from '../calendar/index.ts'
import { computeNodeDeadline } from './compute.ts'
import { extendDueDate } from './extend.ts'
import { reviewNode } from './review.ts'
import { type NodeEntryView, type Supervision, type SupervisionEnvironment, SupervisionError } from './types.ts'
import { entryWithHistory, viewEntry } from './view.ts'

/** Builds the node register on a database, a clock, a calendar and the deployed deadline table. */
export function createSupervision(environment: SupervisionEnvironment): Supervision {
  const { prisma, clock } = environment
  return {
    compute: (request) => computeNodeDeadline(environment, request),
    review: (request) => reviewNode(environment, request),
    extend: (request) => extendDueDate(environment, request),

    async finish({ entryId }) {
      const { elementInstanceKey } = await findEntry(environment, entryId)
      const now = clock.now()
      await prisma.$transaction(async (transaction) => {
        const open = await transaction.nodeEntry.findMany({ where: { elementInstanceKey, finishedAt: null } })
        for (const entry of open) {
          const late = isBinding(entry.kind) && now > entry.dueAt
          await transaction.nodeEntry.updateMany({
            where: { id: entry.id, finishedAt: null },
            data: { finishedAt: now, ...(late && entry.overdueAt === null ? { overdueAt: now } : {}) },
          })
          // The message that follows interrupts the rungs of this entry, and a cancelled task runs no end listener.
          if (entry.supervisedBy !== null) {
            await transaction.nodeEntry.updateMany({
              where: { processInstanceKey: entry.supervisedBy, finishedAt: null },
              data: { finishedAt: now },
            })
          }
        }
      })
      const entries = await prisma.nodeEntry.findMany({
        where: { elementInstanceKey },
        orderBy: { deadlineKey: 'asc' },
      })
      const { finishedAt } = await findEntry(environment, entryId)
      return { finishedAt: formatInstant(finishedAt ?? now), entryIds: entries.map((entry) => entry.id) }
    },

    async remind({ entryId }) {
      await prisma.nodeEntry.updateMany({
        where: { id: entryId, finishedAt: null, remindedAt: null },
        data: { remindedAt: clock.now() },
      })
      const { remindedAt } = await findEntry(environment, entryId)
      return { remindedAt: remindedAt === null ? null : formatInstant(remindedAt) }
    },

    async raiseEscalation({ entryId, role, elementInstanceKey }) {
      await findEntry(environment, entryId)
      const escalation = await prisma.$transaction(async (transaction) => {
        const existing = await transaction.escalation.findUnique({ where: { elementInstanceKey } })
        if (existing !== null) return existing
        const rung = 1 + (await transaction.escalation.count({ where: { nodeEntryId: entryId } }))
        return transaction.escalation.create({
          data: { nodeEntryId: entryId, elementInstanceKey, rung, role, raisedAt: clock.now() },
        })
      })
      if (escalation.nodeEntryId !== entryId) {
        throw new SupervisionError('invalid', `督办 ${escalation.id} 属于另一节点登记，不能重复用于 ${entryId}`)
      }
      return { escalationId: escalation.id, raisedAt: formatInstant(escalation.raisedAt), rung: escalation.rung }
    },

    async nodeEntries(caseId) {
      const entries = await prisma.nodeEntry.findMany({
        where: { caseId },
        include: entryWithHistory,
        orderBy: [{ startedAt: 'asc' }, { dueAt: 'asc' }],
      })
      return entries.map(viewEntry)
    },

    async overdue(now = clock.now()): Promise<NodeEntryView[]> {
      const entries = await prisma.nodeEntry.findMany({
        where: { finishedAt: null, dueAt: { lt: now }, kind: { in: ['hard', 'soft'] } },
        include: entryWithHistory,
        orderBy: { dueAt: 'asc' },
      })
      return entries.map(viewEntry)
    },
  }
}

/** Only these kinds can be late: an earliest date is not a limit. */
function isBinding(kind: string): boolean {
  return kind === 'hard' || kind === 'soft'
}

async function findEntry({ prisma }: SupervisionEnvironment, entryId: string) {
  const entry = await prisma.nodeEntry.findUnique({ where: { id: entryId } })
  if (entry === null) throw new SupervisionError('unknown-entry', `没有节点登记 ${entryId}`)
  return entry
}
