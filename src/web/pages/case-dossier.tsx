import { useState } from 'preact/hooks'
import type { IssuedDocument } from '../../documents/store.ts'
import type { CatalogueRow, DossierVerification } from '../../dossier/types.ts'
import { volumeLabels } from '../../procedure/labels.ts'
import { get } from '../api.ts'
import { ColumnHeads } from '../components/column-heads.tsx'
import { Await } from '../components/state.tsx'
import { codeLabel, dateTime } from '../format.ts'
import { useLoaded } from '../loading.ts'
import { personName } from '../people.ts'
import { texts } from '../texts/index.ts'
import './case-dossier.css'

const { case: words } = texts

interface Dossier {
  entries: CatalogueRow[]
  hidden: number
  verification: DossierVerification
}

interface Shown {
  address: string
  title: string
}

/** Documents and the dossier's catalogue at the left, the chosen material at the right. */
export function CaseDossier({ caseId }: { caseId: string }) {
  const [shown, setShown] = useState<Shown | null>(null)
  const documents = useLoaded(caseId, (abort) => get<{ items: IssuedDocument[] }>(`/cases/${caseId}/documents`, abort))
  const dossier = useLoaded(caseId, (abort) => get<Dossier>(`/cases/${caseId}/dossier`, abort))
  return (
    <div class={shown ? 'dossier with-viewer' : 'dossier'}>
      <div>
        <section class="card">
          <h3>{words.catalogue}</h3>
          <Await loaded={dossier}>
            {(value) => <Catalogue caseId={caseId} dossier={value} shown={shown} onShow={setShown} />}
          </Await>
        </section>
        <section class="card">
          <h3>{words.documents}</h3>
          <Await loaded={documents}>{({ items }) => <Documents items={items} shown={shown} onShow={setShown} />}</Await>
        </section>
      </div>
      {shown && (
        <section class="viewer card" aria-label={words.viewer}>
          <div class="head">
            <h3>{shown.title}</h3>
            <span class="space" />
            <a href={shown.address} target="_blank" rel="noreferrer">
              {words.openNew}
            </a>
            <button type="button" class="button quiet" onClick={() => setShown(null)}>
              {texts.close}
            </button>
          </div>
          <iframe src={shown.address} title={shown.title} />
        </section>
      )}
    </div>
  )
}

interface CatalogueProps {
  caseId: string
  dossier: Dossier
  shown: Shown | null
  onShow(shown: Shown): void
}

function Catalogue({ caseId, dossier, shown, onShow }: CatalogueProps) {
  const { entries, hidden, verification } = dossier
  const columns = words.catalogueColumns
  if (entries.length === 0 && hidden === 0) return <p class="soft">{words.emptyDossier}</p>
  return (
    <>
      {verification.intact ? (
        <p class="notice done">{words.intact(verification.entries)}</p>
      ) : (
        <div class="notice problem" role="alert">
          {words.broken}
          <ul>
            {verification.problems.map(({ position, message }) => (
              <li key={`${position} ${message}`}>{message}</li>
            ))}
          </ul>
        </div>
      )}
      {(['main', 'auxiliary'] as const).map((volume) => {
        const rows = entries.filter((entry) => entry.volume === volume)
        if (rows.length === 0) return null
        return (
          <table key={volume}>
            <caption>{codeLabel(volumeLabels, volume)}</caption>
            <ColumnHeads names={[columns.number, columns.title, columns.pages, columns.enteredBy, columns.enteredAt]} />
            <tbody>
              {rows.map((entry) => {
                const address = `/api/cases/${caseId}/dossier/${entry.entryId}/content`
                return (
                  <tr key={entry.entryId}>
                    <td>{entry.number}</td>
                    <td>
                      <Opener address={address} title={entry.title} shown={shown} onShow={onShow} />
                      {entry.version > 1 && <span class="tag">{`${columns.version} ${entry.version}`}</span>}
                    </td>
                    <td class="nowrap">{pageRange(entry)}</td>
                    <td class="nowrap">{personName(entry.enteredBy)}</td>
                    <td class="nowrap">{dateTime(entry.enteredAt)}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        )
      })}
      {hidden > 0 && <p class="soft">{words.hiddenEntries(hidden)}</p>}
    </>
  )
}

function pageRange({ pageFrom, pageTo }: CatalogueRow): string {
  return pageFrom === pageTo ? String(pageFrom) : `${pageFrom}–${pageTo}`
}

function Documents({
  items,
  shown,
  onShow,
}: {
  items: IssuedDocument[]
  shown: Shown | null
  onShow(shown: Shown): void
}) {
  const columns = words.documentColumns
  if (items.length === 0) return <p class="soft">{words.noDocuments}</p>
  return (
    <table>
      <ColumnHeads names={Object.values(columns)} />
      <tbody>
        {items.map((document) => (
          <tr key={document.documentId}>
            <td>
              <Opener
                address={`/api/documents/${document.documentId}/content`}
                title={document.title}
                shown={shown}
                onShow={onShow}
              />
            </td>
            <td>{document.number ?? texts.none}</td>
            <td>{document.pages}</td>
            <td class="nowrap">{dateTime(document.renderedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Opener({ address, title, shown, onShow }: Shown & { shown: Shown | null; onShow(shown: Shown): void }) {
  return (
    <button
      type="button"
      class="opener"
      aria-pressed={shown?.address === address}
      onClick={() => onShow({ address, title })}
    >
      {title}
    </button>
  )
}
