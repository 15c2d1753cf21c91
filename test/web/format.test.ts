import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateTime, dueTime, money } from '../../src/web/format.ts'

test.each([
  ['2026-03-02T09:00:00+08:00', '2026-03-02 09:00'],
  ['2026-03-02T16:00:00Z', '2026-03-03 00:00'],
])('%s is %s in the court', (iso, shown) => {
  expect(dateTime(iso)).toBe(shown)
})

test.each([
  ['2026-03-02T18:00:00+08:00', '2026-03-02 18:00'],
  ['2026-03-03T00:00:00+08:00', '2026-03-02 24:00'],
  ['2026-03-02T23:59:59.999+08:00', '2026-03-02 24:00'],
  ['2026-03-02T23:59:59+08:00', '2026-03-02 24:00'],
  ['2026-03-02T23:59:00+08:00', '2026-03-02 23:59'],
])('a period that ends at %s is shown to end at %s', (iso, shown) => {
  expect(dueTime(iso)).toBe(shown)
})

test('money is grouped without losing a digit, however long', () => {
  expect(money('1250000.50')).toBe('1,250,000.50')
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 16n }), fc.integer({ min: 0, max: 99 }), (yuan, cents) => {
      const amount = `${yuan}.${String(cents).padStart(2, '0')}`
      const shown = money(amount)
      expect(shown.replaceAll(',', '')).toBe(amount)
      expect(shown).toMatch(/^\d{1,3}(,\d{3})*\.\d{2}$/)
    }),
  )
})
