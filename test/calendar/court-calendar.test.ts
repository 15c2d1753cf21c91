import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths, daysInMonth, weekdayOf } from '../../src/calendar/calendar-date.ts'
import { addDays, CalendarError, createCourtCalendar, isCalendarDate } from '../../src/calendar/index.ts'

const calendar = createCourtCalendar()

/** The State Council's notices, copied by hand for two ordinary years and one with a merged holiday. */
const notices = {
  2024: {
    off: [
      ['2024-01-01', '2024-01-01'],
      ['2024-02-10', '2024-02-17'],
      ['2024-04-04', '2024-04-06'],
      ['2024-05-01', '2024-05-05'],
      ['2024-06-08', '2024-06-10'],
      ['2024-09-15', '2024-09-17'],
      ['2024-10-01', '2024-10-07'],
    ],
    worked: [
      '2024-02-04',
      '2024-02-18',
      '2024-04-07',
      '2024-04-28',
      '2024-05-11',
      '2024-09-14',
      '2024-09-29',
      '2024-10-12',
    ],
  },
  2025: {
    off: [
      ['2025-01-01', '2025-01-01'],
      ['2025-01-28', '2025-02-04'],
      ['2025-04-04', '2025-04-06'],
      ['2025-05-01', '2025-05-05'],
      ['2025-05-31', '2025-06-02'],
      ['2025-10-01', '2025-10-08'],
    ],
    worked: ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  },
  2026: {
    off: [
      ['2026-01-01', '2026-01-03'],
      ['2026-02-15', '2026-02-23'],
      ['2026-04-04', '2026-04-06'],
      ['2026-05-01', '2026-05-05'],
      ['2026-06-19', '2026-06-21'],
      ['2026-09-25', '2026-09-27'],
      ['2026-10-01', '2026-10-07'],
    ],
    worked: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
} as const

function datesBetween(first: string, last: string): string[] {
  const dates: string[] = []
  for (let date = first; date <= last; date = addDays(date, 1)) dates.push(date)
  return dates
}

const anyDate = fc.integer({ min: 0, max: 365 * 23 }).map((days) => addDays('2004-01-01', days))

describe('working days', () => {
  it.each(Object.entries(notices))('every day of %s is as the State Council announced it', (year, { off, worked }) => {
    const offDates = new Set(off.flatMap(([first, last]) => datesBetween(first, last)))
    const workedDates = new Set<string>(worked)
    const wrong = datesBetween(`${year}-01-01`, `${year}-12-31`).filter((date) => {
      const weekend = [0, 6].includes(weekdayOf(date))
      const expected = workedDates.has(date) || (!offDates.has(date) && !weekend)
      return calendar.isWorkingDay(date) !== expected
    })
    expect(wrong).toEqual([])
  })

  it('says in words what a day is', () => {
    expect(calendar.dayDetail('2026-10-01')).toMatchObject({ working: false, kind: 'holiday', name: '国庆节' })
    expect(calendar.dayDetail('2026-10-10')).toMatchObject({
      working: true,
      kind: 'shiftedWorkday',
      name: '国庆节调休上班',
    })
    expect(calendar.dayDetail('2026-11-21')).toMatchObject({ working: false, kind: 'weekend', name: '周六' })
    expect(calendar.dayDetail('2026-11-23')).toMatchObject({ working: true, kind: 'weekday', name: '周一' })
  })

  it('is published for 2004 to 2026, and provisional outside', () => {
    expect(calendar).toMatchObject({ coveredFrom: '2004-01-01', coveredUntil: '2026-12-31' })
    expect(calendar.dayDetail('2026-12-31').provisional).toBe(false)
    expect(calendar.dayDetail('2027-01-01')).toMatchObject({ provisional: true, working: true })
  })

  it('every weekend day that is worked lies within three weeks of a holiday of that name, in every year', () => {
    for (const date of datesBetween('2004-01-01', '2026-12-31')) {
      const detail = calendar.dayDetail(date)
      if (detail.kind !== 'shiftedWorkday') continue
      const near = datesBetween(addDays(date, -21), addDays(date, 21)).map((other) => calendar.dayDetail(other))
      const holiday = near.some((other) => other.kind === 'holiday' && detail.name.startsWith(other.name.slice(0, 2)))
      expect(holiday, `${date} ${detail.name}`).toBe(true)
    }
  })

  it('each published year has between 240 and 256 working days and the holidays of the law', () => {
    for (let year = 2004; year <= 2026; year += 1) {
      const days = datesBetween(`${year}-01-01`, `${year}-12-31`)
      const working = days.filter(calendar.isWorkingDay).length
      expect(working, String(year)).toBeGreaterThanOrEqual(240)
      expect(working, String(year)).toBeLessThanOrEqual(256)
      for (const holiday of [`${year}-01-01`, `${year}-05-01`, `${year}-10-01`, `${year}-10-02`, `${year}-10-03`]) {
        expect(calendar.isWorkingDay(holiday), holiday).toBe(false)
      }
    }
  })

  it('counts working days forth and back to the same day', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 1, max: 60 }), (date, count) => {
        const later = calendar.addWorkingDays(date, count)
        const start = calendar.workingDayOnOrAfter(addDays(date, 1))
        expect(calendar.isWorkingDay(later)).toBe(true)
        expect(calendar.addWorkingDays(later, -(count - 1))).toBe(count === 1 ? later : start)
      }),
    )
  })
})

