import type {
  ClosingNoticeData,
  DossierCatalogueData,
  EnforcementNoticeData,
  NoReceptionStatementData,
  ReceptionTranscriptData,
  TriageTransferSlipData,
} from '../../src/documents/index.ts'

/** Invented data. The resident id numbers use the unassigned region 99 with a correct check digit. */

export const court = { name: '清丰县人民法院' }
export const caseNumber = '（2026）豫0922执123号'

const applicant = {
  name: '甲某一',
  idNumber: '990101199003070016',
  address: '测试省测试市测试县幸福路1号',
  phone: '13800000001',
  agent: '丁某（测试律师事务所律师）',
}
const debtor = {
  name: '乙某二',
  idNumber: '990101198511230029',
  address: '测试省测试市测试县和平路2号院3号楼4单元501室',
  phone: '13800000002',
}
const company = {
  name: '测试（北方）农业机械设备制造与技术服务有限责任公司测试县第一分公司',
  idNumber: '91990922MA0000000X',
  address: '测试省测试市测试县产业集聚区创业大道与科技三路交叉口向北三百米路东标准化厂房第十二幢二层东侧',
  phone: '0393-0000000',
  legalRepresentative: '丙某三',
}
const basis = { number: '（2025）豫0922民初88号', name: '民事判决书', authority: '清丰县人民法院' }

export const transcriptMinimal: ReceptionTranscriptData = {
  caseNumber,
  startedAt: '2026-11-23T09:30:00+08:00',
  endedAt: '2026-11-23T10:05:00+08:00',
  place: '本院执行初次接待窗口',
  mode: '现场接待',
  interviewer: '赵某',
  recorder: '钱某',
  interviewee: { name: '甲某一', capacity: '申请执行人' },
  applicants: [{ name: '甲某一' }],
  respondents: [{ name: '乙某二' }],
  service: { recipient: '甲某一', address: '测试省测试市测试县幸福路1号', phone: '13800000001' },
  filing: { basis: { number: basis.number }, subjectType: '行为', request: '责令被执行人腾退房屋', answer: '一致' },
  respondentFacts: [
    {
      name: '乙某二',
      residence: '不清楚',
      workplace: '不清楚',
      businessPlace: '无',
      phone: '13800000002',
      servedByAnnouncement: '否',
      relatedCases: '不清楚',
    },
  ],
  property: { clues: '不清楚', mortgages: '不清楚', preservation: '没有' },
  rights: { answer: '清楚', investigationOrder: false, reward: false, discreditedList: true },
  auction: { providers: ['由本院指定'], startingPrice: '网络询价' },
  payee: { holder: '甲某一', bank: '测试银行清丰支行', number: '6200000000000000001' },
  other: { riskAnswer: '清楚', bankruptcyAnswer: '清楚，无意见', terminationOpinion: '同意依法办理' },
  app: { answer: '已下载、登录' },
}

export const transcriptFull: ReceptionTranscriptData = {
  ...transcriptMinimal,
  mode: '视频接待',
  recording: '自动录音录像，时长35分钟',
  interviewee: { name: '甲某一', capacity: '申请执行人', idNumber: applicant.idNumber, phone: applicant.phone },
  applicants: [applicant],
  respondents: [debtor, company],
  service: {
    recipient: '甲某一',
    address: applicant.address,
    phone: applicant.phone,
    postalCode: '457300',
    electronicAddress: '13800000001',
    remark: '工作日上午可以当面签收',
  },
  filing: {
    basis: {
      ...basis,
      content: '被告乙某二于判决生效后十日内偿还原告甲某一借款本金28000元及利息，测试公司承担连带清偿责任',
    },
    subjectType: '金钱给付',
    amount: '28000.00',
    request: '强制被执行人乙某二偿还借款本金28000元及利息，测试公司承担连带清偿责任，并支付迟延履行期间的债务利息',
    answer: '以上信息与我提交的执行申请书一致，没有差错',
    corrections: ['被执行人乙某二的证件号码末位登记有误，已由立案人员当场纠正'],
  },
  respondentFacts: [
    {
      name: '乙某二',
      residence: '测试省测试市测试县和平路2号院3号楼4单元501室，与父母同住',
      workplace: '测试公司第一分公司，任车间主任',
      businessPlace: '无',
      phone: '13800000002',
      servedByAnnouncement: '否，本人到庭',
      relatedCases: '听说另有一件在邻县法院执行，案号不清楚',
    },
    {
      name: company.name,
      residence: '注册地与经营地一致',
      workplace: '不适用',
      businessPlace: company.address,
      phone: '0393-0000000，多为无人接听',
      servedByAnnouncement: '是，起诉状副本公告送达',
      relatedCases: '有，（2026）豫0922执98号、（2026）豫0922执105号',
    },
  ],
  property: {
    clues: '知道一部分，列在下面的清单里，其中设备我有照片，可以当面交给本院',
    clueList: [
      { kind: '机动车', description: '豫J00000号小型轿车一辆，平时停放在被执行人居住的小区', estimate: '45000.00' },
      { kind: '机器设备', description: '厂房内数控车床两台，型号不清楚，购买于2023年', estimate: '1234567.89' },
      { kind: '到期债权', description: '测试公司对㛃䶮商贸行享有的货款，合同在喆堃、赟某处' },
    ],
    mortgages: '厂房听说抵押给了测试银行，车辆没有抵押',
    preservation: '诉讼中申请过保全，冻结了乙某二名下银行账户一个，金额6312.45元，冻结期限至2027年3月1日',
  },
  rights: { answer: '清楚', investigationOrder: true, reward: false, discreditedList: true },
  auction: {
    providers: ['测试网络拍卖平台一', '测试网络拍卖平台二'],
    startingPrice: '先由当事人议价，议价不成的网络询价',
    remark: '希望保留看样时间',
  },
  other: {
    riskAnswer: '清楚，我会及时提供新的线索，也知道查封期限届满以前要申请续封',
    bankruptcyAnswer: '清楚，暂不申请被执行人破产，保留以后申请的权利',
    terminationOpinion: '如果确实查不到财产，同意依法终结本次执行程序，但请本院定期查询',
  },
  additions: [
    { question: '被执行人有无履行过部分义务？有无达成和解的可能？', answer: '没有履行过。愿意分期，但要有担保' },
  ],
}

