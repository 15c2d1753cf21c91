import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atTime, momentAfter } from '../../src/rehearsal/rehearse.ts'

const now = new Date('2026-03-02T09:00:00+08:00')

describe('momentAfter', () => {
  it.each([
    ['PT90M', '2026-03-02T10:30:00+08:00'],
    ['PT2H', '2026-03-02T11:00:00+08:00'],
    ['PT1H30M', '2026-03-02T10:30:00+08:00'],
    ['P2D', '2026-03-04T09:00:00+08:00'],
    ['P1DT12H', '2026-03-03T21:00:00+08:00'],
    ['P0D', '2026-03-02T09:00:00+08:00'],
    ['2026-05-01T00:00:00+08:00', '2026-05-01T00:00:00+08:00'],
    ['2026-04-30T16:00:00Z', '2026-05-01T00:00:00+08:00'],
    ['2026-03-01T00:00:00+08:00', '2026-03-01T00:00:00+08:00'],
  ])('%s → %s', (text, moment) => {
    expect(momentAfter(text, now)).toEqual(new Date(moment))
  })

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'P1M',
    'P1W',
    'PT30S',
    '-P1D',
    'P-1D',
    'P1.5D',
    'pt2h',
    ' PT2H',
    '2 hours',
    'tomorrow',
    '2026-05-01',
    '2026-05-01T00:00:00',
    '2026-02-30T00:00:00+08:00',
  ])('refuses "%s" and says what it takes', (text) => {
    expect(() => momentAfter(text, now)).toThrow(`"${text}" is neither`)
  })

  it('is as long after now as the duration says, whatever now is', () => {
    const part = fc.option(fc.nat(400), { nil: undefined })
    const instant = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(instant, part, part, part, (from, days, hours, minutes) => {
        fc.pre(days !== undefined || hours !== undefined || minutes !== undefined)
        const time =
          hours === undefined && minutes === undefined ? '' : `T${written(hours, 'H')}${written(minutes, 'M')}`
        const length = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000

        expect(momentAfter(`P${written(days, 'D')}${time}`, from).getTime() - from.getTime()).toBe(length)
      }),
    )
  })
})

const written = (amount: number | undefined, unit: string) => (amount === undefined ? '' : `${amount}${unit}`)

describe('atTime', () => {
  it('fills in the court’s date and time, wherever they stand', () => {
    const answers = {
      sentAt: '{today}',
      remark: '于{now}送达，{today}',
      results: [{ at: '{now}', amount: 3, frozen: null }],
      confirmed: true,
    }

    expect(atTime(answers, now)).toEqual({
      sentAt: '2026-03-02',
      remark: '于2026-03-02T09:00:00+08:00送达，2026-03-02',
      results: [{ at: '2026-03-02T09:00:00+08:00', amount: 3, frozen: null }],
      confirmed: true,
    })
  })

  it('takes the date of the court, not that of the machine or of Greenwich', () => {
    expect(atTime({ on: '{today}' }, new Date('2026-03-02T23:30:00Z'))).toEqual({ on: '2026-03-03' })
    expect(atTime({ on: '{today}' }, new Date('2026-03-02T15:59:59Z'))).toEqual({ on: '2026-03-02' })
  })

  it('leaves the answers themselves as they were', () => {
    const answers = { sentAt: '{today}' }
    atTime(answers, now)

    expect(answers).toEqual({ sentAt: '{today}' })
  })

  it('leaves other braces alone', () => {
    expect(atTime({ text: '{tomorrow} {} {Today}' }, now)).toEqual({ text: '{tomorrow} {} {Today}' })
  })
})
