/** The regulation 清法〔2022〕47号 as data: articles, zones, roles, nodes, and the Chinese words for every code. */
export { type Article, articles, articleText, isArticle } from './articles.ts'
export {
  auctionPriceMethodLabels,
  booleanLabels,
  type CaseStatus,
  caseStatuses,
  caseStatusLabels,
  causeCategoryLabels,
  channelLabels,
  closingModeLabels,
  filingDecisionLabels,
  fundsSourceLabels,
  idKindLabels,
  label,
  measureMethodLabels,
  noticeMethodLabels,
  partyKindLabels,
  partyRoleLabels,
  performanceMannerLabels,
  propertyKindLabels,
  receivedMaterialLabels,
  receptionModeLabels,
  registerLabels,
  requestLabels,
  severityLabels,
  subjectTypeLabels,
  supervisionActionLabels,
  teamLabels,
  teamResultLabels,
  terminationOpinionLabels,
  volumeLabels,
} from './labels.ts'
export { isNode, type NodeCode, nodes, type ProcedureNode } from './nodes.ts'
export { isRole, type Role, type RoleCode, roleName, roles } from './roles.ts'
export { type ZoneCode, zoneNames } from './zones.ts'
