/** Built-in functions over dates, times and durations (DMN 1.4, 10.3.4.1 and 10.3.4.7). */
import { daysInMonth, NANOS_PER_SECOND } from '../calendar.ts'
import { Decimal } from '../decimal.ts'
import { FeelEvaluationError } from '../errors.ts'
import type { Run } from '../evaluation.ts'
import {
  DaysTimeDuration,
  FeelDate,
  FeelDateTime,
  FeelTime,
  type TimeOffset,
  YearsMonthsDuration,
} from '../temporal.ts'
import { atTime, parseDate, parseDateTime, parseDuration, parseTime, zoneOf } from '../temporal-text.ts'
import type { FeelValue } from '../values.ts'
import {
  type Builtin,
  builtin,
  date,
  dateTime,
  dayTime,
  failure,
  nothing,
  number,
  overload,
  text,
  time,
} from './define.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** Greatest offset from UTC, either way, in seconds. */
const MAX_OFFSET = 18 * 3600

/** The moment of the clock in the zone of the evaluation. */
function now(run: Run): FeelDateTime {
  const milliseconds = run.clock.now().getTime()
  const second = Math.floor(milliseconds / 1000)
  const place = run.zone === 'Z' || run.zone === 'UTC' ? 0 : run.zone
  return FeelDateTime.ofInstant(second, (milliseconds - second * 1000) * 1_000_000, place)
}

function timeOf(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset?: DaysTimeDuration): FeelValue {
  const nanos = second.times(Decimal.ofInteger(NANOS_PER_SECOND)).toWhole()
  const [h, m] = [hour.toInt(), minute.toInt()]
  if (h < 0 || h > 23 || m < 0 || m > 59 || nanos < 0 || nanos >= 60 * NANOS_PER_SECOND)
    return failure(run, 'time', `Failed to parse local-time from: hour=${hour}, minute=${minute}, second=${second}`)
  const nanoOfDay = (h * 3600 + m * 60) * NANOS_PER_SECOND + nanos
  if (offset === undefined) return new FeelTime(nanoOfDay)
  const seconds = offset.totalSeconds
  if (Math.abs(seconds) > MAX_OFFSET)
    return failure(
      run,
      'time',
      `Failed to parse time from: hour=${hour}, minute=${minute}, second=${second}, offset=${offset}`,
    )
  return new FeelTime(nanoOfDay, { seconds })
}

/** A moment in another place: the same instant, or a local time there. */
function inPlace(value: FeelDateTime, name: string): FeelDateTime {
  const place = placeOf(name)
  if (place === undefined) throw new FeelEvaluationError(`Unknown time-zone ID: ${name}`)
  if (value.offset !== undefined)
    return FeelDateTime.ofInstant(value.epochSecond, value.nanoOfSecond, place.zone ?? place.seconds)
  return place.zone === undefined
    ? new FeelDateTime(value.date, value.nanoOfDay, place)
    : FeelDateTime.inZone(value.date, value.nanoOfDay, place.zone)
}

