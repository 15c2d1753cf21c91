import { z } from 'zod'
import { account, amount, basis, caseNumber, count, day, numberOfDocument, parties, text } from './common.ts'

const contact = z
  .strictObject({ name: text('联系人'), phone: text('联系电话').optional(), address: text('联系地址').optional() })
  .describe('联系人')

/** 执行通知书 (民事诉讼法第二百五十一条), one document for the respondents it names. */
export const enforcementNotice = z.strictObject({
  caseNumber,
  documentNumber: numberOfDocument,
  applicants: parties('申请执行人'),
  respondents: parties('被执行人'),
  cause: text('案由').optional(),
  basis,
  filedAt: day('立案日期'),
  obligations: z.array(text('履行义务')).min(1, '至少一项').describe('应履行的义务'),
  amount: amount('执行标的金额').optional(),
  enforcementFee: amount('执行费').optional(),
  performWithinDays: count('履行期限（日）', 1).optional(),
  paymentAccount: account('案款账户').optional(),
  contact: contact.optional(),
  issuedAt: day('制发日期'),
})

/** Data of 执行通知书. */
export type EnforcementNoticeData = z.infer<typeof enforcementNotice>

/** 结案通知书 (法发〔2014〕26号第十五条), sent to every party. */
export const closingNotice = z.strictObject({
  caseNumber,
  documentNumber: numberOfDocument,
  applicants: parties('申请执行人'),
  respondents: parties('被执行人'),
  cause: text('案由').optional(),
  basis,
  filedAt: day('立案日期'),
  closingType: text('结案方式'),
  facts: z.array(text('执行情况')).min(1, '至少一段').describe('执行情况'),
  amountClaimed: amount('申请执行标的金额').optional(),
  amountPerformed: amount('执行到位金额').optional(),
  closedAt: day('结案日期'),
  contact: contact.optional(),
  issuedAt: day('制发日期'),
})

/** Data of 结案通知书. */
export type ClosingNoticeData = z.infer<typeof closingNotice>
