import { useState } from 'preact/hooks'
import type { CaseDetail } from '../../cases/types.ts'
import type { TaskView } from '../../http/task-views.ts'
import { caseStatusLabels } from '../../procedure/labels.ts'
import { get } from '../api.ts'
import { DeadlineTag } from '../components/deadline-tag.tsx'
import { Await } from '../components/state.tsx'
import { Tabs } from '../components/tabs.tsx'
import { codeLabel } from '../format.ts'
import { useLoaded } from '../loading.ts'
import { texts } from '../texts/index.ts'
import { CaseDossier } from './case-dossier.tsx'
import { CaseData, CaseDiagram, CaseHistory, CaseNodes } from './case-parts.tsx'

type Tab = keyof typeof texts.case.tabs

/** A case: its data, documents and dossier, live diagram, deadlines and history. */
export function CasePage({ caseId }: { caseId: string }) {
  const [tab, setTab] = useState<Tab>('data')
  const detail = useLoaded(caseId, (abort) => get<CaseDetail>(`/cases/${caseId}`, abort))
  return (
    <Await loaded={detail}>
      {(value) => (
        <>
          <div class="head">
            <h2>{value.caseNumber}</h2>
            <span class="tag">{codeLabel(caseStatusLabels, value.status)}</span>
            <span class="soft">
              {value.cause}　{value.applicants.join('、')} 与 {value.respondents.join('、')}
            </span>
          </div>
          <OpenTasks caseId={caseId} />
          <Tabs<Tab>
            label={texts.case.tabsLabel}
            tabs={(Object.keys(texts.case.tabs) as Tab[]).map((id) => ({ id, name: texts.case.tabs[id] }))}
            selected={tab}
            onSelect={setTab}
          >
            {tab === 'data' && <CaseData detail={value} />}
            {tab === 'dossier' && <CaseDossier caseId={caseId} />}
            {tab === 'diagram' && <CaseDiagram caseId={caseId} />}
            {tab === 'nodes' && <CaseNodes caseId={caseId} />}
            {tab === 'history' && <CaseHistory caseId={caseId} />}
          </Tabs>
        </>
      )}
    </Await>
  )
}

/** The case's open tasks that the user may see, each a way to do it. */
function OpenTasks({ caseId }: { caseId: string }) {
  const tasks = useLoaded(caseId, (abort) => get<{ items: TaskView[] }>(`/tasks?scope=case&caseId=${caseId}`, abort))
  if (!tasks.value || tasks.value.items.length === 0) return null
  return (
    <div class="head">
      <span class="soft">{texts.case.openTasks}</span>
      {tasks.value.items.map((task) => (
        <a key={task.taskKey} class="button" href={`/?task=${task.taskKey}`}>
          {task.name}
          <span class="soft">{task.assigneeName ?? task.candidateGroupNames.join('、')}</span>
          <DeadlineTag deadline={task.deadline} dueAt={task.dueAt} />
        </a>
      ))}
    </div>
  )
}
