import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { z } from 'zod'
import { type CalendarDate, CalendarError, isCalendarDate, weekdayOf } from './calendar-date.ts'

/**
 * One year of the State Council's notice: days off with the name of the holiday, and weekend days that are worked
 * (调休). Weekends need not be listed.
 */
const calendarYearSchema = z
  .strictObject({
    year: z.int().min(2004, '年份不得早于 2004').max(2200, '年份不得晚于 2200'),
    source: z.string().min(1, '应写明国务院办公厅通知的文号'),
    holidays: z.record(z.string(), z.string().min(1, '应写明节日名称')),
    workdays: z.record(z.string(), z.string().min(1, '应写明所调休的节日名称')),
  })
  .check((context) => {
    const { year, holidays, workdays } = context.value
    const refuse = (field: string, date: string, message: string) =>
      context.issues.push({ code: 'custom', message, path: [field, date], input: date })
    for (const date of Object.keys(holidays)) {
      if (!isCalendarDate(date)) refuse('holidays', date, '不是有效日期，应写作 YYYY-MM-DD')
      if (!date.startsWith(String(year))) refuse('holidays', date, `不属于 ${year} 年`)
      if (date in workdays) refuse('holidays', date, '同时列为放假和上班')
    }
    for (const date of Object.keys(workdays)) {
      if (!isCalendarDate(date)) refuse('workdays', date, '不是有效日期，应写作 YYYY-MM-DD')
      if (!date.startsWith(String(year))) refuse('workdays', date, `不属于 ${year} 年`)
      if (isCalendarDate(date) && !isWeekend(date)) refuse('workdays', date, '不是周六或周日，无须列为调休上班日')
    }
  })

/** One year of the official calendar. */
type CalendarYear = z.output<typeof calendarYearSchema>

/** Days that differ from the weekly rhythm, and the range of years for which they are published. */
export interface CalendarData {
  readonly coveredFrom: CalendarDate
  /** Last day of the last year known without a gap; later days follow the weekly rhythm and are provisional. */
  readonly coveredUntil: CalendarDate
  readonly holidays: ReadonlyMap<CalendarDate, string>
  readonly workdays: ReadonlyMap<CalendarDate, string>
}

/**
 * The published calendar with years added by the court. An added year replaces the published one.
 * Throws `CalendarError` when a year is malformed (each field named) or would leave a gap.
 */
export function loadCalendarData(extraYears: readonly unknown[] = []): CalendarData {
  const holidays = toNames(published.holidays)
  const workdays = toNames(published.workdays)
  const years = new Set([...holidays.keys()].map((date) => Number(date.slice(0, 4))))
  for (const candidate of extraYears) {
    const year = parseCalendarYear(candidate)
    for (const map of [holidays, workdays]) {
      for (const date of [...map.keys()]) if (date.startsWith(`${year.year}-`)) map.delete(date)
    }
    for (const [date, name] of Object.entries(year.holidays)) holidays.set(date, name)
    for (const [date, name] of Object.entries(year.workdays)) workdays.set(date, name)
    years.add(year.year)
  }
  const first = Math.min(...years)
  const last = Math.max(...years)
  for (let year = first; year <= last; year += 1) {
    if (!years.has(year)) throw new CalendarError(`工作日历缺少 ${year} 年：请先补充该年，再补充 ${last} 年`)
  }
  return { coveredFrom: `${first}-01-01`, coveredUntil: `${last}-12-31`, holidays, workdays }
}

/** Reads one year as an administrator supplies it (JSON). Throws `CalendarError` naming each wrong field. */
function parseCalendarYear(candidate: unknown): CalendarYear {
  const result = calendarYearSchema.safeParse(candidate)
  if (result.success) return result.data
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || '(整体)'}：${issue.message}`)
  throw new CalendarError(`工作日历年度数据有误：${issues.join('；')}`)
}

/** Saturday or Sunday. */
export function isWeekend(date: CalendarDate): boolean {
  const weekday = weekdayOf(date)
  return weekday === 0 || weekday === 6
}

/** chinese-days writes "English name,中文名,days". */
function toNames(entries: Readonly<Record<string, string>>): Map<CalendarDate, string> {
  return new Map(Object.entries(entries).map(([date, text]) => [date, text.split(',')[1] ?? text]))
}
