import { addDuration, nextCronTime } from '../model/calendar.ts'
import { parseCron } from '../model/cron.ts'
import { type Expression, ExpressionFailure, evaluate, type VariableLookup } from '../model/expression.ts'
import { type Cycle, parseCycle, parseDateTime, parseDuration } from '../model/timer-expression.ts'
import type { EventDefinition } from '../model/types.ts'
import { LAST_INSTANT } from '../protocol/limits.ts'
import type { TimerRow } from '../state/rows.ts'
import { wrongType } from './expressions.ts'
import { ElementFailure, type Processing } from './processing.ts'

/** When a timer fires first, and how it goes on. */
interface Schedule {
  readonly dueAt: number
  /** Firings with this one; -1: without end. */
  readonly repetitions: number
  /** The cycle as text; null fires once. */
  readonly schedule: string | null
}

/**
 * Evaluates a timer. `undefined`: it never fires (a cycle with no repetitions, or one that has ended).
 * @throws {ElementFailure} EXTRACT_VALUE_ERROR when the expression gives no date, duration or cycle
 */
export function evaluateTimer(
  processing: Processing,
  event: Extract<EventDefinition, { kind: 'timer' }>,
  variables: VariableLookup,
): Schedule | undefined {
  const { expression } = event
  const text = evaluateTimerText(processing, expression, variables, EXPECTED[event.timer])
  const schedule = scheduleOf(processing, event, text)
  if (schedule !== undefined && !(Math.abs(schedule.dueAt) <= LAST_INSTANT))
    throw invalid(event.timer === 'date' ? 'date-time' : event.timer, text, expression)
  return schedule
}

function scheduleOf(
  processing: Processing,
  { timer, expression }: Extract<EventDefinition, { kind: 'timer' }>,
  text: string,
): Schedule | undefined {
  if (timer === 'date') {
    const dueAt = parseDateTime(text)
    if (dueAt === undefined) throw invalid('date-time', text, expression)
    return { dueAt, repetitions: 1, schedule: null }
  }
  if (timer === 'duration') {
    const duration = parseDuration(text)
    if (duration === undefined) throw invalid('duration', text, expression)
    return { dueAt: addDuration(processing.now, duration, processing.expressions.zone), repetitions: 1, schedule: null }
  }
  const cycle = parseCycle(text)
  if (cycle === undefined) throw invalid('cycle', text, expression)
  const repetitions = cycle.kind === 'cron' ? -1 : cycle.repetitions
  const dueAt =
    cycle.kind === 'interval' && cycle.start !== undefined
      ? cycle.start
      : nextFiring(cycle, processing.now, processing.expressions.zone)
  return dueAt === undefined || repetitions === 0 ? undefined : { dueAt, repetitions, schedule: text }
}

/**
 * What follows when a timer has fired; `undefined`: nothing. As observed on Camunda: a cycle counts from when it was due,
 * but what was missed meanwhile (the engine was away, the clock was moved) is made up for once, not once each time; a
 * cron expression goes on from now.
 */
export function followingSchedule(processing: Processing, timer: TimerRow): Schedule | undefined {
  if (timer.schedule === null || timer.repetitions === 1) return undefined
  const cycle = parseCycle(timer.schedule)
  if (cycle === undefined) return undefined
  const { zone } = processing.expressions
  const next =
    cycle.kind === 'cron'
      ? nextFiring(cycle, Math.max(timer.dueAt, processing.now), zone)
      : nextFiring(cycle, timer.dueAt, zone)
  if (next === undefined || !(next <= LAST_INSTANT)) return undefined
  return {
    dueAt: Math.max(next, processing.now),
    repetitions: timer.repetitions === -1 ? -1 : timer.repetitions - 1,
    schedule: timer.schedule,
  }
}

/** The instant that is so many milliseconds away; the last one that there is, when it would be later. */
export function later(now: number, milliseconds: number): number {
  return Math.min(now + milliseconds, LAST_INSTANT)
}

const EXPECTED = {
  date: "one of '[DATE_TIME, STRING]'",
  duration: "one of '[DURATION, PERIOD, STRING]'",
  cycle: 'STRING',
} as const

function evaluateTimerText(
  processing: Processing,
  expression: Expression,
  variables: VariableLookup,
  expected: string,
): string {
  try {
    const { value, warnings } = evaluate(expression, variables, processing.expressions)
    if (typeof value === 'string') return value
    throw wrongType(expression, expected, value, warnings)
  } catch (error) {
    if (error instanceof ExpressionFailure) throw new ElementFailure('EXTRACT_VALUE_ERROR', error.message)
    throw error
  }
}

function invalid(what: string, text: string, expression: Expression): ElementFailure {
  return new ElementFailure(
    'EXTRACT_VALUE_ERROR',
    `Invalid ${what} format '${text}' for expression '${expression.source}'.`,
  )
}

function nextFiring(cycle: Cycle, after: number, zone: string): number | undefined {
  if (cycle.kind === 'interval') {
    const next = addDuration(after, cycle.interval, zone)
    // One that no date can name is for the caller to refuse.
    return next > after || Number.isNaN(next) ? next : undefined
  }
  const cron = parseCron(cycle.source)
  return cron && nextCronTime(cron, after, zone)
}
