import { useState } from 'preact/hooks'
import type { ReceptionRow } from '../../cases/types.ts'
import { receptionModeLabels } from '../../procedure/labels.ts'
import { get } from '../api.ts'
import { ColumnHeads } from '../components/column-heads.tsx'
import { Await, Empty } from '../components/state.tsx'
import { codeLabel, date, dateTime } from '../format.ts'
import { useLoaded } from '../loading.ts'
import { session } from '../session.ts'
import { texts } from '../texts/index.ts'
import './register.css'

const { register: words } = texts

/** 初次接待登记簿 (Art. 6): one row a case, printable and exportable. */
export function RegisterPage() {
  // The court's day as the server counts it, so that a moved clock shows its own month.
  const [period, setPeriod] = useState(() => currentMonth(session.value?.now))
  const address = `from=${period.from}&to=${period.to}`
  const rows = useLoaded(period.from && period.to ? address : null, (abort) =>
    get<{ items: ReceptionRow[] }>(`/registers/initial-reception?${address}`, abort),
  )
  return (
    <>
      <div class="head">
        <h2>{words.title}</h2>
        {rows.value && <span class="soft">{words.total(rows.value.items.length)}</span>}
        <span class="space" />
        <label class="period">
          {words.from}
          <input
            class="input"
            type="date"
            value={period.from}
            onChange={(event) => setPeriod({ ...period, from: event.currentTarget.value })}
          />
        </label>
        <label class="period">
          {words.to}
          <input
            class="input"
            type="date"
            value={period.to}
            onChange={(event) => setPeriod({ ...period, to: event.currentTarget.value })}
          />
        </label>
        <button type="button" class="button" onClick={() => window.print()}>
          {words.print}
        </button>
        <a class="button" href={`/api/registers/initial-reception.csv?${address}`} download>
          {words.export}
        </a>
      </div>
      <p class="print-period">{words.caption(period.from, period.to)}</p>
      <Await loaded={rows}>
        {({ items }) => (items.length === 0 ? <Empty>{words.empty}</Empty> : <RegisterTable items={items} />)}
      </Await>
    </>
  )
}

function RegisterTable({ items }: { items: ReceptionRow[] }) {
  const { columns } = words
  return (
    <div class="table-scroll">
      <table class="register">
        <caption class="visually-hidden">{words.title}</caption>
        <ColumnHeads names={Object.values(columns)} />
        <tbody>
          {items.map((row, index) => (
            <tr key={row.caseId}>
              <td>{index + 1}</td>
              <th scope="row" class="nowrap">
                <a href={`/cases/${row.caseId}`}>{row.caseNumber}</a>
              </th>
              <td>{row.applicants.join('、')}</td>
              <td>{row.respondents.join('、')}</td>
              <td class="nowrap">{row.held ? words.held : words.notHeld}</td>
              <td class="nowrap">{codeLabel(receptionModeLabels, row.mode)}</td>
              <td class="nowrap">{period(row)}</td>
              <td class="nowrap">{row.interviewer ?? texts.none}</td>
              <td class="nowrap">{row.recorder ?? texts.none}</td>
              <td class="nowrap">{row.interviewee ?? texts.none}</td>
              <td class="nowrap">{date(row.recordedAt)}</td>
              <td>{row.notHeldReason ?? texts.none}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** `2026-03-03 10:00–10:40`; both dates where it went past midnight. */
function period({ startedAt, endedAt }: ReceptionRow): string {
  if (!startedAt) return texts.none
  if (!endedAt) return dateTime(startedAt)
  const sameDay = date(startedAt) === date(endedAt)
  return `${dateTime(startedAt)}–${sameDay ? dateTime(endedAt).slice(11) : dateTime(endedAt)}`
}

function currentMonth(now: string | undefined): { from: string; to: string } {
  const today = date(now ?? new Date().toISOString())
  return { from: `${today.slice(0, 8)}01`, to: today }
}
