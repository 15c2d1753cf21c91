import { texts } from './texts/index.ts'

const time = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** `2026-03-02 09:00` in Shanghai; a dash where there is no time. A day's end shows as 24:00 of that day. */
export function dateTime(iso: string | null | undefined): string {
  if (!iso) return texts.none
  const moment = new Date(iso)
  const parts = Object.fromEntries(time.formatToParts(moment).map(({ type, value }) => [type, value]))
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`
}

/** As `dateTime`, for the end of a period: the last second of a day, or the midnight after it, is 24:00 of that day. */
export function dueTime(iso: string | null | undefined): string {
  if (!iso) return texts.none
  if (!endsDay(iso)) return dateTime(iso)
  return `${date(new Date(Date.parse(iso) - 1).toISOString())} 24:00`
}

/** Midnight in Shanghai, or the second before it. */
function endsDay(iso: string): boolean {
  return dateTime(new Date(Date.parse(iso) + 1_000).toISOString()).endsWith(' 00:00')
}

/** `2026-03-02` in Shanghai. */
export function date(iso: string | null | undefined): string {
  return iso ? dateTime(iso).slice(0, 10) : texts.none
}

/** Decimal text with thousands separators, e.g. `30,000.00`; no arithmetic, so no cent is lost. */
export function money(amount: string | null | undefined): string {
  if (!amount) return texts.none
  const [whole = '', cents] = amount.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return cents === undefined ? grouped : `${grouped}.${cents}`
}

/** The label of a code, or the code where a map does not have it: a page must not break on a new code. */
export function codeLabel(labels: Readonly<Record<string, string>>, code: string | null | undefined): string {
  return code ? (labels[code] ?? code) : texts.none
}
