import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  computeDeadline,
  createCourtCalendar,
  type DeadlineRule,
  type DeadlineUnit,
  formatInstant,
  parseDeadlineRule,
  parseInstant,
  startOfDay,
  toShanghai,
} from '../../src/calendar/index.ts'

const calendar = createCourtCalendar()

function rule(amount: number, unit: DeadlineUnit, changes: Partial<DeadlineRule> = {}): DeadlineRule {
  return {
    key: 'test.rule',
    amount,
    unit,
    kind: 'hard',
    rolls: true,
    remindBefore: 0,
    remindUnit: 'workingHour',
    escalateBefore: null,
    stoppedByStay: false,
    ladder: 'enforcement',
    handlerRole: null,
    source: '测试',
    ...changes,
  }
}

function at(text: string): Date {
  return parseInstant(`${text}+08:00`, 'from')
}

function dueOf(amount: number, unit: DeadlineUnit, from: string, changes: Partial<DeadlineRule> = {}): string {
  return formatInstant(computeDeadline(rule(amount, unit, changes), at(from), calendar).dueAt).replace('+08:00', '')
}

/** End of a day, 24:00, as it is written. */
const end = (date: string) => `${date}T23:59:59.999`

describe('working hours (08:30–12:00, 14:30–18:00)', () => {
  it.each([
    ['within a session', 1, '2026-05-11T09:00', '2026-05-11T10:00:00'],
    ['up to the close of a session', 3, '2026-05-11T09:00', '2026-05-11T12:00:00'],
    ['over the lunch break', 4, '2026-05-11T09:00', '2026-05-11T15:30:00'],
    ['from the lunch break', 1, '2026-05-11T12:30', '2026-05-11T15:30:00'],
    ['from before opening', 1, '2026-05-11T07:00', '2026-05-11T09:30:00'],
    ['from after closing', 1, '2026-05-11T18:30', '2026-05-12T09:30:00'],
    ['from exactly the close', 1, '2026-05-11T18:00', '2026-05-12T09:30:00'],
    ['exactly to the close of business', 2, '2026-05-11T16:00', '2026-05-11T18:00:00'],
    ['over a weekend', 4, '2026-05-15T17:00', '2026-05-18T11:30:00'],
    ['into a shifted working Saturday, to its close', 8, '2026-10-09T17:00', '2026-10-10T18:00:00'],
    ['over the National Day holiday', 1, '2026-09-30T17:30', '2026-10-08T09:00:00'],
    ['of a whole day', 7, '2026-05-11T08:30', '2026-05-11T18:00:00'],
  ])('%s', (_, amount, from, due) => {
    expect(dueOf(amount, 'workingHour', from)).toBe(due)
  })
})

describe('working days', () => {
  it.each([
    ['the day of the event does not count', 1, '2026-05-11T09:00', '2026-05-12'],
    ['whatever its hour', 1, '2026-05-11T23:59', '2026-05-12'],
    ['weekends are skipped', 1, '2026-05-15T09:00', '2026-05-18'],
    ['from a Saturday', 1, '2026-05-16T09:00', '2026-05-18'],
    ['five of them are a week', 5, '2026-05-11T09:00', '2026-05-18'],
    ['a holiday is skipped', 2, '2026-09-30T09:00', '2026-10-09'],
    ['a shifted working Saturday counts', 3, '2026-09-30T09:00', '2026-10-10'],
    ['a shifted working Sunday counts', 1, '2026-09-19T09:00', '2026-09-20'],
    ['none: the day itself', 0, '2026-05-11T09:00', '2026-05-11'],
  ])('%s', (_, amount, from, date) => {
    expect(dueOf(amount, 'workingDay', from)).toBe(end(date))
  })
})

describe('days', () => {
  it.each([
    ['the day of the event does not count', 2, '2026-05-11T09:00', '2026-05-13'],
    ['days of rest in between count', 10, '2026-05-06T09:00', '2026-05-18'],
    ['a last Saturday rolls to Monday', 2, '2026-05-14T09:00', '2026-05-18'],
    ['a last Sunday rolls to Monday', 3, '2026-05-14T09:00', '2026-05-18'],
    ['a last holiday rolls behind the holidays', 2, '2026-09-29T09:00', '2026-10-08'],
    ['a shifted working Saturday does not roll', 2, '2026-10-08T09:00', '2026-10-10'],
    ['a shifted working Sunday does not roll', 2, '2026-09-18T09:00', '2026-09-20'],
    ['over the end of the year', 10, '2025-12-28T09:00', '2026-01-07'],
    ['New Year rolls into the shifted Sunday', 3, '2025-12-29T09:00', '2026-01-04'],
  ])('%s', (_, amount, from, date) => {
    expect(dueOf(amount, 'day', from)).toBe(end(date))
  })

  it('without rolling end where they end', () => {
    expect(dueOf(2, 'day', '2026-05-14T09:00', { rolls: false })).toBe(end('2026-05-16'))
  })
})

