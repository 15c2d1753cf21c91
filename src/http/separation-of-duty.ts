import type { Orchestration, UserTask } from '../orchestration/orchestration.ts'

/** Whose work each reviewing or approving task judges: reviewer ≠ author, approver ≠ proposer [默认]. */
const judgedBy: Readonly<Record<string, readonly string[]>> = {
  approveClosing: ['proposeClosing'],
  reviewArchive: ['bindPaper', 'submitArchive'],
}

/** Usernames that may not do this task, because they made in this case what it judges. */
export async function personsExcluded(
  orchestration: Pick<Orchestration, 'searchUserTasks'>,
  task: UserTask,
): Promise<string[]> {
  const { caseId } = task
  if (caseId === null) return []
  const found = await Promise.all(
    (judgedBy[task.elementId] ?? []).map((elementId) =>
      orchestration.searchUserTasks({ state: 'COMPLETED', caseId, elementId }),
    ),
  )
  const authors = found.flatMap(({ items }) => items.map(({ assignee }) => assignee))
  return [...new Set(authors.filter((assignee) => assignee !== null))]
}
