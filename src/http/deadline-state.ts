import type { Clock } from '../calendar/clock.ts'

/** How near a due date is: its colour, and the words that a list shows (剩3日, 今日到期, 超期2日). */
export interface DeadlineState {
  state: 'overdue' | 'soon' | 'open'
  text: string
}

const DAY_MS = 24 * 60 * 60_000
const HOUR_MS = 60 * 60_000
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS

/**
 * The words for a due date at the clock's moment; days are days of the calendar in Shanghai.
 * @param dueAt ISO-8601; null where the work has no deadline
 * @param remindAt ISO-8601; from this moment the date counts as near
 */
export function deadlineState(dueAt: string | null, remindAt: string | null, clock: Clock): DeadlineState | null {
  if (dueAt === null) return null
  const now = clock.now().getTime()
  const due = Date.parse(dueAt)
  if (due < now) {
    const days = Math.floor((now - due) / DAY_MS)
    return {
      state: 'overdue',
      text: days > 0 ? `超期${days}日` : `超期${Math.max(1, Math.floor((now - due) / HOUR_MS))}小时`,
    }
  }
  const days = shanghaiDay(due) - shanghaiDay(now)
  if (days === 0) return { state: 'soon', text: '今日到期' }
  const reminded = remindAt !== null && Date.parse(remindAt) <= now
  return { state: reminded ? 'soon' : 'open', text: `剩${days}日` }
}

function shanghaiDay(moment: number): number {
  // 24:00 ends the day before, and belongs to it.
  return Math.floor((moment - 1 + SHANGHAI_OFFSET_MS) / DAY_MS)
}
