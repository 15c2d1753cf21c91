import type { Cron } from './cron.ts'
import type { CalendarDuration } from './timer-expression.ts'

/** Fields of a wall clock. */
interface WallClock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly millisecondOfDay: number
}

const DAY = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

function offsetAt(instant: number, zone: string): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value)
  const wall = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second)
  return wall - Math.floor(instant / 1000) * 1000
}

function wallClock(instant: number, zone: string): WallClock {
  const shifted = new Date(instant + offsetAt(instant, zone))
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    millisecondOfDay: ((shifted.getTime() % DAY) + DAY) % DAY,
  }
}

/** The instant of a wall clock; a time that the zone skips moves to after the gap. */
function instantOf(year: number, month: number, day: number, millisecondOfDay: number, zone: string): number {
  const wall = Date.UTC(year, month - 1, day) + millisecondOfDay
  const first = wall - offsetAt(wall, zone)
  const second = wall - offsetAt(first, zone)
  return offsetAt(second, zone) === wall - second ? second : Math.max(first, second)
}

/** Adds a duration as a calendar does: months and days on the wall clock of `zone`, the rest exactly. */
export function addDuration(instant: number, duration: CalendarDuration, zone: string): number {
  if (duration.months === 0 && duration.days === 0) return instant + duration.milliseconds
  const wall = wallClock(instant, zone)
  const months = wall.year * 12 + wall.month - 1 + duration.months
  const year = Math.floor(months / 12)
  // Beyond the years that a date can name there is no instant.
  if (Math.abs(year) > 275_000 || Math.abs(duration.days) > 100_000_000) return Number.NaN
  const month = months - year * 12 + 1
  const day = Math.min(wall.day, new Date(Date.UTC(year, month, 0)).getUTCDate())
  return instantOf(year, month, day + duration.days, wall.millisecondOfDay, zone) + duration.milliseconds
}

/** The first instant after `instant` that a cron expression means; `undefined` when there is none within ten years. */
export function nextCronTime(cron: Cron, instant: number, zone: string): number | undefined {
  const start = wallClock(instant, zone)
  for (let ahead = 0; ahead <= 3660; ahead += 1) {
    const date = new Date(Date.UTC(start.year, start.month - 1, start.day + ahead))
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
    if (!cron.matchesDay(year, month, day)) continue
    const found = timeOfDay(cron, ahead === 0 ? start.millisecondOfDay : -1)
    if (found === undefined) continue
    const candidate = instantOf(year, month, day, found, zone)
    if (candidate > instant) return candidate
  }
  return undefined
}

function timeOfDay(cron: Cron, after: number): number | undefined {
  for (const hour of sorted(cron.hours))
    for (const minute of sorted(cron.minutes)) {
      if ((hour * 60 + minute) * 60_000 + 59_999 <= after) continue
      for (const second of sorted(cron.seconds)) {
        const time = ((hour * 60 + minute) * 60 + second) * 1000
        if (time > after) return time
      }
    }
  return undefined
}

const sorted = (values: ReadonlySet<number>): number[] => [...values].sort((a, b) => a - b)
