import { z } from 'zod'
import { type CalendarData, isWeekend, loadCalendarData } from './calendar-data.ts'
import { addDays, type CalendarDate, CalendarError, weekdayOf } from './calendar-date.ts'
import { parseTimeOfDay } from './shanghai-time.ts'

const weekdayNames = ['周日', '周一', '周二', '周三', '周四', '周五', '周六'] as const

/** Working hours as a court configures them: sessions of a day, `HH:mm`, in order and without overlap. */
const workingHoursSchema = z
  .array(z.strictObject({ opens: z.string(), closes: z.string() }))
  .min(1, '至少应有一个办公时段')

/** One session of a working day, in milliseconds since 00:00. */
interface WorkingSession {
  readonly opens: number
  readonly closes: number
}

/** Default office hours [默认]: 08:30–12:00 and 14:30–18:00. */
const defaultWorkingHours = [
  { opens: '08:30', closes: '12:00' },
  { opens: '14:30', closes: '18:00' },
] as const

/** What a day is, and why. */
export interface DayDetail {
  readonly date: CalendarDate
  readonly working: boolean
  /** `weekday`, `weekend`, `holiday`, or a weekend day that is worked (`shiftedWorkday`, 调休上班). */
  readonly kind: 'weekday' | 'weekend' | 'holiday' | 'shiftedWorkday'
  /** In Chinese: 周一, 周六, 国庆节, 国庆节调休上班. */
  readonly name: string
  /** The day lies beyond the published calendar: the answer may change. */
  readonly provisional: boolean
}

/** Working days and office hours of the court, Asia/Shanghai. */
export interface CourtCalendar {
  readonly coveredFrom: CalendarDate
  readonly coveredUntil: CalendarDate
  readonly sessions: readonly WorkingSession[]
  dayDetail(date: CalendarDate): DayDetail
  isWorkingDay(date: CalendarDate): boolean
  /** The date itself when it is a working day, else the first one after it. */
  workingDayOnOrAfter(date: CalendarDate): CalendarDate
  /** The `count`-th working day after (before, when negative) the date; the date itself is not counted. */
  addWorkingDays(date: CalendarDate, count: number): CalendarDate
}

/** What differs from the published calendar and the default office hours. */
export interface CourtCalendarOptions {
  /** Years published after this version, as JSON (see docs/decisions/deadlines.md). */
  readonly extraYears?: readonly unknown[]
  readonly workingHours?: unknown
}

/** Builds the court's calendar. Throws `CalendarError` when a year or the office hours are malformed. */
export function createCourtCalendar(options: CourtCalendarOptions = {}): CourtCalendar {
  const data = loadCalendarData(options.extraYears)
  const sessions = parseWorkingHours(options.workingHours ?? defaultWorkingHours)

  const dayDetail = (date: CalendarDate): DayDetail => describeDay(data, date)
  const isWorkingDay = (date: CalendarDate) => dayDetail(date).working

  const addWorkingDays = (date: CalendarDate, count: number): CalendarDate => {
    const step = count < 0 ? -1 : 1
    let current = date
    for (let left = Math.abs(count); left > 0; ) {
      current = addDays(current, step)
      if (isWorkingDay(current)) left -= 1
    }
    return current
  }

  return {
    coveredFrom: data.coveredFrom,
    coveredUntil: data.coveredUntil,
    sessions,
    dayDetail,
    isWorkingDay,
    workingDayOnOrAfter: (date) => (isWorkingDay(date) ? date : addWorkingDays(date, 1)),
    addWorkingDays,
  }
}

/** When the court opens on a working day, in milliseconds since 00:00. */
export function openingOf(calendar: CourtCalendar): number {
  return calendar.sessions[0]!.opens
}

/** When the court closes on a working day, in milliseconds since 00:00. */
export function closingOf(calendar: CourtCalendar): number {
  return calendar.sessions.at(-1)!.closes
}

function describeDay(data: CalendarData, date: CalendarDate): DayDetail {
  const weekday = weekdayNames[weekdayOf(date)]!
  const provisional = date > data.coveredUntil || date < data.coveredFrom
  const holiday = data.holidays.get(date)
  if (holiday !== undefined) return { date, working: false, kind: 'holiday', name: holiday, provisional }
  const shifted = data.workdays.get(date)
  if (shifted !== undefined) {
    return { date, working: true, kind: 'shiftedWorkday', name: `${shifted}调休上班`, provisional }
  }
  const weekend = isWeekend(date)
  return { date, working: !weekend, kind: weekend ? 'weekend' : 'weekday', name: weekday, provisional }
}

function parseWorkingHours(candidate: unknown): WorkingSession[] {
  const result = workingHoursSchema.safeParse(candidate)
  if (!result.success) {
    const issues = result.error.issues.map((issue) => `${issue.path.join('.') || '(整体)'}：${issue.message}`)
    throw new CalendarError(`办公时间设置有误：${issues.join('；')}`)
  }
  let previous = 0
  return result.data.map((session, index) => {
    const opens = parseTimeOfDay(session.opens, `办公时间第 ${index + 1} 段的开始时刻`)
    const closes = parseTimeOfDay(session.closes, `办公时间第 ${index + 1} 段的结束时刻`)
    if (opens < previous || closes <= opens) {
      throw new CalendarError(`办公时间第 ${index + 1} 段（${session.opens}–${session.closes}）与前一段重叠或起止颠倒`)
    }
    previous = closes
    return { opens, closes }
  })
}
