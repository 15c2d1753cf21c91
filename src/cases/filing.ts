import { z } from 'zod'
import {
  causeCategoryLabels,
  channelLabels,
  idKindLabels,
  partyKindLabels,
  partyRoleLabels,
  subjectTypeLabels,
} from '../procedure/index.ts'

/** The codes of a label map, as zod needs them. */
function codes<Labels extends Record<string, string>>(labels: Labels, message: string) {
  return z.enum(Object.keys(labels) as [keyof Labels & string, ...(keyof Labels & string)[]], message)
}

const text = (message: string, longest = 200) =>
  z.string(message).trim().min(1, message).max(longest, `不能超过 ${longest} 个字`)

const optionalText = (longest = 200) => z.string().trim().max(longest, `不能超过 ${longest} 个字`).optional()

/** A sum of money as decimal text; the result always has two places (`30000` → `30000.00`). */
export const moneyText = z
  .string('请填写金额')
  .trim()
  .regex(/^\d{1,16}(\.\d{1,2})?$/, '金额应为非负数字，最多两位小数，例如 30000.00')
  .transform((amount) => {
    const [whole = '0', cents = ''] = amount.split('.')
    return `${whole.replace(/^0+(?=\d)/, '')}.${cents.padEnd(2, '0')}`
  })

/** A sum that a form may leave empty. */
export const optionalMoney = z
  .union([z.literal('').transform(() => null), moneyText], '金额应为非负数字，最多两位小数，例如 30000.00')
  .nullish()

/** An instant with offset, e.g. `2026-03-02T09:00:00+08:00`. */
const instantText = z.iso.datetime({
  offset: true,
  error: '时间应为带时区的 ISO 8601 格式，例如 2026-03-02T09:00:00+08:00',
})

const subjectType = codes(subjectTypeLabels, '请选择执行标的种类')
const causeCategory = codes(causeCategoryLabels, '请选择案由类别')
const partyRole = codes(partyRoleLabels, '请选择诉讼地位')
const partyKind = codes(partyKindLabels, '请选择当事人类型')
const idKind = codes(idKindLabels, '请选择证件种类')

/** A party as registered. */
const FilingParty = z
  .object({
    role: partyRole,
    name: text('请填写当事人姓名或名称'),
    kind: partyKind,
    idKind,
    idNumber: optionalText(64),
    address: optionalText(),
    phone: optionalText(64),
  })
  .superRefine((party, context) => {
    if (party.idKind !== 'unknown' && !party.idNumber) {
      context.addIssue({
        code: 'custom',
        path: ['idNumber'],
        message: '请填写证件号码；确实不明的，证件种类选“证件不明”',
      })
    }
    if (party.role === 'applicant' && party.idKind === 'unknown') {
      context.addIssue({ code: 'custom', path: ['idKind'], message: '申请执行人的证件不能为“证件不明”' })
    }
  })

/** What the written application (执行申请书) says, entered beside the registered data so that both can be compared (Art. 8). */
export const FilingApplication = z.object({
  parties: z
    .array(z.object({ role: partyRole, name: text('请填写申请书所列当事人'), idNumber: optionalText(64) }))
    .min(2, '申请书至少应列明申请执行人和被执行人'),
  subjectType,
  amount: moneyText.optional(),
  basisNumber: text('请填写申请书所列执行依据文号', 100),
  basisContent: text('请填写申请书所列执行依据内容', 4000),
})
export type FilingApplication = z.output<typeof FilingApplication>

/**
 * A case as filed at the window or online: the shape of the web form, of the import and of `POST /api/cases`.
 * Messages are Chinese and lie at the path of their field. The amount is required for 金钱给付 only.
 */
