import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { creditCheckCharacter } from '../../src/cases/credit-code.ts'
import { identityCheckCharacter } from '../../src/cases/identity-number.ts'
import {
  creditCodeProblem,
  formatCaseNumber,
  identityNumberProblem,
  isBasisNumber,
  isCreditCode,
  isIdentityNumber,
  parseCaseNumber,
} from '../../src/cases/index.ts'

const today = '2026-03-02'
const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

const identityNumbers = fc
  .tuple(
    digits(6),
    fc.date({ min: new Date('1900-01-01'), max: new Date('2026-03-02'), noInvalidDate: true }),
    digits(3),
  )
  .map(([region, birth, serial]) => {
    const number = region + birth.toISOString().slice(0, 10).replaceAll('-', '') + serial
    return number + identityCheckCharacter(number)
  })

const creditCodes = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...creditAlphabet), minLength: 2, maxLength: 2 }),
    digits(6),
    fc.string({ unit: fc.constantFrom(...creditAlphabet), minLength: 9, maxLength: 9 }),
  )
  .map((parts) => parts.join('') + creditCheckCharacter(parts.join('')))

function replaceAt(text: string, index: number, character: string): string {
  return text.slice(0, index) + character + text.slice(index + 1)
}

function transpose(text: string, index: number): string {
  return text.slice(0, index) + text.charAt(index + 1) + text.charAt(index) + text.slice(index + 2)
}

describe('resident identity numbers (GB 11643)', () => {
  test('the standard’s own examples are right', () => {
    expect(identityNumberProblem('11010519491231002X', today)).toBeUndefined()
    expect(identityNumberProblem('440524188001010014', today)).toBeUndefined()
  })

  test('every well-made number passes', () => {
    fc.assert(fc.property(identityNumbers, (number) => isIdentityNumber(number, today)))
  })

  test('every change of a single character is noticed', () => {
    fc.assert(
      fc.property(identityNumbers, fc.nat(17), fc.constantFrom(...'0123456789X'), (number, index, character) => {
        fc.pre(number.charAt(index) !== character)
        return !isIdentityNumber(replaceAt(number, index, character), today)
      }),
      { numRuns: 2000 },
    )
  })

  test('every exchange of two neighbours is noticed', () => {
    fc.assert(
      fc.property(identityNumbers, fc.nat(16), (number, index) => {
        fc.pre(number.charAt(index) !== number.charAt(index + 1))
        return !isIdentityNumber(transpose(number, index), today)
      }),
      { numRuns: 2000 },
    )
  })

  const withCheck = (start: string) => start + identityCheckCharacter(start)
  test.each([
    ['a day that does not exist', withCheck('99010119900230001'), '出生日期 1990-02-30'],
    ['29 February of a common year', withCheck('99010119010229001'), '出生日期 1901-02-29'],
    ['a birth after today', withCheck('99010120260303001'), '出生日期 2026-03-03'],
    ['an old number of 15 digits', '990101900101001', '15 位'],
    ['a small x', '11010519491231002x', '18 位'],
    ['blanks', ' 11010519491231002X', '18 位'],
    ['full-width digits', '１10105194912310022', '18 位'],
  ])('%s is refused', (_, number, reason) => {
    expect(identityNumberProblem(number, today)).toContain(reason)
  })

  test('who is born today has a number', () => {
    expect(identityNumberProblem(withCheck('99010120260302001'), today)).toBeUndefined()
  })
})

describe('unified social credit codes (GB 32100)', () => {
  test('a code as published is right', () => {
    expect(creditCodeProblem('91350100M000100Y43')).toBeUndefined()
  })

  test('every well-made code passes', () => {
    fc.assert(fc.property(creditCodes, isCreditCode))
  })

  test('every change of a single character is noticed', () => {
    fc.assert(
      fc.property(creditCodes, fc.nat(17), fc.constantFrom(...creditAlphabet), (code, index, character) => {
        fc.pre(code.charAt(index) !== character)
        return !isCreditCode(replaceAt(code, index, character))
      }),
      { numRuns: 2000 },
    )
  })

  test('every exchange of two neighbours is noticed', () => {
    fc.assert(
      fc.property(creditCodes, fc.nat(16), (code, index) => {
        fc.pre(code.charAt(index) !== code.charAt(index + 1))
        return !isCreditCode(transpose(code, index))
      }),
      { numRuns: 2000 },
    )
  })

  test('letters that are not used, small letters and wrong lengths are refused', () => {
    for (const code of ['91350100I000100Y43', '91350100m000100y43', '91350100M000100Y4', '91350100M000100Y433', '']) {
      expect(creditCodeProblem(code), code).toContain('不是 18 位')
    }
  })
})

describe('case numbers (法〔2015〕137号)', () => {
  test('what is formatted is parsed to the same', () => {
    const numbers = fc.record({
      year: fc.integer({ min: 1949, max: 9999 }),
      courtCode: fc.constantFrom('豫0922', '豫09', '京0105'),
      typeCode: fc.constantFrom('执' as const, '执恢' as const),
      number: fc.integer({ min: 1, max: 9_999_999 }),
    })
    fc.assert(
      fc.property(numbers, (number) => {
        expect(parseCaseNumber(formatCaseNumber(number))).toEqual(number)
      }),
    )
  })

  test('the official form', () => {
    expect(parseCaseNumber('（2026）豫0922执恢7号')).toEqual({
      year: 2026,
      courtCode: '豫0922',
      typeCode: '执恢',
      number: 7,
    })
  })

  test.each([
    '(2026)豫0922执123号',
    '（2026）豫0922执0123号',
    '（2026）豫0922执0号',
    '（26）豫0922执123号',
    '（2026）豫0922执123',
    '（2026）豫0922民初123号',
    '（2026）豫0922执123号之一',
    ' （2026）豫0922执123号',
  ])('%s is none', (text) => {
    expect(parseCaseNumber(text)).toBeUndefined()
  })

  test.each([
    ['（2025）豫0922民初88号', true],
    ['（2025）豫09民终1203号', true],
    ['（2024）最高法民再15号', true],
    ['（2025）豫0922刑初7号', true],
    ['（2025）豫0922行审3号', true],
    ['（2025）豫0922民初88号之一', true],
    ['(2025)豫0922民初88号', false],
    ['2025豫0922民初88号', false],
    ['（2025）豫0922民初号', false],
    ['（2025）豫0922民初88', false],
    ['（2026）豫0922执123号', false],
    ['', false],
  ])('%s as the number of a basis: %s', (text, expected) => {
    expect(isBasisNumber(text)).toBe(expected)
  })
})
