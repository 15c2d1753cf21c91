import { addDays, type CalendarDate, CalendarError } from './calendar-date.ts'
import { type CourtCalendar, closingOf, openingOf } from './court-calendar.ts'
import type { DeadlineRule } from './deadline-rule.ts'
import {
  explainEnd,
  explainMonthEnd,
  explainProvisional,
  explainRoll,
  explainSkipped,
  explainStart,
} from './explain.ts'
import { endOfDay, fromShanghai, startOfDay, toShanghai } from './shanghai-time.ts'
import {
  afterWorkingHours,
  beforeWorkingHours,
  lastDayAfterDays,
  lastDayAfterMonths,
  lastDayAfterWorkingDays,
  lastDayAfterYears,
  lastDayByClose,
} from './units.ts'

/** A computed date with everything that a reader needs to believe it. */
export interface Deadline {
  /** The last instant that is still in time; for the kind `earliest` the first instant that is allowed. */
  readonly dueAt: Date
  /** When the handler is reminded: not before the start, not after `dueAt`. */
  readonly remindAt: Date
  /** Escalations before the date, in order. */
  readonly escalateAt: readonly Date[]
  /** Chinese sentences: from when, which days were skipped and why, when it ends. */
  readonly explanation: string[]
  /** The result depends on days for which no calendar is published yet. */
  readonly provisional: boolean
}

/**
 * Computes when a limit ends. Counting: 民法典第二百零一至二百零三条; rest days: 民诉法第八十五条. Throws `CalendarError` for an
 * invalid start.
 */
export function computeDeadline(rule: DeadlineRule, from: Date, calendar: CourtCalendar): Deadline {
  if (Number.isNaN(from.getTime())) throw new CalendarError(`期限“${rule.key}”的起算时间无效`)
  const explanation = [explainStart(rule, from, calendar)]
  const { dueAt, lastConsulted } =
    rule.unit === 'workingHour'
      ? endInHours(rule, from, calendar, explanation)
      : endInDays(rule, from, calendar, explanation)
  explanation.push(explainEnd(rule, dueAt))
  const provisional =
    lastConsulted !== undefined &&
    (lastConsulted > calendar.coveredUntil || toShanghai(from).date < calendar.coveredFrom)
  if (provisional) explanation.push(explainProvisional(calendar))
  return {
    dueAt,
    remindAt: reminderOf(rule, from, dueAt, calendar),
    escalateAt: escalationsOf(rule, from, dueAt, calendar),
    explanation,
    provisional,
  }
}

/** Where a count ended, and the last day that the calendar was asked about (none where it does not matter). */
interface CountedEnd {
  dueAt: Date
  lastConsulted: CalendarDate | undefined
}

function endInHours(rule: DeadlineRule, from: Date, calendar: CourtCalendar, explanation: string[]): CountedEnd {
  const dueAt = afterWorkingHours(from, rule.amount, calendar)
  const last = toShanghai(dueAt).date
  explanation.push(...explainSkipped(calendar, toShanghai(from).date, last))
  return { dueAt, lastConsulted: last }
}

function endInDays(rule: DeadlineRule, from: Date, calendar: CourtCalendar, explanation: string[]): CountedEnd {
  const start = toShanghai(from)
  const last = lastDayOf(rule, from, calendar)
  if (rule.unit === 'workingDay') explanation.push(...explainSkipped(calendar, addDays(start.date, 1), last))
  if (rule.unit === 'month' || rule.unit === 'year') {
    const sentence = explainMonthEnd(start.date, last)
    if (sentence !== undefined) explanation.push(sentence)
  }
  const rolled = rule.rolls ? calendar.workingDayOnOrAfter(last) : last
  if (rolled !== last) explanation.push(explainRoll(calendar, last, rolled))
  const calendarMatters = rule.rolls || rule.unit === 'workingDay'
  return { dueAt: endOf(rule, rolled, calendar), lastConsulted: calendarMatters ? rolled : undefined }
}

function lastDayOf(rule: DeadlineRule, from: Date, calendar: CourtCalendar): CalendarDate {
  const start = toShanghai(from)
  switch (rule.unit) {
    case 'workingDay':
      return lastDayAfterWorkingDays(start, rule.amount, calendar)
    case 'day':
      return lastDayAfterDays(start, rule.amount)
    case 'month':
      return lastDayAfterMonths(start, rule.amount)
    case 'year':
      return lastDayAfterYears(start, rule.amount)
    case 'endOfDay':
      return lastDayByClose(start, rule.amount, calendar)
    case 'workingHour':
      throw new CalendarError(`期限“${rule.key}”以工作小时计，没有期满日`)
  }
}

/** Full days must pass before an `earliest` date, so it begins when the last of them has ended. */
function endOf(rule: DeadlineRule, last: CalendarDate, calendar: CourtCalendar): Date {
  if (rule.kind === 'earliest') return startOfDay(addDays(last, 1))
  return rule.unit === 'endOfDay' ? fromShanghai(last, closingOf(calendar)) : endOfDay(last)
}

function reminderOf(rule: DeadlineRule, from: Date, dueAt: Date, calendar: CourtCalendar): Date {
  const due = toShanghai(dueAt).date
  switch (rule.remindUnit) {
    case 'workingHour':
      return between(
        from,
        rule.remindBefore === 0 ? dueAt : beforeWorkingHours(dueAt, rule.remindBefore, calendar),
        dueAt,
      )
    case 'workingDay':
      return between(from, fromShanghai(calendar.addWorkingDays(due, -rule.remindBefore), openingOf(calendar)), dueAt)
    case 'day':
      return between(from, fromShanghai(addDays(due, -rule.remindBefore), openingOf(calendar)), dueAt)
    case 'endOfDay':
      return between(from, fromShanghai(calendar.addWorkingDays(due, -rule.remindBefore), closingOf(calendar)), dueAt)
  }
}

function escalationsOf(rule: DeadlineRule, from: Date, dueAt: Date, calendar: CourtCalendar): Date[] {
  const due = toShanghai(dueAt).date
  return [...(rule.escalateBefore ?? [])]
    .sort((a, b) => b - a)
    .map((days) => between(from, fromShanghai(addDays(due, -days), openingOf(calendar)), dueAt))
}

/** `from` ≤ result ≤ `dueAt`, and `dueAt` where they cross. */
function between(from: Date, instant: Date, dueAt: Date): Date {
  return new Date(Math.min(dueAt.getTime(), Math.max(from.getTime(), instant.getTime())))
}
