/**
 * The temporal types of FEEL: date, time, date and time (local, with offset, with zone), and both kinds of duration.
 * `toString()` gives FEEL's text, `toIso()` the text that becomes JSON.
 */
import {
  dateOfEpochDay,
  dayOfWeek,
  daysInMonth,
  epochDayOf,
  NANOS_PER_DAY,
  NANOS_PER_SECOND,
  offsetAtInstant,
  resolveLocal,
  SECONDS_PER_DAY,
} from './calendar.ts'
import { FeelEvaluationError } from './errors.ts'

/** Greatest year, either way. */
const MAX_YEAR = 999_999_999
const [MIN_DAY, MAX_DAY] = [epochDayOf(-MAX_YEAR, 1, 1), epochDayOf(MAX_YEAR, 12, 31)]
/** Java's bound of a duration: 64 bits of seconds. */
const MAX_NANOS = 2n ** 63n * BigInt(NANOS_PER_SECOND)
const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** A number of months: `P1Y2M`. */
export class YearsMonthsDuration {
  readonly totalMonths: number
  constructor(totalMonths: number) {
    this.totalMonths = totalMonths === 0 ? 0 : totalMonths
  }
  get years(): number {
    return Math.trunc(this.totalMonths / 12)
  }
  get months(): number {
    return this.totalMonths % 12
  }
  /** FEEL text: one leading sign, `-P1Y2M`. */
  toString(): string {
    if (this.totalMonths === 0) return 'P0Y'
    const text = this.totalMonths < 0 ? new YearsMonthsDuration(-this.totalMonths).toIso() : this.toIso()
    return this.totalMonths < 0 ? `-${text}` : text
  }
  /** Text of the JSON value: signed parts, `P-1Y-2M`, as Camunda stores it. */
  toIso(): string {
    if (this.totalMonths === 0) return 'P0D'
    return `P${this.years === 0 ? '' : `${this.years}Y`}${this.months === 0 ? '' : `${this.months}M`}`
  }
}

/** A number of seconds with nanoseconds: `P1DT2H`. */
export class DaysTimeDuration {
  readonly nanos: bigint
  /** @throws FeelEvaluationError beyond the bound of durations */
  constructor(nanos: bigint) {
    if (nanos >= MAX_NANOS || nanos < -MAX_NANOS) throw new FeelEvaluationError('The duration is too long')
    this.nanos = nanos
  }
  static ofSeconds(seconds: number): DaysTimeDuration {
    return new DaysTimeDuration(BigInt(seconds) * BigInt(NANOS_PER_SECOND))
  }
  /** The whole length in milliseconds, towards zero; for timers. */
  get milliseconds(): number {
    return Number(this.nanos / 1_000_000n)
  }
  /** Whole seconds of the length, downwards. */
  get totalSeconds(): number {
    const size = BigInt(NANOS_PER_SECOND)
    const whole = this.nanos / size
    return Number(whole * size > this.nanos ? whole - 1n : whole)
  }
  get isWholeSeconds(): boolean {
    return this.nanos % BigInt(NANOS_PER_SECOND) === 0n
  }
  get days(): number {
    return Math.trunc(this.totalSeconds / SECONDS_PER_DAY)
  }
  get hours(): number {
    return Math.trunc((this.totalSeconds % SECONDS_PER_DAY) / 3600)
  }
  get minutes(): number {
    return Math.trunc((this.totalSeconds % 3600) / 60)
  }
  get seconds(): number {
    return this.totalSeconds % 60
  }
  /** FEEL text: `P2DT12H`, whole seconds. */
  toString(): string {
    const total = this.totalSeconds
    if (total === 0) return 'P0D'
    if (total < 0) return `-${DaysTimeDuration.ofSeconds(-total)}`
    const time = `${this.hours === 0 ? '' : `${this.hours}H`}${this.minutes === 0 ? '' : `${this.minutes}M`}${this.seconds === 0 ? '' : `${this.seconds}S`}`
    return `P${this.days === 0 ? '' : `${this.days}D`}${time === '' ? '' : `T${time}`}`
  }
  /** Text of the JSON value: hours are not folded into days, parts carry the sign, `PT-25H`, as Camunda stores it. */
  toIso(): string {
    if (this.nanos === 0n) return 'PT0S'
    const total = Number(this.nanos / BigInt(NANOS_PER_SECOND))
    const hours = Math.trunc(total / 3600)
    const minutes = Math.trunc((total % 3600) / 60)
    const rest = Number(this.nanos % BigInt(NANOS_PER_SECOND))
    const seconds = total % 60
    let text = `PT${hours === 0 ? '' : `${hours}H`}${minutes === 0 ? '' : `${minutes}M`}`
    if (seconds !== 0 || rest !== 0)
      text += `${this.nanos < 0n ? '-' : ''}${Math.abs(seconds)}${fractionText(Math.abs(rest))}S`
    return text
  }
}

