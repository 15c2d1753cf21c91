import type { DeadlineState } from '../../http/deadline-state.ts'
import type { TaskView } from '../../http/task-views.ts'
import { teamLabels } from '../../procedure/labels.ts'
import { get } from '../api.ts'
import { ColumnHeads } from '../components/column-heads.tsx'
import { DeadlineTag } from '../components/deadline-tag.tsx'
import { Await, Empty } from '../components/state.tsx'
import { codeLabel, dateTime, dueTime } from '../format.ts'
import { useLoaded } from '../loading.ts'
import { texts } from '../texts/index.ts'

const { supervision: words } = texts

interface OverdueNode {
  entryId: string
  caseId: string
  caseNumber: string | null
  team: string | null
  nodeName: string
  kind: string
  handlerRoleName: string | null
  runsFrom: string
  dueAt: string
  deadline: DeadlineState | null
  escalations: { rung: number; roleName: string; raisedAt: string }[]
}

/** 督办: what is overdue, and the supervising tasks that wait. */
export function SupervisionPage() {
  const overdue = useLoaded('overdue', (abort) => get<{ items: OverdueNode[] }>('/supervision/overdue', abort))
  const tasks = useLoaded('tasks', (abort) => get<{ items: TaskView[] }>('/tasks?scope=supervision&size=200', abort))
  return (
    <>
      <div class="head">
        <h2>{words.title}</h2>
        {overdue.value && <span class="soft">{words.total(overdue.value.items.length)}</span>}
      </div>
      <Await loaded={overdue}>
        {({ items }) => (items.length === 0 ? <Empty>{words.empty}</Empty> : <OverdueTable items={items} />)}
      </Await>
      <div class="head" style={{ marginTop: '20px' }}>
        <h2>{words.tasks}</h2>
      </div>
      <Await loaded={tasks}>{({ items }) => <SupervisingTasks items={items.filter(isSupervising)} />}</Await>
    </>
  )
}

const isSupervising = (task: TaskView) => task.processDefinitionId === 'overdue-supervision'

function OverdueTable({ items }: { items: OverdueNode[] }) {
  const { columns } = words
  return (
    <div class="table-scroll">
      <table>
        <caption class="visually-hidden">{words.caption}</caption>
        <ColumnHeads names={Object.values(columns)} />
        <tbody>
          {items.map((item) => (
            <tr key={item.entryId}>
              <th scope="row" class="nowrap">
                <a href={`/cases/${item.caseId}`}>{item.caseNumber ?? texts.none}</a>
              </th>
              <td class="nowrap">{item.nodeName}</td>
              <td>{item.handlerRoleName ?? texts.none}</td>
              <td class="nowrap">{codeLabel(teamLabels, item.team)}</td>
              <td class="nowrap">{dateTime(item.runsFrom)}</td>
              <td class="nowrap">{dueTime(item.dueAt)}</td>
              <td>
                <DeadlineTag deadline={item.deadline} dueAt={item.dueAt} />
              </td>
              <td class="nowrap">{codeLabel(words.kinds, item.kind)}</td>
              <td>
                {item.escalations.length === 0
                  ? words.notEscalated
                  : item.escalations.map(({ rung, roleName, raisedAt }) => (
                      <div key={rung} class="nowrap">{`${roleName} ${dateTime(raisedAt)}`}</div>
                    ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SupervisingTasks({ items }: { items: TaskView[] }) {
  if (items.length === 0) return <Empty>{words.noTasks}</Empty>
  return (
    <div class="table-scroll">
      <table>
        <caption class="visually-hidden">{words.tasks}</caption>
        <ColumnHeads
          names={[
            texts.cases.columns.number,
            words.tasks,
            texts.tasks.meta.group,
            texts.tasks.meta.assignee,
            texts.tasks.meta.due,
          ]}
        />
        <tbody>
          {items.map((task) => (
            <tr key={task.taskKey}>
              <th scope="row" class="nowrap">
                {task.caseNumber ?? texts.none}
              </th>
              <td>
                <a href={`/?scope=supervision&task=${task.taskKey}`}>{task.name}</a>
              </td>
              <td>{task.candidateGroupNames.join('、')}</td>
              <td>{task.assigneeName ?? texts.tasks.noteClaimable}</td>
              <td>
                <DeadlineTag deadline={task.deadline} dueAt={task.dueAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
