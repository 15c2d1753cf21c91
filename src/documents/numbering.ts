import { chineseInteger } from './format.ts'

/**
 * Number of a document within its case, after 法〔2015〕137号: the case number followed by 之 and the sequence in Chinese
 * numerals, e.g. `（2026）豫0922执123号之一`.
 *
 * @param caseNumber number of the case, ending in 号
 * @param sequence 1 for the first numbered document of the case, 2 for the second, …
 * @throws RangeError when the sequence is not a whole number from 1 to 9999 or the case number does not end in 号
 */
export function documentNumber(caseNumber: string, sequence: number): string {
  if (!caseNumber.endsWith('号')) throw new RangeError(`案号“${caseNumber}”应以“号”结尾`)
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > 9999) {
    throw new RangeError(`文书序号应为 1 至 9999 的整数，实际为 ${sequence}`)
  }
  return `${caseNumber}之${chineseInteger(sequence)}`
}