export const CaseFiling = z
  .object({
    channel: codes(channelLabels, '请选择立案渠道'),
    applicationReceivedAt: instantText,
    cause: text('请填写案由', 100),
    causeCategory,
    subjectType,
    amount: moneyText.optional(),
    basisNumber: text('请填写执行依据文号', 100),
    basisContent: text('请填写执行依据内容', 4000),
    restored: z.boolean('请选择是否恢复执行案件').default(false),
    parties: z.array(FilingParty).min(2, '至少应有一名申请执行人和一名被执行人').max(200, '当事人不能超过 200 名'),
    application: FilingApplication,
    caseNumber: text('请填写案号', 50).optional(),
  })
  .superRefine((filing, context) => {
    if (filing.subjectType === 'money' && filing.amount === undefined) {
      context.addIssue({ code: 'custom', path: ['amount'], message: '执行标的为金钱给付的，请填写执行标的金额' })
    }
    for (const role of ['applicant', 'respondent'] as const) {
      if (!filing.parties.some((party) => party.role === role)) {
        context.addIssue({ code: 'custom', path: ['parties'], message: `至少应有一名${partyRoleLabels[role]}` })
      }
    }
  })
export type CaseFiling = z.output<typeof CaseFiling>
/** What a caller hands in, before defaults and normalisation. */
export type CaseFilingInput = z.input<typeof CaseFiling>

const registeredParty = z.object({
  partyId: z.uuid('当事人标识无效'),
  role: partyRole,
  name: text('请填写当事人姓名或名称'),
  kind: partyKind,
  idKind,
  idNumber: z.string().trim().max(64, '不能超过 64 个字').nullish(),
})

/** What an open case compares (variable `filing`). */
export const RegisteredFiling = z.object({
  subjectType,
  amount: moneyText.nullish(),
  basisNumber: text('请填写执行依据文号', 100),
  basisContent: text('请填写执行依据内容', 4000),
  parties: z.array(registeredParty),
})
export type RegisteredFiling = z.output<typeof RegisteredFiling>

/**
 * The clerk's correction (variable `correction`): the whole of it replaces what was registered. A party without `partyId`
 * is one that was left out, a registered party that is not in the list was registered wrongly.
 */
export const FilingCorrection = RegisteredFiling.extend({
  amount: optionalMoney,
  parties: z
    .array(registeredParty.extend({ partyId: z.uuid('当事人标识无效').nullish() }))
    .min(2, '至少应有一名申请执行人和一名被执行人'),
  note: z.string().nullish(),
}).superRefine((correction, context) => {
  if (correction.subjectType === 'money' && !correction.amount) {
    context.addIssue({ code: 'custom', path: ['amount'], message: '执行标的为金钱给付的，请填写执行标的金额' })
  }
  for (const role of ['applicant', 'respondent'] as const) {
    if (!correction.parties.some((party) => party.role === role)) {
      context.addIssue({ code: 'custom', path: ['parties'], message: `至少应有一名${partyRoleLabels[role]}` })
    }
  }
})
export type FilingCorrection = z.output<typeof FilingCorrection>

/** One finding of `filing.check`: a field whose registered value is wrong or differs from the application. */
export const Finding = z.object({
  /** Path in `filing`, e.g. `amount`, `parties[1].idNumber`. */
  field: z.string(),
  /** The field in words, e.g. `被执行人 测试公司 的证件号码`. */
  label: z.string(),
  registered: z.string().nullable(),
  application: z.string().nullable(),
  message: z.string(),
  severity: z.enum(['error', 'remark']),
})
export type Finding = z.output<typeof Finding>

/** The specialist's verification (variable `verification`). */
export const FilingVerification = z
  .object({
    findings: z
      .array(
        Finding.partial({ label: true, registered: true, application: true }).extend({
          decision: z.enum(['confirmed', 'dismissed']).nullish(),
          reason: z.string().nullish(),
        }),
      )
      .nullish(),
    added: z.array(z.object({ field: z.string().nullish(), message: z.string().nullish() })).nullish(),
  })
  .loose()
export type FilingVerification = z.output<typeof FilingVerification>
