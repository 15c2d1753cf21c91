/** Arithmetic of the proleptic ISO calendar and of IANA time zones, without the machine's clock or zone. */

export const NANOS_PER_SECOND = 1_000_000_000
export const SECONDS_PER_DAY = 86_400
export const NANOS_PER_DAY = SECONDS_PER_DAY * NANOS_PER_SECOND

/** True for a leap year of the proleptic Gregorian calendar. */
const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Number of days of a month (1 to 12). */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since 1970-01-01 of a calendar date; any year. */
export function epochDayOf(year: number, month: number, day: number): number {
  // Years counted from March make the leap day the last one of a year; 400 years are one era of 146 097 days.
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** Calendar date of a number of days since 1970-01-01. */
export function dateOfEpochDay(epochDay: number): { year: number; month: number; day: number } {
  const z = epochDay + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

/** ISO day of the week, Monday 1 to Sunday 7. */
export const dayOfWeek = (epochDay: number): number => ((((epochDay + 3) % 7) + 7) % 7) + 1

const formats = new Map<string, Intl.DateTimeFormat>()
const MAX_INSTANT_SECONDS = 8_640_000_000_000

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    formats.set(zone, format)
  }
  return format
}

/** Names without a slash that are zones; the platform knows them in any case, Java only so. */
const SINGLE_NAMES = new Set(
  (
    'UTC GMT UT UCT Zulu Universal Greenwich GMT0 CET EET WET MET EST5EDT CST6CDT MST7MDT PST8PDT Cuba Egypt Eire GB ' +
    'GB-Eire Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya NZ NZ-CHAT Navajo PRC Poland Portugal ROK ' +
    'Singapore Turkey W-SU'
  ).split(' '),
)

let canonical: ReadonlyMap<string, string> | undefined

/** True if `zone` is a time zone that the platform's IANA database knows, written as it is there. */
export function isZone(zone: string): boolean {
  if (zone.includes('/')) {
    if (!/^[A-Z][A-Za-z]+(?:\/[A-Z][A-Za-z0-9_+-]*)+$/.test(zone)) return false
    canonical ??= new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]))
    if ((canonical.get(zone.toLowerCase()) ?? zone) !== zone) return false
  } else if (!SINGLE_NAMES.has(zone)) return false
  try {
    formatOf(platformName(zone))
    return true
  } catch {
    return false // Intl answers an unknown zone with a RangeError: that is the answer "no"
  }
}

/** Seconds of a text such as `+08:00`; undefined if it is none or beyond 18 hours. */
export function offsetOf(text: string): number | undefined {
  if (text === 'Z') return 0
  const match = /^([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text)
  if (match === null) return undefined
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4] ?? 0)]
  const size = hours * 3600 + minutes * 60 + seconds
  if (minutes > 59 || seconds > 59 || size > 18 * 3600) return undefined
  return match[1] === '-' && size !== 0 ? -size : size
}

const platformName = (zone: string): string => (zone === 'UT' ? 'UTC' : zone)
const FIXED = /^(?:GMT|UTC|UT)([+-]\d{2}:\d{2}(?::\d{2})?)$/

/** Since 1970 offsets change only at quarters of an hour, so that one asked for holds for its quarter. */
const QUARTER = 900
const MAX_KNOWN = 20_000
const known = new Map<string, Map<number, number>>()

/** Offset from UTC, in seconds, that a zone has at an instant (seconds since the epoch). */
export function offsetAtInstant(zone: string, epochSecond: number): number {
  if (epochSecond < 0) return platformOffset(zone, epochSecond)
  let offsets = known.get(zone)
  if (offsets === undefined || offsets.size > MAX_KNOWN) {
    offsets = new Map()
    known.set(zone, offsets)
  }
  const quarter = Math.floor(epochSecond / QUARTER)
  let offset = offsets.get(quarter)
  if (offset === undefined) {
    offset = platformOffset(zone, epochSecond)
    offsets.set(quarter, offset)
  }
  return offset
}

function platformOffset(zone: string, epochSecond: number): number {
  const fixed = FIXED.exec(zone)
  if (fixed !== null) return offsetOf(fixed[1] ?? '') ?? 0
  const bounded = Math.max(-MAX_INSTANT_SECONDS, Math.min(MAX_INSTANT_SECONDS, epochSecond))
  const name = formatOf(platformName(zone))
    .formatToParts(bounded * 1000)
    .find((part) => part.type === 'timeZoneName')?.value
  return offsetOf(/[+-].*$/.exec(name ?? '')?.[0] ?? 'Z') ?? 0
}

/**
 * Offset of a local time in a zone and the local time that it really is: in a gap (clocks put forward) the time moves on
 * by the length of the gap, in an overlap the earlier offset holds.
 * @param localSecond seconds since 1970-01-01T00:00 local time
 */
export function resolveLocal(zone: string, localSecond: number): { offset: number; localSecond: number } {
  const before = offsetAtInstant(zone, localSecond - SECONDS_PER_DAY)
  const after = offsetAtInstant(zone, localSecond + SECONDS_PER_DAY)
  if (offsetAtInstant(zone, localSecond - before) === before) return { offset: before, localSecond }
  if (offsetAtInstant(zone, localSecond - after) === after) return { offset: after, localSecond }
  return { offset: after, localSecond: localSecond + after - before }
}
