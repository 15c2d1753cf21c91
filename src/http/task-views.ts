import type { CaseSummary } from '../cases/index.ts'
import type { UserTask } from '../orchestration/orchestration.ts'
import { isRole, roleName } from '../procedure/index.ts'
import { casesById } from './cases-by-id.ts'
import { type DeadlineState, deadlineState } from './deadline-state.ts'
import type { HttpDependencies } from './dependencies.ts'

/** A task as lists show it. */
export interface TaskView {
  taskKey: string
  name: string
  elementId: string
  processDefinitionId: string
  state: string
  caseId: string | null
  caseNumber: string | null
  cause: string | null
  /** Applicants and respondents in one line. */
  parties: string | null
  assignee: string | null
  assigneeName: string | null
  candidateGroups: string[]
  candidateGroupNames: string[]
  dueAt: string | null
  remindAt: string | null
  deadline: DeadlineState | null
  createdAt: string
  completedAt: string | null
}

export interface TaskViews {
  /** Tasks with their cases and people, in the order given. */
  list(tasks: UserTask[]): Promise<TaskView[]>
  caseOf(task: UserTask): Promise<CaseSummary | null>
  /** Whether the text stands in what the list shows of the task. */
  matches(view: TaskView, text: string): boolean
}

/** Puts tasks of the engine and cases of the register together. */
export function createTaskViews({
  cases,
  identity,
  clock,
}: Pick<HttpDependencies, 'cases' | 'identity' | 'clock'>): TaskViews {
  const casesOf = (tasks: UserTask[]) =>
    casesById(
      cases,
      tasks.map(({ caseId }) => caseId),
    )

  async function displayNames(tasks: UserTask[]): Promise<Map<string, string>> {
    const usernames = [...new Set(tasks.map(({ assignee }) => assignee).filter((assignee) => assignee !== null))]
    const users = await Promise.all(usernames.map((username) => identity.findUser(username)))
    return new Map(users.filter((user) => user !== null).map((user) => [user.username, user.displayName]))
  }

  return {
    async list(tasks) {
      const [summaries, names] = await Promise.all([casesOf(tasks), displayNames(tasks)])
      return tasks.map((task) => {
        const summary = task.caseId === null ? undefined : summaries.get(task.caseId)
        return {
          taskKey: task.taskKey,
          name: task.name,
          elementId: task.elementId,
          processDefinitionId: task.processDefinitionId,
          state: task.state,
          caseId: task.caseId,
          caseNumber: summary?.caseNumber ?? null,
          cause: summary?.cause ?? null,
          parties: summary ? partiesLine(summary) : null,
          assignee: task.assignee,
          assigneeName: task.assignee === null ? null : (names.get(task.assignee) ?? task.assignee),
          candidateGroups: task.candidateGroups,
          candidateGroupNames: task.candidateGroups.map((group) => (isRole(group) ? roleName(group) : group)),
          dueAt: task.dueAt,
          remindAt: task.remindAt,
          deadline: task.state === 'CREATED' ? deadlineState(task.dueAt, task.remindAt, clock) : null,
          createdAt: task.createdAt,
          completedAt: task.completedAt,
        }
      })
    },

    async caseOf(task) {
      return task.caseId === null ? null : ((await casesById(cases, [task.caseId])).get(task.caseId) ?? null)
    },

    matches(view, text) {
      return [view.name, view.caseNumber, view.cause, view.parties].some((shown) => shown?.includes(text))
    },
  }
}

function partiesLine({ applicants, respondents }: CaseSummary): string {
  return `${applicants.join('、')} 与 ${respondents.join('、')}`
}
