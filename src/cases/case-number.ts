/** The parts of an enforcement case's number, e.g. `（2026）豫0922执123号` (法〔2015〕137号). */
export interface CaseNumber {
  year: number
  /** Province character and digits of the court, e.g. `豫0922`. */
  courtCode: string
  /** 执 首次执行, 执恢 恢复执行. */
  typeCode: '执' | '执恢'
  number: number
}

const caseNumberPattern = /^（(\d{4})）(\p{Script=Han}\d{2,4})(执恢|执)([1-9]\d{0,6})号$/u

/** The parts, or undefined for anything that is not an enforcement case's number in the official form (full-width brackets). */
export function parseCaseNumber(text: string): CaseNumber | undefined {
  const match = caseNumberPattern.exec(text)
  if (!match) return undefined
  const [, year, courtCode = '', typeCode, number] = match
  return { year: Number(year), courtCode, typeCode: typeCode as CaseNumber['typeCode'], number: Number(number) }
}

export function formatCaseNumber({ year, courtCode, typeCode, number }: CaseNumber): string {
  return `（${String(year).padStart(4, '0')}）${courtCode}${typeCode}${number}号`
}

const judgmentPattern =
  /^（(\d{4})）(?:最高法|\p{Script=Han}\d{0,4}|兵\d{0,4})(?!执)\p{Script=Han}{1,5}[1-9]\d{0,6}号(?:之[一二三四五六七八九十]+)?$/u

/** Whether the text has the form of a court's document number that can be a basis, e.g. `（2025）豫0922民初88号`. */
export function isBasisNumber(text: string): boolean {
  return judgmentPattern.test(text)
}

/** The year in a basis number of that form; undefined for any other text. */
export function basisYear(text: string): number | undefined {
  const year = judgmentPattern.exec(text)?.[1]
  return year === undefined ? undefined : Number(year)
}
