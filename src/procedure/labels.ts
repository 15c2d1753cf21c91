/** Chinese words for the codes of forms, variables and tables. Keys are the codes' one definition. */

export const channelLabels = { window: '线下窗口', online: '线上立案' } as const

export const caseStatusLabels = {
  filed: '已立案，待初次接待',
  received: '已接待，待分流',
  enforcing: '办理中',
  closed: '已结案，待归档',
  archived: '已归档',
} as const
export type CaseStatus = keyof typeof caseStatusLabels
export const caseStatuses = Object.keys(caseStatusLabels) as CaseStatus[]

export const subjectTypeLabels = { money: '金钱给付', act: '行为', thing: '物', propertyRight: '财产权益' } as const

export const causeCategoryLabels = {
  support: '赡养、抚养',
  trafficAccident: '机动车交通事故',
  other: '其他',
} as const

export const partyRoleLabels = { applicant: '申请执行人', respondent: '被执行人', thirdParty: '第三人' } as const

export const partyKindLabels = {
  naturalPerson: '自然人',
  legalPerson: '法人',
  unincorporated: '非法人组织',
  individualBusiness: '个体工商户',
  governmentBody: '党政机关',
  villageCommittee: '村民委员会',
  publicInstitution: '事业单位',
} as const

export const idKindLabels = {
  residentId: '居民身份证',
  creditCode: '统一社会信用代码',
  passport: '护照',
  other: '其他证件',
  unknown: '证件不明',
} as const

export const teamLabels = { fast: '速执团队', general: '综合团队', complex: '精执团队' } as const

export const closingModeLabels = { completed: '执行完毕', terminated: '终结执行', cancelled: '销案' } as const

export const propertyKindLabels = {
  deposit: '存款',
  realEstate: '不动产',
  vehicle: '车辆',
  security: '有价证券',
  equity: '股权',
  other: '其他财产',
} as const

export const registerLabels = {
  'initial-reception': '初次接待登记簿',
  'property-search': '财产查控登记簿',
  'funds-receipt': '案款到账登记簿',
  'funds-disbursement': '案款发放登记簿',
  'act-performance': '行为履行登记簿',
} as const

export const receivedMaterialLabels = {
  application: '执行申请书',
  basis: '执行依据',
  identity: '身份证明',
  other: '其他材料',
} as const

export const receptionModeLabels = { onSite: '现场接待', telephone: '专线电话', video: '视频连线' } as const

export const requestLabels = {
  clue: '提供执行线索',
  investigationOrder: '申请律师调查令',
  reward: '申请悬赏执行',
  discredit: '申请纳入失信名单',
} as const

export const auctionPriceMethodLabels = {
  negotiation: '当事人议价',
  directedInquiry: '定向询价',
  onlineInquiry: '网络询价',
  appraisal: '委托评估',
} as const

export const terminationOpinionLabels = { agree: '同意', disagree: '不同意', undecided: '暂不表态' } as const

export const noticeMethodLabels = {
  direct: '直接送达',
  mail: '邮寄送达',
  electronic: '电子送达',
  publication: '公告送达',
} as const

export const measureMethodLabels = { money: '扣划或收取案款', act: '履行行为' } as const
export const fundsSourceLabels = { deduction: '扣划', voluntary: '主动履行' } as const
export const performanceMannerLabels = { performed: '被执行人履行', substitute: '代履行' } as const
export const teamResultLabels = { performed: '执行到位', settled: '执行和解', withdrawn: '撤回申请' } as const
export const supervisionActionLabels = { urge: '催办', extend: '延期' } as const
export const filingDecisionLabels = { confirmed: '确认', dismissed: '排除' } as const
export const severityLabels = { error: '差错', remark: '提示' } as const
export const booleanLabels = { yes: '是', no: '否', unknown: '不明' } as const
export const volumeLabels = { main: '正卷', auxiliary: '副卷' } as const

/**
 * The Chinese word for a code of one of the label maps above.
 * @throws RangeError where the map has no such code, naming what exists
 */
export function label<Labels extends Readonly<Record<string, string>>>(labels: Labels, code: string): string {
  const found = Object.hasOwn(labels, code) ? labels[code] : undefined
  if (found === undefined) throw new RangeError(`代码“${code}”未定义（可用：${Object.keys(labels).join('、')}）`)
  return found
}
