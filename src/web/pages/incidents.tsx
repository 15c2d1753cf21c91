import { useEffect, useRef, useState } from 'preact/hooks'
import type { IncidentView } from '../../http/routes/incidents.ts'
import { ApiError, get, post } from '../api.ts'
import { ColumnHeads } from '../components/column-heads.tsx'
import { Await, Empty } from '../components/state.tsx'
import { codeLabel, dateTime } from '../format.ts'
import { useFresh, useLoaded } from '../loading.ts'
import { texts } from '../texts/index.ts'
import './incidents.css'

const { incidents: words } = texts

/** 流程故障: what halted processes, and trying it again once its cause is repaired. */
export function IncidentsPage() {
  const incidents = useLoaded('incidents', (abort) => get<{ items: IncidentView[] }>('/incidents', abort))
  const { reloadSoon } = useFresh(incidents.reload)
  const [retrying, setRetrying] = useState<string | null>(null)
  const [result, setResult] = useState<{ text: string; done: boolean } | null>(null)
  const status = useRef<HTMLParagraphElement>(null)

  async function retry({ incidentKey, elementName, caseNumber }: IncidentView): Promise<void> {
    setRetrying(incidentKey)
    setResult(null)
    try {
      await post(`/incidents/${incidentKey}/resolution`)
      setResult({ text: words.retried(elementName, caseNumber ?? texts.none), done: true })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setResult({ text: error.message, done: false })
    }
    setRetrying(null)
    incidents.reload()
    reloadSoon()
  }

  // The button that had the focus goes with its row.
  useEffect(() => {
    if (result) status.current?.focus()
  }, [result])

  return (
    <>
      <div class="head">
        <h2>{words.title}</h2>
        {incidents.value && <span class="soft">{words.total(incidents.value.items.length)}</span>}
      </div>
      <p class="soft">{words.intro}</p>
      <div role="status">
        {result && (
          <p ref={status} class={`notice ${result.done ? 'done' : 'problem'}`} tabIndex={-1}>
            {result.text}
          </p>
        )}
      </div>
      <Await loaded={incidents}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{words.empty}</Empty>
          ) : (
            <IncidentTable items={items} retrying={retrying} onRetry={(incident) => void retry(incident)} />
          )
        }
      </Await>
    </>
  )
}

interface TableProps {
  items: IncidentView[]
  /** The one that is being tried again; one at a time. */
  retrying: string | null
  onRetry(incident: IncidentView): void
}

function IncidentTable({ items, retrying, onRetry }: TableProps) {
  return (
    <div class="table-scroll">
      <table class="incidents">
        <caption class="visually-hidden">{words.caption}</caption>
        <ColumnHeads names={Object.values(words.columns)} />
        <tbody>
          {items.map((incident) => (
            <tr key={incident.incidentKey}>
              <th scope="row" class="nowrap">
                {incident.caseNumber ?? texts.none}
              </th>
              <td>{incident.processName}</td>
              <td>{incident.elementName}</td>
              <td class="nowrap">{codeLabel(words.types, incident.errorType)}</td>
              <td class="message">{incident.message}</td>
              <td class="nowrap">{dateTime(incident.createdAt)}</td>
              <td>
                <button
                  type="button"
                  class="button"
                  disabled={retrying !== null}
                  aria-busy={retrying === incident.incidentKey}
                  onClick={() => onRetry(incident)}
                >
                  {retrying === incident.incidentKey ? words.retrying : words.retry}
                  <span class="visually-hidden">{`${incident.caseNumber ?? ''} ${incident.elementName}`}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
