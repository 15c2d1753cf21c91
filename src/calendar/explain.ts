import { addDays, type CalendarDate, partsOfDate } from './calendar-date.ts'
import type { CourtCalendar, DayDetail } from './court-calendar.ts'
import type { DeadlineRule, DeadlineUnit } from './deadline-rule.ts'
import { formatTimeOfDay, toShanghai } from './shanghai-time.ts'

const unitNames: Readonly<Record<Exclude<DeadlineUnit, 'endOfDay'>, string>> = {
  workingHour: '个工作小时',
  workingDay: '个工作日',
  day: '日',
  month: '个月',
  year: '年',
}

/** A date in Chinese: 2026年5月11日. */
function chineseDay(date: CalendarDate): string {
  const { year, month, day } = partsOfDate(date)
  return `${year}年${month}月${day}日`
}

/** An instant in Chinese, the end of a day as 24时: 2026年5月11日09:00, 2026年5月13日24时. */
export function chineseInstant(instant: Date): string {
  const { date, millisecond } = toShanghai(instant)
  const time = formatTimeOfDay(millisecond)
  return `${chineseDay(date)}${time === '24:00' ? '24时' : time}`
}

/** How the limit is counted: from when, how long, by which provision. */
export function explainStart(rule: DeadlineRule, from: Date, calendar: CourtCalendar): string {
  const { date } = toShanghai(from)
  const start = `自${chineseInstant(from)}（${calendar.dayDetail(date).name}）起算`
  const source = `依据：${rule.source}`
  if (rule.unit === 'endOfDay') {
    const day = rule.amount === 0 ? '当日' : rule.amount === 1 ? '次日' : `第${rule.amount}日`
    return `${start}，于${day}下班前完成（${source}）。`
  }
  if (rule.unit === 'workingHour') {
    const hours = calendar.sessions.map(({ opens, closes }) => `${formatTimeOfDay(opens)}–${formatTimeOfDay(closes)}`)
    return `${start}，期限${rule.amount}${unitNames.workingHour}，只计办公时间${hours.join('、')}（${source}）。`
  }
  return `${start}，当日不计入，期限${rule.amount}${unitNames[rule.unit]}（${source}）。`
}

/** Which days between two dates (both included) do not count, and which weekend days do. */
export function explainSkipped(calendar: CourtCalendar, first: CalendarDate, last: CalendarDate): string[] {
  const sentences: string[] = []
  const rest: DayDetail[] = []
  const shifted: DayDetail[] = []
  for (let date = first; date <= last; date = addDays(date, 1)) {
    const detail = calendar.dayDetail(date)
    if (!detail.working) rest.push(detail)
    if (detail.kind === 'shiftedWorkday') shifted.push(detail)
  }
  if (rest.length > 0) sentences.push(`不计入：${describeDays(rest)}。`)
  if (shifted.length > 0) sentences.push(`计为工作日：${describeDays(shifted)}。`)
  return sentences
}

/** Why the last day moved: every day of rest that was passed over. */
export function explainRoll(calendar: CourtCalendar, last: CalendarDate, rolled: CalendarDate): string {
  const passed: DayDetail[] = []
  for (let date = last; date < rolled; date = addDays(date, 1)) passed.push(calendar.dayDetail(date))
  return `最后一日遇${describeDays(passed)}，顺延至${chineseDay(rolled)}（${calendar.dayDetail(rolled).name}）。`
}

/** Where the month has no such day: which day took its place. */
export function explainMonthEnd(from: CalendarDate, last: CalendarDate): string | undefined {
  const wanted = partsOfDate(from).day
  const { year, month, day } = partsOfDate(last)
  return day === wanted ? undefined : `${year}年${month}月没有${wanted}日，以该月最后一日${chineseDay(last)}为期满日。`
}

/** The result in words. */
export function explainEnd(rule: DeadlineRule, dueAt: Date): string {
  if (rule.kind === 'earliest') return `自${chineseInstant(dueAt)}起方可进行。`
  return `${rule.kind === 'periodic' ? '下一次期日' : '期限届满'}：${chineseInstant(dueAt)}。`
}

/** Why a date is provisional. */
export function explainProvisional(calendar: CourtCalendar): string {
  return `${chineseDay(calendar.coveredUntil)}以后的放假安排尚未公布，本期限按周末推算，为暂定，公布后应当复核。`
}

/** Days in order as runs of the same name: 2026年10月1日至10月7日（国庆节）、2026年10月10日（周六）. */
function describeDays(days: readonly DayDetail[]): string {
  const runs: DayDetail[][] = []
  for (const day of days) {
    const run = runs.at(-1)
    const previous = run?.at(-1)
    if (run && previous?.name === day.name && addDays(previous.date, 1) === day.date) run.push(day)
    else runs.push([day])
  }
  return runs
    .map((run) => {
      const [first, last] = [run[0]!, run.at(-1)!]
      const { month, day } = partsOfDate(last.date)
      const until = first === last ? '' : `至${month}月${day}日`
      return `${chineseDay(first.date)}${until}（${first.name}）`
    })
    .join('、')
}
