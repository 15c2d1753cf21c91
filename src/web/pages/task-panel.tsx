import { useEffect, useRef, useState } from 'preact/hooks'
import type { CaseSummary } from '../../cases/types.ts'
import type { TaskView } from '../../http/task-views.ts'
import { ApiError, type FieldError, get, post } from '../api.ts'
import { DeadlineTag } from '../components/deadline-tag.tsx'
import { Facts } from '../components/facts.tsx'
import { Await } from '../components/state.tsx'
import { Tabs } from '../components/tabs.tsx'
import type { CamundaForm } from '../form/camunda-form.ts'
import { dateTime, dueTime } from '../format.ts'
import { useLoaded } from '../loading.ts'
import { texts } from '../texts/index.ts'
import { CaseDiagram, CaseHistory, CaseOverview } from './case-parts.tsx'

/** What `GET /api/tasks/:taskKey` answers. */
interface TaskDetail extends TaskView {
  formId: string | null
  schema: unknown
  variables: Record<string, unknown>
  draft: Record<string, unknown> | null
  case: CaseSummary | null
  allowed: { claim: boolean; release: boolean; complete: boolean }
}

interface PanelProps {
  taskKey: string
  onFinished(name: string): void
  /** The task went to another list. */
  onMoved(scope: 'mine' | 'groups', notice: string): void
}

type Tab = keyof typeof texts.tasks.tabs

/** One task: its facts, its form, its case, where the case stands, and what was done so far. */
export function TaskPanel({ taskKey, onFinished, onMoved }: PanelProps) {
  const [tab, setTab] = useState<Tab>('form')
  const task = useLoaded(taskKey, (abort) => get<TaskDetail>(`/tasks/${taskKey}`, abort))
  return (
    <Await loaded={task}>
      {(detail) => (
        <>
          <div class="panel-head">
            <h2>{detail.name}</h2>
            {detail.state === 'CREATED' && <DeadlineTag deadline={detail.deadline} dueAt={detail.dueAt} />}
            {detail.caseId ? <a href={`/cases/${detail.caseId}`}>{detail.caseNumber}</a> : detail.caseNumber}
          </div>
          <Facts
            items={[
              { name: texts.tasks.meta.parties, value: detail.parties ?? texts.none },
              { name: texts.tasks.meta.cause, value: detail.cause ?? texts.none },
              { name: texts.tasks.meta.created, value: dateTime(detail.createdAt) },
              { name: texts.tasks.meta.due, value: dueTime(detail.dueAt) },
              detail.assigneeName === null
                ? { name: texts.tasks.meta.group, value: detail.candidateGroupNames.join('、') }
                : { name: texts.tasks.meta.assignee, value: detail.assigneeName },
            ]}
          />
          <Tabs<Tab>
            label={texts.tasks.tabsLabel}
            tabs={(Object.keys(texts.tasks.tabs) as Tab[])
              .filter((id) => id === 'form' || detail.caseId !== null)
              .map((id) => ({ id, name: texts.tasks.tabs[id] }))}
            selected={tab}
            onSelect={setTab}
          >
            {/* The form stays on the page while another tab shows: what was entered must not be lost. */}
            <div hidden={tab !== 'form'}>
              <TaskForm task={detail} onFinished={onFinished} onMoved={onMoved} reload={task.reload} />
            </div>
            {tab === 'case' && detail.caseId && <CaseOverview caseId={detail.caseId} />}
            {tab === 'diagram' && detail.caseId && (
              <CaseDiagram caseId={detail.caseId} focus={detail.processDefinitionId} />
            )}
            {tab === 'history' && detail.caseId && <CaseHistory caseId={detail.caseId} />}
          </Tabs>
        </>
      )}
    </Await>
  )
}

interface FormProps {
  task: TaskDetail
  onFinished(name: string): void
  onMoved(scope: 'mine' | 'groups', notice: string): void
  reload(): void
}

