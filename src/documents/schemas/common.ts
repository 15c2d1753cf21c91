import { z } from 'zod'

/**
 * Building blocks of the documents' data. Every field carries its Chinese name as description, which the error messages
 * use; objects are strict, so that a misspelt optional field is an error and not an empty place in a document.
 */

const datePattern = /^\d{4}-\d{2}-\d{2}$/
const moneyPattern = /^(?:0|[1-9]\d{0,12})(?:\.\d{1,2})?$/
const caseNumberPattern = /^（\d{4}）[\p{Script=Han}\d]{2,12}(?:执|执恢|执保|执异|执复|执监|财保|执他)\d+号$/u
const documentNumberPattern = /^（\d{4}）[\p{Script=Han}\d]{2,14}\d+号之[一二三四五六七八九十百千零〇]+$/u

/** A text that is printed as it is. */
export const text = (label: string) => z.string().trim().min(1, '不能为空').max(4000, '不能超过4000字').describe(label)

/** A point in time, ISO 8601 with offset, e.g. `2026-11-23T09:30:00+08:00`. */
export const instant = (label: string) =>
  z.iso.datetime({ offset: true, error: '应为带时区的时间，例如 2026-11-23T09:30:00+08:00' }).describe(label)

/** A calendar day `2026-11-23`, or a point in time of which the day in China is printed. */
export const day = (label: string) =>
  z
    .string()
    .refine((value) => (datePattern.test(value) ? z.iso.date().safeParse(value).success : isInstant(value)), {
      error: '应为日期，例如 2026-11-23，或带时区的时间',
    })
    .describe(label)

function isInstant(value: string): boolean {
  return z.iso.datetime({ offset: true }).safeParse(value).success
}

/** An amount in yuan as a decimal string with at most two places, e.g. `30000.00`. */
export const amount = (label: string) =>
  z.string().regex(moneyPattern, '应为以元为单位、至多两位小数的金额文字，例如 30000.00').describe(label)

/** Number of an enforcement case, e.g. `（2026）豫0922执123号` (法〔2015〕137号), full-width brackets. */
export const caseNumber = z
  .string()
  .regex(caseNumberPattern, '应形如“（2026）豫0922执123号”（使用全角括号）')
  .describe('案号')

/** Number of a document, e.g. `（2026）豫0922执123号之一`; see `documentNumber`. */
export const numberOfDocument = z
  .string()
  .regex(documentNumberPattern, '应形如“（2026）豫0922执123号之一”')
  .describe('文书编号')

/** A whole number from `min`. */
export const count = (label: string, min = 0) => z.int().min(min, `应为不小于${min}的整数`).describe(label)

/** Yes or no, asked in words by the template. */
export const flag = (label: string) => z.boolean().describe(label)

/** A party as the documents print it. */
const party = z
  .strictObject({
    name: text('姓名或名称'),
    idNumber: text('证件号码').optional(),
    address: text('住址').optional(),
    phone: text('联系电话').optional(),
    legalRepresentative: text('法定代表人或负责人').optional(),
    agent: text('委托代理人').optional(),
  })
  .describe('当事人')

/** Data of one party, see {@link party}. */
export type PartyData = z.infer<typeof party>

/** At least one party. */
export const parties = (label: string) => z.array(party).min(1, '至少一名').describe(label)

/** The instrument that is enforced (执行依据). */
export const basis = z
  .strictObject({
    number: text('执行依据文号'),
    name: text('执行依据名称').optional(),
    authority: text('作出机关').optional(),
    content: text('执行依据内容').optional(),
  })
  .describe('执行依据')

/** A bank account. */
export const account = (label: string) =>
  z
    .strictObject({
      holder: text('户名'),
      bank: text('开户银行'),
      number: text('账号'),
    })
    .describe(label)
