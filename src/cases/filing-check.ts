import { Decimal } from 'decimal.js'
import { idKindLabels, label, partyRoleLabels, subjectTypeLabels } from '../procedure/index.ts'
import { basisYear, isBasisNumber } from './case-number.ts'
import { creditCodeProblem } from './credit-code.ts'
import type { FilingApplication, Finding, RegisteredFiling } from './filing.ts'
import { identityNumberProblem } from './identity-number.ts'
import { type MatchedParties, matchParties, normalised, sameText } from './party-match.ts'

type RegisteredParty = RegisteredFiling['parties'][number]
type ApplicationParty = FilingApplication['parties'][number]

/**
 * Compares what was registered with what the written application says, and both with themselves: everything that Art. 8
 * lists — parties (诉讼地位, name, number), subject type, amount, basis number and content.
 * @param today date in the court's zone, `YYYY-MM-DD`
 * @returns findings in the order of the form; `error` must be corrected or dismissed with a reason, `remark` is to be seen
 */
export function checkFilingData(filing: RegisteredFiling, application: FilingApplication, today: string): Finding[] {
  return [
    ...checkParties(matchParties(filing.parties, application.parties), today),
    ...checkSubject(filing, application),
    ...checkBasis(filing, application, today),
  ]
}

function checkParties({ pairs, missing }: MatchedParties, today: string): Finding[] {
  const findings = pairs.flatMap(({ index, registered, application }) => [
    ...checkNumber(index, registered, today),
    ...(application ? compareParty(index, registered, application) : [notInApplication(index, registered)]),
  ])
  for (const application of missing) {
    findings.push({
      field: 'parties',
      label: label(partyRoleLabels, application.role),
      registered: null,
      application: application.name,
      message: `申请书列有${label(partyRoleLabels, application.role)}“${application.name}”，立案信息未登记`,
      severity: 'error',
    })
  }
  return [...findings, ...repeatedParties(pairs.map(({ registered }) => registered))]
}

function notInApplication(index: number, party: RegisteredParty): Finding {
  return {
    field: `parties[${index}].name`,
    label: label(partyRoleLabels, party.role),
    registered: party.name,
    application: null,
    message: `登记的${label(partyRoleLabels, party.role)}“${party.name}”未列于申请书`,
    severity: 'error',
  }
}

function compareParty(index: number, registered: RegisteredParty, application: ApplicationParty): Finding[] {
  const findings: Finding[] = []
  const who = whose(registered)
  if (registered.role !== application.role) {
    findings.push({
      field: `parties[${index}].role`,
      label: `“${registered.name}”的诉讼地位`,
      registered: label(partyRoleLabels, registered.role),
      application: label(partyRoleLabels, application.role),
      message: '登记的诉讼地位与申请书不一致',
      severity: 'error',
    })
  }
  if (!sameText(registered.name, application.name)) {
    findings.push({
      field: `parties[${index}].name`,
      label: `${label(partyRoleLabels, registered.role)}的姓名或名称`,
      registered: registered.name,
      application: application.name,
      message: '登记的姓名或名称与申请书不一致',
      severity: 'error',
    })
  }
  const own = registered.idKind === 'unknown' ? null : (registered.idNumber ?? null)
  const stated = application.idNumber || null
  const field = `parties[${index}].idNumber`
  if (stated !== null && (own === null || normalised(own) !== normalised(stated))) {
    const message = own === null ? '申请书载明了证件号码，立案信息未登记' : '登记的证件号码与申请书不一致'
    findings.push({
      field,
      label: `${who}的证件号码`,
      registered: own,
      application: stated,
      message,
      severity: 'error',
    })
  } else if (stated === null && own !== null) {
    const message = '申请书未载明证件号码，请核对身份证明材料'
    findings.push({ field, label: `${who}的证件号码`, registered: own, application: null, message, severity: 'remark' })
  }
  return findings
}

