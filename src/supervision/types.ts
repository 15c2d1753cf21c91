import type { Clock, CourtCalendar } from '../calendar/index.ts'
import type { PrismaClient } from '../database/index.ts'

/** What supervision needs: the register's database, business time, the court's calendar, and the deadline table. */
export interface SupervisionEnvironment {
  prisma: PrismaClient
  clock: Clock
  calendar: CourtCalendar
  /** Evaluates a deployed decision; asked only for `deadlineRule` with `{ key }`. */
  evaluateDecision(decisionId: string, variables: { key: string }): Promise<unknown>
}

/** An activity that asks for its deadline (start listener `deadline.compute`). */
export interface ComputeRequest {
  caseId: string
  /** Code of the node (the element's `node` property). */
  node: string
  /** Row of `deadlines.dmn`, or several: each is registered and the earliest date binds. */
  deadlineKey: string | readonly string[]
  /** The recorded time from which it runs: ISO-8601 with offset; a zone in brackets may follow. */
  deadlineFrom: string
  elementId: string
  elementInstanceKey: string
  processInstanceKey: string
  processDefinitionId: string
}

/** The binding deadline of an activity, as its local variable `deadline`. Times are ISO-8601 with offset +08:00. */
export interface BindingDeadline {
  entryId: string
  key: string
  dueAt: string
  remindAt: string
  /** Chinese sentences: from when, which days were skipped and why. */
  explanation: string[]
  provisional: boolean
}

/** What must happen to a node whose timer fired. */
export type ReviewAction = 'finished' | 'remind' | 'wait' | 'record' | 'escalate'

/** Answer of a review; `dueAt` is the date that binds now. */
export interface Review {
  action: ReviewAction
  entryId: string
  dueAt: string
  /** Role that is late; its rung of the ladder is skipped. Empty where the row names none. */
  handlerRole: string
  /** Ladder of `escalation-ladder.dmn`; empty where the row is never escalated. */
  ladder: string
}

/** One row of the node register. */
export interface NodeEntryView {
  entryId: string
  caseId: string
  node: string
  elementId: string
  deadlineKey: string
  kind: string
  handlerRole: string | null
  runsFrom: string
  dueAt: string
  remindAt: string
  provisional: boolean
  explanation: string[]
  startedAt: string
  finishedAt: string | null
  remindedAt: string | null
  /** When the register first found it late; stays when the date is extended afterwards. */
  overdueAt: string | null
  dueDateChanges: { fromDueAt: string; toDueAt: string; reason: string; decidedAt: string }[]
  escalations: { rung: number; role: string; raisedAt: string }[]
}

/** The node register and what follows from it: reminders, escalations, extensions (Arts. 13 and 25). */
export interface Supervision {
  /**
   * Registers an activity's deadline and answers it. Called again for the same element instance, it answers what was registered,
   * whatever the tables or the calendar say by now.
   */
  compute(request: ComputeRequest): Promise<BindingDeadline>
  /** Marks all entries of the activity finished; answers their ids. The first call fixes the time. */
  finish(request: { entryId: string }): Promise<{ finishedAt: string; entryIds: string[] }>
  /**
   * Says what a fired timer means now. The first supervising instance that is told to escalate an entry owns it; others are
   * told "finished", so that nothing is escalated twice.
   */
  review(request: { caseId: string; node: string; processInstanceKey: string }): Promise<Review>
  /** Records that the handler was reminded; a finished node or a second call changes nothing. */
  remind(request: { entryId: string }): Promise<{ remindedAt: string | null }>
  /** Moves a due date by a recorded decision. The new date must be later than the old one and than now. */
  extend(request: {
    entryId: string
    /** A date (its end, 24:00) or an ISO-8601 time with offset. */
    newDueDate: string
    reason: string
    elementInstanceKey: string
    decidedBy?: string
  }): Promise<{ dueAt: string; remindAt: string }>
  /** Records that an overdue entry was raised to a role. */
  raiseEscalation(request: {
    entryId: string
    role: string
    elementInstanceKey: string
  }): Promise<{ escalationId: string; raisedAt: string; rung: number }>
  /** The node register of a case, oldest first. */
  nodeEntries(caseId: string): Promise<NodeEntryView[]>
  /** Open entries, hard and soft, whose date has passed at `now` (default: the clock), longest overdue first. */
  overdue(now?: Date): Promise<NodeEntryView[]>
}

/** Why a request on the node register was refused. */
export type SupervisionErrorCode = 'unknown-entry' | 'unknown-node' | 'invalid' | 'finished' | 'unknown-rule'

/** A refused request on the node register; the message is Chinese and says what to do. */
export class SupervisionError extends Error {
  override readonly name = 'SupervisionError'
  readonly code: SupervisionErrorCode

  constructor(code: SupervisionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
