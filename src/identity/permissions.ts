import type { CaseStatus, RoleCode } from '../procedure/index.ts'
import type { User } from './users.ts'

/** 正卷 (parties may see it) and 副卷 (internal). */
export type Volume = 'main' | 'auxiliary'

/** A user task as far as permissions ask. */
export interface TaskSubject {
  assignee: string | null
  candidateGroups: readonly string[]
  /** Who made what this task judges: reviewer ≠ author, approver ≠ proposer. */
  excluded?: readonly string[]
}

/** A case as far as permissions ask. */
export interface CaseSubject {
  status: CaseStatus
  /** `fast`, `general`, `complex`; null before triage. */
  team: string | null
  handlingJudge: string | null
  handlingClerk: string | null
  filedBy: string
  /** Tasks of the case that are open now. */
  openTasks: readonly TaskSubject[]
  /** Drawn for the dossier review. */
  sampled?: boolean
}

interface Subjects {
  'task.read': TaskSubject
  'task.claim': TaskSubject
  'task.release': TaskSubject
  'task.complete': TaskSubject
  /** The case's page: register data, parties, state. */
  'case.read': CaseSubject
  /** Entries of one volume of its dossier. */
  'dossier.read': CaseSubject & { volume: Volume }
}

/** What needs a role only. */
const roleActions = {
  /** File a case. */
  'case.file': ['filing-clerk'],
  /** Read the registers of Arts. 6 and 25. */
  'register.read': [
    'reception-specialist',
    'quality-supervisor',
    'node-supervisor',
    'dossier-specialist',
    'enforcement-director',
    'supervising-leader',
    'vice-president',
    'court-president',
  ],
  /** Read overdue nodes, escalations and statistics. */
  'supervision.read': [
    'quality-supervisor',
    'node-supervisor',
    'dossier-specialist',
    'enforcement-director',
    'supervising-leader',
    'vice-president',
    'court-president',
  ],
  /** See the deployed diagrams and decisions: everyone works by them. */
  'diagram.read': 'everyone',
  /** Edit and deploy diagrams, decisions and forms. */
  'diagram.deploy': ['process-owner'],
  /** Make users, give roles, set passwords. */
  'user.administer': ['system-administrator'],
  /** See what halted a process, and have it tried again: no content of cases. */
  'incident.resolve': ['system-administrator', 'process-owner'],
  /** Move the clock, where the configuration allows it at all. */
  'clock.set': ['system-administrator'],
  /** Read who did and read what. */
  'audit.read': ['system-administrator', 'quality-supervisor', 'court-president'],
} as const satisfies Record<string, readonly RoleCode[] | 'everyone'>

type RoleAction = keyof typeof roleActions
export type Action = keyof Subjects | RoleAction

/** Art. 19 names 院长, 主管领导, 执行局长; 副院长 stands in for the president [默认]. */
const leaders: readonly RoleCode[] = ['enforcement-director', 'supervising-leader', 'vice-president', 'court-president']

type Reads = readonly ('case' | Volume)[]

interface CaseRule {
  /** Roles that the rule is about; `everyone` where only the condition counts. */
  who: readonly RoleCode[] | 'everyone'
  when: (user: User, subject: CaseSubject) => boolean
  reads: Reads
}

const always = () => true
const everything: Reads = ['case', 'main', 'auxiliary']
const handles = (user: User, subject: CaseSubject) => subject.openTasks.some((task) => worksOn(user, task))

