import { z } from 'zod'
import { account, amount, basis, caseNumber, flag, instant, parties, text } from './common.ts'

const respondentFacts = z
  .strictObject({
    name: text('被执行人'),
    residence: text('实际住址'),
    workplace: text('工作地点'),
    businessPlace: text('实际经营地'),
    phone: text('联系电话'),
    servedByAnnouncement: text('审判阶段是否公告送达'),
    relatedCases: text('关联执行案件'),
  })
  .describe('被执行人状况')

const clue = z
  .strictObject({
    kind: text('类别'),
    description: text('线索内容'),
    estimate: amount('估值').optional(),
  })
  .describe('财产线索')

/**
 * 《初次接待谈话笔录》: all seven items of Article 7. Where the applicant does not know, the record says so in his words
 * (“不清楚”): an item that was not asked must not look answered, so none of them has a default.
 */
export const receptionTranscript = z.strictObject({
  caseNumber,
  startedAt: instant('谈话开始时间'),
  endedAt: instant('谈话结束时间'),
  place: text('谈话地点'),
  mode: text('接待方式'),
  recording: text('录音录像情况').optional(),
  interviewer: text('谈话人'),
  recorder: text('记录人'),
  interviewee: z
    .strictObject({
      name: text('被谈话人'),
      capacity: text('被谈话人身份'),
      idNumber: text('被谈话人证件号码').optional(),
      phone: text('被谈话人联系电话').optional(),
    })
    .describe('被谈话人'),
  applicants: parties('申请执行人'),
  respondents: parties('被执行人'),
  service: z
    .strictObject({
      recipient: text('收件人'),
      address: text('送达地址'),
      phone: text('联系电话'),
      postalCode: text('邮政编码').optional(),
      electronicAddress: text('电子送达地址').optional(),
      remark: text('其他说明').optional(),
    })
    .describe('送达地址及联系方式'),
  filing: z
    .strictObject({
      basis,
      subjectType: text('执行标的种类'),
      amount: amount('执行标的金额').optional(),
      request: text('执行请求'),
      answer: text('核对意见'),
      corrections: z.array(text('差错及纠正情况')).optional().describe('差错及纠正情况'),
    })
    .describe('核对执行立案信息'),
  respondentFacts: z.array(respondentFacts).min(1, '至少一名被执行人').describe('被执行人状况'),
  property: z
    .strictObject({
      clues: text('财产线索情况'),
      clueList: z.array(clue).optional().describe('财产线索清单'),
      mortgages: text('抵押或质押情况'),
      preservation: text('保全情况'),
    })
    .describe('被执行人财产状况'),
  rights: z
    .strictObject({
      answer: text('对权利告知的答复'),
      investigationOrder: flag('是否申请律师调查令'),
      reward: flag('是否申请悬赏执行'),
      discreditedList: flag('是否申请纳入失信名单'),
    })
    .describe('权利告知'),
  auction: z
    .strictObject({
      providers: z.array(text('网络服务提供者')).min(1, '至少一家，未选择的写明由本院指定').describe('网络服务提供者'),
      startingPrice: text('确定起拍价的方式'),
      remark: text('其他意见').optional(),
    })
    .describe('网络司法拍卖意见'),
  payee: account('收款账户'),
  other: z
    .strictObject({
      riskAnswer: text('对执行风险告知的答复'),
      bankruptcyAnswer: text('对申请破产权利告知的答复'),
      terminationOpinion: text('对终结本次执行程序的意见'),
    })
    .describe('其他'),
  app: z.strictObject({ answer: text('智慧执行APP下载登录情况') }).describe('智慧执行APP'),
  additions: z
    .array(z.strictObject({ question: text('问'), answer: text('答') }).describe('补充问答'))
    .optional()
    .describe('补充问答'),
})

/** Data of 《初次接待谈话笔录》. */
export type ReceptionTranscriptData = z.infer<typeof receptionTranscript>
