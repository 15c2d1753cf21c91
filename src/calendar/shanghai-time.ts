import { addDays, type CalendarDate, CalendarError, isCalendarDate, partsOfDate } from './calendar-date.ts'

/**
 * Asia/Shanghai has been UTC+8 without summer time since 1991, and no deadline of this product is older; a fixed offset
 * is therefore exact and needs no time zone database.
 */
const offsetMilliseconds = 8 * 60 * 60 * 1000
const dayMilliseconds = 24 * 60 * 60 * 1000

/** Where an instant lies in Asia/Shanghai: its date, and the milliseconds since that date's 00:00. */
export interface ShanghaiTime {
  readonly date: CalendarDate
  readonly millisecond: number
}

/** Date and time of day of an instant in Asia/Shanghai. */
export function toShanghai(instant: Date): ShanghaiTime {
  const time = instant.getTime()
  if (Number.isNaN(time)) throw new CalendarError('时间无效，应为 ISO-8601 时间')
  const local = time + offsetMilliseconds
  const millisecond = ((local % dayMilliseconds) + dayMilliseconds) % dayMilliseconds
  return { date: new Date(local - millisecond).toISOString().slice(0, 10), millisecond }
}

/** The instant of a date and a time of day (milliseconds since 00:00; 24:00 is the next day's 00:00) in Asia/Shanghai. */
export function fromShanghai(date: CalendarDate, millisecond: number): Date {
  const { year, month, day } = partsOfDate(date)
  return new Date(Date.UTC(year, month - 1, day) - offsetMilliseconds + millisecond)
}

/** The first instant of a day in Asia/Shanghai. */
export function startOfDay(date: CalendarDate): Date {
  return fromShanghai(date, 0)
}

/**
 * The end of a day, 24:00, as the last millisecond that still belongs to it (`…T23:59:59.999+08:00`): tables, engine
 * and clock resolve milliseconds, so nothing lies between it and 24:00, and no screen shows the following day's date.
 */
export function endOfDay(date: CalendarDate): Date {
  return new Date(startOfDay(addDays(date, 1)).getTime() - 1)
}

/** An instant as ISO-8601 text with the offset `+08:00`; milliseconds are written only when there are some. */
export function formatInstant(instant: Date): string {
  const local = new Date(instant.getTime() + offsetMilliseconds).toISOString().replace('.000Z', '').replace('Z', '')
  return `${local}+08:00`
}

const instantPattern =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})(?:\[[^\]]+\])?$/

/**
 * Reads an ISO-8601 time with offset. A zone in brackets, as FEEL writes it (`2026-05-11T09:00:00+08:00[Asia/Shanghai]`), is
 * accepted: the offset before it already fixes the instant. Throws `CalendarError` naming `field`.
 */
export function parseInstant(text: string, field: string): Date {
  const match = instantPattern.exec(text)
  const [, date = '', hour = '', minute = '', second = '00', fraction = '', offset = ''] = match ?? []
  const valid =
    match !== null && isCalendarDate(date) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
  const millisecond = fraction.slice(0, 3).padEnd(3, '0')
  const instant = new Date(valid ? `${date}T${hour}:${minute}:${second}.${millisecond}${offset}` : Number.NaN)
  if (Number.isNaN(instant.getTime())) {
    throw new CalendarError(`${field}“${text}”不是带时区的 ISO-8601 时间，例如 2026-05-11T09:00:00+08:00`)
  }
  return instant
}

/** Milliseconds since 00:00 of a time of day written `HH:mm`. Throws `CalendarError` naming `field`. */
export function parseTimeOfDay(text: string, field: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match === null) throw new CalendarError(`${field}“${text}”不是时刻，应写作 HH:mm，例如 08:30`)
  return (Number(match[1]) * 60 + Number(match[2])) * 60_000
}

/** A time of day as `HH:mm`; 24:00 for the end of a day. */
export function formatTimeOfDay(millisecond: number): string {
  const minutes = Math.floor((millisecond + 1) / 60_000)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
