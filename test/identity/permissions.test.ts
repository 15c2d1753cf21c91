import { describe, expect, test } from 'vitest'
import { type Action, type CaseSubject, can, caseScope, type TaskSubject, type User } from '../../src/identity/index.ts'
import { type RoleCode, roles } from '../../src/procedure/index.ts'

const allRoles = Object.keys(roles) as RoleCode[]
const user = (...held: RoleCode[]): User => ({
  id: '1',
  username: 'me',
  displayName: '测试用户',
  active: true,
  roles: held,
})

/** Roles, each held alone, to which the check says yes. */
const granted = (check: (one: User) => boolean): RoleCode[] => allRoles.filter((role) => check(user(role))).sort()

const anyCase: CaseSubject = {
  status: 'enforcing',
  team: 'general',
  handlingJudge: 'somebody',
  handlingClerk: 'somebody',
  filedBy: 'somebody',
  openTasks: [],
}
const open = (task: Partial<TaskSubject>): Pick<CaseSubject, 'openTasks'> => ({
  openTasks: [{ assignee: null, candidateGroups: [], ...task }],
})
const leaders: RoleCode[] = ['court-president', 'enforcement-director', 'supervising-leader', 'vice-president']
const seeEveryCase: RoleCode[] = [...leaders, 'dossier-specialist', 'node-supervisor', 'quality-supervisor']
const readsOf = (subject: CaseSubject) => ({
  case: granted((one) => can(one, 'case.read', subject)),
  main: granted((one) => can(one, 'dossier.read', { ...subject, volume: 'main' })),
  auxiliary: granted((one) => can(one, 'dossier.read', { ...subject, volume: 'auxiliary' })),
})

describe('what a role may do, the full table: every other role may not', () => {
  const table: Record<Exclude<Action, `task.${string}` | 'case.read' | 'dossier.read'>, RoleCode[]> = {
    'case.file': ['filing-clerk'],
    'diagram.read': allRoles,
    'diagram.deploy': ['process-owner'],
    'user.administer': ['system-administrator'],
    'incident.resolve': ['process-owner', 'system-administrator'],
    'clock.set': ['system-administrator'],
    'audit.read': ['court-president', 'quality-supervisor', 'system-administrator'],
    'register.read': [...seeEveryCase, 'reception-specialist'],
    'supervision.read': seeEveryCase,
  }
  test.each(Object.entries(table) as [keyof typeof table, RoleCode[]][])('%s', (action, expected) => {
    expect(granted((one) => can(one, action))).toEqual([...expected].sort())
  })
})

describe('who reads a case and its dossier (Art. 19)', () => {
  const rows: [string, Partial<CaseSubject>, { case: RoleCode[]; main?: RoleCode[]; auxiliary: RoleCode[] }][] = [
    [
      'a case of the general team',
      {},
      { case: [...seeEveryCase, 'general-team'], auxiliary: [...leaders, 'dossier-specialist', 'general-team'] },
    ],
    [
      'a case that no team has yet',
      { team: null, status: 'received' },
      { case: seeEveryCase, auxiliary: [...leaders, 'dossier-specialist'] },
    ],
    [
      'an archived case of the fast team',
      { team: 'fast', status: 'archived' },
      {
        case: [...seeEveryCase, 'fast-team', 'archivist'],
        auxiliary: [...leaders, 'dossier-specialist', 'fast-team', 'archivist'],
      },
    ],
    [
      'a case drawn for review',
      { sampled: true },
      { case: [...seeEveryCase, 'general-team'], auxiliary: [...seeEveryCase, 'general-team'] },
    ],
    [
      'a case handed to the archive for review',
      { status: 'closed', ...open({ candidateGroups: ['archivist'] }) },
      {
        case: [...seeEveryCase, 'general-team', 'archivist'],
        auxiliary: [...leaders, 'dossier-specialist', 'general-team', 'archivist'],
      },
    ],
    [
      'a case with an open task of the triage specialist',
      { team: null, ...open({ candidateGroups: ['triage-specialist'] }) },
      { case: [...seeEveryCase, 'triage-specialist'], auxiliary: [...leaders, 'dossier-specialist'] },
    ],
    [
      'a case before the panel',
      open({ candidateGroups: ['panel'] }),
      {
        case: [...seeEveryCase, 'general-team', 'panel'],
        auxiliary: [...leaders, 'dossier-specialist', 'general-team', 'panel'],
      },
    ],
    [
      'a case whose task another member of the group has taken',
      { team: null, ...open({ assignee: 'colleague', candidateGroups: ['triage-specialist'] }) },
      { case: seeEveryCase, auxiliary: [...leaders, 'dossier-specialist'] },
    ],
    [
      'a case that the clerk filed himself: its data, not its dossier',
      { team: null, filedBy: 'me' },
      { case: [...seeEveryCase, 'filing-clerk'], main: seeEveryCase, auxiliary: [...leaders, 'dossier-specialist'] },
    ],
  ]
  test.each(rows)('%s', (_, change, expected) => {
    expect(readsOf({ ...anyCase, ...change })).toEqual({
      case: [...expected.case].sort(),
      main: [...(expected.main ?? expected.case)].sort(),
      auxiliary: [...expected.auxiliary].sort(),
    })
  })

  test('judge and clerk of the case read all of it, and whoever holds an open task its 正卷', () => {
    const plain = user('entrusted-matter-specialist')
    for (const change of [{ handlingJudge: 'me' }, { handlingClerk: 'me' }]) {
      expect(can(plain, 'dossier.read', { ...anyCase, ...change, volume: 'auxiliary' })).toBe(true)
    }
    const working = { ...anyCase, ...open({ assignee: 'me' }) }
    expect(can(plain, 'dossier.read', { ...working, volume: 'main' })).toBe(true)
    expect(can(plain, 'dossier.read', { ...working, volume: 'auxiliary' })).toBe(false)
    expect(can(plain, 'case.read', anyCase)).toBe(false)
  })

  test('process owners and system administrators see no content', () => {
    for (const role of ['process-owner', 'system-administrator'] as const) {
      for (const [, change] of rows) expect(can(user(role), 'case.read', { ...anyCase, ...change })).toBe(false)
    }
  })
})

