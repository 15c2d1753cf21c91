import BpmnModeler from 'camunda-bpmn-js/lib/camunda-cloud/Modeler'
import 'camunda-bpmn-js/dist/assets/camunda-cloud-modeler.css'
import { translateModelerText } from '../texts/modeler.ts'

/** A diagram to change on the page. */
export interface DiagramModeler {
  /** @throws Error where the XML is no BPMN diagram */
  open(xml: string): Promise<void>
  /** The diagram as BPMN XML. */
  save(): Promise<string>
  destroy(): void
}

/** Makes a modeler with its properties panel; `onChange` is called at every change to the diagram. */
export function createModeler(container: HTMLElement, properties: HTMLElement, onChange: () => void): DiagramModeler {
  const modeler = new BpmnModeler({
    container,
    propertiesPanel: { parent: properties },
    textRenderer: { defaultStyle: { fontFamily: getComputedStyle(container).fontFamily } },
    additionalModules: [{ translate: ['value', translateModelerText] }],
  })
  modeler.on('elements.changed', onChange)
  return {
    async open(xml) {
      await modeler.importXML(xml)
      const canvas = modeler.get<{
        zoom(level: 'fit-viewport' | number, center: 'auto'): number
        scroll(by: { dx: number; dy: number }): void
      }>('canvas')
      canvas.zoom(canvas.zoom('fit-viewport', 'auto') * 0.86, 'auto')
      // Clear of the palette at the left.
      canvas.scroll({ dx: 50, dy: 0 })
    },
    async save() {
      const { xml } = await modeler.saveXML({ format: true })
      if (xml === undefined) throw new Error('The modeler gave no XML.')
      return xml
    },
    destroy() {
      modeler.destroy()
    },
  }
}
