/**
 * Dates of the civil calendar as `YYYY-MM-DD` texts, and the arithmetic that deadlines need. No time of day and no
 * time zone: those are in `shanghai-time.ts`.
 */
export type CalendarDate = string

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/

/** A date, time or rule that cannot be used; the message names the field and what is expected. */
export class CalendarError extends Error {
  override readonly name = 'CalendarError'
}

/** Tells whether a text is a date that exists, written `YYYY-MM-DD`. */
export function isCalendarDate(text: string): boolean {
  const match = pattern.exec(text)
  if (match === null) return false
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}

/** Year, month (1–12) and day of a date. Throws `CalendarError` when the text is not a date. */
export function partsOfDate(date: CalendarDate): { year: number; month: number; day: number } {
  if (!isCalendarDate(date)) throw new CalendarError(`“${date}”不是有效日期，应写作 YYYY-MM-DD`)
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  return { year, month, day }
}

/** Number of days of a month (1–12). */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** The date `count` calendar days later (earlier when negative). */
export function addDays(date: CalendarDate, count: number): CalendarDate {
  const { year, month, day } = partsOfDate(date)
  return new Date(Date.UTC(year, month - 1, day + count)).toISOString().slice(0, 10)
}

/**
 * The same day `count` months later, or the last day of that month where it has no such day (民法典第二百零二条).
 */
export function addMonths(date: CalendarDate, count: number): CalendarDate {
  const { year, month, day } = partsOfDate(date)
  const months = year * 12 + (month - 1) + count
  const targetYear = Math.floor(months / 12)
  const targetMonth = months - targetYear * 12 + 1
  const targetDay = Math.min(day, daysInMonth(targetYear, targetMonth))
  return `${pad(targetYear, 4)}-${pad(targetMonth, 2)}-${pad(targetDay, 2)}`
}

/** Day of the week, 0 = Sunday … 6 = Saturday. */
export function weekdayOf(date: CalendarDate): number {
  const { year, month, day } = partsOfDate(date)
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay()
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