describe('months and years', () => {
  it.each([
    ['the same day', 1, 'month', '2026-05-11T09:00', '2026-06-11'],
    ['the last of a shorter month', 1, 'month', '2026-03-31T09:00', '2026-04-30'],
    ['the 28th of February, rolled from a Saturday', 1, 'month', '2026-01-31T09:00', '2026-02-28'],
    ['the 29th in a leap year', 1, 'month', '2024-01-31T09:00', '2024-02-29'],
    ['six months over the year', 6, 'month', '2025-08-31T09:00', '2026-02-28'],
    ['rolled behind the Spring Festival', 1, 'month', '2026-01-15T09:00', '2026-02-24'],
    ['one year', 1, 'year', '2025-05-11T09:00', '2026-05-11'],
    ['from the 29th of February', 1, 'year', '2024-02-29T09:00', '2025-02-28'],
    ['a term that ends on a Sunday, rolled', 1, 'year', '2025-05-10T09:00', '2026-05-11'],
  ] as const)('%s', (_, amount, unit, from, date) => {
    // 2026-02-28 is a Saturday on which courts worked (春节调休): it does not roll.
    expect(dueOf(amount, unit, from)).toBe(end(date))
  })

  it('a term of seizure lapses on its day, rest day or not', () => {
    expect(dueOf(1, 'year', '2025-05-10T09:00', { rolls: false })).toBe(end('2026-05-10'))
  })
})

describe('close of business', () => {
  it.each([
    ['the same day', 0, '2026-05-11T09:00', '2026-05-11T18:00:00'],
    ['just before closing', 0, '2026-05-11T17:59:59', '2026-05-11T18:00:00'],
    ['at closing: the next day', 0, '2026-05-11T18:00', '2026-05-12T18:00:00'],
    ['in the evening: the next day', 0, '2026-05-11T21:00', '2026-05-12T18:00:00'],
    ['on a Friday evening: Monday', 0, '2026-05-15T21:00', '2026-05-18T18:00:00'],
    ['on a Saturday: Monday', 0, '2026-05-16T10:00', '2026-05-18T18:00:00'],
    ['the next day', 1, '2026-05-11T21:00', '2026-05-12T18:00:00'],
    ['on a shifted working Saturday', 0, '2026-10-10T10:00', '2026-10-10T18:00:00'],
  ])('%s', (_, amount, from, due) => {
    expect(dueOf(amount, 'endOfDay', from)).toBe(due)
  })
})

describe('the end of a day', () => {
  const { dueAt } = computeDeadline(rule(2, 'day'), at('2026-05-11T09:00'), calendar)
  it.each([
    ['before', '2026-05-13T23:59:59.998', true],
    ['at the last millisecond', '2026-05-13T23:59:59.999', true],
    ['at 24:00, which is the next day', '2026-05-14T00:00:00', false],
  ])('work finished %s is in time: see the result', (_, finished, inTime) => {
    expect(at(finished) <= dueAt).toBe(inTime)
  })
})

describe('an earliest date', () => {
  it('begins when the full days have passed, and does not roll', () => {
    expect(dueOf(15, 'day', '2026-05-11T09:00', { kind: 'earliest', rolls: false })).toBe('2026-05-27T00:00:00')
    expect(dueOf(15, 'day', '2026-05-14T09:00', { kind: 'earliest', rolls: false })).toBe('2026-05-30T00:00:00')
  })

  it('more than three months after filing', () => {
    const { dueAt, explanation } = computeDeadline(
      rule(3, 'month', { kind: 'earliest', rolls: false }),
      at('2026-05-11T09:00'),
      calendar,
    )
    expect(formatInstant(dueAt)).toBe('2026-08-12T00:00:00+08:00')
    expect(explanation.at(-1)).toBe('自2026年8月12日00:00起方可进行。')
  })
})

