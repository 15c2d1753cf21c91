/** Working days of the court, deadlines and their explanation. Pure: no database, no clock of its own. */
export { type CalendarYear, calendarYearSchema, parseCalendarYear } from './calendar-data.ts'
export { addDays, type CalendarDate, CalendarError, isCalendarDate } from './calendar-date.ts'
export { type Clock, systemClock } from './clock.ts'
export { computeDeadline, type Deadline } from './compute-deadline.ts'
export {
  type CourtCalendar,
  type CourtCalendarOptions,
  closingOf,
  createCourtCalendar,
  type DayDetail,
  openingOf,
  type WorkingSession,
} from './court-calendar.ts'
export {
  type DeadlineKind,
  type DeadlineRule,
  type DeadlineUnit,
  deadlineRuleSchema,
  parseDeadlineRule,
} from './deadline-rule.ts'
export { chineseDay, chineseInstant } from './explain.ts'
export { endOfDay, formatInstant, fromShanghai, parseInstant, startOfDay, toShanghai } from './shanghai-time.ts'
