import { z } from 'zod'
import {
  auctionPriceMethodLabels,
  propertyKindLabels,
  receptionModeLabels,
  requestLabels,
} from '../../src/procedure/index.ts'

const codes = <Code extends string>(labels: Record<Code, string>) => z.enum(Object.keys(labels) as [Code, ...Code[]])
const yesNo = z.enum(['yes', 'no'])
const text = z.string().trim().min(1)
const optional = z.string().trim().nullish()
/** The register keeps moments as instants; an attempt inside the loose part of the entry is still as the form wrote it. */
const moment = z.union([z.date(), z.iso.datetime({ offset: true }).transform((instant) => new Date(instant))])
const formMoment = z.string().transform((written, context) => {
  const instant = new Date(/(Z|[+-]\d\d:\d\d)$/.test(written) ? written : `${written}+08:00`)
  if (!Number.isNaN(instant.getTime())) return instant
  context.addIssue({ code: 'custom', message: '应为日期和时间' })
  return z.NEVER
})

const contactAttempts = z
  .array(z.object({ at: formMoment, manner: text, result: text }))
  .nullish()
  .transform((attempts) => attempts ?? [])

/** The entry of the reception register with all seven items of Art. 7, or the reason why there was no reception (Art. 6). */
export const receptionRecord = z.discriminatedUnion('held', [
  z.object({
    held: z.literal('yes'),
    mode: codes(receptionModeLabels),
    startedAt: moment,
    endedAt: moment,
    place: text,
    interviewer: text,
    recorder: text,
    interviewee: text,
    recording: z.object({ made: yesNo, minutes: z.number().nullish() }).nullish(),
    delivery: z.object({ address: text, recipient: text, phone: text, email: optional, electronic: yesNo }),
    filingConfirmed: yesNo,
    respondent: z.object({
      residence: optional,
      workplace: optional,
      businessPlace: optional,
      phone: optional,
      servedByPublication: z.enum(['yes', 'no', 'unknown']),
      relatedCases: optional,
    }),
    property: z.object({
      mortgage: optional,
      preservation: optional,
      clues: z
        .array(z.object({ kind: codes(propertyKindLabels), content: text }))
        .nullish()
        .transform((clues) => clues ?? []),
    }),
    requests: z
      .array(codes(requestLabels))
      .nullish()
      .transform((requests) => requests ?? []),
    auction: z.object({ provider: text, priceMethod: codes(auctionPriceMethodLabels) }),
    account: z.object({ payee: text, bank: text, number: text }),
    other: z.object({
      riskInformed: yesNo,
      bankruptcyInformed: yesNo,
      terminationOpinion: z.enum(['agree', 'disagree', 'undecided']),
      remark: optional,
    }),
    app: z.object({ installed: yesNo }),
  }),
  z.object({ held: z.literal('no'), notHeldReason: text, contactAttempts, completedBy: z.string().optional() }),
])
