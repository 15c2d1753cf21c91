import { z } from 'zod'
import type { Clock } from '../../src/calendar/clock.ts'
import { courtDate, courtTime } from '../../src/cases/court-time.ts'
import type { CaseDetail, CaseParty, Cases } from '../../src/cases/index.ts'
import type { DocumentData, DocumentKindCode } from '../../src/documents/index.ts'
import type { Dossiers } from '../../src/dossier/index.ts'
import {
  articleText,
  auctionPriceMethodLabels,
  closingModeLabels,
  label,
  propertyKindLabels,
  receptionModeLabels,
  subjectTypeLabels,
  teamLabels,
} from '../../src/procedure/index.ts'
import { receptionRecord } from './reception-record.ts'

export const triage = z.object({
  team: z.string(),
  criteria: z.array(z.object({ team: z.string(), article: z.string(), wording: z.string() })),
})
export const triageDecision = z.object({
  team: z.string(),
  reason: z.string().nullish(),
  completedBy: z.string().optional(),
})
export const closing = z.object({ mode: z.string(), facts: z.string(), opinion: z.string() })

/** The triage decision as the process holds it. */
interface TriageVariables {
  triage: z.output<typeof triage>
  triageDecision: z.output<typeof triageDecision>
}
type ClosingVariables = z.output<typeof closing>

/** What the data of a document is gathered from. */
export interface DocumentSources {
  cases: Cases
  dossier: Dossiers
  clock: Clock
  /** The name by which a user signs. */
  displayName(username: string): Promise<string>
}

/** What is at hand when a document is made. */
interface Occasion {
  caseId: string
  number: string | null
  triage: TriageVariables | undefined
  closing: ClosingVariables | undefined
}

/** Gathers the data of a document of `kind` from the case as it stands. @throws Error naming what the case lacks */
export async function documentData(
  kind: DocumentKindCode,
  sources: DocumentSources,
  occasion: Occasion,
): Promise<DocumentData> {
  const subject = await sources.cases.get(occasion.caseId)
  switch (kind) {
    case 'reception-transcript':
      return receptionTranscript(subject, sources)
    case 'no-reception-statement':
      return noReceptionStatement(subject, sources)
    case 'enforcement-notice':
      return enforcementNotice(subject, sources, required(occasion.number, '文书编号'))
    case 'triage-transfer-slip':
      return triageTransferSlip(subject, sources, required(occasion.triage, '分流决定'))
    case 'closing-notice':
      return closingNotice(
        subject,
        sources,
        required(occasion.number, '文书编号'),
        required(occasion.closing, '结案意见'),
      )
    case 'dossier-catalogue':
      return dossierCatalogue(subject, sources)
  }
}

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`制作文书缺少${what}`)
  return value
}

/** An answer that the record must not invent: what was not asked or not known says so. */
const unknown = (text: string | null | undefined): string => (text?.trim() ? text : '不清楚')

function partiesOf(subject: CaseDetail, role: CaseParty['role']) {
  return subject.parties
    .filter((party) => party.role === role)
    .map(({ name, idNumber, address, phone }) => ({
      name,
      ...(idNumber ? { idNumber } : {}),
      ...(address ? { address } : {}),
      ...(phone ? { phone } : {}),
    }))
}

const heading = (subject: CaseDetail) => ({
  caseNumber: subject.caseNumber,
  applicants: partiesOf(subject, 'applicant'),
  respondents: partiesOf(subject, 'respondent'),
})

const amountOf = (subject: CaseDetail) => (subject.amount === null ? {} : { amount: subject.amount })
const basisOf = (subject: CaseDetail) => ({ number: subject.basisNumber, content: subject.basisContent })

async function receptionOf(subject: CaseDetail, { cases }: DocumentSources) {
  const entry = required((await cases.registerEntries(subject.caseId, 'initial-reception')).at(-1), '初次接待记录')
  const record = receptionRecord.safeParse(entry)
  if (!record.success)
    throw new Error(`初次接待记录不完整：
${z.prettifyError(record.error)}`)
  return record.data
}

async function receptionTranscript(
  subject: CaseDetail,
  sources: DocumentSources,
): Promise<DocumentData<'reception-transcript'>> {
  const reception = await receptionOf(subject, sources)
  if (reception.held !== 'yes') throw new Error('该案未进行初次接待，不能制作初次接待谈话笔录')
  const { delivery, respondent, property, account, auction, other } = reception
  const informed = '已听清，知晓上述权利'
  const asks = (code: (typeof reception.requests)[number]) => reception.requests.includes(code)
  return {
    ...heading(subject),
    startedAt: courtTime(reception.startedAt),
    endedAt: courtTime(reception.endedAt),
    place: reception.place,
    mode: label(receptionModeLabels, reception.mode),
    ...(reception.recording?.made === 'yes' ? { recording: `已录音，时长${reception.recording.minutes}分钟` } : {}),
    interviewer: reception.interviewer,
    recorder: reception.recorder,
    interviewee: { name: reception.interviewee, capacity: '申请执行人', phone: delivery.phone },
    service: {
      recipient: delivery.recipient,
      address: delivery.address,
      phone: delivery.phone,
      ...(delivery.electronic === 'yes' && delivery.email ? { electronicAddress: delivery.email } : {}),
    },
    filing: {
      basis: basisOf(subject),
      subjectType: label(subjectTypeLabels, subject.subjectType),
      ...amountOf(subject),
      request: subject.basisContent,
      answer: reception.filingConfirmed === 'yes' ? '立案信息无误' : '立案信息有异议',
    },
    respondentFacts: subject.respondents.map((name) => ({
      name,
      residence: unknown(respondent.residence),
      workplace: unknown(respondent.workplace),
      businessPlace: unknown(respondent.businessPlace),
      phone: unknown(respondent.phone),
      servedByAnnouncement: { yes: '是', no: '否', unknown: '不清楚' }[respondent.servedByPublication],
      relatedCases: unknown(respondent.relatedCases),
    })),
    property: {
      clues: property.clues.length === 0 ? '暂无财产线索' : `提供财产线索${property.clues.length}条`,
      ...(property.clues.length === 0
        ? {}
        : {
            clueList: property.clues.map((clue) => ({
              kind: label(propertyKindLabels, clue.kind),
              description: clue.content,
            })),
          }),
      mortgages: unknown(property.mortgage),
      preservation: unknown(property.preservation),
    },
    rights: {
      answer: informed,
      investigationOrder: asks('investigationOrder'),
      reward: asks('reward'),
      discreditedList: asks('discredit'),
    },
    auction: { providers: [auction.provider], startingPrice: label(auctionPriceMethodLabels, auction.priceMethod) },
    payee: { holder: account.payee, bank: account.bank, number: account.number },
    other: {
      riskAnswer: other.riskInformed === 'yes' ? '已听清，知晓执行风险' : '未告知',
      bankruptcyAnswer: other.bankruptcyInformed === 'yes' ? '已听清，知晓申请破产的权利' : '未告知',
      terminationOpinion: { agree: '同意', disagree: '不同意', undecided: '视执行情况再定' }[other.terminationOpinion],
    },
    app: { answer: reception.app.installed === 'yes' ? '已下载并登录智慧执行APP' : '未下载智慧执行APP' },
    ...(other.remark ? { additions: [{ question: '还有什么需要说明的？', answer: other.remark }] } : {}),
  }
}

