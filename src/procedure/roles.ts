import type { ZoneCode } from './zones.ts'

/** A role of the court; its code is the candidate group on the diagrams. */
export interface Role {
  name: string
  zone: ZoneCode
  /** Articles of 清法〔2022〕47号 that name it; empty where the role comes from national law or is the product's default. */
  articles: readonly number[]
}

const role = (name: string, zone: ZoneCode, ...articles: number[]): Role => ({ name, zone, articles })

export const roles = {
  'filing-clerk': role('立案人员', 'reception', 4, 8),
  'reception-specialist': role('初次接待事务专员', 'reception', 3, 4, 5, 6, 7, 8, 10),
  recorder: role('记录人', 'reception', 7),

  'property-search-specialist': role('集中查控专员', 'affairs', 12, 16),
  'document-specialist': role('格式化文书制作专员', 'affairs', 11, 12),
  'entrusted-matter-specialist': role('委托事项办理专员', 'affairs', 11, 12),
  'auction-specialist': role('网拍专员', 'affairs', 11, 12),
  'visit-specialist': role('信访接待专员', 'affairs', 11, 12),
  'terminated-case-specialist': role('终本核查专员', 'affairs', 12),

  'triage-specialist': role('繁简分流专员', 'management', 13, 14, 16),
  'funds-specialist': role('案款管理专员', 'management', 13),
  'quality-supervisor': role('质效监督专员', 'management', 13),
  'node-supervisor': role('节点管控专员', 'management', 13),

  'dossier-specialist': role('卷宗管理专员', 'dossier', 13, 18, 20, 21, 22, 25, 26),
  archivist: role('档案管理部门', 'dossier', 26),

  'fast-team': role('速执团队', 'team', 14, 15),
  'general-team': role('综合团队', 'team', 14, 15),
  'complex-team': role('精执团队', 'team', 14, 15),
  'compulsory-team': role('强制措施团队', 'team', 17),
  panel: role('合议庭', 'team'),

  'enforcement-director': role('执行局长', 'leader', 19, 22, 23),
  'filing-director': role('立案庭负责人', 'leader'),
  'supervising-leader': role('主管领导', 'leader', 19),
  'vice-president': role('副院长', 'leader'),
  'court-president': role('院长', 'leader', 19),

  finance: role('财务部门', 'support'),
  'process-owner': role('流程管理员', 'support'),
  'system-administrator': role('系统管理员', 'support'),
} as const satisfies Record<string, Role>

export type RoleCode = keyof typeof roles

/** Whether the text is a role's code. */
export function isRole(code: string): code is RoleCode {
  return Object.hasOwn(roles, code)
}

/**
 * A role's Chinese name.
 * @throws RangeError for a code that is no role
 */
export function roleName(code: string): string {
  if (!isRole(code)) throw new RangeError(`“${code}”不是本院的角色代码`)
  return roles[code].name
}