/** Who reads cases and dossiers (Art. 19; details [默认]). A user reads what any of his rules grants. */
const caseRules: readonly CaseRule[] = [
  { who: leaders, when: always, reads: everything },
  { who: ['dossier-specialist'], when: always, reads: everything },
  {
    who: ['archivist'],
    when: (user, subject) => subject.status === 'archived' || handles(user, subject),
    reads: everything,
  },
  {
    who: ['fast-team', 'general-team', 'complex-team'],
    when: (user, { team }) => team !== null && holds(user, `${team}-team`),
    reads: everything,
  },
  {
    who: 'everyone',
    when: (user, subject) => user.username === subject.handlingJudge || user.username === subject.handlingClerk,
    reads: everything,
  },
  { who: ['quality-supervisor', 'node-supervisor'], when: always, reads: ['case', 'main'] },
  { who: ['quality-supervisor', 'node-supervisor'], when: (_, { sampled }) => sampled === true, reads: ['auxiliary'] },
  { who: ['panel'], when: handles, reads: ['auxiliary'] },
  { who: 'everyone', when: handles, reads: ['case', 'main'] },
  { who: ['filing-clerk'], when: (user, { filedBy }) => user.username === filedBy, reads: ['case'] },
]

/** Who watches over all work sees every open task, without being able to do it. */
const taskWatchers: readonly RoleCode[] = ['node-supervisor', ...leaders]

/**
 * Whether the user may do it. What no rule grants is refused; an inactive user may do nothing.
 * @param subject the task or case, where the action has one
 */
export function can<A extends Action>(
  user: User,
  action: A,
  ...[subject]: A extends keyof Subjects ? [subject: Subjects[A]] : []
): boolean {
  if (!user.active) return false
  switch (action) {
    case 'task.read':
    case 'task.claim':
    case 'task.release':
    case 'task.complete':
      return mayTask(user, action, subject as TaskSubject)
    case 'case.read':
      return reads(user, subject as CaseSubject, 'case')
    case 'dossier.read':
      return reads(user, subject as CaseSubject, (subject as Subjects['dossier.read']).volume)
    default: {
      const granted = roleActions[action as RoleAction]
      return granted === 'everyone' || holdsAny(user, granted)
    }
  }
}

/** Which cases a user's list shows, as a filter; open tasks add single cases. */
export type CaseScope =
  | { all: true }
  | { all: false; teams: string[]; handler: string; archived: boolean; filedBy: string | null }

/** The part of `can(user, 'case.read', …)` that a query can ask; for a user who may see nothing it matches nothing. */
export function caseScope(user: User): CaseScope {
  if (!user.active) return { all: false, teams: [], handler: '', archived: false, filedBy: null }
  const seesAll = caseRules.some(
    (rule) =>
      rule.when === always && rule.who !== 'everyone' && holdsAny(user, rule.who) && rule.reads.includes('case'),
  )
  if (seesAll) return { all: true }
  return {
    all: false,
    teams: ['fast', 'general', 'complex'].filter((team) => holds(user, `${team}-team`)),
    handler: user.username,
    archived: holds(user, 'archivist'),
    filedBy: holds(user, 'filing-clerk') ? user.username : null,
  }
}

function mayTask(user: User, action: `task.${string}`, task: TaskSubject): boolean {
  const isAssignee = task.assignee === user.username
  const isCandidate = task.candidateGroups.some((group) => holds(user, group))
  const isExcluded = task.excluded?.includes(user.username) ?? false
  switch (action) {
    case 'task.read':
      return isAssignee || isCandidate || holdsAny(user, taskWatchers)
    case 'task.claim':
      return task.assignee === null && isCandidate && !isExcluded
    case 'task.release':
      // Without a group nobody could take it up again.
      return isAssignee && task.candidateGroups.length > 0
    default:
      return isAssignee && !isExcluded
  }
}

/** Whether the task is his: he holds it, or nobody does and he may take it. */
function worksOn(user: User, task: TaskSubject): boolean {
  if (task.assignee !== null) return task.assignee === user.username
  return task.candidateGroups.some((group) => holds(user, group))
}

function reads(user: User, subject: CaseSubject, what: 'case' | Volume): boolean {
  return caseRules.some(
    (rule) =>
      rule.reads.includes(what) && (rule.who === 'everyone' || holdsAny(user, rule.who)) && rule.when(user, subject),
  )
}

function holds(user: User, role: string): boolean {
  return (user.roles as readonly string[]).includes(role)
}

function holdsAny(user: User, roles: readonly RoleCode[]): boolean {
  return roles.some((role) => holds(user, role))
}
