import { expect, test } from 'vitest'
import { deadlineState } from '../../src/http/deadline-state.ts'

const at = (moment: string) => ({ now: () => new Date(moment) })
const due = '2026-03-06T00:00:00+08:00' // the end of 5 March
const remind = '2026-03-04T09:00:00+08:00'

test.each([
  ['2026-03-02T09:00:00+08:00', { state: 'open', text: '剩3日' }],
  ['2026-03-04T08:59:00+08:00', { state: 'open', text: '剩1日' }],
  ['2026-03-04T09:00:00+08:00', { state: 'soon', text: '剩1日' }],
  ['2026-03-05T00:00:00+08:00', { state: 'soon', text: '剩1日' }],
  ['2026-03-05T00:00:01+08:00', { state: 'soon', text: '今日到期' }],
  ['2026-03-05T23:59:59+08:00', { state: 'soon', text: '今日到期' }],
  ['2026-03-06T00:00:01+08:00', { state: 'overdue', text: '超期1小时' }],
  ['2026-03-06T05:30:00+08:00', { state: 'overdue', text: '超期5小时' }],
  ['2026-03-08T00:00:00+08:00', { state: 'overdue', text: '超期2日' }],
])('at %s the end of 5 March is %o', (moment, state) => {
  expect(deadlineState(due, remind, at(moment))).toEqual(state)
})

test('work without a date has no state', () => {
  expect(deadlineState(null, null, at('2026-03-05T09:00:00+08:00'))).toBeNull()
})
