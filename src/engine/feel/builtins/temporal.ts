/** Built-in functions over dates, times and durations (DMN 1.4, 10.3.4.1 and 10.3.4.7). */
import { daysInMonth, isZone, NANOS_PER_SECOND } from '../calendar.ts'
import {
  DaysTimeDuration,
  FeelDate,
  FeelDateTime,
  FeelTime,
  type TimeOffset,
  YearsMonthsDuration,
} from '../temporal.ts'
import { atTime, parseDate, parseDateTime, parseDuration, parseTime } from '../temporal-text.ts'
import { Decimal, type FeelValue } from '../values.ts'
import {
  type Builtin,
  builtin,
  type CallContext,
  date,
  dateTime,
  dayTime,
  failure,
  type Guard,
  number,
  overload,
  text,
  time,
} from './define.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = 'January February March April May June July August September October November December'.split(' ')

const whole = (value: Decimal): number => value.truncated().toNumber()

/** The moment of the clock in the zone of the evaluation. */
function now(context: CallContext): FeelDateTime {
  const milliseconds = context.clock.now().getTime()
  const second = Math.floor(milliseconds / 1000)
  const place = context.zone === 'Z' || context.zone === 'UTC' ? 0 : context.zone
  return FeelDateTime.ofInstant(second, (milliseconds - second * 1000) * 1_000_000, place)
}

function timeOf(context: CallContext, hour: Decimal, minute: Decimal, second: Decimal, offset?: TimeOffset): FeelValue {
  const nanos = second.times(NANOS_PER_SECOND).truncated().toNumber()
  const [h, m] = [whole(hour), whole(minute)]
  if (h < 0 || h > 23 || m < 0 || m > 59 || nanos < 0 || nanos >= 60 * NANOS_PER_SECOND)
    return failure(context, 'time', 'there is no such time of day')
  const nanoOfDay = (h * 3600 + m * 60) * NANOS_PER_SECOND + nanos
  return new FeelTime(nanoOfDay, offset)
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

const nothing: Guard<null> = { type: 'null', accepts: (value) => value === null }

/** Temporal functions by name. */
export const temporalFunctions: Record<string, Builtin> = {
  date: builtin(
    overload(['from'], [text], (_, from) => parseDate(from)),
    overload(['from'], [date], (_, from) => from),
    overload(['from'], [dateTime], (_, from) => from.date),
    overload(['year', 'month', 'day'], [number, number, number], (c, year, month, day) => {
      return FeelDate.of(whole(year), whole(month), whole(day)) ?? failure(c, 'date', 'there is no such day')
    }),
  ),
  time: builtin(
    overload(['from'], [text], (_, from) => parseTime(from)),
    overload(['from'], [dateTime], (_, from) => from.time),
    overload(['from'], [date], () => new FeelTime(0, { seconds: 0 })),
    overload(['hour', 'minute', 'second'], [number, number, number], (c, h, m, s) => timeOf(c, h, m, s)),
    overload(['hour', 'minute', 'second', 'offset'], [number, number, number, dayTime], (c, h, m, s, offset) =>
      timeOf(c, h, m, s, { seconds: offset.totalSeconds }),
    ),
    overload(['hour', 'minute', 'second', 'offset'], [number, number, number, nothing], (c, h, m, s) =>
      timeOf(c, h, m, s),
    ),
  ),
  'date and time': builtin(
    overload(['from'], [text], (_, from) => parseDateTime(from)),
    overload(['date', 'time'], [date, time], (_, day, at) => atTime(day, at)),
    overload(['date', 'time'], [dateTime, time], (_, day, at) => atTime(day.date, at)),
    overload(['date', 'timezone'], [dateTime, text], (c, value, zone) => {
      const offset = parseTime(`00:00${zone}`)?.offset
      if (offset !== undefined)
        return value.offset === undefined
          ? new FeelDateTime(value.date, value.nanoOfDay, offset)
          : FeelDateTime.ofInstant(value.epochSecond, value.nanoOfSecond, offset.seconds)
      if (!isZone(zone)) return failure(c, 'date and time', `Unknown time zone '${zone}'`)
      return value.withZone(zone) ?? FeelDateTime.inZone(value.date, value.nanoOfDay, zone)
    }),
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
  now: builtin(overload([], [], (c) => now(c))),
  today: builtin(overload([], [], (c) => now(c).date)),
  'day of week': ofDate((value) => DAYS[value.weekday - 1] ?? null),
  'day of year': ofDate((value) => new Decimal(value.dayOfYear)),
  'week of year': ofDate((value) => new Decimal(value.weekOfYear)),
  'month of year': ofDate((value) => MONTHS[value.parts.month - 1] ?? null),
  'last day of month': ofDate((value) => {
    const { year, month } = value.parts
    return FeelDate.of(year, month, daysInMonth(year, month))
  }),
}

/** A property of a temporal value such as `year` or `time offset`; undefined if the value has no such property. */
export function temporalProperty(value: FeelValue, name: string): FeelValue | undefined {
  if (value instanceof YearsMonthsDuration) {
    return name === 'years' || name === 'months' ? new Decimal(value[name]) : undefined
  }
  if (value instanceof DaysTimeDuration) {
    if (name === 'days' || name === 'hours' || name === 'minutes' || name === 'seconds') return new Decimal(value[name])
    return undefined
  }
  const day = value instanceof FeelDate ? value : value instanceof FeelDateTime ? value.date : undefined
  if (day !== undefined) {
    if (name === 'year' || name === 'month' || name === 'day') return new Decimal(day.parts[name])
    if (name === 'weekday') return new Decimal(day.weekday)
  }
  if (!(value instanceof FeelTime || value instanceof FeelDateTime)) return undefined
  const second = Math.floor(value.nanoOfDay / NANOS_PER_SECOND)
  if (name === 'hour') return new Decimal(Math.floor(second / 3600))
  if (name === 'minute') return new Decimal(Math.floor(second / 60) % 60)
  if (name === 'second') return new Decimal(second % 60)
  if (name === 'time offset')
    return value.offset === undefined ? null : DaysTimeDuration.ofSeconds(value.offset.seconds)
  return name === 'timezone' ? (value.offset?.zone ?? null) : undefined
}
