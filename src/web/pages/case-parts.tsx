import type { CaseDetail, HistoryEvent } from '../../cases/types.ts'
import type { CaseProcess } from '../../http/case-process.ts'
import type { DeadlineState } from '../../http/deadline-state.ts'
import {
  caseStatusLabels,
  causeCategoryLabels,
  channelLabels,
  closingModeLabels,
  idKindLabels,
  partyKindLabels,
  partyRoleLabels,
  propertyKindLabels,
  subjectTypeLabels,
  teamLabels,
} from '../../procedure/labels.ts'
import { nodes } from '../../procedure/nodes.ts'
import { roles } from '../../procedure/roles.ts'
import type { NodeEntryView } from '../../supervision/types.ts'
import { get } from '../api.ts'
import { ColumnHeads } from '../components/column-heads.tsx'
import { DeadlineTag } from '../components/deadline-tag.tsx'
import { Facts } from '../components/facts.tsx'
import { lazy } from '../components/lazy.tsx'
import { Await, Empty } from '../components/state.tsx'
import { codeLabel, dateTime, dueTime, money } from '../format.ts'
import { useLoaded } from '../loading.ts'
import { personName } from '../people.ts'
import { texts } from '../texts/index.ts'

const { case: words } = texts

const LiveDiagram = lazy(async () => (await import('../diagram/live-diagram.tsx')).LiveDiagram)

/** Registered data, parties, property and funds of a case. */
export function CaseOverview({ caseId }: { caseId: string }) {
  const detail = useLoaded(caseId, (abort) => get<CaseDetail>(`/cases/${caseId}`, abort))
  return <Await loaded={detail}>{(value) => <CaseData detail={value} />}</Await>
}

