import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/diagram-js.css'

/** A diagram to look at, with marks on its elements. */
export interface DiagramViewer {
  addClass(elementId: string, name: string): void
  /** A word at the element's upper right corner. */
  addBadge(elementId: string, kind: string, text: string, title: string): void
  nameOf(elementId: string): string | null
  onClick(handle: (elementId: string) => void): void
  fitWindow(): void
  /** Shows the elements at a size that can be read, in the middle. */
  show(elementIds: string[]): void
  /** Zooms by a factor. */
  zoom(factor: number): void
  destroy(): void
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Below this scale the labels cannot be read. */
const READABLE = 0.8
const MARGIN = 20

/** bpmn-js's services that are used; it types them loosely. */
interface Services {
  canvas: {
    addMarker(id: string, marker: string): void
    zoom(level?: number | 'fit-viewport', center?: 'auto'): number
    viewbox(box?: Box): Box & { inner: Box; outer: { width: number; height: number } }
  }
  overlays: { add(id: string, type: string, overlay: { position: object; html: HTMLElement }): string }
  elementRegistry: { get(id: string): (Box & { businessObject: { name?: string }; type: string }) | undefined }
  eventBus: { on(event: string, handle: (event: { element: { id: string } }) => void): void }
}

/** What flows, data and the process itself are, no place where a case stands. */
const notAPlace = new Set(['bpmn:Process', 'bpmn:SequenceFlow', 'bpmn:Participant', 'bpmn:Collaboration'])

/** Opens a diagram. @throws Error where the XML is no BPMN diagram */
export async function createViewer(container: HTMLElement, xml: string): Promise<DiagramViewer> {
  const viewer = new NavigatedViewer({
    container,
    textRenderer: { defaultStyle: { fontFamily: getComputedStyle(container).fontFamily } },
  })
  await viewer.importXML(xml)
  const service = <Name extends keyof Services>(name: Name) => viewer.get<Services[Name]>(name)
  const canvas = service('canvas')
  const known = (id: string) => service('elementRegistry').get(id)
  const fitWindow = () => {
    canvas.zoom('fit-viewport', 'auto')
    canvas.zoom(Math.min(1, canvas.zoom() * 0.97), 'auto')
  }
  return {
    addClass(elementId, name) {
      const element = known(elementId)
      if (element && !notAPlace.has(element.type)) canvas.addMarker(elementId, name)
    },
    addBadge(elementId, kind, text, title) {
      if (!known(elementId)) return
      const html = document.createElement('span')
      html.className = `badge ${kind}`
      html.textContent = text
      html.title = title
      service('overlays').add(elementId, 'state', { position: { top: -12, right: 40 }, html })
    },
    nameOf(elementId) {
      const element = known(elementId)
      return element && !notAPlace.has(element.type) ? (element.businessObject.name ?? null) : null
    },
    onClick(handle) {
      service('eventBus').on('element.click', ({ element }) => handle(element.id))
    },
    fitWindow,
    show(elementIds) {
      fitWindow()
      const scale = canvas.zoom()
      const shapes = elementIds.map(known).filter((shape) => shape !== undefined)
      // Subprocesses hold what is active inside them: the smallest shape says best where the case stands.
      const target = shapes.toSorted((a, b) => a.width * a.height - b.width * b.height)[0]
      if (scale >= READABLE || !target) return
      const { outer, inner } = canvas.viewbox()
      const [width, height] = [outer.width / READABLE, outer.height / READABLE]
      const middle = (start: number, size: number, from: number, extent: number, view: number) =>
        extent <= view
          ? from - (view - extent) / 2
          : Math.min(Math.max(start + size / 2 - view / 2, from - MARGIN), from + extent - view + MARGIN)
      canvas.viewbox({
        x: middle(target.x, target.width, inner.x, inner.width, width),
        y: middle(target.y, target.height, inner.y, inner.height, height),
        width,
        height,
      })
    },
    zoom(factor) {
      canvas.zoom(canvas.zoom() * factor, 'auto')
    },
    destroy() {
      viewer.destroy()
    },
  }
}