export const noReceptionMinimal: NoReceptionStatementData = {
  caseNumber,
  applicants: [{ name: '甲某一' }],
  respondents: [{ name: '乙某二' }],
  filedAt: '2026-11-20',
  reason: '申请执行人拒绝接受初次接待',
  specialist: '赵某',
  issuedAt: '2026-11-23',
}

export const noReceptionFull: NoReceptionStatementData = {
  ...noReceptionMinimal,
  applicants: [applicant],
  respondents: [debtor, company],
  cause: '民间借贷纠纷',
  channel: '网上立案',
  reason:
    '申请执行人通过诉讼服务网提交执行申请，预留的联系电话在二日内多次拨打均无人接听，发送的短信未获回复，申请书所留地址为原住所，经查询已经搬离，无法以电话或者视频方式完成初次接待。',
  attempts: [
    { at: '2026-11-20T10:02:00+08:00', means: '专线电话13800000001', result: '无人接听' },
    { at: '2026-11-20T16:40:00+08:00', means: '短信', result: '已发送，未回复' },
    { at: '2026-11-21T09:15:00+08:00', means: '专线电话', result: '关机，转告其代理律师，代理律师称亦无法联系' },
  ],
  followUp: '由承办团队在首次查控反馈后再次联系申请执行人，取得联系的即时补作谈话笔录',
}

const enforcementMinimal: EnforcementNoticeData = {
  caseNumber,
  documentNumber: `${caseNumber}之一`,
  applicants: [{ name: '甲某一' }],
  respondents: [{ name: '乙某二' }],
  basis: { number: basis.number },
  filedAt: '2026-11-23',
  obligations: ['腾退位于测试县和平路2号的房屋'],
  issuedAt: '2026-11-24',
}

export const enforcementFull: EnforcementNoticeData = {
  ...enforcementMinimal,
  applicants: [applicant],
  respondents: [debtor, company],
  cause: '民间借贷纠纷',
  basis,
  obligations: [
    '向申请执行人甲某一支付借款本金28000元及利息（以28000元为基数，自2025年1月1日起按年利率3.45%计算至实际清偿之日止）',
    '负担案件受理费250元、保全费300元',
  ],
  amount: '28000.00',
  enforcementFee: '320.00',
  performWithinDays: 3,
  paymentAccount: { holder: '清丰县人民法院', bank: '测试银行清丰支行', number: '1600000000000000009' },
  contact: { name: '孙某', phone: '0393-0000001', address: '测试省测试市清丰县法院路1号执行指挥中心' },
}

const triageMinimal: TriageTransferSlipData = {
  caseNumber,
  applicants: [{ name: '甲某一' }],
  respondents: [{ name: '乙某二' }],
  subjectType: '行为',
  filedAt: '2026-11-23',
  searchResult: '无财产',
  criteria: [],
  team: '速执团队',
  materials: [{ title: '执行申请书' }],
  specialist: '李某',
  decidedAt: '2026-11-30T15:20:00+08:00',
}