/** As `CaseOverview`, of a case that is loaded already. */
export function CaseData({ detail }: { detail: CaseDetail }) {
  const { fields } = words
  return (
    <>
      <section class="card">
        <h3>{words.sections.registered}</h3>
        <Facts
          items={[
            { name: fields.status, value: codeLabel(caseStatusLabels, detail.status) },
            { name: fields.channel, value: codeLabel(channelLabels, detail.channel) },
            { name: fields.cause, value: detail.cause },
            { name: fields.causeCategory, value: codeLabel(causeCategoryLabels, detail.causeCategory) },
            { name: fields.subjectType, value: codeLabel(subjectTypeLabels, detail.subjectType) },
            { name: fields.amount, value: money(detail.amount) },
            { name: fields.restored, value: detail.restored ? texts.yes : texts.no },
            { name: fields.applicationReceivedAt, value: dateTime(detail.applicationReceivedAt) },
            { name: fields.filedAt, value: dateTime(detail.filedAt) },
            { name: fields.filedBy, value: personName(detail.filedBy) },
            { name: fields.team, value: codeLabel(teamLabels, detail.team) },
            { name: fields.judge, value: personName(detail.handlingJudge) },
            { name: fields.clerk, value: personName(detail.handlingClerk) },
            { name: fields.closingMode, value: codeLabel(closingModeLabels, detail.closingMode) },
            { name: fields.closedAt, value: dateTime(detail.closedAt) },
            { name: fields.archivedAt, value: dateTime(detail.archivedAt) },
            { name: fields.basisNumber, value: detail.basisNumber },
            { name: fields.basisContent, value: detail.basisContent, wide: true },
          ]}
        />
      </section>
      <section class="card">
        <h3>{words.sections.parties}</h3>
        <div class="table-scroll">
          <table>
            <ColumnHeads names={Object.values(words.partyColumns)} />
            <tbody>
              {detail.parties.map((party) => (
                <tr key={party.partyId}>
                  <td class="nowrap">{codeLabel(partyRoleLabels, party.role)}</td>
                  <th scope="row">{party.name}</th>
                  <td>{codeLabel(partyKindLabels, party.kind)}</td>
                  <td>{codeLabel(idKindLabels, party.idKind)}</td>
                  <td class="nowrap">{party.idNumber ?? texts.none}</td>
                  <td>{[party.address, party.phone].filter(Boolean).join('，') || texts.none}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section class="card">
        <h3>{words.sections.property}</h3>
        {detail.propertyItems.length === 0 ? (
          <p class="soft">{words.noProperty}</p>
        ) : (
          <table>
            <ColumnHeads names={Object.values(words.propertyColumns)} />
            <tbody>
              {detail.propertyItems.map((item) => (
                <tr key={`${item.kind} ${item.description} ${item.amount}`}>
                  <td>{codeLabel(propertyKindLabels, item.kind)}</td>
                  <td>{item.description}</td>
                  <td>{money(item.amount)}</td>
                  <td>{item.frozen ? texts.yes : texts.no}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section class="card">
        <h3>{words.sections.funds}</h3>
        {detail.fundsMovements.length === 0 ? (
          <p class="soft">{words.noFunds}</p>
        ) : (
          <table>
            <ColumnHeads names={Object.values(words.fundsColumns)} />
            <tbody>
              {detail.fundsMovements.map((movement) => (
                <tr key={`${movement.direction} ${movement.at} ${movement.amount}`}>
                  <td>{words.fundsDirections[movement.direction]}</td>
                  <td>{money(movement.amount)}</td>
                  <td>{dateTime(movement.at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </>
  )
}

/** What was done in a case, newest first. */
export function CaseHistory({ caseId }: { caseId: string }) {
  const history = useLoaded(caseId, (abort) => get<{ items: HistoryEvent[] }>(`/cases/${caseId}/history`, abort))
  const columns = words.historyColumns
  return (
    <Await loaded={history}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>{words.noHistory}</Empty>
        ) : (
          <div class="table-scroll">
            <table class="tight">
              <ColumnHeads names={[columns.at, columns.actor, columns.text]} />
              <tbody>
                {items.toReversed().map((event, index) => (
                  <tr key={index}>
                    <td class="nowrap">{dateTime(event.at)}</td>
                    <td class="nowrap">{personName(event.actor)}</td>
                    <td>{eventText(event)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Await>
  )
}

/** What was done, and to what: the task's or document's name where the event tells it. */
function eventText({ text, detail }: HistoryEvent): string {
  const { name, title } = (detail ?? {}) as { name?: unknown; title?: unknown }
  const about = typeof name === 'string' ? name : title
  return typeof about === 'string' ? `${text}：${about}` : text
}

type Node = NodeEntryView & { deadline: DeadlineState | null }

/** The node register of a case, with how each date was computed. */
export function CaseNodes({ caseId }: { caseId: string }) {
  const loaded = useLoaded(caseId, (abort) => get<{ items: Node[] }>(`/cases/${caseId}/nodes`, abort))
  const columns = words.nodeColumns
  return (
    <Await loaded={loaded}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>{words.noNodes}</Empty>
        ) : (
          <div class="table-scroll">
            <table>
              <ColumnHeads
                names={[
                  columns.node,
                  columns.state,
                  columns.dueAt,
                  columns.finishedAt,
                  columns.escalations,
                  columns.explanation,
                ]}
              />
              <tbody>
                {items.map((entry) => (
                  <tr key={entry.entryId}>
                    <th scope="row" class="nowrap">
                      {codeLabel(nodeNames, entry.node)}
                    </th>
                    <td>
                      {entry.deadline ? (
                        <DeadlineTag deadline={entry.deadline} dueAt={entry.dueAt} />
                      ) : (
                        <span class="tag">{texts.diagram.legend.completed}</span>
                      )}
                    </td>
                    <td class="nowrap">{dueTime(entry.dueAt)}</td>
                    <td class="nowrap">{dateTime(entry.finishedAt)}</td>
                    <td>
                      {entry.escalations.map(({ role, raisedAt }) => (
                        <div key={role}>{`${codeLabel(roleNames, role)} ${dateTime(raisedAt)}`}</div>
                      ))}
                    </td>
                    <td class="soft">
                      {entry.explanation.join('')}
                      {entry.dueDateChanges.map((change) => (
                        <div key={change.decidedAt}>
                          {words.extended(dueTime(change.fromDueAt), dueTime(change.toDueAt), change.reason)}
                        </div>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Await>
  )
}

const nodeNames = Object.fromEntries(Object.entries(nodes).map(([code, { name }]) => [code, name]))
const roleNames = Object.fromEntries(Object.entries(roles).map(([code, { name }]) => [code, name]))

/** Where a case stands, on its diagrams. `focus` names the process to open first. */
export function CaseDiagram({ caseId, focus }: { caseId: string; focus?: string }) {
  const process = useLoaded(caseId, (abort) => get<CaseProcess>(`/cases/${caseId}/process`, abort))
  return (
    <Await loaded={process}>{(value) => <LiveDiagram process={value} {...(focus !== undefined && { focus })} />}</Await>
  )
}
