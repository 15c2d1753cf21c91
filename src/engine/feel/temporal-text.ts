/** Texts → temporal values (DMN 1.4, 10.3.2.3 and the lexical forms of XML Schema), as Camunda reads them. */
import { isZone, NANOS_PER_SECOND, offsetAtInstant, offsetOf, SECONDS_PER_DAY } from './calendar.ts'
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, type TimeOffset, YearsMonthsDuration } from './temporal.ts'

const YEARS_MONTHS = /^(-)?P(?:(-?\d+)Y)?(?:(-?\d+)M)?$/
const DAYS_TIME =
  /^([+-])?P(?:([+-]?\d+)D)?(?:T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?)(\d+)(?:[.,](\d{0,9}))?S)?)?$/i
const MAX_INT = 2_147_483_647n
const MAX_SECONDS = 9_223_372_036_854_775_807n

const within = (value: bigint, limit: bigint): boolean => value <= limit && value >= -limit - 1n

/** Reads a duration of either kind; null if the text is none. */
export function parseDuration(text: string): YearsMonthsDuration | DaysTimeDuration | null {
  if (/P$|T$/i.test(text)) return null
  const months = YEARS_MONTHS.exec(text)
  if (months !== null) {
    const [years, rest] = [BigInt(months[2] ?? 0), BigInt(months[3] ?? 0)]
    if (!within(years, MAX_INT) || !within(rest, MAX_INT)) return null
    const total = Number(years) * 12 + Number(rest)
    return new YearsMonthsDuration(months[1] === '-' ? -total : total)
  }
  const time = DAYS_TIME.exec(text)
  if (time === null) return null
  const seconds =
    BigInt(time[2] ?? 0) * BigInt(SECONDS_PER_DAY) +
    BigInt(time[3] ?? 0) * 3600n +
    BigInt(time[4] ?? 0) * 60n +
    BigInt(`${time[5] === '-' ? '-' : ''}${time[6] ?? 0}`)
  if (!within(seconds, MAX_SECONDS)) return null
  const fraction = BigInt((time[7] ?? '').padEnd(9, '0')) * (time[5] === '-' ? -1n : 1n)
  const nanos = seconds * BigInt(NANOS_PER_SECOND) + fraction
  return new DaysTimeDuration(time[1] === '-' ? -nanos : nanos)
}

const DATE = /^(-?(?:\d{4}|[1-9]\d{4,8}))-(\d{2})-(\d{2})$/
const TIME = /^T?(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{0,9}))?)?(Z|[+-]\d{2}:\d{2}(?:\[([^\]]+)\])?|@(.+))?$/

/** Reads `2024-05-05`; null if the text is no date. */
export function parseDate(text: string): FeelDate | null {
  const match = DATE.exec(text)
  return match === null ? null : FeelDate.of(Number(match[1]), Number(match[2]), Number(match[3]))
}

/** A time of day as written. */
interface ClockText {
  readonly nanoOfDay: number
  readonly offset: TimeOffset | undefined
  /** The zone in brackets after an offset. */
  readonly zone: string | undefined
}

function readClock(text: string): ClockText | null {
  const match = TIME.exec(text)
  if (match === null) return null
  const [, hours, minutes, seconds = '0', fraction = '', place, bracket, name] = match
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)]
  if (hour > 24 || minute > 59 || second > 59) return null
  const nanoOfDay = (hour * 3600 + minute * 60 + second) * NANOS_PER_SECOND + Number(fraction.padEnd(9, '0'))
  if (hour === 24 && nanoOfDay !== SECONDS_PER_DAY * NANOS_PER_SECOND) return null
  if (place === undefined) return { nanoOfDay, offset: undefined, zone: undefined }
  if (fraction === '' && text.includes('.')) return null
  const offset = name === undefined ? fixedOffset(place.slice(0, bracket === undefined ? undefined : 6)) : zoneOf(name)
  return offset === undefined ? null : { nanoOfDay, offset, zone: bracket }
}

function fixedOffset(text: string): TimeOffset | undefined {
  const seconds = offsetOf(text)
  return seconds === undefined ? undefined : { seconds }
}

/** The place of a name: an offset, or a zone (with its offset of 1970, as it has none without a date). */
export function zoneOf(name: string): TimeOffset | undefined {
  const fixed = fixedOffset(name)
  if (fixed !== undefined) return fixed
  return isZone(name) ? { seconds: offsetAtInstant(name, 0), zone: name } : undefined
}

/** Reads `10:30:00`, `10:30:00+08:00`, `10:30:00@Asia/Shanghai`; null if the text is no time. */
export function parseTime(text: string): FeelTime | null {
  const clock = readClock(text)
  if (clock === null || clock.zone !== undefined) return null
  return new FeelTime(clock.nanoOfDay % (SECONDS_PER_DAY * NANOS_PER_SECOND), clock.offset)
}

/** Reads a date and time; a date alone is its midnight. Null if the text is neither. */
export function parseDateTime(text: string): FeelDateTime | null {
  const separator = text.indexOf('T')
  if (separator < 0) {
    const date = parseDate(text)
    return date === null ? null : new FeelDateTime(date, 0)
  }
  const date = parseDate(text.slice(0, separator))
  if (date === null || text[separator + 1] === 'T') return null
  const brackets = text.slice(separator + 1).replace(/^(.*)Z\[/, '$1+00:00[')
  const clock = readClock(brackets)
  if (clock === null || clock.nanoOfDay >= SECONDS_PER_DAY * NANOS_PER_SECOND) return null
  if (clock.zone === undefined) return atTime(date, new FeelTime(clock.nanoOfDay, clock.offset))
  // An offset beside a zone (`+02:00[Europe/Paris]`) names the instant, which is shown in the zone.
  const place = zoneOf(clock.zone)
  if (place === undefined) return null
  const instant = new FeelDateTime(date, clock.nanoOfDay, clock.offset)
  return place.zone === undefined
    ? FeelDateTime.ofInstant(instant.epochSecond, instant.nanoOfSecond, place.seconds)
    : instant.withZone(place.zone)
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