export const triageFull: TriageTransferSlipData = {
  ...triageMinimal,
  applicants: [applicant],
  respondents: [debtor, company],
  cause: '民间借贷纠纷',
  subjectType: '金钱给付',
  amount: '28000.00',
  searchResult:
    '网络查控反馈：乙某二名下银行存款6312.45元（已冻结），机动车一辆；测试公司名下无银行存款，机器设备待线下核实',
  criteria: [
    { team: '速执团队', article: '第十五条第一款', wording: '执行标的为3万元以内的案件' },
    { team: '精执团队', article: '第十五条第三款', wording: '有房产或其他财产需要处置类案件' },
    { team: '精执团队', article: '第十五条第三款', wording: '被执行人涉企业、党政机关类案件' },
  ],
  proposedTeam: '速执团队',
  team: '精执团队',
  overrideReason: '机器设备需要评估、拍卖，且与（2026）豫0922执98号为同一被执行人的关联案件，由同一法官办理为宜',
  handlingJudge: '周某',
  relatedCases: ['（2026）豫0922执98号', '（2026）豫0922执105号'],
  materials: [
    { title: '执行申请书', pages: 2 },
    { title: '生效法律文书及生效证明', pages: 12, remark: '复印件，已与原件核对' },
    { title: '申请执行人身份证明', pages: 1 },
    { title: '初次接待谈话笔录', pages: 4 },
    { title: '网络查控反馈汇总表', pages: 6 },
  ],
}

export const closingMinimal: ClosingNoticeData = {
  caseNumber,
  documentNumber: `${caseNumber}之三`,
  applicants: [{ name: '甲某一' }],
  respondents: [{ name: '乙某二' }],
  basis: { number: basis.number },
  filedAt: '2026-11-23',
  closingType: '执行完毕',
  facts: ['被执行人已经自动履行完毕'],
  closedAt: '2026-12-30',
  issuedAt: '2026-12-31',
}

export const closingFull: ClosingNoticeData = {
  ...closingMinimal,
  applicants: [applicant],
  respondents: [debtor, company],
  cause: '民间借贷纠纷',
  basis,
  facts: [
    '在执行过程中，本院依法向被执行人送达执行通知书、报告财产令，通过网络执行查控系统冻结被执行人乙某二名下银行存款6312.45元，并于2026年12月10日依法扣划',
    '2026年12月28日，被执行人乙某二将剩余案款汇入本院案款账户，本院已将案款全部发放申请执行人，申请执行人书面确认本案执行完毕',
  ],
  amountClaimed: '28000.00',
  amountPerformed: '28570.05',
  contact: { name: '孙某', phone: '0393-0000001' },
}

export const catalogueMinimal: DossierCatalogueData = {
  caseNumber,
  applicants: [{ name: '甲某一' }],
  respondents: [{ name: '乙某二' }],
  volumes: [{ volume: 'main', entries: [] }],
  compiledAt: '2026-12-31',
}

const mainTitles = [
  '立案登记表',
  '执行申请书',
  '（2025）豫0922民初88号民事判决书及生效证明',
  '申请执行人身份证明',
  '送达地址确认书',
]

export const catalogueFull: DossierCatalogueData = {
  ...catalogueMinimal,
  applicants: [applicant],
  respondents: [debtor, company],
  cause: '民间借贷纠纷',
  volumes: [
    {
      volume: 'main',
      entries: Array.from({ length: 45 }, (_, index) => ({
        title: `${mainTitles[index % mainTitles.length]}${index < mainTitles.length ? '' : `（第${Math.floor(index / mainTitles.length) + 1}份）`}`,
        producedAt: '2026-11-23',
        pageFrom: index * 2 + 1,
        pageTo: index * 2 + 2,
        ...(index === 2 ? { source: '申请执行人提交', remark: '复印件，已与原件核对无异' } : {}),
      })),
    },
    {
      volume: 'auxiliary',
      entries: [
        { title: '案件分流移交单', producedAt: '2026-11-30T15:20:00+08:00', pageFrom: 1, pageTo: 2 },
        { title: '合议庭评议笔录', producedAt: '2026-12-01', pageFrom: 3, pageTo: 6, remark: '不公开' },
      ],
    },
  ],
  compiledBy: '吴某',
}

/** Every kind with all its fields and with the fewest. */
export const samples = {
  'reception-transcript': { full: transcriptFull, minimal: transcriptMinimal },
  'no-reception-statement': { full: noReceptionFull, minimal: noReceptionMinimal },
  'enforcement-notice': { full: enforcementFull, minimal: enforcementMinimal },
  'triage-transfer-slip': { full: triageFull, minimal: triageMinimal },
  'closing-notice': { full: closingFull, minimal: closingMinimal },
  'dossier-catalogue': { full: catalogueFull, minimal: catalogueMinimal },
} as const
