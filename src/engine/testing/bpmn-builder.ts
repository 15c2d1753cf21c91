/** A small way to write BPMN in tests: elements as XML fragments, sequence flows as `a -> b`. */

const NAMESPACES =
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="test"'

/** Text as XML attribute or content. */
function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const attributes = (values: Record<string, string | number | boolean | undefined>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('')

/** An element with extension elements and content. */
export function element(
  type: string,
  values: Record<string, string | number | boolean | undefined>,
  ...content: string[]
): string {
  const extensions = content.filter((part) => part.startsWith('<zeebe:')).join('')
  const rest = content.filter((part) => !part.startsWith('<zeebe:')).join('')
  const wrapped = extensions === '' ? '' : `<bpmn:extensionElements>${extensions}</bpmn:extensionElements>`
  return `<bpmn:${type}${attributes(values)}>${wrapped}${rest}</bpmn:${type}>`
}

/** A whole file with one process; `roots` are messages, errors, escalations. */
export function bpmn(id: string, content: string, roots = ''): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions ${NAMESPACES}>${roots}` +
    `<bpmn:process id="${id}" isExecutable="true">${withFlowReferences(content)}</bpmn:process></bpmn:definitions>`
  )
}

/** Writes the references to sequence flows into their elements, as modelers do: Camunda's checks read them. */
function withFlowReferences(content: string): string {
  const references = new Map<string, { incoming: string; outgoing: string }>()
  const add = (elementId: string, kind: 'incoming' | 'outgoing', flowId: string) => {
    const of = references.get(elementId) ?? { incoming: '', outgoing: '' }
    references.set(elementId, { ...of, [kind]: `${of[kind]}<bpmn:${kind}>${flowId}</bpmn:${kind}>` })
  }
  const flowTag = /<bpmn:sequenceFlow id="([^"]*)" sourceRef="([^"]*)" targetRef="([^"]*)"/g
  for (const [, id = '', source = '', target = ''] of content.matchAll(flowTag)) {
    add(source, 'outgoing', id)
    add(target, 'incoming', id)
  }
  const elementTag = /(<bpmn:\w+ id="([^"]*)"[^>]*>)(<bpmn:extensionElements>.*?<\/bpmn:extensionElements>)?/gs
  return content.replace(elementTag, (all: string, tag: string, id: string) => {
    const of = tag.startsWith('<bpmn:sequenceFlow') ? undefined : references.get(id)
    return of === undefined ? all : `${all}${of.incoming}${of.outgoing}`
  })
}

/** Sequence flows: `flows('a -> b -> c', 'b -> d [=x > 1]', 'b -> e')`; the id of `a -> b` is `a-b`. */
export function flows(...lines: string[]): string {
  return lines
    .flatMap((line) => {
      const [, path = line, condition] = /^(.*?)\s*\[(.*)\]$/.exec(line) ?? []
      const ids = path.split('->').map((id) => id.trim())
      return ids.slice(1).map((target, index) => flow(ids[index] as string, target, condition))
    })
    .join('')
}

function flow(source: string, target: string, condition: string | undefined): string {
  const expression =
    condition === undefined
      ? ''
      : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${escapeXml(condition)}</bpmn:conditionExpression>`
  return `<bpmn:sequenceFlow id="${source}-${target}" sourceRef="${source}" targetRef="${target}">${expression}</bpmn:sequenceFlow>`
}

export const start = (id = 'start', ...content: string[]): string => element('startEvent', { id }, ...content)
export const end = (id = 'end', ...content: string[]): string => element('endEvent', { id }, ...content)

/** A service task whose job type is its id, unless told. */
export const serviceTask = (id: string, ...content: string[]): string =>
  element(
    'serviceTask',
    { id },
    content.some((part) => part.startsWith('<zeebe:taskDefinition')) ? '' : job(id),
    ...content,
  )

export const userTask = (id: string, ...content: string[]): string =>
  element('userTask', { id }, '<zeebe:userTask/>', ...content)

export const subprocess = (id: string, ...content: string[]): string => element('subProcess', { id }, ...content)

export const eventSubprocess = (id: string, ...content: string[]): string =>
  element('subProcess', { id, triggeredByEvent: true }, ...content)

export const boundary = (
  id: string,
  attachedToRef: string,
  definition: string,
  cancelActivity = true,
  ...content: string[]
): string => element('boundaryEvent', { id, attachedToRef, cancelActivity }, ...content, definition)

export const catchEvent = (id: string, ...content: string[]): string =>
  element('intermediateCatchEvent', { id }, ...content)

export const throwEvent = (id: string, ...content: string[]): string =>
  element('intermediateThrowEvent', { id }, ...content)

