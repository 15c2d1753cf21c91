import { describe, expect, it } from 'vitest'
import { addDuration, nextCronTime } from '../../../src/engine/model/calendar.ts'
import { parseCron } from '../../../src/engine/model/cron.ts'
import { parseCycle, parseDateTime, parseDuration } from '../../../src/engine/model/timer-expression.ts'

const at = (text: string) => Date.parse(text)

describe('a date-time', () => {
  it.each([
    ['2026-11-23T15:00:00+08:00', '2026-11-23T07:00:00Z'],
    ['2026-11-23T15:00:00+08:00[Asia/Shanghai]', '2026-11-23T07:00:00Z'],
    ['2026-11-23T15:00:00.123456Z', '2026-11-23T15:00:00.123Z'],
    ['2026-11-23T15:00+0800', '2026-11-23T07:00:00Z'],
    ['2026-11-23T15:00:00+08', '2026-11-23T07:00:00Z'],
  ])('%s', (text, instant) => expect(parseDateTime(text)).toBe(at(instant)))

  it.each(['2026-11-23', '2026-11-23T15:00:00', 'tomorrow', '', '2026-13-01T00:00:00Z'])('%j is none', (text) =>
    expect(parseDateTime(text)).toBeUndefined(),
  )
})

describe('a duration', () => {
  it.each([
    ['PT1H30M', { months: 0, days: 0, milliseconds: 5_400_000 }],
    ['P1Y2M3W4DT5S', { months: 14, days: 25, milliseconds: 5_000 }],
    ['PT0.5S', { months: 0, days: 0, milliseconds: 500 }],
    ['-P1D', { months: 0, days: -1, milliseconds: 0 }],
  ])('%s', (text, expected) => {
    const { months, days, milliseconds } = parseDuration(text) ?? {}
    expect([months, days, milliseconds].map((part) => Number(part) + 0)).toEqual(Object.values(expected))
  })

  it.each(['P', 'PT', '1H', 'P1DT', ''])('%j is none', (text) => expect(parseDuration(text)).toBeUndefined())

  it.each([
    ['2026-01-31T10:00:00+08:00', 'P1M', '2026-02-28T10:00:00+08:00'],
    ['2024-02-29T10:00:00+08:00', 'P1Y', '2025-02-28T10:00:00+08:00'],
    ['2026-12-31T23:00:00+08:00', 'P1DT2H', '2027-01-02T01:00:00+08:00'],
  ])('%s plus %s', (from, duration, expected) => {
    const parsed = parseDuration(duration)
    expect(parsed && addDuration(at(from), parsed, 'Asia/Shanghai')).toBe(at(expected))
  })

  it('counts days on the wall clock where summer time begins', () => {
    const day = parseDuration('P1D')
    expect(day && addDuration(at('2026-03-28T12:00:00+01:00'), day, 'Europe/Berlin')).toBe(
      at('2026-03-29T12:00:00+02:00'),
    )
  })
})

describe('a cycle', () => {
  it('repeats an interval, from a start where one is given', () => {
    expect(parseCycle('R3/PT1H')).toMatchObject({ kind: 'interval', repetitions: 3, start: undefined })
    expect(parseCycle('R/2026-11-23T00:00:00Z/P1D')).toMatchObject({
      repetitions: -1,
      start: at('2026-11-23T00:00:00Z'),
    })
    expect(parseCycle('R3')).toBeUndefined()
    expect(parseCycle('every day')).toBeUndefined()
  })

  it.each([
    ['0 30 8 * * MON', '2026-11-23T08:30:00+08:00', '2026-11-30T08:30:00+08:00'],
    ['0 0 9-17/4 * * *', '2026-11-23T09:00:00+08:00', '2026-11-23T13:00:00+08:00'],
    ['*/10 * * * * *', '2026-11-23T09:00:05+08:00', '2026-11-23T09:00:10+08:00'],
    ['@daily', '2026-11-23T09:00:00+08:00', '2026-11-24T00:00:00+08:00'],
    ['@monthly', '2026-11-23T09:00:00+08:00', '2026-12-01T00:00:00+08:00'],
    ['0 0 0 L * *', '2027-02-01T00:00:00+08:00', '2027-02-28T00:00:00+08:00'],
    ['0 0 0 1W * *', '2026-07-31T12:00:00+08:00', '2026-08-03T00:00:00+08:00'],
    ['0 0 0 ? * FRI#2', '2026-11-23T00:00:00+08:00', '2026-12-11T00:00:00+08:00'],
    ['0 0 0 ? * 5L', '2026-11-23T00:00:00+08:00', '2026-11-27T00:00:00+08:00'],
    ['0 0 0 29 2 *', '2026-11-23T00:00:00+08:00', '2028-02-29T00:00:00+08:00'],
    ['0 0 0 * * 7', '2026-11-23T00:00:00+08:00', '2026-11-29T00:00:00+08:00'],
  ])('%s after %s', (text, after, expected) => {
    const cron = parseCron(text)
    expect(cron && nextCronTime(cron, at(after), 'Asia/Shanghai')).toBe(at(expected))
  })

  it.each([
    '* * * * *',
    '60 * * * * *',
    '0 0 24 * * *',
    '0 0 0 32 * *',
    '0 0 0 * * FOO',
    'a b c d e f',
    '*/0 * * * * *',
  ])('%j is no cron expression', (text) => expect(parseCron(text)).toBeUndefined())

  it('that never happens has no next time', () => {
    const cron = parseCron('0 0 0 30 2 *')
    expect(cron && nextCronTime(cron, at('2026-11-23T00:00:00Z'), 'UTC')).toBeUndefined()
  })
})
