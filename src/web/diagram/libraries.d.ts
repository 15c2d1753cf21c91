/** bpmn-js and camunda-bpmn-js ship these entries without type declarations that Node's module resolution finds. */
declare module 'bpmn-js/lib/NavigatedViewer' {
  export default class NavigatedViewer {
    constructor(options: { container: HTMLElement; textRenderer?: object })
    importXML(xml: string): Promise<{ warnings: string[] }>
    get<Service>(name: string): Service
    destroy(): void
  }
}

declare module 'camunda-bpmn-js/lib/camunda-cloud/Modeler' {
  export default class Modeler {
    constructor(options: {
      container: HTMLElement
      propertiesPanel: { parent: HTMLElement }
      textRenderer?: object
      additionalModules?: object[]
    })
    importXML(xml: string): Promise<{ warnings: string[] }>
    saveXML(options: { format: boolean }): Promise<{ xml?: string }>
    on(event: string, handle: () => void): void
    get<Service>(name: string): Service
    destroy(): void
  }
}