/** A place by name, freer than in texts: `+2` and `GMT+2`, too. */
function placeOf(name: string): TimeOffset | undefined {
  const match = /^(GMT|UTC|UT)?([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?$/.exec(name)
  if (match === null) return zoneOf(name)
  const [, prefix, sign, hours = '', minutes = '00', seconds] = match
  const text = `${sign}${hours.padStart(2, '0')}:${minutes}${seconds === undefined ? '' : `:${seconds}`}`
  const offset = zoneOf(text)
  if (offset === undefined || prefix === undefined) return offset
  return { seconds: offset.seconds, zone: `${prefix}${text}` }
}

/** Whole months between two dates, towards zero. */
function monthsBetween(from: FeelDate, to: FeelDate): YearsMonthsDuration {
  const [a, b] = [from.parts, to.parts]
  const months = b.year * 12 + b.month - (a.year * 12 + a.month)
  const days = b.day - a.day
  return new YearsMonthsDuration(months > 0 && days < 0 ? months - 1 : months < 0 && days > 0 ? months + 1 : months)
}

/** A function of a date that also takes a date and time. */
const ofDate = (compute: (value: FeelDate) => FeelValue): Builtin =>
  builtin(
    overload(['date'], [date], (_, value) => compute(value)),
    overload(['date'], [dateTime], (_, value) => compute(value.date)),
  )

/** Temporal functions by name. */
export const temporalFunctions: Record<string, Builtin> = {
  date: builtin(
    overload(['from'], [text], (_, from) => parseDate(from)),
    overload(['from'], [date], (_, from) => from),
    overload(['from'], [dateTime], (_, from) => from.date),
    overload(['year', 'month', 'day'], [number, number, number], (run, y, m, d) => {
      const [year, month, day] = [y.toInt(), m.toInt(), d.toInt()]
      return (
        FeelDate.of(year, month, day) ??
        failure(run, 'date', `Failed to parse date from: year=${year}, month=${month}, day=${day}`)
      )
    }),
  ),
  time: builtin(
    overload(['from'], [text], (_, from) => parseTime(from)),
    overload(['from'], [dateTime], (_, from) => from.time),
    overload(['from'], [date], () => new FeelTime(0, { seconds: 0 })),
    overload(['hour', 'minute', 'second'], [number, number, number], (run, h, m, s) => timeOf(run, h, m, s)),
    overload(['hour', 'minute', 'second', 'offset'], [number, number, number, dayTime], timeOf),
    overload(['hour', 'minute', 'second', 'offset'], [number, number, number, nothing], (run, h, m, s) =>
      timeOf(run, h, m, s),
    ),
  ),
  'date and time': builtin(
    overload(['from'], [text], (_, from) => parseDateTime(from)),
    overload(['date', 'time'], [date, time], (_, day, at) => atTime(day, at)),
    overload(['date', 'time'], [dateTime, time], (_, day, at) => atTime(day.date, at)),
    overload(['date', ' timezone'], [dateTime, text], (_, value, zone) => inPlace(value, zone)),
  ),
  duration: builtin(overload(['from'], [text], (_, from) => parseDuration(from))),
  // Camunda's own, for timer cycles.
  cycle: builtin(
    overload(['interval'], [dayTime], (_, interval) => `R/${interval}`),
    overload(
      ['repetitions', 'interval'],
      [number, dayTime],
      (_, repetitions, interval) => `R${repetitions}/${interval}`,
    ),
  ),
  'years and months duration': builtin(
    overload(['from', 'to'], [date, date], (_, from, to) => monthsBetween(from, to)),
    overload(['from', 'to'], [dateTime, dateTime], (_, from, to) => monthsBetween(from.date, to.date)),
    overload(['from', 'to'], [date, dateTime], (_, from, to) => monthsBetween(from, to.date)),
    overload(['from', 'to'], [dateTime, date], (_, from, to) => monthsBetween(from.date, to)),
  ),
  now: builtin(overload([], [], now)),
  today: builtin(overload([], [], (run) => now(run).date)),
  'day of week': ofDate((value) => DAYS[value.weekday - 1] ?? null),
  'day of year': ofDate((value) => Decimal.ofInteger(value.dayOfYear)),
  'week of year': ofDate((value) => Decimal.ofInteger(value.weekOfYear)),
  'month of year': ofDate((value) => MONTHS[value.parts.month - 1] ?? null),
  'last day of month': ofDate((value) => {
    const { year, month } = value.parts
    return FeelDate.of(year, month, daysInMonth(year, month))
  }),
}

/** A property of a temporal value such as `year` or `time offset`; undefined if the value has no such property. */
export function temporalProperty(value: FeelValue, name: string): FeelValue | undefined {
  if (value instanceof YearsMonthsDuration) {
    return name === 'years' || name === 'months' ? Decimal.ofInteger(value[name]) : undefined
  }
  if (value instanceof DaysTimeDuration) {
    if (name === 'days' || name === 'hours' || name === 'minutes' || name === 'seconds')
      return Decimal.ofInteger(value[name])
    return undefined
  }
  const day = value instanceof FeelDate ? value : value instanceof FeelDateTime ? value.date : undefined
  if (day !== undefined) {
    if (name === 'year' || name === 'month' || name === 'day') return Decimal.ofInteger(day.parts[name])
    if (name === 'weekday') return Decimal.ofInteger(day.weekday)
  }
  if (!(value instanceof FeelTime || value instanceof FeelDateTime)) return undefined
  const second = Math.floor(value.nanoOfDay / NANOS_PER_SECOND)
  if (name === 'hour') return Decimal.ofInteger(Math.floor(second / 3600))
  if (name === 'minute') return Decimal.ofInteger(Math.floor(second / 60) % 60)
  if (name === 'second') return Decimal.ofInteger(second % 60)
  if (name === 'time offset')
    return value.offset === undefined ? null : DaysTimeDuration.ofSeconds(value.offset.seconds)
  return name === 'timezone' ? (value.offset?.zone ?? null) : undefined
}