describe('reminders and escalations before the date', () => {
  const remind = (amount: number, unit: DeadlineUnit, from: string, changes: Partial<DeadlineRule>) =>
    formatInstant(computeDeadline(rule(amount, unit, changes), at(from), calendar).remindAt).replace('+08:00', '')

  it.each([
    ['working hours before the end of a day', { remindBefore: 4, remindUnit: 'workingHour' }, '2026-05-18T11:30:00'],
    [
      'a working day before: when the court opens',
      { remindBefore: 1, remindUnit: 'workingDay' },
      '2026-05-15T08:30:00',
    ],
    ['days before: when the court opens', { remindBefore: 2, remindUnit: 'day' }, '2026-05-16T08:30:00'],
    ['at the close of the working day before', { remindBefore: 1, remindUnit: 'endOfDay' }, '2026-05-15T18:00:00'],
    ['none: with the date', { remindBefore: 0, remindUnit: 'workingHour' }, '2026-05-18T23:59:59.999'],
    ['not before the start', { remindBefore: 30, remindUnit: 'day' }, '2026-05-11T09:00:00'],
  ] as const)('%s', (_, changes, expected) => {
    expect(remind(5, 'workingDay', '2026-05-11T09:00', changes)).toBe(expected)
  })

  it('half a working hour before', () => {
    expect(remind(1, 'workingHour', '2026-05-11T09:00', { remindBefore: 0.5 })).toBe('2026-05-11T09:30:00')
  })

  it('the term of a seizure is escalated 15 and 7 days before', () => {
    const term = rule(1, 'year', { rolls: false, remindBefore: 30, remindUnit: 'day', escalateBefore: [7, 15] })
    const { remindAt, escalateAt } = computeDeadline(term, at('2025-05-11T09:00'), calendar)
    expect([remindAt, ...escalateAt].map(formatInstant)).toEqual([
      '2026-04-11T08:30:00+08:00',
      '2026-04-26T08:30:00+08:00',
      '2026-05-04T08:30:00+08:00',
    ])
  })
})

describe('the explanation', () => {
  const explain = (amount: number, unit: DeadlineUnit, from: string, changes: Partial<DeadlineRule> = {}) =>
    computeDeadline(rule(amount, unit, changes), at(from), calendar).explanation

  it('names the days that were skipped and why', () => {
    expect(explain(3, 'workingDay', '2026-09-30T09:00')).toEqual([
      '自2026年9月30日09:00（周三）起算，当日不计入，期限3个工作日（依据：测试）。',
      '不计入：2026年10月1日至10月7日（国庆节）。',
      '计为工作日：2026年10月10日（国庆节调休上班）。',
      '期限届满：2026年10月10日24时。',
    ])
  })

  it('says why the last day moved', () => {
    expect(explain(2, 'day', '2026-05-14T09:00')).toEqual([
      '自2026年5月14日09:00（周四）起算，当日不计入，期限2日（依据：测试）。',
      '最后一日遇2026年5月16日（周六）、2026年5月17日（周日），顺延至2026年5月18日（周一）。',
      '期限届满：2026年5月18日24时。',
    ])
  })

  it('says which day stands for one that the month lacks', () => {
    expect(explain(1, 'month', '2026-03-31T09:00')[1]).toBe('2026年4月没有31日，以该月最后一日2026年4月30日为期满日。')
  })

  it('names the office hours', () => {
    expect(explain(1, 'workingHour', '2026-05-11T09:00')).toEqual([
      '自2026年5月11日09:00（周一）起算，期限1个工作小时，只计办公时间08:30–12:00、14:30–18:00（依据：测试）。',
      '期限届满：2026年5月11日10:00。',
    ])
  })

  it('says when a date is provisional, and only when the unpublished calendar matters', () => {
    const rolled = computeDeadline(rule(1, 'month'), at('2026-12-15T09:00'), calendar)
    expect(rolled.provisional).toBe(true)
    expect(rolled.explanation.at(-1)).toContain('2026年12月31日以后的放假安排尚未公布')
    expect(computeDeadline(rule(1, 'month', { rolls: false }), at('2026-12-15T09:00'), calendar).provisional).toBe(
      false,
    )
    expect(computeDeadline(rule(1, 'month'), at('2026-11-15T09:00'), calendar).provisional).toBe(false)
    expect(computeDeadline(rule(1, 'workingHour'), at('2026-12-31T17:30'), calendar).provisional).toBe(true)
  })
})

