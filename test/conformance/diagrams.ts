import { element, flows, job } from '../../src/engine/testing/bpmn-builder.ts'

/** Diagram parts that the scenarios share, beyond the builder's. */

/** `start -> … -> end` as flows. */
export const line = (...ids: string[]): string => flows(['start', ...ids, 'end'].join(' -> '))

/** A task of a kind whose job type is its id, unless its content says otherwise. */
export const jobTask = (
  kind: 'sendTask' | 'scriptTask' | 'businessRuleTask',
  id: string,
  ...content: string[]
): string => element(kind, { id }, job(id), ...content)

/** Headers of a job or user task. */
export const headers = (values: Readonly<Record<string, string>>): string =>
  `<zeebe:taskHeaders>${Object.entries(values)
    .map(([key, value]) => `<zeebe:header key="${key}" value="${value}"/>`)
    .join('')}</zeebe:taskHeaders>`

/** A FEEL script. */
export const script = (id: string, expression: string, resultVariable: string, ...content: string[]): string =>
  element(
    'scriptTask',
    { id },
    `<zeebe:script expression="${expression.replaceAll('"', '&quot;').replaceAll('<', '&lt;')}" resultVariable="${resultVariable}"/>`,
    ...content,
  )

/** A throw event: `throwEvent('notify', signalEvent('s'))`. */
export const throwEvent = (id: string, ...content: string[]): string =>
  element('intermediateThrowEvent', { id }, ...content)

/** A receive task; the message is a root element. */
export const receiveTask = (id: string, messageRef: string, ...content: string[]): string =>
  element('receiveTask', { id, messageRef }, ...content)

/** A call activity. */
export const callActivity = (
  id: string,
  called: Readonly<Record<string, string | boolean>>,
  ...content: string[]
): string =>
  element(
    'callActivity',
    { id },
    `<zeebe:calledElement${Object.entries(called)
      .map(([name, value]) => ` ${name}="${String(value).replaceAll('"', '&quot;')}"`)
      .join('')}/>`,
    ...content,
  )

/** A terminate end event. */
export const terminateEnd = (id: string): string => element('endEvent', { id }, '<bpmn:terminateEventDefinition/>')
