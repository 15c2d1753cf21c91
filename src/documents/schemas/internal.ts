import { z } from 'zod'
import { amount, caseNumber, count, day, instant, parties, text } from './common.ts'

/** 《关于案件未进行初次接待原因的说明》 (Article 6). */
export const noReceptionStatement = z.strictObject({
  caseNumber,
  applicants: parties('申请执行人'),
  respondents: parties('被执行人'),
  cause: text('案由').optional(),
  filedAt: day('立案日期'),
  channel: text('立案方式').optional(),
  reason: text('未进行初次接待的原因'),
  attempts: z
    .array(
      z
        .strictObject({ at: instant('联系时间'), means: text('联系方式'), result: text('联系结果') })
        .describe('联系申请执行人的经过'),
    )
    .optional()
    .describe('联系申请执行人的经过'),
  followUp: text('后续安排').optional(),
  specialist: text('初次接待事务专员'),
  issuedAt: day('说明日期'),
})

/** Data of 《关于案件未进行初次接待原因的说明》. */
export type NoReceptionStatementData = z.infer<typeof noReceptionStatement>

/** 案件分流移交单 (Articles 14 to 16): the decision, what it rests on, and the hand-over of the file. */
export const triageTransferSlip = z.strictObject({
  caseNumber,
  applicants: parties('申请执行人'),
  respondents: parties('被执行人'),
  cause: text('案由').optional(),
  subjectType: text('执行标的种类'),
  amount: amount('执行标的金额').optional(),
  filedAt: day('立案日期'),
  searchResult: text('首次查控反馈情况'),
  criteria: z
    .array(
      z
        .strictObject({ team: text('对应团队'), article: text('条款'), wording: text('标准') })
        .describe('符合的分流标准'),
    )
    .describe('符合的分流标准'),
  proposedTeam: text('系统建议团队').optional(),
  team: text('分流团队'),
  overrideReason: text('未采纳建议的理由').optional(),
  handlingJudge: text('承办法官').optional(),
  relatedCases: z.array(text('关联案件')).optional().describe('系列案、关联案、执行恢复案'),
  materials: z
    .array(
      z
        .strictObject({ title: text('材料名称'), pages: count('页数', 1).optional(), remark: text('备注').optional() })
        .describe('移交材料'),
    )
    .describe('移交材料'),
  specialist: text('繁简分流专员'),
  decidedAt: instant('分流时间'),
})

/** Data of 案件分流移交单. */
export type TriageTransferSlipData = z.infer<typeof triageTransferSlip>

const catalogueEntry = z
  .strictObject({
    title: text('材料名称'),
    producedAt: day('形成日期').optional(),
    source: text('来源').optional(),
    pageFrom: count('起始页', 1),
    pageTo: count('终止页', 1),
    remark: text('备注').optional(),
  })
  .refine((entry) => entry.pageFrom <= entry.pageTo, { error: '起始页大于终止页', path: ['pageTo'] })
  .describe('目录条目')

const catalogueVolume = z
  .strictObject({
    volume: z.enum(['main', 'auxiliary'], { error: '应为 main（正卷）或 auxiliary（副卷）' }).describe('卷别'),
    entries: z.array(catalogueEntry).describe('目录条目'),
  })
  .superRefine((volume, context) => {
    volume.entries.forEach((entry, index) => {
      const before = volume.entries[index - 1]
      if (before !== undefined && entry.pageFrom <= before.pageTo) {
        context.addIssue({
          code: 'custom',
          path: ['entries', index, 'pageFrom'],
          message: `应大于前一件的终止页 ${before.pageTo}`,
        })
      }
    })
  })
  .describe('卷')

/**
 * 卷宗目录. Each volume starts on a page of its own; to keep 副卷 internal, render a catalogue that holds 正卷 only for
 * whoever may not read 副卷.
 */
export const dossierCatalogue = z.strictObject({
  caseNumber,
  cause: text('案由').optional(),
  applicants: parties('申请执行人'),
  respondents: parties('被执行人'),
  volumes: z.array(catalogueVolume).min(1, '至少一卷').max(2, '至多正卷、副卷两卷').describe('各卷'),
  compiledBy: text('编目人').optional(),
  compiledAt: day('编目日期'),
})

/** Data of 卷宗目录. */
export type DossierCatalogueData = z.infer<typeof dossierCatalogue>