describe('who sees, takes and does a task', () => {
  const mine: TaskSubject = { assignee: 'me', candidateGroups: ['fast-team'] }
  const free: TaskSubject = { assignee: null, candidateGroups: ['triage-specialist', 'fast-team'] }
  const taken: TaskSubject = { assignee: 'colleague', candidateGroups: ['triage-specialist'] }
  const watchers: RoleCode[] = [...leaders, 'node-supervisor']

  test('a free task: its groups see and may take it, supervisors only see it, nobody completes it', () => {
    expect(granted((one) => can(one, 'task.read', free))).toEqual(
      [...watchers, 'fast-team', 'triage-specialist'].sort(),
    )
    expect(granted((one) => can(one, 'task.claim', free))).toEqual(['fast-team', 'triage-specialist'])
    expect(granted((one) => can(one, 'task.complete', free))).toEqual([])
  })

  test('a task that a colleague has: the group still sees it, and can neither take nor complete it', () => {
    expect(granted((one) => can(one, 'task.read', taken))).toEqual([...watchers, 'triage-specialist'].sort())
    for (const action of ['task.claim', 'task.complete', 'task.release'] as const) {
      expect(granted((one) => can(one, action, taken))).toEqual([])
    }
  })

  test('my own task I complete, and give back where a group can take it', () => {
    expect(can(user('fast-team'), 'task.complete', mine)).toBe(true)
    expect(can(user('fast-team'), 'task.release', mine)).toBe(true)
    expect(can(user('fast-team'), 'task.release', { ...mine, candidateGroups: [] })).toBe(false)
  })

  test('nobody judges his own work', () => {
    expect(can(user('triage-specialist'), 'task.claim', { ...free, excluded: ['me'] })).toBe(false)
    expect(can(user('fast-team'), 'task.complete', { ...mine, excluded: ['me'] })).toBe(false)
  })
})

describe('users who are not active, and lists', () => {
  test('an inactive user may do nothing at all', () => {
    const gone: User = { ...user(...allRoles), active: false }
    expect(can(gone, 'diagram.read')).toBe(false)
    expect(can(gone, 'case.read', { ...anyCase, handlingJudge: 'me' })).toBe(false)
    expect(can(gone, 'task.complete', { assignee: 'me', candidateGroups: [] })).toBe(false)
    expect(caseScope(gone)).toEqual({ all: false, teams: [], handler: '', archived: false, filedBy: null })
  })

  test('the list’s scope agrees with what may be read, for every role alone', () => {
    const subjects: CaseSubject[] = [
      anyCase,
      { ...anyCase, team: 'fast', status: 'archived' },
      { ...anyCase, team: 'complex' },
      { ...anyCase, team: null, filedBy: 'me' },
      { ...anyCase, team: null, handlingClerk: 'me' },
    ]
    for (const role of allRoles) {
      const one = user(role)
      const scope = caseScope(one)
      for (const subject of subjects) {
        const listed =
          scope.all ||
          (subject.team !== null && scope.teams.includes(subject.team)) ||
          [subject.handlingJudge, subject.handlingClerk].includes(scope.handler) ||
          (scope.archived && subject.status === 'archived') ||
          scope.filedBy === subject.filedBy
        expect(listed, `${role} ${JSON.stringify(subject)}`).toBe(can(one, 'case.read', subject))
      }
    }
  })
})
