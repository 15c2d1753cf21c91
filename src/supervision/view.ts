import { formatInstant } from '../calendar/index.ts'
import type { Prisma } from '../database/index.ts'
import type { NodeEntryView } from './types.ts'

/** What is read with an entry to show it. */
export const entryWithHistory = {
  dueDateChanges: { orderBy: { decidedAt: 'asc' } },
  escalations: { orderBy: { rung: 'asc' } },
} as const satisfies Prisma.NodeEntryInclude

type EntryWithHistory = Prisma.NodeEntryGetPayload<{ include: typeof entryWithHistory }>

/** An entry as pages and statistics show it. */
export function viewEntry(entry: EntryWithHistory): NodeEntryView {
  return {
    entryId: entry.id,
    caseId: entry.caseId,
    node: entry.node,
    elementId: entry.elementId,
    deadlineKey: entry.deadlineKey,
    kind: entry.kind,
    handlerRole: entry.handlerRole,
    runsFrom: formatInstant(entry.runsFrom),
    dueAt: formatInstant(entry.dueAt),
    remindAt: formatInstant(entry.remindAt),
    provisional: entry.provisional,
    explanation: readExplanation(entry.explanation),
    startedAt: formatInstant(entry.startedAt),
    finishedAt: optional(entry.finishedAt),
    remindedAt: optional(entry.remindedAt),
    overdueAt: optional(entry.overdueAt),
    dueDateChanges: entry.dueDateChanges.map((change) => ({
      fromDueAt: formatInstant(change.fromDueAt),
      toDueAt: formatInstant(change.toDueAt),
      reason: change.reason,
      decidedAt: formatInstant(change.decidedAt),
    })),
    escalations: entry.escalations.map(({ rung, role, raisedAt }) => ({
      rung,
      role,
      raisedAt: formatInstant(raisedAt),
    })),
  }
}

/** The sentences of an entry, stored as JSON by `compute`. */
export function readExplanation(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((sentence) => typeof sentence === 'string') : []
}

function optional(instant: Date | null): string | null {
  return instant === null ? null : formatInstant(instant)
}