function checkNumber(index: number, party: RegisteredParty, today: string): Finding[] {
  const who = whose(party)
  const finding = (field: 'idKind' | 'idNumber', message: string, severity: Finding['severity']): Finding[] => [
    {
      field: `parties[${index}].${field}`,
      label: `${who}的${field === 'idKind' ? '证件种类' : '证件号码'}`,
      registered: field === 'idKind' ? label(idKindLabels, party.idKind) : (party.idNumber ?? null),
      application: null,
      message,
      severity,
    },
  ]
  if (party.idKind === 'unknown') {
    return party.role === 'applicant'
      ? finding('idKind', '申请执行人的证件不能为“证件不明”', 'error')
      : finding('idKind', '证件不明，应在后续查控中查明', 'remark')
  }
  if (!party.idNumber) return finding('idNumber', '未登记证件号码', 'error')
  const isPerson = party.kind === 'naturalPerson'
  if (isPerson && party.idKind === 'creditCode') return finding('idKind', '自然人没有统一社会信用代码', 'error')
  if (
    !isPerson &&
    party.kind !== 'individualBusiness' &&
    (party.idKind === 'residentId' || party.idKind === 'passport')
  ) {
    return finding('idKind', `单位不使用${label(idKindLabels, party.idKind)}，应登记统一社会信用代码`, 'error')
  }
  const problem =
    party.idKind === 'residentId'
      ? identityNumberProblem(party.idNumber, today)
      : party.idKind === 'creditCode'
        ? creditCodeProblem(party.idNumber)
        : undefined
  return problem === undefined ? [] : finding('idNumber', `${label(idKindLabels, party.idKind)}号码${problem}`, 'error')
}

function repeatedParties(parties: RegisteredParty[]): Finding[] {
  return parties.flatMap((party, index): Finding[] => {
    const first = parties.findIndex(
      (other) => party.idNumber && other.idNumber === party.idNumber && other.idKind === party.idKind,
    )
    if (first < 0 || first === index) return []
    return [
      {
        field: `parties[${index}].idNumber`,
        label: `${whose(party)}的证件号码`,
        registered: party.idNumber ?? null,
        application: null,
        message: `与${whose(parties[first] as RegisteredParty)}的证件号码相同`,
        severity: 'error',
      },
    ]
  })
}

function checkSubject(filing: RegisteredFiling, application: FilingApplication): Finding[] {
  const findings: Finding[] = []
  if (filing.subjectType !== application.subjectType) {
    findings.push({
      field: 'subjectType',
      label: '执行标的种类',
      registered: label(subjectTypeLabels, filing.subjectType),
      application: label(subjectTypeLabels, application.subjectType),
      message: '登记的执行标的种类与申请书的执行请求不一致',
      severity: 'error',
    })
  }
  const registered = filing.amount ?? null
  const stated = application.amount ?? null
  const differs =
    registered === null || stated === null
      ? registered !== stated
      : !new Decimal(registered).equals(new Decimal(stated))
  if (differs) {
    findings.push({
      field: 'amount',
      label: '执行标的金额',
      registered,
      application: stated,
      message: '登记的执行标的金额与申请书的执行请求不一致',
      severity: 'error',
    })
  } else if (filing.subjectType === 'money' && registered === null) {
    findings.push({
      field: 'amount',
      label: '执行标的金额',
      registered,
      application: stated,
      message: '金钱给付案件未登记执行标的金额',
      severity: 'error',
    })
  }
  return findings
}

function checkBasis(filing: RegisteredFiling, application: FilingApplication, today: string): Finding[] {
  const findings: Finding[] = []
  const number = {
    field: 'basisNumber',
    label: '执行依据文号',
    registered: filing.basisNumber,
    application: application.basisNumber,
  }
  if (!isBasisNumber(filing.basisNumber)) {
    // Arbitral awards and notarial deeds are numbered by other bodies, each in its own way.
    const otherBody = /[仲裁公证]/.test(filing.basisNumber) && !/[民刑行]/.test(filing.basisNumber)
    findings.push(
      otherBody
        ? { ...number, message: '不是人民法院的文书案号，请对照仲裁或公证文书原件核对', severity: 'remark' }
        : { ...number, message: '文号格式不规范，应如“（2025）豫0922民初88号”（全角括号）', severity: 'error' },
    )
  }
  const year = basisYear(filing.basisNumber)
  if (year !== undefined && (year > Number(today.slice(0, 4)) || year < 1949)) {
    findings.push({ ...number, message: `文号年份 ${year} 不合理`, severity: 'error' })
  }
  if (!sameText(filing.basisNumber, application.basisNumber)) {
    findings.push({ ...number, message: '登记的执行依据文号与申请书不一致', severity: 'error' })
  }
  if (!sameText(filing.basisContent, application.basisContent)) {
    findings.push({
      field: 'basisContent',
      label: '执行依据内容',
      registered: filing.basisContent,
      application: application.basisContent,
      message: '登记的执行依据内容与申请书不一致',
      severity: 'error',
    })
  }
  return findings
}

function whose(party: RegisteredParty): string {
  return `${label(partyRoleLabels, party.role)}“${party.name}”`
}
