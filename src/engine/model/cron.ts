/** A cron expression of six fields (second minute hour day month weekday), as Camunda's timer cycles take it. */
export interface Cron {
  readonly seconds: ReadonlySet<number>
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  /** Whether a day (of an ordinary calendar) is meant. */
  matchesDay(year: number, month: number, day: number): boolean
}

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
}
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

type DayTest = (year: number, month: number, day: number) => boolean

/** Parses a cron expression; `undefined` when it is none. */
export function parseCron(text: string): Cron | undefined {
  const fields = (MACROS[text.trim().toLowerCase()] ?? text.trim().toUpperCase()).split(/\s+/)
  if (fields.length !== 6) return undefined
  const [second, minute, hour, day, month, weekday] = fields as [string, string, string, string, string, string]
  const seconds = parseField(second, 0, 59)
  const minutes = parseField(minute, 0, 59)
  const hours = parseField(hour, 0, 23)
  const months = parseField(month, 1, 12, MONTHS, 1)
  const dayTest = parseDay(day)
  const weekdayTest = parseWeekday(weekday)
  if (!seconds || !minutes || !hours || !months || !dayTest || !weekdayTest) return undefined
  return {
    seconds,
    minutes,
    hours,
    matchesDay: (year, monthOfYear, dayOfMonth) =>
      months.has(monthOfYear) && dayTest(year, monthOfYear, dayOfMonth) && weekdayTest(year, monthOfYear, dayOfMonth),
  }
}

function parseField(
  text: string,
  low: number,
  high: number,
  names: readonly string[] = [],
  firstName = 0,
): Set<number> | undefined {
  const values = new Set<number>()
  const number = (part: string): number => {
    const named = names.indexOf(part)
    if (named >= 0) return named + firstName
    return /^\d+$/.test(part) ? Number(part) : Number.NaN
  }
  for (const item of text.split(',')) {
    const [range, stepText, ...rest] = item.split('/')
    const step = stepText === undefined ? 1 : number(stepText)
    if (range === undefined || rest.length > 0 || !(step >= 1)) return undefined
    let from = low
    let to = high
    if (range !== '*' && range !== '?') {
      const [first, last, ...more] = range.split('-')
      from = number(first ?? '')
      to = last === undefined ? (stepText === undefined ? from : high) : number(last)
      if (more.length > 0) return undefined
    }
    if (!(from >= low && to <= high && from <= to)) return undefined
    for (let value = from; value <= to; value += step) values.add(value)
  }
  return values
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()
const weekdayOf = (year: number, month: number, day: number): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay()

function parseDay(text: string): DayTest | undefined {
  if (text === '*' || text === '?') return () => true
  const last = /^L(?:-(\d+))?$/.exec(text)
  if (last !== null) return (year, month, day) => day === daysIn(year, month) - Number(last[1] ?? 0)
  const nearest = /^(\d+|L)W$/.exec(text)
  if (nearest !== null) return nearestWeekday(nearest[1] ?? '')
  const days = parseField(text, 1, 31)
  return days && ((_year, _month, day) => days.has(day))
}

/** `15W`: the weekday (Monday to Friday) nearest to the 15th in the same month; `LW`: the last one. */
function nearestWeekday(target: string): DayTest {
  return (year, month, day) => {
    const length = daysIn(year, month)
    let wanted = target === 'L' ? length : Math.min(Number(target), length)
    const weekday = weekdayOf(year, month, wanted)
    if (weekday === 6) wanted += target !== 'L' && wanted === 1 ? 2 : -1
    if (weekday === 0) wanted += target === 'L' || wanted === length ? -2 : 1
    return day === wanted
  }
}

function parseWeekday(text: string): DayTest | undefined {
  if (text === '*' || text === '?') return () => true
  const name = (part: string): number => (WEEKDAYS.includes(part) ? WEEKDAYS.indexOf(part) : Number(part)) % 7
  const nth = /^(\w+)#([1-5])$/.exec(text)
  if (nth !== null) {
    const wanted = name(nth[1] ?? '')
    return (year, month, day) => weekdayOf(year, month, day) === wanted && Math.ceil(day / 7) === Number(nth[2])
  }
  const last = /^(\w+)L$/.exec(text)
  if (last !== null) {
    const wanted = name(last[1] ?? '')
    return (year, month, day) => weekdayOf(year, month, day) === wanted && day + 7 > daysIn(year, month)
  }
  const weekdays = parseField(text, 0, 7, WEEKDAYS, 0)
  return (
    weekdays &&
    ((year, month, day) =>
      weekdays.has(weekdayOf(year, month, day)) || (weekdays.has(7) && weekdayOf(year, month, day) === 0))
  )
}
