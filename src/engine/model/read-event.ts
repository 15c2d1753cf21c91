import { child, children, extension, flag, text, type XmlElement } from './moddle.ts'
import { readActivityRef } from './read-compensation.ts'
import type { Report } from './report.ts'
import { checkTimer } from './timer-expression.ts'
import type { EventDefinition } from './types.ts'

/** Where an event stands; decides which definitions it may have. */
export type EventPosition = 'start' | 'eventSubprocessStart' | 'catch' | 'throw' | 'end' | 'boundary'

const SUPPORTED: Record<EventPosition, readonly string[]> = {
  start: ['none', 'timer', 'message', 'signal'],
  eventSubprocessStart: ['timer', 'message', 'signal', 'error', 'escalation'],
  catch: ['timer', 'message', 'signal', 'link'],
  throw: ['none', 'escalation', 'link', 'message', 'signal', 'compensation'],
  end: ['none', 'error', 'escalation', 'terminate', 'message', 'signal', 'compensation'],
  boundary: ['timer', 'message', 'signal', 'error', 'escalation', 'compensation'],
}

/** Reads the definition of an event. A wrong or unsupported one is reported and read as a none event. */
export function readEvent(element: XmlElement, position: EventPosition, report: Report): EventDefinition {
  const definitions = children(element, 'eventDefinitions')
  if (definitions.length > 1 || children(element, 'eventDefinitionRefs').length > 0)
    report.add(element, 'an event may have one event definition of its own')
  const definition = definitions[0]
  if (definition === undefined) {
    if (!SUPPORTED[position].includes('none'))
      report.add(element, `${describe(element, position)} needs an event definition`)
    return { kind: 'none' }
  }
  const event = readDefinition(element, definition, position, report)
  if (event !== undefined && SUPPORTED[position].includes(event.kind)) return event
  report.add(element, `${definition.$type} is not supported on ${describe(element, position)}`)
  return { kind: 'none' }
}

function describe(element: XmlElement, position: EventPosition): string {
  return position === 'eventSubprocessStart' ? 'the start event of an event subprocess' : element.$type
}

function readDefinition(
  element: XmlElement,
  definition: XmlElement,
  position: EventPosition,
  report: Report,
): EventDefinition | undefined {
  switch (definition.$type) {
    case 'bpmn:TerminateEventDefinition':
      return { kind: 'terminate' }
    case 'bpmn:LinkEventDefinition':
      if (text(definition, 'name') === undefined) report.add(element, 'a link event needs a name')
      return { kind: 'link', name: text(definition, 'name') ?? '' }
    case 'bpmn:TimerEventDefinition':
      return readTimer(element, definition, position, report)
    case 'bpmn:MessageEventDefinition':
      // A throwing message event is a job: its worker sends the message.
      if (position === 'throw' || position === 'end') return messageJob(element, report)
      return readMessage(element, child(definition, 'messageRef'), position !== 'start', report)
    case 'bpmn:SignalEventDefinition':
      return readSignal(element, child(definition, 'signalRef'), report)
    case 'bpmn:CompensateEventDefinition':
      return { kind: 'compensation', activityId: readActivityRef(definition) }
    case 'bpmn:ErrorEventDefinition':
    case 'bpmn:EscalationEventDefinition':
      return readCode(element, definition, position, report)
    default:
      return undefined
  }
}

function messageJob(element: XmlElement, report: Report): EventDefinition {
  if (extension(element, 'zeebe:TaskDefinition') === undefined)
    report.add(element, 'a message throw event needs a zeebe:taskDefinition: a job worker sends the message')
  return { kind: 'message', name: { kind: 'static', source: '' }, correlationKey: undefined }
}

/** Reads the message of a catching event or a receive task. */
export function readMessage(
  element: XmlElement,
  message: XmlElement | undefined,
  needsKey: boolean,
  report: Report,
): EventDefinition {
  if (message === undefined) report.add(element, 'must reference a message')
  const subscription = message === undefined ? undefined : extension(message, 'zeebe:Subscription')
  const key = report.optional(element, subscription, 'correlationKey')
  if (needsKey && key === undefined && message !== undefined)
    report.add(element, `message '${message.id ?? ''}' needs a zeebe:subscription with a correlationKey`)
  return {
    kind: 'message',
    name: message === undefined ? { kind: 'static', source: '' } : report.required(element, message, 'name'),
    correlationKey: key,
  }
}

function readSignal(element: XmlElement, signal: XmlElement | undefined, report: Report): EventDefinition {
  if (signal !== undefined) return { kind: 'signal', name: report.required(element, signal, 'name') }
  report.add(element, 'must reference a signal')
  return { kind: 'signal', name: { kind: 'static', source: '' } }
}

function readTimer(
  element: XmlElement,
  definition: XmlElement,
  position: EventPosition,
  report: Report,
): EventDefinition {
  const given = (['timeDate', 'timeDuration', 'timeCycle'] as const).filter(
    (property) => child(definition, property) !== undefined,
  )
  const property = given[0]
  if (given.length !== 1 || property === undefined) {
    report.add(element, 'a timer must have exactly one of timeDate, timeDuration, timeCycle')
    return { kind: 'none' }
  }
  const timer = property === 'timeDate' ? 'date' : property === 'timeDuration' ? 'duration' : 'cycle'
  const interrupting = flag(element, position === 'boundary' ? 'cancelActivity' : 'isInterrupting', true)
  const repeats =
    position === 'start' || (!interrupting && (position === 'boundary' || position === 'eventSubprocessStart'))
  if (timer === 'cycle' && !repeats)
    report.add(element, 'a time cycle is only allowed on an event that does not interrupt')
  const expression = report.required(element, child(definition, property), 'body')
  if (expression.kind === 'static') {
    const problem = checkTimer(timer, expression.source)
    if (problem !== undefined) report.add(element, problem)
  }
  return { kind: 'timer', timer, expression }
}

function readCode(
  element: XmlElement,
  definition: XmlElement,
  position: EventPosition,
  report: Report,
): EventDefinition {
  const isError = definition.$type === 'bpmn:ErrorEventDefinition'
  const catches = position === 'boundary' || position === 'eventSubprocessStart'
  const reference = child(definition, isError ? 'errorRef' : 'escalationRef')
  const code = report.optional(element, reference, isError ? 'errorCode' : 'escalationCode')
  if (!catches && code === undefined)
    report.add(
      element,
      `must reference an ${isError ? 'error with an errorCode' : 'escalation with an escalationCode'}`,
    )
  if (catches && code?.kind === 'feel')
    report.add(element, 'the code that a catch event waits for must be a static value')
  if (catches && isError && !flag(element, position === 'boundary' ? 'cancelActivity' : 'isInterrupting', true))
    report.add(element, 'an error event must be interrupting')
  // As observed on Camunda: an error without code stands for every error, an escalation without code for none.
  const codeless = !isError && catches && reference !== undefined && code === undefined
  return { kind: isError ? 'error' : 'escalation', code: codeless ? { kind: 'static', source: '' } : code }
}
