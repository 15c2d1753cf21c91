import type { RoleCode } from './roles.ts'
import type { ZoneCode } from './zones.ts'

/** A node that the node register watches (Arts. 13 and 25): what an element's `node` property names. */
export interface ProcedureNode {
  name: string
  zone: ZoneCode
  /** Articles of 清法〔2022〕47号; empty for a step of national law. */
  articles: readonly string[]
  /** Who is answerable for the node's date; `handlingJudge` where it is the judge of the case. */
  handler: RoleCode | 'handlingJudge'
}

export const nodes = {
  'filing-transfer': { name: '立案材料移送', zone: 'reception', articles: ['4'], handler: 'reception-specialist' },
  reception: { name: '核对与初次接待', zone: 'reception', articles: ['4', '5', '9'], handler: 'reception-specialist' },
  'filing-correction': { name: '立案信息纠正', zone: 'reception', articles: ['8'], handler: 'filing-clerk' },
  'transcript-signature': {
    name: '笔录签署上传',
    zone: 'reception',
    articles: ['7', '9'],
    handler: 'reception-specialist',
  },
  'statement-signature': {
    name: '未接待原因说明签署上传',
    zone: 'reception',
    articles: ['6', '9'],
    handler: 'reception-specialist',
  },
  'node-handover': { name: '流转至繁简分流', zone: 'reception', articles: ['10'], handler: 'reception-specialist' },
  'enforcement-notice': { name: '发出执行通知', zone: 'affairs', articles: ['11'], handler: 'document-specialist' },
  'property-search': {
    name: '财产查控',
    zone: 'affairs',
    articles: ['11', '16(1)'],
    handler: 'property-search-specialist',
  },
  'triage-review': { name: '分流前初步审查', zone: 'management', articles: ['14', '16'], handler: 'triage-specialist' },
  'handler-assignment': { name: '确定承办人', zone: 'management', articles: [], handler: 'triage-specialist' },
  'handover-receipt': { name: '接收案卷', zone: 'team', articles: ['16(2)'], handler: 'handlingJudge' },
  enforcement: { name: '执行实施', zone: 'team', articles: ['15'], handler: 'handlingJudge' },
  'property-investigation': { name: '财产调查', zone: 'team', articles: ['15(1)'], handler: 'handlingJudge' },
  'funds-disbursement': { name: '案款发放', zone: 'management', articles: ['13', '25'], handler: 'funds-specialist' },
  'archive-image': { name: '转化影像卷宗并提交', zone: 'dossier', articles: ['26'], handler: 'dossier-specialist' },
  'archive-review': { name: '归档审核', zone: 'dossier', articles: ['26'], handler: 'archivist' },
  supervision: { name: '超期督办', zone: 'management', articles: ['13', '25'], handler: 'node-supervisor' },
} as const satisfies Record<string, ProcedureNode>

export type NodeCode = keyof typeof nodes

/** Whether the text is a node's code. */
export function isNode(code: string): code is NodeCode {
  return Object.hasOwn(nodes, code)
}
