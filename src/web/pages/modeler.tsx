import { useEffect, useRef, useState } from 'preact/hooks'
import type { ProcessDefinition } from '../../orchestration/orchestration.ts'
import { get, getText } from '../api.ts'
import { Await, Empty } from '../components/state.tsx'
import { createModeler, type DiagramModeler } from '../diagram/modeler.ts'
import { useLoaded } from '../loading.ts'
import { texts } from '../texts/index.ts'
import './modeler.css'

const { modeler: words } = texts

/** 流程设计: opens a deployed diagram to read, change locally and download. */
export function ModelerPage() {
  const definitions = useLoaded('processes', (abort) => get<{ items: ProcessDefinition[] }>('/processes', abort))
  return (
    <Await loaded={definitions}>
      {({ items }) => (items.length === 0 ? <Empty>{words.empty}</Empty> : <Modeler definitions={items} />)}
    </Await>
  )
}

function Modeler({ definitions }: { definitions: ProcessDefinition[] }) {
  const canvas = useRef<HTMLDivElement>(null)
  const properties = useRef<HTMLDivElement>(null)
  const modeler = useRef<DiagramModeler | null>(null)
  const main = definitions.find(({ processDefinitionId }) => processDefinitionId === 'enforcement-case')
  const [key, setKey] = useState((main ?? definitions[0])?.processDefinitionKey ?? '')
  const [fileName, setFileName] = useState<string | null>(null)
  const [changed, setChanged] = useState(false)
  const [failed, setFailed] = useState(false)
  const definition = definitions.find(({ processDefinitionKey }) => processDefinitionKey === key)

  useEffect(() => {
    if (!canvas.current || !properties.current) return
    const created = createModeler(canvas.current, properties.current, () => setChanged(true))
    modeler.current = created
    void openDeployed(key)
    return () => {
      modeler.current = null
      created.destroy()
    }
  }, [])

  async function openDeployed(processDefinitionKey: string): Promise<void> {
    await open(await getText(`/processes/${processDefinitionKey}/xml`))
    setFileName(null)
  }

  async function open(xml: string): Promise<void> {
    try {
      await modeler.current?.open(xml)
      setFailed(false)
      setChanged(false)
    } catch {
      setFailed(true)
    }
  }

  async function openFile(file: File | undefined): Promise<void> {
    if (!file) return
    await open(await file.text())
    setFileName(file.name)
  }

  async function download(): Promise<void> {
    const xml = await modeler.current?.save()
    if (xml === undefined) return
    const address = URL.createObjectURL(new Blob([xml], { type: 'application/xml' }))
    const link = document.createElement('a')
    link.href = address
    link.download = fileName ?? `${definition?.processDefinitionId ?? 'process'}.bpmn`
    link.click()
    URL.revokeObjectURL(address)
  }

  const discard = () => !changed || window.confirm(words.discard)

  return (
    <div class="modeler">
      <div class="modeler-tools">
        <h2>{words.title}</h2>
        <label>
          {words.choose}{' '}
          <select
            class="input"
            value={key}
            onChange={(event) => {
              const next = event.currentTarget.value
              if (!discard()) {
                event.currentTarget.value = key
                return
              }
              setKey(next)
              void openDeployed(next)
            }}
          >
            {definitions.map((item) => (
              <option key={item.processDefinitionKey} value={item.processDefinitionKey}>
                {`${item.name ?? item.processDefinitionId}（${words.version(item.version)}）`}
              </option>
            ))}
          </select>
        </label>
        <span class={changed ? 'tag soon' : 'tag'}>{fileName ?? (changed ? words.changed : words.unchanged)}</span>
        <span class="space" />
        <label class="button">
          {words.open}
          <input
            class="visually-hidden"
            type="file"
            accept=".bpmn,.xml"
            onChange={(event) => {
              if (discard()) void openFile(event.currentTarget.files?.[0])
            }}
          />
        </label>
        <button type="button" class="button" onClick={() => void download()}>
          {words.download}
        </button>
      </div>
      {failed && (
        <p class="notice problem" role="alert">
          {words.failed}
        </p>
      )}
      <section class="modeler-canvas" ref={canvas} aria-label={words.choose} />
      <aside class="modeler-properties" ref={properties} aria-label={words.properties} />
    </div>
  )
}
