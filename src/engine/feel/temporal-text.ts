/** Texts → temporal values (DMN 1.4, 10.3.2.3 and the lexical forms of XML Schema). */
import { isZone, NANOS_PER_SECOND, offsetAtInstant, SECONDS_PER_DAY } from './calendar.ts'
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, MAX_YEAR, YearsMonthsDuration } from './temporal.ts'

const YEARS_MONTHS = /^(-)?P(?:(-?\d+)Y)?(?:(-?\d+)M)?$/
const DAYS_TIME = /^(-)?P(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d{0,9}))?S)?)?$/

/** Reads a duration of either kind; null if the text is none. */
export function parseDuration(text: string): YearsMonthsDuration | DaysTimeDuration | null {
  if (/P$|T$/.test(text)) return null
  const months = YEARS_MONTHS.exec(text)
  if (months !== null) {
    const total = Number(months[2] ?? 0) * 12 + Number(months[3] ?? 0)
    if (Math.abs(total) > MAX_YEAR * 12) return null
    return new YearsMonthsDuration(months[1] === '-' ? -total : total)
  }
  const time = DAYS_TIME.exec(text)
  if (time === null) return null
  const whole =
    BigInt(time[2] ?? 0) * BigInt(SECONDS_PER_DAY) +
    BigInt(time[3] ?? 0) * 3600n +
    BigInt(time[4] ?? 0) * 60n +
    BigInt(`${time[5] ?? ''}${time[6] ?? 0}`)
  const fraction = BigInt((time[7] ?? '').padEnd(9, '0')) * (time[5] === '-' ? -1n : 1n)
  const nanos = whole * BigInt(NANOS_PER_SECOND) + fraction
  if (nanos > 10n ** 27n || nanos < -(10n ** 27n)) return null
  return new DaysTimeDuration(time[1] === '-' ? -nanos : nanos)
}

const DATE = /^(-?(?:\d{4}|[1-9]\d{4,8}))-(\d{2})-(\d{2})$/
const TIME =
  /^T?(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d{2}):(\d{2})(?::(\d{2}))?(?:\[([^\]]+)\])?|@(.+))?$/

/** Reads `2024-05-05`; null if the text is no date. */
export function parseDate(text: string): FeelDate | null {
  const match = DATE.exec(text)
  return match === null ? null : FeelDate.of(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** Reads `10:30:00`, `10:30:00+08:00`, `10:30:00@Asia/Shanghai`; null if the text is no time. */
export function parseTime(text: string): FeelTime | null {
  const match = TIME.exec(text)
  if (match === null) return null
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) return null
  const nanoOfDay = (hour * 3600 + minute * 60 + second) * NANOS_PER_SECOND + Number((match[4] ?? '').padEnd(9, '0'))
  const zone = match[11] ?? match[10]
  if (zone !== undefined && !isZone(zone)) return null
  if (match[6] !== undefined) {
    const size = Number(match[7]) * 3600 + Number(match[8]) * 60 + Number(match[9] ?? 0)
    if (size > 18 * 3600) return null
    const seconds = match[6] === '-' && size !== 0 ? -size : size
    return new FeelTime(nanoOfDay, zone === undefined ? { seconds } : { seconds, zone })
  }
  if (match[5] !== undefined) return new FeelTime(nanoOfDay, { seconds: 0 })
  // A zone without a date has no offset of its own; the standard one of 1970 stands in.
  if (zone !== undefined) return new FeelTime(nanoOfDay, { seconds: offsetAtInstant(zone, 0), zone })
  return new FeelTime(nanoOfDay)
}

/** Reads a date and time; a date alone is its midnight. Null if the text is neither. */
export function parseDateTime(text: string): FeelDateTime | null {
  const separator = text.indexOf('T')
  if (separator < 0) {
    const date = parseDate(text)
    return date === null ? null : new FeelDateTime(date, 0)
  }
  const date = parseDate(text.slice(0, separator))
  const time = parseTime(text.slice(separator + 1))
  if (date === null || time === null || text[separator + 1] === 'T') return null
  // An offset beside a zone (`+02:00[Europe/Paris]`) names the instant, which is shown in the zone.
  const zone = text.includes('[') ? time.offset?.zone : undefined
  if (zone === undefined || time.offset === undefined) return atTime(date, time)
  return new FeelDateTime(date, time.nanoOfDay, { seconds: time.offset.seconds }).withZone(zone)
}

/** Date and time of a date and a time. */
export function atTime(date: FeelDate, time: FeelTime): FeelDateTime {
  return time.offset?.zone === undefined
    ? new FeelDateTime(date, time.nanoOfDay, time.offset)
    : FeelDateTime.inZone(date, time.nanoOfDay, time.offset.zone)
}

/** Reads the text of an `@"…"` literal; null if it is no temporal value. */
export function parseTemporal(
  text: string,
): FeelDate | FeelTime | FeelDateTime | YearsMonthsDuration | DaysTimeDuration | null {
  if (/^-?P/.test(text)) return parseDuration(text)
  if (DATE.test(text)) return parseDate(text)
  return /^-?\d{4,9}-/.test(text) ? parseDateTime(text) : parseTime(text)
}
