import { useEffect, useState } from 'preact/hooks'
import type { CaseSummary } from '../../cases/types.ts'
import { caseStatusLabels, teamLabels } from '../../procedure/labels.ts'
import { get } from '../api.ts'
import { Pager } from '../components/pager.tsx'
import { Await, Empty } from '../components/state.tsx'
import { codeLabel, dateTime, money } from '../format.ts'
import { useLoaded } from '../loading.ts'
import { personName } from '../people.ts'
import { go, location } from '../router.ts'
import { texts } from '../texts/index.ts'

const { cases: words } = texts
const SIZE = 50
const TYPING_PAUSE_MS = 250

/** 案件: the cases that the user may see, found by number, party or id number. */
export function CasesPage() {
  const { query } = location.value
  const asked = { q: query.get('q') ?? '', status: query.get('status') ?? '', page: Number(query.get('page') ?? 1) }
  const [typed, setTyped] = useState(asked.q)
  const show = (next: Partial<typeof asked>) => {
    const address = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...asked, page: 1, ...next })) {
      if (value !== '' && !(name === 'page' && value === 1)) address.set(name, String(value))
    }
    go(`/cases${address.size > 0 ? `?${address}` : ''}`, { replace: true })
  }
  useEffect(() => {
    if (typed === asked.q) return
    const pause = setTimeout(() => show({ q: typed }), TYPING_PAUSE_MS)
    return () => clearTimeout(pause)
  }, [typed])
  const request = new URLSearchParams({ page: String(asked.page), size: String(SIZE) })
  if (asked.q) request.set('q', asked.q)
  if (asked.status) request.set('status', asked.status)
  const cases = useLoaded(request.toString(), (abort) =>
    get<{ items: CaseSummary[]; total: number }>(`/cases?${request}`, abort),
  )
  return (
    <>
      <div class="head">
        <h2>{words.title}</h2>
        {cases.value && <span class="soft">{words.total(cases.value.total)}</span>}
        <span class="space" />
        <input
          class="input"
          style={{ width: '280px' }}
          type="search"
          aria-label={words.searchLabel}
          placeholder={words.search}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <select
          class="input"
          aria-label={words.status}
          value={asked.status}
          onChange={(event) => show({ status: event.currentTarget.value })}
        >
          <option value="">{words.allStatuses}</option>
          {Object.entries(caseStatusLabels).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <Await loaded={cases}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty>{asked.q || asked.status ? words.noMatch : words.empty}</Empty>
          ) : (
            <>
              <CaseTable items={items} />
              <Pager page={asked.page} size={SIZE} total={total} onPage={(page) => show({ page })} />
            </>
          )
        }
      </Await>
    </>
  )
}

function CaseTable({ items }: { items: CaseSummary[] }) {
  const { columns } = words
  return (
    <div class="table-scroll">
      <table>
        <caption class="visually-hidden">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.number}</th>
            <th scope="col">{columns.cause}</th>
            <th scope="col">{columns.applicants}</th>
            <th scope="col">{columns.respondents}</th>
            <th scope="col" class="number">
              {columns.amount}
            </th>
            <th scope="col">{columns.filedAt}</th>
            <th scope="col">{columns.team}</th>
            <th scope="col">{columns.judge}</th>
            <th scope="col">{columns.status}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.caseId}>
              <th scope="row" class="nowrap">
                <a href={`/cases/${item.caseId}`}>{item.caseNumber}</a>
              </th>
              <td>{item.cause}</td>
              <td>{item.applicants.join('、')}</td>
              <td>{item.respondents.join('、')}</td>
              <td class="number">{money(item.amount)}</td>
              <td class="nowrap">{dateTime(item.filedAt)}</td>
              <td class="nowrap">{codeLabel(teamLabels, item.team)}</td>
              <td class="nowrap">{personName(item.handlingJudge)}</td>
              <td class="nowrap">{codeLabel(caseStatusLabels, item.status)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
