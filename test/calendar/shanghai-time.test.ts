import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endOfDay, formatInstant, parseInstant, startOfDay, toShanghai } from '../../src/calendar/index.ts'

describe('instants', () => {
  it.each([
    ['2026-05-11T09:00:00+08:00', '2026-05-11T01:00:00.000Z'],
    ['2026-05-11T09:00:00+08:00[Asia/Shanghai]', '2026-05-11T01:00:00.000Z'],
    ['2026-05-11T01:00:00Z', '2026-05-11T01:00:00.000Z'],
    ['2026-05-11T01:00:00Z[GMT]', '2026-05-11T01:00:00.000Z'],
    ['2026-05-11T09:00+08:00', '2026-05-11T01:00:00.000Z'],
    ['2026-05-11T09:00:00.123456789+08:00[Asia/Shanghai]', '2026-05-11T01:00:00.123Z'],
    ['2026-05-11T00:30:00-02:30', '2026-05-11T03:00:00.000Z'],
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text, 'deadlineFrom').toISOString()).toBe(instant)
  })

  it.each(['2026-05-11', '2026-05-11T09:00:00', '2026-02-30T09:00:00+08:00', '2026-05-11T25:00:00+08:00', '', 'jetzt'])(
    'refuses “%s” and names the field',
    (text) => {
      expect(() => parseInstant(text, 'deadlineFrom')).toThrow(/^deadlineFrom“.*ISO-8601/)
    },
  )

  it('are written with the offset of Shanghai and read back', () => {
    expect(formatInstant(new Date('2026-05-11T16:30:00Z'))).toBe('2026-05-12T00:30:00+08:00')
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1995-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (instant) => {
          expect(parseInstant(formatInstant(instant), 'x').getTime()).toBe(instant.getTime())
        },
      ),
    )
  })

  it('a day ends with its last millisecond, and the next begins right after', () => {
    expect(formatInstant(endOfDay('2026-05-13'))).toBe('2026-05-13T23:59:59.999+08:00')
    expect(endOfDay('2026-05-13').getTime() + 1).toBe(startOfDay('2026-05-14').getTime())
    expect(toShanghai(endOfDay('2026-05-13')).date).toBe('2026-05-13')
    expect(toShanghai(startOfDay('2026-05-14')).date).toBe('2026-05-14')
  })

  it('fall on the date of Shanghai, not of UTC', () => {
    expect(toShanghai(new Date('2026-05-11T15:59:59.999Z')).date).toBe('2026-05-11')
    expect(toShanghai(new Date('2026-05-11T16:00:00.000Z'))).toEqual({ date: '2026-05-12', millisecond: 0 })
    expect(toShanghai(new Date('1969-12-31T20:00:00.000Z'))).toEqual({ date: '1970-01-01', millisecond: 4 * 3_600_000 })
  })
})
