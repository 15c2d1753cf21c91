/** Where work is done: the four zones of Art. 1, the teams, the leaders, and who stands outside the procedure. */
export const zoneNames = {
  reception: '接待区',
  affairs: '事务区',
  management: '管理区',
  dossier: '卷宗区',
  team: '执行团队',
  leader: '审批与领导',
  support: '支持部门',
} as const

export type ZoneCode = keyof typeof zoneNames
export const zones = Object.keys(zoneNames) as ZoneCode[]
