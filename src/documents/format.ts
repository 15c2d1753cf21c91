/** Wording of numbers, money, dates and identifiers in the court's documents. Times are printed in Asia/Shanghai. */

const digits = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const
const capitals = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'] as const

/**
 * A whole number in Chinese numerals as one counts, e.g. 12 → 十二, 105 → 一百零五.
 *
 * @param value 0 to 99,999,999
 * @throws RangeError outside that range or for a fraction
 */
export function chineseInteger(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 99_999_999) {
    throw new RangeError(`只能把 0 至 99999999 的整数写成汉字，实际为 ${value}`)
  }
  const words = inWords(String(value), ['零', ...digits.slice(1)], ['', '十', '百', '千'])
  // 十 stands alone at the front: 十二, not 一十二; 一百一十 keeps its 一.
  return words.startsWith('一十') ? words.slice(1) : words
}

/**
 * A date in Chinese numerals, as the foot of a document is dated: 二〇二六年十一月二十三日.
 *
 * @param value a day `2026-11-23`, or a time with offset, of which the day in China counts
 * @throws RangeError when it is neither
 */
export function chineseDate(value: string): string {
  const { year, month, day } = dateParts(value)
  const yearText = [...String(year)].map((digit) => digits[Number(digit)]).join('')
  return `${yearText}年${chineseInteger(month)}月${chineseInteger(day)}日`
}

/** A date in figures: 2026年11月23日. Takes and throws what {@link chineseDate} does. */
export function numericDate(value: string): string {
  const { year, month, day } = dateParts(value)
  return `${year}年${month}月${day}日`
}

/** A date for a narrow column: 2026.11.23. Takes and throws what {@link chineseDate} does. */
export function shortDate(value: string): string {
  const { year, month, day } = dateParts(value)
  return `${year}.${month}.${day}`
}

/**
 * A date and time in figures: 2026年11月23日9时05分.
 *
 * @param value a time with offset
 * @throws RangeError when it is none
 */
export function numericDateTime(value: string): string {
  return `${numericDate(value)}${timeOfDay(value)}`
}

/** From when to when, the date named once if both are on the same day: 2026年11月23日9时30分至10时05分. */
export function timeSpan(from: string, to: string): string {
  const end = numericDate(from) === numericDate(to) ? timeOfDay(to) : numericDateTime(to)
  return `${numericDateTime(from)}至${end}`
}

function timeOfDay(value: string): string {
  const { hour, minute } = timeParts(value)
  return `${hour}时${String(minute).padStart(2, '0')}分`
}

const shanghai = new Intl.DateTimeFormat('en-u-ca-iso8601', {
  timeZone: 'Asia/Shanghai',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
})

function dateParts(value: string): { year: number; month: number; day: number } {
  const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)
  if (plain === null) return timeParts(value)
  const [year, month, day] = plain.slice(1).map(Number) as [number, number, number]
  const inCalendar = new Date(Date.UTC(year, month - 1, day))
  if (inCalendar.getUTCMonth() !== month - 1 || inCalendar.getUTCDate() !== day) {
    throw new RangeError(`“${value}”不是历法中的日期`)
  }
  return { year, month, day }
}

function timeParts(value: string): { year: number; month: number; day: number; hour: number; minute: number } {
  // Without an offset the day would depend on the machine's time zone.
  const time = /T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/.test(value) ? new Date(value) : new Date(Number.NaN)
  if (Number.isNaN(time.getTime())) throw new RangeError(`“${value}”不是带时区的时间`)
  const part = Object.fromEntries(shanghai.formatToParts(time).map(({ type, value: text }) => [type, Number(text)]))
  return {
    year: part.year ?? Number.NaN,
    month: part.month ?? Number.NaN,
    day: part.day ?? Number.NaN,
    hour: part.hour ?? Number.NaN,
    minute: part.minute ?? Number.NaN,
  }
}

/**
 * Money in figures with separators and two places: `1234567.8` → 1,234,567.80.
 *
 * @param value yuan as a decimal string, at most two places
 * @throws RangeError for anything else
 */
export function moneyFigures(value: string): string {
  const { yuan, jiao, fen } = moneyParts(value)
  return `${yuan.replace(/\B(?=(?:\d{3})+$)/g, ',')}.${jiao}${fen}`
}

/**
 * Money in capitals (人民币大写), e.g. `16409.02` → 人民币壹万陆仟肆佰零玖元零贰分, after the rules for filling in bills
 * (支付结算办法, annex 1): 整 after 元 and after 角, none after 分; 零 before 分 when there is no 角.
 *
 * @param value yuan as a decimal string, at most two places, below one trillion
 * @throws RangeError for anything else
 */
export function moneyInCapitals(value: string): string {
  const { yuan, jiao, fen } = moneyParts(value)
  if (yuan.length > 12) throw new RangeError(`金额“${value}”超出大写范围（不足一万亿元）`)
  const whole = yuan === '0' ? '' : `${inWords(yuan, capitals, ['', '拾', '佰', '仟'])}元`
  const cents = `${jiao === '0' ? '' : `${capitals[Number(jiao)]}角`}${fen === '0' ? '' : `${capitals[Number(fen)]}分`}`
  if (cents === '') return `人民币${whole === '' ? '零元' : whole}整`
  const zero = whole !== '' && jiao === '0' ? '零' : ''
  return `人民币${whole}${zero}${cents}${fen === '0' ? '整' : ''}`
}

function moneyParts(value: string): { yuan: string; jiao: string; fen: string } {
  const match = /^(0|[1-9]\d*)(?:\.(\d)(\d)?)?$/.exec(value)
  if (match === null) throw new RangeError(`“${value}”不是以元为单位、至多两位小数的金额`)
  return { yuan: match[1] ?? '0', jiao: match[2] ?? '0', fen: match[3] ?? '0' }
}

/** Reads a number in groups of four (万, 亿), one 零 for a run of zeros inside. */
function inWords(figures: string, numerals: readonly string[], units: readonly string[]): string {
  if (/^0+$/.test(figures)) return numerals[0] ?? ''
  let words = ''
  let zeroPending = false
  for (let index = 0; index < figures.length; index++) {
    const position = figures.length - 1 - index
    const digit = Number(figures[index])
    if (digit === 0) zeroPending = true
    else {
      if (zeroPending && words !== '') words += numerals[0]
      zeroPending = false
      words += `${numerals[digit]}${units[position % 4]}`
    }
    const group = figures.slice(Math.max(0, index - 3), index + 1)
    if (position % 4 === 0 && position > 0 && /[1-9]/.test(group)) words += position === 4 ? '万' : '亿'
  }
  return words
}

/** Hides the middle of a number, for a reader who may know whose it is but not use it. */
function mask(value: string, head: number, tail: number): string {
  const hidden = value.length - head - tail
  return hidden <= 0 ? '*'.repeat(value.length) : `${value.slice(0, head)}${'*'.repeat(hidden)}${value.slice(-tail)}`
}

/** Resident id number or credit code with only the region (six places) and the last four shown. */
export function maskIdNumber(value: string): string {
  return mask(value, 6, 4)
}

/** Telephone number with the first three and the last four shown. */
export function maskPhone(value: string): string {
  return mask(value, 3, 4)
}

/** Bank account with the last four shown. */
export function maskAccount(value: string): string {
  return mask(value, 0, 4)
}
