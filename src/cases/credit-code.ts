// GB 32100: digits and capitals without I, O, S, V, Z, valued by their place here.
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const form = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/

/** The check character for the first 17 characters of a unified social credit code (GB 32100). */
export function creditCheckCharacter(code: string): string {
  let sum = 0
  let weight = 1
  for (const character of code.slice(0, 17)) {
    sum += alphabet.indexOf(character) * weight
    weight = (weight * 3) % 31
  }
  return alphabet.charAt((31 - (sum % 31)) % 31)
}

/** What is wrong with a unified social credit code (GB 32100): form or check character; undefined when nothing is. */
export function creditCodeProblem(code: string): string | undefined {
  if (!form.test(code)) return '不是 18 位统一社会信用代码（数字和大写字母，不含 I、O、S、V、Z，第 3 至 8 位为数字）'
  const expected = creditCheckCharacter(code)
  if (code.charAt(17) !== expected) return `校验码错误（末位应为 ${expected}，或前 17 位有误）`
  return undefined
}

/** Whether it is a well-formed unified social credit code with a right check character. */
export function isCreditCode(code: string): boolean {
  return creditCodeProblem(code) === undefined
}
