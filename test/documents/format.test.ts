import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chineseDate,
  chineseInteger,
  documentNumber,
  maskAccount,
  maskIdNumber,
  maskPhone,
  moneyFigures,
  moneyInCapitals,
  numericDate,
  numericDateTime,
} from '../../src/documents/index.ts'

/** Reads Chinese numerals back, by another way than they are written: what stands before 亿 or 万 is read by itself. */
function readNumerals(text: string, numerals: string, units: Readonly<Record<string, number>>): bigint {
  for (const [sign, value] of [
    ['亿', 100_000_000n],
    ['万', 10_000n],
  ] as const) {
    const at = text.indexOf(sign)
    if (at < 0) continue
    return readNumerals(text.slice(0, at), numerals, units) * value + readNumerals(text.slice(at + 1), numerals, units)
  }
  let total = 0
  let digit = 0
  for (const sign of text) {
    const unit = units[sign]
    if (unit === undefined) digit = numerals.indexOf(sign)
    else {
      // 十 alone at the front is ten.
      total += (digit === 0 ? 1 : digit) * unit
      digit = 0
    }
  }
  return BigInt(total + digit)
}

const yuanAndCents = fc
  .tuple(fc.oneof(fc.bigInt(0n, 999_999_999_999n), fc.bigInt(0n, 200_000n)), fc.integer({ min: 0, max: 99 }))
  .map(([yuan, cents]) => ({ yuan, cents, text: `${yuan}.${String(cents).padStart(2, '0')}` }))

describe('金额大写', () => {
  test.each([
    ['0', '人民币零元整'],
    ['0.05', '人民币伍分'],
    ['0.50', '人民币伍角整'],
    ['10', '人民币壹拾元整'],
    ['16409.02', '人民币壹万陆仟肆佰零玖元零贰分'],
    ['325.04', '人民币叁佰贰拾伍元零肆分'],
    ['6007.14', '人民币陆仟零柒元壹角肆分'],
    ['30000.00', '人民币叁万元整'],
    ['100000001', '人民币壹亿零壹元整'],
    ['300000', '人民币叁拾万元整'],
    ['1234567.89', '人民币壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分'],
    ['1000010000', '人民币壹拾亿零壹万元整'],
    ['999999999999.99', '人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'],
  ])('%s → %s', (figures, capitals) => expect(moneyInCapitals(figures)).toBe(capitals))

  test('says the amount, whatever it is', () => {
    fc.assert(
      fc.property(yuanAndCents, ({ yuan, cents, text }) => {
        const words = moneyInCapitals(text).slice('人民币'.length)
        const [, whole = '', rest = ''] = /^(?:(.*)元)?(.*)$/.exec(words) ?? []
        const read = readNumerals(whole, '零壹贰叁肆伍陆柒捌玖', { 拾: 10, 佰: 100, 仟: 1000 })
        const jiao = /(.)角/.exec(rest)?.[1] ?? '零'
        const fen = /(.)分/.exec(rest)?.[1] ?? '零'
        const readCents = '零壹贰叁肆伍陆柒捌玖'.indexOf(jiao) * 10 + '零壹贰叁肆伍陆柒捌玖'.indexOf(fen)
        expect([read, readCents]).toEqual([yuan, cents])
        expect(words).not.toContain('零零')
        expect(words.endsWith('整')).toBe(cents % 10 === 0)
      }),
    )
  })

  test.each(['', '-1', '1.234', '1,000', '01', '1e3', '一百', '1000000000000'])('refuses %j', (value) => {
    expect(() => moneyInCapitals(value)).toThrow(RangeError)
  })
})

describe('金额小写', () => {
  test('has separators and two places and the same digits', () => {
    fc.assert(
      fc.property(yuanAndCents, ({ text }) => {
        const figures = moneyFigures(text)
        expect(figures).toMatch(/^\d{1,3}(,\d{3})*\.\d{2}$/)
        expect(figures.replaceAll(',', '')).toBe(text)
      }),
    )
  })

  test('fills up missing places', () => {
    expect(moneyFigures('30000')).toBe('30,000.00')
    expect(moneyFigures('0.5')).toBe('0.50')
  })
})

describe('日期', () => {
  test.each([
    ['2026-11-23', '二〇二六年十一月二十三日', '2026年11月23日'],
    ['2020-10-10', '二〇二〇年十月十日', '2020年10月10日'],
    ['2026-01-31', '二〇二六年一月三十一日', '2026年1月31日'],
    // The day is China's, wherever the time was written down.
    ['2026-12-31T16:30:00Z', '二〇二七年一月一日', '2027年1月1日'],
    ['2026-11-23T00:30:00+08:00', '二〇二六年十一月二十三日', '2026年11月23日'],
  ])('%s', (value, chinese, numeric) => {
    expect(chineseDate(value)).toBe(chinese)
    expect(numericDate(value)).toBe(numeric)
  })

  test('every day reads back', () => {
    fc.assert(
      fc.property(
        fc
          .date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
          .map((date) => date.toISOString().slice(0, 10)),
        (day) => {
          const [, year = '', month = '', date = ''] = /^(.{4})年(.+)月(.+)日$/.exec(chineseDate(day)) ?? []
          const number = (text: string) => Number(readNumerals(text, '零一二三四五六七八九', { 十: 10 }))
          const pad = (value: number) => String(value).padStart(2, '0')
          const digits = [...year].map((sign) => '〇一二三四五六七八九'.indexOf(sign)).join('')
          expect(`${digits}-${pad(number(month))}-${pad(number(date))}`).toBe(day)
        },
      ),
    )
  })

  test('a time is told in China', () => {
    expect(numericDateTime('2026-11-23T01:05:00Z')).toBe('2026年11月23日9时05分')
    expect(numericDateTime('2026-11-22T16:00:00Z')).toBe('2026年11月23日0时00分')
  })

  test.each(['2026-02-30', '2026-13-01', '2026-11-23T09:00:00', '昨天', ''])('refuses %j', (value) => {
    expect(() => chineseDate(value)).toThrow(RangeError)
  })
})

describe('文书编号', () => {
  test.each([
    [1, '之一'],
    [10, '之十'],
    [12, '之十二'],
    [20, '之二十'],
    [101, '之一百零一'],
    [110, '之一百一十'],
  ])('%i → %s', (sequence, suffix) => {
    expect(documentNumber('（2026）豫0922执123号', sequence)).toBe(`（2026）豫0922执123号${suffix}`)
  })

  test('every number has its own numeral', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (value) => {
        expect(Number(readNumerals(chineseInteger(value), '零一二三四五六七八九', { 十: 10, 百: 100, 千: 1000 }))).toBe(
          value,
        )
      }),
    )
  })

  test('refuses a sequence or a case number that is none', () => {
    expect(() => documentNumber('（2026）豫0922执123号', 0)).toThrow('文书序号应为 1 至 9999 的整数')
    expect(() => documentNumber('（2026）豫0922执123', 1)).toThrow('应以“号”结尾')
  })
})

test('masks keep the ends only', () => {
  expect(maskIdNumber('990101199003070016')).toBe('990101********0016')
  expect(maskPhone('13800000001')).toBe('138****0001')
  expect(maskAccount('6200000000000000001')).toBe('***************0001')
  // Too short to hide a part: all of it is hidden.
  expect(maskPhone('12345')).toBe('*****')
})
