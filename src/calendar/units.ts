import { addDays, addMonths, type CalendarDate } from './calendar-date.ts'
import type { CourtCalendar } from './court-calendar.ts'
import { closingOf } from './court-calendar.ts'
import { fromShanghai, type ShanghaiTime, toShanghai } from './shanghai-time.ts'

/*
 * One function a unit. Those for days, months and years answer the last day of the limit, before it rolls; the day of the
 * event does not count (民法典第二百零一条). Hours run from the event itself and answer an instant.
 */

const hourMilliseconds = 60 * 60 * 1000

/** Last day of a limit in calendar days. */
export function lastDayAfterDays(from: ShanghaiTime, amount: number): CalendarDate {
  return addDays(from.date, amount)
}

/** Last day of a limit in working days; weekend days that are worked (调休) count. */
export function lastDayAfterWorkingDays(from: ShanghaiTime, amount: number, calendar: CourtCalendar): CalendarDate {
  return calendar.addWorkingDays(from.date, amount)
}

/** Last day of a limit in months: the same day of the month, or the month's last (民法典第二百零二条). */
export function lastDayAfterMonths(from: ShanghaiTime, amount: number): CalendarDate {
  return addMonths(from.date, amount)
}

/** Last day of a limit in years: the same day, or the last of February. */
export function lastDayAfterYears(from: ShanghaiTime, amount: number): CalendarDate {
  return addMonths(from.date, 12 * amount)
}

/**
 * Day at whose close of business a limit of the unit `endOfDay` ends. With amount 0, an event at or after the close of business
 * belongs to the next day, since nothing can be done any more on its own.
 */
export function lastDayByClose(from: ShanghaiTime, amount: number, calendar: CourtCalendar): CalendarDate {
  const tooLate = amount === 0 && from.millisecond >= closingOf(calendar)
  return addDays(from.date, tooLate ? 1 : amount)
}

/**
 * The instant when `hours` hours of office time have passed since `from`. Outside office hours nothing passes. A limit that ends with
 * a session ends at its close, not at the next opening.
 */
export function afterWorkingHours(from: Date, hours: number, calendar: CourtCalendar): Date {
  let left = hours * hourMilliseconds
  const start = toShanghai(from)
  for (let date = start.date; ; date = calendar.addWorkingDays(date, 1)) {
    if (!calendar.isWorkingDay(date)) continue
    for (const session of calendar.sessions) {
      const opens = date === start.date ? Math.max(session.opens, start.millisecond) : session.opens
      const available = session.closes - opens
      if (available < 0) continue
      if (left <= available) return fromShanghai(date, opens + left)
      left -= available
    }
  }
}

/** The instant from which `hours` hours of office time remain until `until`; the counterpart of `afterWorkingHours`. */
export function beforeWorkingHours(until: Date, hours: number, calendar: CourtCalendar): Date {
  let left = hours * hourMilliseconds
  const end = toShanghai(until)
  for (let date = end.date; ; date = calendar.addWorkingDays(date, -1)) {
    if (!calendar.isWorkingDay(date)) continue
    for (const session of [...calendar.sessions].reverse()) {
      const closes = date === end.date ? Math.min(session.closes, end.millisecond) : session.closes
      const available = closes - session.opens
      if (available < 0) continue
      if (left <= available) return fromShanghai(date, closes - left)
      left -= available
    }
  }
}