const fractionText = (nanos: number): string => (nanos === 0 ? '' : `.${pad(nanos, 9).replace(/0+$/, '')}`)

/** A calendar date without time. */
export class FeelDate {
  readonly epochDay: number
  constructor(epochDay: number) {
    this.epochDay = epochDay
  }
  /** The date, or null if there is no such day. */
  static of(year: number, month: number, day: number): FeelDate | null {
    if (![year, month, day].every(Number.isInteger) || Math.abs(year) > MAX_YEAR) return null
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
    return new FeelDate(epochDayOf(year, month, day))
  }
  get parts(): { year: number; month: number; day: number } {
    return dateOfEpochDay(this.epochDay)
  }
  /** ISO day of week, Monday 1. */
  get weekday(): number {
    return dayOfWeek(this.epochDay)
  }
  get dayOfYear(): number {
    return this.epochDay - epochDayOf(this.parts.year, 1, 1) + 1
  }
  /** ISO week of the year, 1 to 53. */
  get weekOfYear(): number {
    // the week belongs to the year of its Thursday
    const thursday = new FeelDate(this.epochDay - this.weekday + 4)
    return Math.floor((thursday.dayOfYear - 1) / 7) + 1
  }
  /** Moves by months; the day is cut to the length of the month. @throws FeelEvaluationError beyond the last year */
  plusMonths(months: number): FeelDate {
    const { year, month, day } = this.parts
    const total = year * 12 + (month - 1) + months
    const newYear = Math.floor(total / 12)
    const newMonth = total - newYear * 12 + 1
    if (Math.abs(newYear) > MAX_YEAR) throw new FeelEvaluationError(`There is no year ${newYear}`)
    return new FeelDate(epochDayOf(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth))))
  }
  toString(): string {
    const { year, month, day } = this.parts
    const digits = pad(Math.abs(year), 4)
    return `${year < 0 ? '-' : year > 9999 ? '+' : ''}${digits}-${pad(month)}-${pad(day)}`
  }
  toIso(): string {
    return this.toString()
  }
}

/** Offset and zone of a time. `zone` is an IANA name; without it the offset is fixed. */
export interface TimeOffset {
  readonly seconds: number
  readonly zone?: string
}

function offsetText(offset: TimeOffset): string {
  if (offset.seconds === 0) return 'Z'
  const size = Math.abs(offset.seconds)
  const rest = size % 60
  return `${offset.seconds < 0 ? '-' : '+'}${pad(Math.trunc(size / 3600))}:${pad(Math.trunc(size / 60) % 60)}${rest === 0 ? '' : `:${pad(rest)}`}`
}

const zoneName = (offset: TimeOffset | undefined): string =>
  offset === undefined ? '' : (offset.zone ?? offsetText(offset))
const sameOffset = (a: TimeOffset | undefined, b: TimeOffset | undefined): boolean =>
  a?.seconds === b?.seconds && a?.zone === b?.zone

const feelOffset = (offset: TimeOffset | undefined): string =>
  offset === undefined ? '' : offset.zone === undefined ? offsetText(offset) : `@${offset.zone}`
const isoOffset = (offset: TimeOffset | undefined): string =>
  offset === undefined ? '' : `${offsetText(offset)}${offset.zone === undefined ? '' : `[${offset.zone}]`}`