describe('for every rule and start', () => {
  const units = ['workingHour', 'workingDay', 'day', 'month', 'year', 'endOfDay'] as const
  const anyRule = fc
    .record({
      amount: fc.integer({ min: 0, max: 20 }),
      unit: fc.constantFrom(...units),
      rolls: fc.boolean(),
      remindBefore: fc.integer({ min: 0, max: 10 }),
      remindUnit: fc.constantFrom('workingHour', 'workingDay', 'day', 'endOfDay'),
    })
    .map(({ amount, unit, ...changes }) => rule(amount, unit, changes))
  const anyStart = fc
    .integer({ min: 0, max: 365 * 20 * 24 * 60 })
    .map((minutes) => new Date(startOfDay('2004-01-02').getTime() + minutes * 60_000))

  it('the start ≤ the reminder ≤ the date', () => {
    fc.assert(
      fc.property(anyRule, anyStart, (anyRule, from) => {
        const { dueAt, remindAt } = computeDeadline(anyRule, from, calendar)
        expect(remindAt.getTime()).toBeGreaterThanOrEqual(from.getTime())
        expect(remindAt.getTime()).toBeLessThanOrEqual(dueAt.getTime())
      }),
    )
  })

  it('a longer limit never ends earlier', () => {
    fc.assert(
      fc.property(anyRule, anyStart, fc.integer({ min: 0, max: 10 }), (shorter, from, more) => {
        const longer = { ...shorter, amount: shorter.amount + more }
        expect(computeDeadline(longer, from, calendar).dueAt.getTime()).toBeGreaterThanOrEqual(
          computeDeadline(shorter, from, calendar).dueAt.getTime(),
        )
      }),
    )
  })

  it('a later start never ends earlier', () => {
    fc.assert(
      fc.property(anyRule, anyStart, fc.integer({ min: 0, max: 100_000 }), (anyRule, from, minutes) => {
        const later = new Date(from.getTime() + minutes * 60_000)
        expect(computeDeadline(anyRule, later, calendar).dueAt.getTime()).toBeGreaterThanOrEqual(
          computeDeadline(anyRule, from, calendar).dueAt.getTime(),
        )
      }),
    )
  })

  it('a limit that rolls ends on a working day, and rolled over nothing but days of rest', () => {
    fc.assert(
      fc.property(anyRule, anyStart, (anyRule, from) => {
        const rolled = toShanghai(computeDeadline({ ...anyRule, rolls: true }, from, calendar).dueAt).date
        const plain = toShanghai(computeDeadline({ ...anyRule, rolls: false }, from, calendar).dueAt).date
        expect(calendar.isWorkingDay(rolled)).toBe(true)
        for (let date = plain; date < rolled; date = addDays(date, 1)) expect(calendar.isWorkingDay(date)).toBe(false)
      }),
    )
  })

  it('working hours end within office hours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), anyStart, (amount, from) => {
        const { date, millisecond } = toShanghai(computeDeadline(rule(amount, 'workingHour'), from, calendar).dueAt)
        expect(calendar.isWorkingDay(date)).toBe(true)
        expect(calendar.sessions.some(({ opens, closes }) => opens < millisecond && millisecond <= closes)).toBe(true)
      }),
    )
  })
})

describe('a row of the deadline table', () => {
  const row = rule(2, 'day')
  it('is taken as the decision answers it', () => {
    expect(parseDeadlineRule('test.rule', { ...row })).toEqual(row)
  })

  it.each([
    ['no such row', null, /期限规则表没有“test\.rule”这一行/],
    ['a text for a number', { ...row, amount: '2' }, /amount/],
    ['no number', { ...row, amount: null }, /amount/],
    ['an unknown unit', { ...row, unit: 'week' }, /unit/],
    ['a hard limit without ladder', { ...row, ladder: null }, /hard.*ladder/],
    ['half a day', { ...row, remindBefore: 0.5, remindUnit: 'day' }, /半数/],
    ['another key', { ...row, key: 'other' }, /key 列写作“other”/],
  ])('is refused with %s', (_, answer, message) => {
    expect(() => parseDeadlineRule('test.rule', answer)).toThrow(message)
  })
})
