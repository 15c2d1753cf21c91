// bpmn-moddle ships types of the meta-model only; the reader itself is typed in moddle.ts.
declare module 'bpmn-moddle' {
  export const BpmnModdle: new (packages: Record<string, unknown>) => unknown
}