function clockText(nanoOfDay: number): string {
  const seconds = Math.floor(nanoOfDay / NANOS_PER_SECOND)
  const fraction = fractionText(nanoOfDay % NANOS_PER_SECOND)
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}${fraction}`
}

/** A time of day, with or without offset. */
export class FeelTime {
  readonly nanoOfDay: number
  readonly offset: TimeOffset | undefined
  constructor(nanoOfDay: number, offset?: TimeOffset) {
    this.nanoOfDay = nanoOfDay
    this.offset = offset
  }
  /** Moves by nanoseconds, round the clock. */
  plusNanos(nanos: bigint): FeelTime {
    const day = BigInt(NANOS_PER_DAY)
    const moved = (((BigInt(this.nanoOfDay) + nanos) % day) + day) % day
    return new FeelTime(Number(moved), this.offset)
  }
  /** Nanoseconds on the UTC clock, for comparison of times with offset. */
  get instantNanos(): number {
    return this.nanoOfDay - (this.offset?.seconds ?? 0) * NANOS_PER_SECOND
  }
  equals(other: FeelTime): boolean {
    return this.nanoOfDay === other.nanoOfDay && sameOffset(this.offset, other.offset)
  }
  toString(): string {
    return clockText(this.nanoOfDay) + feelOffset(this.offset)
  }
  /** Text of the JSON value: with the offset, without the zone. */
  toIso(): string {
    return clockText(this.nanoOfDay) + (this.offset === undefined ? '' : offsetText(this.offset))
  }
}

/** A date and time: local, with a fixed offset, or in a zone. */
export class FeelDateTime {
  readonly date: FeelDate
  readonly nanoOfDay: number
  readonly offset: TimeOffset | undefined
  constructor(date: FeelDate, nanoOfDay: number, offset?: TimeOffset) {
    this.date = date
    this.nanoOfDay = nanoOfDay
    this.offset = offset
  }
  /** The moment given by local date and time in a zone. */
  static inZone(date: FeelDate, nanoOfDay: number, zone: string): FeelDateTime {
    const local = date.epochDay * SECONDS_PER_DAY + Math.floor(nanoOfDay / NANOS_PER_SECOND)
    const resolved = resolveLocal(zone, local)
    const offset = { seconds: resolved.offset, zone }
    if (resolved.localSecond === local) return new FeelDateTime(date, nanoOfDay, offset)
    return FeelDateTime.#ofLocal(resolved.localSecond, nanoOfDay % NANOS_PER_SECOND, offset)
  }
  /** The moment of an instant as seen with a fixed offset or in a zone. */
  static ofInstant(epochSecond: number, nano: number, place: number | string): FeelDateTime {
    const seconds = typeof place === 'number' ? place : offsetAtInstant(place, epochSecond)
    const offset = typeof place === 'number' ? { seconds } : { seconds, zone: place }
    return FeelDateTime.#ofLocal(epochSecond + seconds, nano, offset)
  }
  static #ofLocal(localSecond: number, nano: number, offset?: TimeOffset): FeelDateTime {
    const epochDay = Math.floor(localSecond / SECONDS_PER_DAY)
    if (epochDay < MIN_DAY || epochDay > MAX_DAY) throw new FeelEvaluationError('There is no such year')
    const secondOfDay = localSecond - epochDay * SECONDS_PER_DAY
    return new FeelDateTime(new FeelDate(epochDay), secondOfDay * NANOS_PER_SECOND + nano, offset)
  }
  get time(): FeelTime {
    return new FeelTime(this.nanoOfDay, this.offset)
  }
  /** Seconds since the epoch; for a local value as if it were UTC. */
  get epochSecond(): number {
    const local = this.date.epochDay * SECONDS_PER_DAY + Math.floor(this.nanoOfDay / NANOS_PER_SECOND)
    return local - (this.offset?.seconds ?? 0)
  }
  get nanoOfSecond(): number {
    return this.nanoOfDay % NANOS_PER_SECOND
  }
  /** Milliseconds since the epoch, for timers; null for a local value, which is no instant. */
  get epochMilliseconds(): number | null {
    return this.offset === undefined ? null : this.epochSecond * 1000 + Math.floor(this.nanoOfSecond / 1_000_000)
  }
  plusNanos(nanos: bigint): FeelDateTime {
    const size = BigInt(NANOS_PER_SECOND)
    const total = BigInt(this.epochSecond) * size + BigInt(this.nanoOfSecond) + nanos
    const nano = ((total % size) + size) % size
    const second = Number((total - nano) / size)
    if (this.offset === undefined) return FeelDateTime.#ofLocal(second, Number(nano))
    return FeelDateTime.ofInstant(second, Number(nano), this.offset.zone ?? this.offset.seconds)
  }
  plusMonths(months: number): FeelDateTime {
    const date = this.date.plusMonths(months)
    const zone = this.offset?.zone
    return zone === undefined
      ? new FeelDateTime(date, this.nanoOfDay, this.offset)
      : FeelDateTime.inZone(date, this.nanoOfDay, zone)
  }
  /** The same instant in another zone; null for a local value. */
  withZone(zone: string): FeelDateTime | null {
    if (this.offset === undefined) return null
    return FeelDateTime.ofInstant(this.epochSecond, this.nanoOfSecond, zone)
  }
  equals(other: FeelDateTime): boolean {
    return (
      this.date.epochDay === other.date.epochDay &&
      this.nanoOfDay === other.nanoOfDay &&
      sameOffset(this.offset, other.offset)
    )
  }
  /** Order by instant, then by local time, then by the name of the zone, as Java has it. */
  comparedTo(other: FeelDateTime): number {
    const instants = this.epochSecond - other.epochSecond || this.nanoOfSecond - other.nanoOfSecond
    if (instants !== 0) return instants
    const offsets = (this.offset?.seconds ?? 0) - (other.offset?.seconds ?? 0)
    if (offsets !== 0) return offsets
    const [a, b] = [zoneName(this.offset), zoneName(other.offset)]
    return a < b ? -1 : a > b ? 1 : 0
  }
  /** FEEL text; a great year has no sign here, unlike in a date and in JSON. */
  toString(): string {
    return `${String(this.date).replace('+', '')}T${clockText(this.nanoOfDay)}${feelOffset(this.offset)}`
  }
  toIso(): string {
    return `${this.date}T${clockText(this.nanoOfDay)}${isoOffset(this.offset)}`
  }
}
