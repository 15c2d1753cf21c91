import { useEffect, useState } from 'preact/hooks'
import type { TaskView } from '../../http/task-views.ts'
import { get } from '../api.ts'
import { DeadlineTag } from '../components/deadline-tag.tsx'
import { Empty, Failure } from '../components/state.tsx'
import { useFresh, useLoaded } from '../loading.ts'
import { go, location } from '../router.ts'
import { session } from '../session.ts'
import { texts } from '../texts/index.ts'
import { TaskPanel } from './task-panel.tsx'
import './tasks.css'

type Scope = keyof typeof texts.tasks.scopes

/** 待办: the list at the left, the chosen task at the right. */
export function TasksPage() {
  const { query } = location.value
  const scopes: Scope[] = session.value?.allowed.supervise
    ? ['mine', 'groups', 'supervision', 'done']
    : ['mine', 'groups', 'done']
  const asked = query.get('scope')
  const scope = scopes.find((candidate) => candidate === asked) ?? 'mine'
  const chosen = query.get('task')
  const [search, setSearch] = useState('')
  const [notice, setNotice] = useState<string | null>(null)
  const tasks = useLoaded(`${scope}`, (abort) =>
    get<{ items: TaskView[]; total: number }>(`/tasks?scope=${scope}&size=200`, abort),
  )
  const { reloadSoon } = useFresh(tasks.reload)
  const needle = search.trim()
  const shown = (tasks.value?.items ?? []).filter(
    (task) =>
      needle === '' || [task.name, task.caseNumber, task.cause, task.parties].some((text) => text?.includes(needle)),
  )
  const show = (next: { scope?: Scope; task?: string | null }, replace = false) => {
    const address = new URLSearchParams()
    address.set('scope', next.scope ?? scope)
    const task = next.task === undefined ? chosen : next.task
    if (task) address.set('task', task)
    go(`/?${address}`, { replace })
  }

  // The first task opens by itself, so that work starts without a click.
  const first = shown[0]?.taskKey
  useEffect(() => {
    if (chosen === null && first !== undefined) show({ task: first }, true)
  }, [chosen, first, scope])

  /** After a task is done the next one of the list takes its place. */
  function finished(taskKey: string, name: string): void {
    const at = shown.findIndex((task) => task.taskKey === taskKey)
    const next = shown[at + 1] ?? shown.filter((task) => task.taskKey !== taskKey)[0]
    setNotice(texts.tasks.completed(name))
    show({ task: next?.taskKey ?? null }, true)
    tasks.reload()
    reloadSoon()
  }

  return (
    <div class="tasks">
      <section class="task-list" aria-label={texts.tasks.list}>
        <div class="tools">
          <fieldset class="scopes">
            <legend class="visually-hidden">{texts.tasks.scopesLabel}</legend>
            {scopes.map((id) => (
              <label key={id}>
                <input
                  type="radio"
                  name="scope"
                  class="visually-hidden"
                  checked={id === scope}
                  onChange={() => {
                    setNotice(null)
                    show({ scope: id, task: null })
                  }}
                />
                <span>{texts.tasks.scopes[id]}</span>
              </label>
            ))}
          </fieldset>
          <input
            class="input"
            type="search"
            aria-label={texts.tasks.searchLabel}
            placeholder={texts.tasks.search}
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </div>
        {tasks.error && <Failure error={tasks.error} retry={tasks.reload} />}
        {!tasks.value && tasks.loading && (
          <p class="state busy" role="status">
            {texts.loading}
          </p>
        )}
        {tasks.value && shown.length === 0 && (
          <Empty>{tasks.value.items.length === 0 ? texts.tasks.empty[scope] : texts.tasks.noMatch}</Empty>
        )}
        <ul>
          {shown.map((task) => (
            <li key={task.taskKey}>
              <TaskItem
                task={task}
                chosen={task.taskKey === chosen}
                onChoose={() => {
                  setNotice(null)
                  show({ task: task.taskKey })
                }}
              />
            </li>
          ))}
        </ul>
        {tasks.value && <p class="count">{texts.tasks.total(shown.length)}</p>}
      </section>
      <section class="task-detail" aria-label={texts.tasks.tabsLabel}>
        {notice && (
          <p class="notice done" role="status">
            {notice}
          </p>
        )}
        {chosen === null ? (
          <Empty>{texts.tasks.choose}</Empty>
        ) : (
          <TaskPanel
            key={chosen}
            taskKey={chosen}
            onFinished={(name) => finished(chosen, name)}
            onMoved={(to, text) => {
              setNotice(text)
              show({ scope: to })
              tasks.reload()
            }}
          />
        )}
      </section>
    </div>
  )
}

function TaskItem({ task, chosen, onChoose }: { task: TaskView; chosen: boolean; onChoose(): void }) {
  return (
    <button type="button" aria-current={chosen ? 'true' : undefined} onClick={onChoose}>
      <span class="title">
        <span>{task.name}</span>
        {task.state === 'CREATED' && <DeadlineTag deadline={task.deadline} dueAt={task.dueAt} />}
      </span>
      <span class="soft">{task.caseNumber ?? texts.none}</span>
      <span class="soft parties">
        {task.cause}　{task.parties}
      </span>
    </button>
  )
}
