import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateOfEpochDay, epochDayOf } from '../../../src/engine/feel/calendar.ts'
import { compileExpression, Decimal, FeelDate, type FeelValue } from '../../../src/engine/feel/index.ts'
import { clock } from './feel-case.ts'

const evaluate = (source: string, variables: Record<string, FeelValue> = {}) =>
  compileExpression(source).evaluate({ get: (name: string) => variables[name] }, { clock }).feel

/** Amounts of money to the cent, up to a hundred thousand million. */
const money = fc.bigInt(-(10n ** 13n), 10n ** 13n).map((cents) => Decimal.ofCoefficient(cents, 2))
const days = fc.integer({ min: -700_000, max: 2_900_000 })

describe('decimal arithmetic', () => {
  test('sums do not depend on order, and subtraction undoes addition', () => {
    fc.assert(
      fc.property(money, money, money, (a, b, c) => {
        expect(evaluate('a + b + c = c + (b + a)', { a, b, c })).toBe(true)
        expect(evaluate('a + b - b = a', { a, b })).toBe(true)
      }),
    )
  })

  test('multiplication distributes over addition, exactly', () => {
    fc.assert(
      fc.property(money, money, fc.integer({ min: -10_000, max: 10_000 }), (a, b, k) => {
        expect(evaluate('(a + b) * k = a * k + b * k', { a, b, k: Decimal.ofInteger(k) })).toBe(true)
      }),
    )
  })

  test('rounding to the cent moves an amount by half a cent at most', () => {
    fc.assert(
      fc.property(money, fc.integer({ min: 1, max: 9_999 }), (a, rate) => {
        const variables = { a, rate: Decimal.ofInteger(rate) }
        expect(evaluate('abs(round half up(a * rate / 10000, 2) - a * rate / 10000) <= 0.005', variables)).toBe(true)
      }),
    )
  })

  test('the parts of a split amount add up', () => {
    fc.assert(
      fc.property(money, (a) => {
        expect(evaluate('round down(a / 3, 2) + (a - round down(a / 3, 2)) = a', { a })).toBe(true)
      }),
    )
  })
})

describe('dates and durations', () => {
  test('a date and its number of days name each other', () => {
    fc.assert(
      fc.property(days, (day) => {
        const { year, month, day: ofMonth } = dateOfEpochDay(day)
        expect(epochDayOf(year, month, ofMonth)).toBe(day)
      }),
    )
  })

  test('a date moved by days and back is the same date, and the difference is the duration', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 100_000 }), (day, length) => {
        const d = new FeelDate(day)
        expect(evaluate(`d + duration("P${length}D") - duration("P${length}D") = d`, { d })).toBe(true)
        expect(evaluate(`(d + duration("P${length}D")) - d = duration("P${length}D")`, { d })).toBe(true)
      }),
    )
  })

  test('months added never leave the month they lead to', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 500 }), (day, months) => {
        const d = new FeelDate(day)
        const moved = evaluate(`d + duration("P${months}M")`, { d })
        const expected = d.parts.year * 12 + d.parts.month - 1 + months
        expect(moved).toBeInstanceOf(FeelDate)
        if (moved instanceof FeelDate) expect(moved.parts.year * 12 + moved.parts.month - 1).toBe(expected)
      }),
    )
  })

  test('an instant is the same in every zone', () => {
    const zone = fc.constantFrom('Asia/Shanghai', 'Europe/Zagreb', 'America/New_York', 'Asia/Kathmandu')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000_000 }), zone, (second, name) => {
        const instant = new Date(second * 1000).toISOString()
        const variables = { instant }
        const source = `date and time(instant) - date and time(date and time(instant), "${name}")`
        expect(String(evaluate(source, variables))).toBe('P0D')
      }),
    )
  })
})

describe('literals', () => {
  test('a number is read as it is written', () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,15})(\.\d{1,10})?$/)
    fc.assert(
      fc.property(digits, (text) => {
        expect(evaluate(`string(${text})`)).toBe(text)
      }),
    )
  })

  test('a text is read as it is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
        expect(evaluate(`"${escaped}"`)).toBe(text)
      }),
    )
  })

  test('a date, a time and a duration are read as they are written', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 86_399 }), (day, second) => {
        const date = new FeelDate(day).toString()
        const time = new Date(second * 1000).toISOString().slice(11, 19)
        expect(evaluate(`string(@"${date}")`)).toBe(date)
        expect(evaluate(`string(@"${date}T${time}+08:00")`)).toBe(`${date}T${time}+08:00`)
        expect(evaluate(`duration(string(duration("PT${second}S"))) = duration("PT${second}S")`)).toBe(true)
      }),
    )
  })
})
