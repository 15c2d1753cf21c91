import type { DeadlineState } from '../../http/deadline-state.ts'
import { dueTime } from '../format.ts'
import { texts } from '../texts/index.ts'

/** How near a date is, in words and colour. */
export function DeadlineTag({ deadline, dueAt }: { deadline: DeadlineState | null; dueAt: string | null }) {
  if (!deadline) return <span class="tag">{texts.tasks.noDeadline}</span>
  return (
    <span class={`tag ${deadline.state}`} title={dueTime(dueAt)}>
      {deadline.text}
    </span>
  )
}