describe('years that the court adds', () => {
  const year2027 = {
    year: 2027,
    source: '测试通知',
    holidays: { '2027-01-01': '元旦', '2027-01-02': '元旦', '2027-01-03': '元旦' },
    workdays: { '2027-01-09': '元旦' },
  }

  it('extend what is published', () => {
    const extended = createCourtCalendar({ extraYears: [year2027] })
    expect(extended.coveredUntil).toBe('2027-12-31')
    expect(extended.dayDetail('2027-01-01')).toMatchObject({ working: false, name: '元旦', provisional: false })
    expect(extended.isWorkingDay('2027-01-09')).toBe(true)
    expect(extended.isWorkingDay('2026-10-01')).toBe(false)
  })

  it('replace a published year wholly', () => {
    const amended = createCourtCalendar({ extraYears: [{ ...year2027, year: 2026, holidays: {}, workdays: {} }] })
    expect(amended.isWorkingDay('2026-10-01')).toBe(true)
    expect(amended.isWorkingDay('2026-10-10')).toBe(false)
  })

  it.each([
    [
      'a date that does not exist',
      { ...year2027, holidays: { '2027-02-29': '元旦' } },
      /holidays\.2027-02-29.*有效日期/,
    ],
    [
      'a date of another year',
      { ...year2027, holidays: { '2028-01-01': '元旦' } },
      /holidays\.2028-01-01.*不属于 2027 年/,
    ],
    ['a worked weekday', { ...year2027, workdays: { '2027-01-04': '元旦' } }, /workdays\.2027-01-04.*不是周六或周日/],
    ['a day both off and worked', { ...year2027, workdays: { '2027-01-02': '元旦' } }, /同时列为放假和上班/],
    ['no source', { ...year2027, source: '' }, /source：应写明国务院办公厅通知的文号/],
    ['a gap before it', { ...year2027, year: 2028, holidays: {}, workdays: {} }, /缺少 2027 年/],
  ])('are refused with %s', (_, year, message) => {
    expect(() => createCourtCalendar({ extraYears: [year] })).toThrow(message)
  })
})

describe('office hours', () => {
  it('are data of the court', () => {
    const { sessions } = createCourtCalendar({ workingHours: [{ opens: '09:00', closes: '17:00' }] })
    expect(sessions).toEqual([{ opens: 9 * 3_600_000, closes: 17 * 3_600_000 }])
  })

  it.each([
    ['none', [], /至少应有一个办公时段/],
    ['a malformed time', [{ opens: '9:00', closes: '17:00' }], /第 1 段的开始时刻“9:00”/],
    [
      'an overlap',
      [
        { opens: '08:00', closes: '12:00' },
        { opens: '11:00', closes: '18:00' },
      ],
      /第 2 段.*重叠/,
    ],
    ['an end before the start', [{ opens: '18:00', closes: '08:00' }], /第 1 段.*颠倒/],
  ])('are refused with %s', (_, workingHours, message) => {
    expect(() => createCourtCalendar({ workingHours })).toThrow(message)
  })
})

describe('dates', () => {
  it('know which exist', () => {
    expect(['2024-02-29', '2026-12-31'].every(isCalendarDate)).toBe(true)
    expect(['2026-02-29', '2026-13-01', '2026-1-1', '2026-00-10', 'x'].some(isCalendarDate)).toBe(false)
    expect(() => addDays('2026-02-30', 1)).toThrow(CalendarError)
  })

  it('a month later is the same day or the last of the month', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2023-11-30', 3)).toBe('2024-02-29')
    expect(addMonths('2026-12-15', 1)).toBe('2027-01-15')
    expect(addMonths('2026-01-15', -2)).toBe('2025-11-15')
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 60 }), (date, months) => {
        const [year, month, day] = addMonths(date, months).split('-').map(Number) as [number, number, number]
        const wanted = Number(date.slice(8))
        expect(day).toBe(Math.min(wanted, daysInMonth(year, month)))
      }),
    )
  })
})
