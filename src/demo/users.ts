import type { RoleCode } from '../procedure/index.ts'

/** A person of the demonstration court; every name is invented. */
export interface DemoUser {
  username: string
  displayName: string
  roles: RoleCode[]
}

/** At least one person for each role, two where a team shares work. */
export const demoUsers: DemoUser[] = [
  { username: 'filing1', displayName: '甲立案', roles: ['filing-clerk'] },
  { username: 'reception1', displayName: '乙接待', roles: ['reception-specialist'] },
  { username: 'recorder1', displayName: '丙记录', roles: ['recorder'] },
  { username: 'search1', displayName: '丁查控', roles: ['property-search-specialist'] },
  { username: 'document1', displayName: '戊文书', roles: ['document-specialist'] },
  { username: 'triage1', displayName: '己分流', roles: ['triage-specialist'] },
  { username: 'funds1', displayName: '庚案款', roles: ['funds-specialist'] },
  { username: 'quality1', displayName: '辛质效', roles: ['quality-supervisor'] },
  { username: 'node1', displayName: '壬管控', roles: ['node-supervisor'] },
  { username: 'dossier1', displayName: '癸卷宗', roles: ['dossier-specialist'] },
  { username: 'archivist1', displayName: '子档案', roles: ['archivist'] },
  { username: 'fast-judge1', displayName: '丑速执', roles: ['fast-team'] },
  { username: 'fast-clerk1', displayName: '寅书记', roles: ['fast-team'] },
  { username: 'general-judge1', displayName: '卯综合', roles: ['general-team'] },
  { username: 'general-clerk1', displayName: '辰书记', roles: ['general-team'] },
  { username: 'complex-judge1', displayName: '巳精执', roles: ['complex-team'] },
  { username: 'complex-clerk1', displayName: '午书记', roles: ['complex-team'] },
  { username: 'filing-director1', displayName: '未立案庭长', roles: ['filing-director'] },
  { username: 'director1', displayName: '申执行局长', roles: ['enforcement-director'] },
  { username: 'leader1', displayName: '酉主管领导', roles: ['supervising-leader'] },
  { username: 'president1', displayName: '戌院长', roles: ['court-president'] },
  { username: 'owner1', displayName: '亥流程', roles: ['process-owner'] },
  { username: 'admin1', displayName: '管理员', roles: ['system-administrator'] },
]