async function noReceptionStatement(
  subject: CaseDetail,
  sources: DocumentSources,
): Promise<DocumentData<'no-reception-statement'>> {
  const reception = await receptionOf(subject, sources)
  if (reception.held !== 'no') throw new Error('该案已进行初次接待，不能制作未进行初次接待原因的说明')
  return {
    ...heading(subject),
    cause: subject.cause,
    filedAt: subject.filedAt,
    reason: reception.notHeldReason,
    ...(reception.contactAttempts.length === 0
      ? {}
      : {
          attempts: reception.contactAttempts.map(({ at, manner, result }) => ({
            at: courtTime(at),
            means: manner,
            result,
          })),
        }),
    specialist: await signer(sources, reception.completedBy, '初次接待事务专员'),
    issuedAt: courtDate(sources.clock.now()),
  }
}

async function enforcementNotice(
  subject: CaseDetail,
  { clock }: DocumentSources,
  documentNumber: string,
): Promise<DocumentData<'enforcement-notice'>> {
  return {
    ...heading(subject),
    documentNumber,
    cause: subject.cause,
    basis: basisOf(subject),
    filedAt: subject.filedAt,
    obligations: [subject.basisContent],
    ...amountOf(subject),
    issuedAt: courtDate(clock.now()),
  }
}

async function triageTransferSlip(
  subject: CaseDetail,
  sources: DocumentSources,
  { triage, triageDecision }: TriageVariables,
): Promise<DocumentData<'triage-transfer-slip'>> {
  const [facts, entries] = await Promise.all([
    sources.cases.triageFacts(subject.caseId),
    sources.dossier.catalogue(subject.caseId),
  ])
  return {
    ...heading(subject),
    cause: subject.cause,
    subjectType: label(subjectTypeLabels, subject.subjectType),
    ...amountOf(subject),
    filedAt: subject.filedAt,
    searchResult: facts.firstSearchFoundProperty ? '有可供执行财产' : '无可供执行财产',
    criteria: triage.criteria.map(({ team, article, wording }) => ({
      team: label(teamLabels, team),
      article: articleText(article),
      wording,
    })),
    proposedTeam: label(teamLabels, triage.team),
    team: label(teamLabels, triageDecision.team),
    ...(triageDecision.reason ? { overrideReason: triageDecision.reason } : {}),
    materials: entries.map(({ title, pages }) => ({ title, pages })),
    specialist: await signer(sources, triageDecision.completedBy, '繁简分流专员'),
    decidedAt: courtTime(sources.clock.now()),
  }
}

async function closingNotice(
  subject: CaseDetail,
  { clock }: DocumentSources,
  documentNumber: string,
  closing: ClosingVariables,
): Promise<DocumentData<'closing-notice'>> {
  return {
    ...heading(subject),
    documentNumber,
    cause: subject.cause,
    basis: basisOf(subject),
    filedAt: subject.filedAt,
    closingType: label(closingModeLabels, closing.mode),
    facts: [closing.facts, closing.opinion],
    ...(subject.amount === null ? {} : { amountClaimed: subject.amount }),
    closedAt: required(subject.closedAt, '结案时间'),
    issuedAt: courtDate(clock.now()),
  }
}

async function dossierCatalogue(
  subject: CaseDetail,
  { dossier, clock }: DocumentSources,
): Promise<DocumentData<'dossier-catalogue'>> {
  const entries = await dossier.catalogue(subject.caseId)
  return {
    ...heading(subject),
    cause: subject.cause,
    volumes: (['main', 'auxiliary'] as const).map((volume) => ({
      volume,
      entries: entries
        .filter((entry) => entry.volume === volume)
        .map(({ title, enteredAt, pageFrom, pageTo }) => ({ title, producedAt: enteredAt, pageFrom, pageTo })),
    })),
    compiledAt: courtDate(clock.now()),
  }
}

/** Who signs: the person who answered the task, or the office where the tasklist in use does not tell. */
async function signer({ displayName }: DocumentSources, username: string | undefined, office: string): Promise<string> {
  return username ? displayName(username) : office
}