function TaskForm({ task, onFinished, onMoved, reload }: FormProps) {
  const host = useRef<HTMLDivElement>(null)
  const form = useRef<CamundaForm | null>(null)
  const [ready, setReady] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ text: string; errors: FieldError[] } | null>(null)
  const [status, setStatus] = useState<string | null>(task.draft ? texts.tasks.restored : null)
  const { allowed } = task

  useEffect(() => {
    let closed = false
    const container = host.current
    if (!container || task.schema === null) return
    import('../form/camunda-form.ts')
      .then(({ createCamundaForm }) =>
        createCamundaForm({
          container,
          schema: task.schema,
          data: merged(task.variables, task.draft ?? {}),
          caseId: task.caseId,
          variables: task.variables,
        }),
      )
      .then((created) => {
        if (closed) created.destroy()
        else form.current = created
        setReady(!closed)
      })
    return () => {
      closed = true
      form.current?.destroy()
      form.current = null
    }
  }, [task.taskKey])

  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true)
    setProblem(null)
    setStatus(null)
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const elsewhere = error.errors.length > 0 && form.current ? form.current.showErrors(error.errors) : error.errors
      setProblem({ text: error.message, errors: elsewhere })
      if (error.status === 409) reload()
    } finally {
      setBusy(false)
    }
  }

  const claim = () =>
    run(async () => {
      await post(`/tasks/${task.taskKey}/claim`)
      reload()
      onMoved('mine', texts.tasks.claimed)
    })
  const release = () =>
    run(async () => {
      await post(`/tasks/${task.taskKey}/release`)
      reload()
      onMoved('groups', texts.tasks.released)
    })
  const save = () =>
    run(async () => {
      await post(`/tasks/${task.taskKey}/draft`, { variables: form.current?.entered() ?? {} })
      setStatus(texts.tasks.saved)
    })
  const submit = () =>
    run(async () => {
      const entered = form.current?.submit() ?? { valid: true, variables: {} }
      if (!entered.valid) {
        setProblem({ text: texts.tasks.errorsTitle, errors: [] })
        return
      }
      await post(`/tasks/${task.taskKey}/complete`, { variables: entered.variables })
      onFinished(task.name)
    })

  return (
    <>
      {!allowed.complete && <p class="notice">{hint(task)}</p>}
      {problem && (
        <div class="notice problem" role="alert">
          {problem.text}
          {problem.errors.length > 0 && (
            <ul>
              {problem.errors.map(({ field, message }) => (
                <li key={`${field} ${message}`}>{message}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      {task.schema === null && <p class="notice">{texts.tasks.noForm}</p>}
      <div class="form-card" ref={host} hidden={task.schema === null} inert={!allowed.complete} />
      <div class="actions">
        {allowed.claim && (
          <button type="button" class="button primary" disabled={busy} onClick={() => void claim()}>
            {texts.tasks.claim}
          </button>
        )}
        {allowed.complete && (
          <>
            <button
              type="button"
              class="button primary"
              disabled={busy || (task.schema !== null && !ready)}
              onClick={() => void submit()}
            >
              {busy ? texts.tasks.submitting : texts.tasks.submit}
            </button>
            <button type="button" class="button" disabled={busy || !ready} onClick={() => void save()}>
              {texts.tasks.save}
            </button>
          </>
        )}
        {allowed.release && (
          <button type="button" class="button quiet" disabled={busy} onClick={() => void release()}>
            {texts.tasks.release}
          </button>
        )}
        <span class="soft" role="status">
          {status}
        </span>
      </div>
    </>
  )
}

function hint(task: TaskDetail): string {
  if (task.state !== 'CREATED') return texts.tasks.finished
  return task.assigneeName === null ? texts.tasks.claimFirst : texts.tasks.otherAssignee(task.assigneeName)
}

/** A draft over the task's variables: objects are merged, lists and values replaced. */
function merged(variables: Record<string, unknown>, draft: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...variables }
  for (const [key, value] of Object.entries(draft)) {
    const before = result[key]
    result[key] = isObject(before) && isObject(value) ? merged(before, value) : value
  }
  return result
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
