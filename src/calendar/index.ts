/** Working days of the court, deadlines and their explanation. Pure: no database, no clock of its own. */
export { addDays, CalendarError, isCalendarDate } from './calendar-date.ts'
export { type Clock, systemClock } from './clock.ts'
export { computeDeadline } from './compute-deadline.ts'
export { type CourtCalendar, createCourtCalendar, openingOf } from './court-calendar.ts'
export { type DeadlineRule, type DeadlineUnit, parseDeadlineRule } from './deadline-rule.ts'
export { chineseInstant } from './explain.ts'
export { endOfDay, formatInstant, fromShanghai, parseInstant, startOfDay, toShanghai } from './shanghai-time.ts'
