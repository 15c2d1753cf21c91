import type { Clock } from '../calendar/clock.ts'
import type { Prisma, PrismaClient, Transaction } from '../database/index.ts'

/** What the case register asks of the audit trail; the identity module's fits. */
export interface CaseAudit {
  record(
    entry: {
      actor: string
      action: string
      subjectType: string
      subjectId: string
      detail?: Prisma.InputJsonObject
    },
    transaction?: Transaction,
  ): Promise<void>
  list(
    subjectType: string,
    subjectId: string,
  ): Promise<{ at: Date; actor: string; action: string; detail: Prisma.JsonValue }[]>
}

/** What the case register needs from outside. */
export interface CaseEnvironment {
  prisma: PrismaClient
  clock: Clock
  audit: CaseAudit
  court: { name: string; code: string }
}

/** Who acts where no person does: a worker. */
export const system = 'system'
