import { parseCron } from './cron.ts'

/** A calendar duration, ISO-8601. */
export interface CalendarDuration {
  readonly months: number
  readonly days: number
  readonly milliseconds: number
}

/** When a cycle fires: every duration, or by a cron expression. */
export type Cycle =
  | {
      readonly kind: 'interval'
      /** -1: without end. */
      readonly repetitions: number
      readonly start: number | undefined
      readonly interval: CalendarDuration
    }
  | { readonly kind: 'cron'; readonly source: string }

/** As many as an integer of Camunda holds. */
const MAX_REPETITIONS = 2 ** 31 - 1

const DURATION =
  /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?\d+)(?:\.(\d{1,9}))?S)?)?$/i
const DATE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?))(?:\[[^\]]+\])?$/i

/** Parses an ISO-8601 duration; `undefined` when it is none. */
export function parseDuration(text: string): CalendarDuration | undefined {
  const match = DURATION.exec(text.trim())
  if (match === null || /[PT]$/i.test(text.trim())) return undefined
  const part = (index: number): number => Number(match[index] ?? 0)
  const sign = match[1] === undefined ? 1 : -1
  const fraction = Number(`0.${match[9] ?? '0'}`)
  return {
    months: sign * (part(2) * 12 + part(3)),
    days: sign * (part(4) * 7 + part(5)),
    milliseconds: sign * Math.round(((part(6) * 60 + part(7)) * 60 + part(8) + fraction) * 1000),
  }
}

/**
 * Parses a date-time with offset, optionally followed by a zone (`2026-11-23T15:00:00+08:00[Asia/Shanghai]`), to
 * milliseconds; `undefined` when it is none.
 */
export function parseDateTime(text: string): number | undefined {
  const match = DATE.exec(text.trim())
  if (match === null) return undefined
  const plain = (match[1] ?? '').replace(/([+-]\d{2})(\d{2})$/, '$1:$2').replace(/(T.*[+-]\d{2})$/, '$1:00')
  const time = Date.parse(plain)
  return Number.isNaN(time) ? undefined : time
}

/** Parses `R/…`, `R3/PT1H`, `R3/start/PT1H` or a cron expression; `undefined` when it is none. */
export function parseCycle(text: string): Cycle | undefined {
  const source = text.trim()
  if (!source.startsWith('R')) return parseCron(source) === undefined ? undefined : { kind: 'cron', source }
  const parts = source.split('/')
  const count = /^R(-1|\d*)$/.exec(parts[0] ?? '')
  if (count === null || parts.length < 2 || parts.length > 3) return undefined
  const interval = parseDuration(parts.at(-1) ?? '')
  const start = parts.length === 3 ? parseDateTime(parts[1] ?? '') : undefined
  if (interval === undefined || (parts.length === 3 && start === undefined)) return undefined
  const repetitions = count[1] === '' ? -1 : Number(count[1])
  if (repetitions > MAX_REPETITIONS) return undefined
  return { kind: 'interval', repetitions, start, interval }
}

/** What is wrong with a static timer value, if anything. */
export function checkTimer(timer: 'date' | 'duration' | 'cycle', source: string): string | undefined {
  if (timer === 'date' && parseDateTime(source) === undefined)
    return `invalid date-time '${source}': expected e.g. 2026-11-23T15:00:00+08:00`
  if (timer === 'duration' && parseDuration(source) === undefined)
    return `invalid duration '${source}': expected ISO-8601, e.g. PT4H`
  if (timer === 'cycle' && parseCycle(source) === undefined)
    return `invalid cycle '${source}': expected e.g. R3/PT10M or a cron expression of six fields`
  return undefined
}
