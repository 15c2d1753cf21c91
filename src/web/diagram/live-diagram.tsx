import { useEffect, useRef, useState } from 'preact/hooks'
import type { CaseProcess, ElementState, InstanceState } from '../../http/case-process.ts'
import { dateTime, dueTime } from '../format.ts'
import { texts } from '../texts/index.ts'
import { createViewer, type DiagramViewer } from './viewer.ts'
import './live-diagram.css'

const { diagram: words } = texts

/**
 * A case's process with all that it called: what is done, where it stands, what is near or past its date, what failed.
 * A click on a called process, or on its name at the left, opens its diagram.
 */
export function LiveDiagram({ process, focus }: { process: CaseProcess; focus?: string }) {
  const start = process.instances.findLast((instance) => instance.processDefinitionId === focus)
  const [key, setKey] = useState(start?.processInstanceKey ?? process.instances[0]?.processInstanceKey ?? '')
  const instance = process.instances.find(({ processInstanceKey }) => processInstanceKey === key)
  if (!instance) return null
  const definition = process.definitions[instance.processDefinitionKey]
  return (
    <div class="live">
      <nav aria-label={words.called}>
        <Called process={process} parent={null} shown={key} onShow={setKey} />
        <Legend />
      </nav>
      <div class="live-main">
        {definition && (
          <Canvas
            key={instance.processInstanceKey}
            xml={definition.xml}
            instance={instance}
            calledFrom={(elementId) => {
              const called = process.instances.findLast(
                (candidate) => candidate.parentProcessInstanceKey === key && candidate.calledBy === elementId,
              )
              return called ? () => setKey(called.processInstanceKey) : null
            }}
          />
        )}
        <Incidents instance={instance} />
      </div>
    </div>
  )
}

interface CalledProps {
  process: CaseProcess
  parent: string | null
  shown: string
  onShow(key: string): void
}

function Called({ process, parent, shown, onShow }: CalledProps) {
  const children = process.instances.filter((instance) =>
    parent === null
      ? !process.instances.some(({ processInstanceKey }) => processInstanceKey === instance.parentProcessInstanceKey)
      : instance.parentProcessInstanceKey === parent,
  )
  if (children.length === 0) return null
  return (
    <ul>
      {children.map((instance) => (
        <li key={instance.processInstanceKey}>
          <button
            type="button"
            aria-pressed={instance.processInstanceKey === shown}
            onClick={() => onShow(instance.processInstanceKey)}
          >
            <span class={`dot ${instanceMark(instance)}`} aria-hidden="true" />
            {instance.name}
            <span class="visually-hidden">{stateWord(instance)}</span>
          </button>
          <Called process={process} parent={instance.processInstanceKey} shown={shown} onShow={onShow} />
        </li>
      ))}
    </ul>
  )
}

function instanceMark(instance: InstanceState): string {
  if (instance.incidents.length > 0) return 'incident'
  if (instance.state !== 'ACTIVE') return 'completed'
  const states = instance.elements.map(({ deadline }) => deadline?.state)
  return states.find((state) => state === 'overdue') ?? states.find((state) => state === 'soon') ?? 'active'
}

function stateWord({ state }: InstanceState): string {
  return { ACTIVE: words.running, COMPLETED: words.ended }[state] ?? words.cancelled
}

function Legend() {
  return (
    <ul class="legend">
      {Object.entries(words.legend).map(([mark, name]) => (
        <li key={mark}>
          <span class={`dot ${mark}`} aria-hidden="true" />
          {name}
        </li>
      ))}
    </ul>
  )
}

function Incidents({ instance }: { instance: InstanceState }) {
  if (instance.incidents.length === 0) return null
  return (
    <div class="notice problem" role="alert">
      {words.incidents}
      <ul>
        {instance.incidents.map(({ elementId, message, createdAt }) => (
          <li key={`${elementId} ${createdAt}`}>{`${dateTime(createdAt)}　${message}`}</li>
        ))}
      </ul>
    </div>
  )
}

interface CanvasProps {
  xml: string
  instance: InstanceState
  /** What a click on a call activity does; null where nothing was called yet. */
  calledFrom(elementId: string): (() => void) | null
}

function Canvas({ xml, instance, calledFrom }: CanvasProps) {
  const host = useRef<HTMLDivElement>(null)
  const viewer = useRef<DiagramViewer | null>(null)
  const [current, setCurrent] = useState<string[]>([])
  useEffect(() => {
    let closed = false
    if (!host.current) return
    createViewer(host.current, xml).then((created) => {
      if (closed) {
        created.destroy()
        return
      }
      viewer.current = created
      for (const element of instance.elements) mark(created, element, calledFrom(element.elementId) !== null)
      created.onClick((elementId) => calledFrom(elementId)?.())
      const active = instance.elements.filter(({ active: count }) => count > 0)
      created.show(active.map(({ elementId }) => elementId))
      setCurrent(active.map(({ elementId }) => created.nameOf(elementId)).filter((name) => name !== null))
    })
    return () => {
      closed = true
      viewer.current?.destroy()
      viewer.current = null
    }
  }, [])
  return (
    <>
      <div class="live-tools">
        <p>
          <span class="soft">{`${words.current}：`}</span>
          {instance.state === 'ACTIVE' ? [...new Set(current)].join('、') : words.none}
        </p>
        <button type="button" class="button quiet" onClick={() => viewer.current?.zoom(0.8)}>
          {words.zoomOut}
        </button>
        <button type="button" class="button quiet" onClick={() => viewer.current?.zoom(1.25)}>
          {words.zoomIn}
        </button>
        <button type="button" class="button quiet" onClick={() => viewer.current?.fitWindow()}>
          {words.fit}
        </button>
      </div>
      <section class="live-canvas" ref={host} aria-label={`${words.label}：${instance.name}`} />
    </>
  )
}

function mark(viewer: DiagramViewer, element: ElementState, drillable: boolean): void {
  const { elementId, active, completed, incident, deadline } = element
  if (active > 0) viewer.addClass(elementId, 'is-active')
  else if (completed > 0) viewer.addClass(elementId, 'is-completed')
  if (drillable) viewer.addClass(elementId, 'is-drillable')
  if (completed > 1) viewer.addBadge(elementId, 'count', words.round(completed), words.round(completed))
  if (incident) {
    viewer.addClass(elementId, 'is-incident')
    viewer.addBadge(elementId, 'incident', words.legend.incident, words.legend.incident)
  } else if (deadline && deadline.state !== 'open') {
    viewer.addClass(elementId, `is-${deadline.state}`)
    viewer.addBadge(elementId, deadline.state, deadline.text, dueTime(deadline.dueAt))
  }
}
