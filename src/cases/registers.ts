import { z } from 'zod'
import {
  fundsSourceLabels,
  performanceMannerLabels,
  propertyKindLabels,
  receptionModeLabels,
  type registerLabels,
} from '../procedure/index.ts'
import { moneyText, optionalMoney } from './filing.ts'

function codes<Labels extends Record<string, string>>(labels: Labels, message: string) {
  return z.enum(Object.keys(labels) as [keyof Labels & string, ...(keyof Labels & string)[]], message)
}

const required = (message: string) => z.string(message).trim().min(1, message)
const optional = z.string().trim().nullish()
const yesNo = z.enum(['yes', 'no'], '请选择是或否')
const positiveMoney = moneyText.refine((amount) => Number(amount) > 0, '金额应大于零')

const timePattern = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/

/** A moment as forms write it: date, or date and time with or without offset. Without one it is the court's own time (+08:00). */
const formMoment = (message: string) =>
  z.string(message).transform((text, context) => {
    const match = timePattern.exec(text)
    const instant = match ? new Date(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? '+08:00'}`) : new Date(Number.NaN)
    if (!Number.isNaN(instant.getTime())) return instant
    context.addIssue({ code: 'custom', message: `${message}（如 2026-03-02 或 2026-03-02T09:00）` })
    return z.NEVER
  })

const InitialReception = z
  .looseObject({
    held: yesNo,
    notHeldReason: optional,
    mode: codes(receptionModeLabels, '请选择接待方式').nullish(),
    startedAt: formMoment('请填写接待开始时间').nullish(),
    endedAt: formMoment('请填写接待结束时间').nullish(),
    interviewer: optional,
    recorder: optional,
    interviewee: optional,
  })
  .superRefine((reception, context) => {
    const need = (field: 'notHeldReason' | 'mode' | 'startedAt' | 'interviewer' | 'interviewee', message: string) => {
      if (!reception[field]) context.addIssue({ code: 'custom', path: [field], message })
    }
    // Art. 6: time, interviewer and interviewee of each reception, else the reason why there was none.
    if (reception.held === 'no') return need('notHeldReason', '请填写未进行初次接待的原因')
    need('mode', '请选择接待方式')
    need('startedAt', '请填写接待开始时间')
    need('interviewer', '请填写谈话人')
    need('interviewee', '请填写被谈话人')
  })

const PropertySearch = z
  .object({
    feedbackAt: formMoment('请填写反馈时间'),
    found: yesNo,
    results: z
      .array(
        z
          .object({
            kind: codes(propertyKindLabels, '请选择财产种类'),
            description: required('请填写财产描述'),
            // A deposit has its amount; of anything else there is an estimate at most.
            amount: optionalMoney,
            estimate: optionalMoney,
            frozen: yesNo.nullish(),
          })
          .transform(({ estimate, ...result }) => ({ ...result, amount: result.amount ?? estimate })),
      )
      .nullish()
      .transform((results) => results ?? []),
    remark: optional,
  })
  .superRefine((search, context) => {
    if (search.found === 'yes' && search.results.length === 0) {
      context.addIssue({ code: 'custom', path: ['results'], message: '查到财产的，请逐项登记' })
    }
    if (search.found === 'no' && search.results.length > 0) {
      context.addIssue({ code: 'custom', path: ['found'], message: '已登记财产，不能选“未查到财产”' })
    }
    for (const [index, result] of search.results.entries()) {
      if (result.kind === 'deposit' && !result.amount) {
        context.addIssue({ code: 'custom', path: ['results', index, 'amount'], message: '存款请填写金额' })
      }
    }
  })

const FundsReceipt = z.object({
  source: codes(fundsSourceLabels, '请选择案款来源'),
  amount: positiveMoney,
  bank: optional,
  receivedAt: formMoment('请填写到账时间'),
})

const FundsDisbursement = z.object({
  amount: positiveMoney,
  payee: required('请填写收款人'),
  bank: optional,
  account: optional,
  paidAt: formMoment('请填写发放时间'),
  voucherNumber: optional,
})

const ActPerformance = z.object({
  manner: codes(performanceMannerLabels, '请选择履行方式'),
  content: required('请填写履行内容'),
  completedAt: formMoment('请填写完成时间'),
  delayFee: optionalMoney,
})

/** What each register takes: the form's variable, checked. */
export const registerSchemas = {
  'initial-reception': InitialReception,
  'property-search': PropertySearch,
  'funds-receipt': FundsReceipt,
  'funds-disbursement': FundsDisbursement,
  'act-performance': ActPerformance,
} satisfies Record<keyof typeof registerLabels, z.ZodType>

export type RegisterCode = keyof typeof registerSchemas
export type RegisterEntries = { [Code in RegisterCode]: z.output<(typeof registerSchemas)[Code]> }

/** Whether the text is a register's code. */
export function isRegister(code: string): code is RegisterCode {
  return Object.hasOwn(registerSchemas, code)
}
