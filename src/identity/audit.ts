import type { Clock } from '../calendar/clock.ts'
import type { Prisma, PrismaClient, Transaction } from '../database/index.ts'

/** What is recorded about a deed: who did what to which subject. `actor` is a username, or `system`. */
export interface AuditRecord {
  actor: string
  /** Verb in the product's words, e.g. `case.file`, `dossier.read`, `session.refused`. */
  action: string
  subjectType: string
  subjectId: string
  detail?: Prisma.InputJsonObject
}

export interface AuditEntry {
  id: string
  at: Date
  actor: string
  action: string
  subjectType: string
  subjectId: string
  detail: Prisma.JsonValue
}

/** The audit trail: entries are added and read, never changed (the database refuses it). */
export interface AuditTrail {
  /**
   * Adds an entry; inside a caller's transaction when one is given, so that deed and entry stand or fall together.
   */
  record(entry: AuditRecord, transaction?: Transaction): Promise<void>
  /** Entries about one subject, oldest first. */
  list(subjectType: string, subjectId: string): Promise<AuditEntry[]>
}

/** Creates the audit trail over the court's database. */
export function createAudit({ prisma, clock }: { prisma: PrismaClient; clock: Clock }): AuditTrail {
  return {
    async record(entry, transaction) {
      await (transaction ?? prisma).auditEntry.create({
        data: { ...entry, detail: entry.detail ?? {}, at: clock.now() },
      })
    },
    async list(subjectType, subjectId) {
      const entries = await prisma.auditEntry.findMany({ where: { subjectType, subjectId }, orderBy: { id: 'asc' } })
      return entries.map((entry) => ({ ...entry, id: entry.id.toString() }))
    },
  }
}