export const gateway = (
  kind: 'exclusive' | 'parallel' | 'inclusive' | 'eventBased',
  id: string,
  defaultFlow?: string,
): string => element(`${kind}Gateway`, { id, default: defaultFlow })

/** Job type and retries. */
export const job = (type: string, retries?: string): string => `<zeebe:taskDefinition${attributes({ type, retries })}/>`

/** Mappings: `mapping({ inputs: { a: '=b' }, outputs: { c: '=d' } })`, target to source. */
export function mapping(mappings: { inputs?: Record<string, string>; outputs?: Record<string, string> }): string {
  const list = (kind: string, entries: Record<string, string> = {}) =>
    Object.entries(entries)
      .map(([target, source]) => `<zeebe:${kind}${attributes({ source, target })}/>`)
      .join('')
  return `<zeebe:ioMapping>${list('input', mappings.inputs)}${list('output', mappings.outputs)}</zeebe:ioMapping>`
}

/** Execution listeners: `listeners('start:prepare', 'end:tidy')`. */
export function listeners(...items: string[]): string {
  const one = (item: string) => {
    const [eventType, type] = item.split(':')
    return `<zeebe:executionListener${attributes({ eventType, type })}/>`
  }
  return `<zeebe:executionListeners>${items.map(one).join('')}</zeebe:executionListeners>`
}

/** Task listeners: `taskListeners('creating:check', 'completing:approve')`. */
export function taskListeners(...items: string[]): string {
  const one = (item: string) => {
    const [eventType, type] = item.split(':')
    return `<zeebe:taskListener${attributes({ eventType, type })}/>`
  }
  return `<zeebe:taskListeners>${items.map(one).join('')}</zeebe:taskListeners>`
}

/** A timer definition: `timer('timeDuration', 'PT1H')`. */
export const timer = (kind: 'timeDate' | 'timeDuration' | 'timeCycle', value: string): string =>
  `<bpmn:timerEventDefinition><bpmn:${kind} xsi:type="bpmn:tFormalExpression">${escapeXml(value)}</bpmn:${kind}></bpmn:timerEventDefinition>`

/** A compensation event definition (Camunda wants its id), of one activity or of all in its scope. */
export const compensationEvent = (activityRef?: string, id = `compensate-${activityRef ?? 'all'}`): string =>
  `<bpmn:compensateEventDefinition${attributes({ id, activityRef })}/>`

/** What has an activity compensated: a boundary event, its handler (default: a service task `undo-…`), their association. */
export function compensation(
  activity: string,
  handler = serviceTask(`undo-${activity}`),
  handlerId = `undo-${activity}`,
): string {
  const event = `${activity}-undone`
  return (
    boundary(event, activity, `<bpmn:compensateEventDefinition id="${event}-definition"/>`) +
    handler.replace(/ id="/, ' isForCompensation="true" id="') +
    `<bpmn:association id="${event}-association" associationDirection="One" sourceRef="${event}" targetRef="${handlerId}"/>`
  )
}

/** References to root elements made by `message`, `signal`, `error`, `escalation` below. */
export const messageEvent = (id: string): string => `<bpmn:messageEventDefinition messageRef="${id}"/>`
export const signalEvent = (id: string): string => `<bpmn:signalEventDefinition signalRef="${id}"/>`
export const errorEvent = (id?: string): string => `<bpmn:errorEventDefinition${attributes({ errorRef: id })}/>`
export const escalationEvent = (id?: string): string =>
  `<bpmn:escalationEventDefinition${attributes({ escalationRef: id })}/>`

/** Root element: a message with the FEEL of its correlation key. */
export const message = (id: string, name: string, correlationKey?: string): string =>
  element(
    'message',
    { id, name },
    correlationKey === undefined ? '' : `<zeebe:subscription${attributes({ correlationKey })}/>`,
  )
/** Root element: a signal. */
export const signal = (id: string, name: string): string => element('signal', { id, name })
/** Root element: an error. */
export const error = (id: string, errorCode: string): string => element('error', { id, errorCode })
/** Root element: an escalation. */
export const escalation = (id: string, escalationCode: string): string => element('escalation', { id, escalationCode })

/** A multi-instance marker. */
export function multiInstance(
  loop: { inputCollection: string; inputElement?: string; outputCollection?: string; outputElement?: string },
  options: { sequential?: boolean; completionCondition?: string } = {},
): string {
  const condition =
    options.completionCondition === undefined
      ? ''
      : `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${escapeXml(options.completionCondition)}</bpmn:completionCondition>`
  return element(
    'multiInstanceLoopCharacteristics',
    { isSequential: options.sequential ?? false },
    `<zeebe:loopCharacteristics${attributes(loop)}/>`,
    condition,
  )
}
