const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkCharacters = '10X98765432'

/** The check character for the first 17 digits of a resident identity number (GB 11643, ISO 7064 MOD 11-2). */
export function identityCheckCharacter(digits: string): string {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
  return checkCharacters.charAt(sum % 11)
}

/**
 * What is wrong with a resident identity number (GB 11643): length, birth date, check digit; undefined when nothing is.
 * Whether the region exists is not asked: codes are withdrawn while people live.
 * @param today date in the court's zone (`YYYY-MM-DD`); nobody is born later
 */
export function identityNumberProblem(number: string, today: string): string | undefined {
  if (/^\d{15}$/.test(number)) return '为已停用的 15 位旧号码，应为 18 位公民身份号码'
  if (!/^\d{17}[\dX]$/.test(number)) return '不是 18 位公民身份号码（17 位数字，末位为数字或大写 X）'
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  if (!isDate(birth) || birth < '1850-01-01' || birth > today) return `中的出生日期 ${birth} 无效`
  const expected = identityCheckCharacter(number)
  if (number.charAt(17) !== expected) return `校验码错误（末位应为 ${expected}，或前 17 位有误）`
  return undefined
}

/** Whether it is a well-formed resident identity number with a right check digit. */
export function isIdentityNumber(number: string, today: string): boolean {
  return identityNumberProblem(number, today) === undefined
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
