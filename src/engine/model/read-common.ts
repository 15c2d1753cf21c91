import { child, children, extension, extensions, text, type XmlElement } from './moddle.ts'
import type { Report } from './report.ts'
import type { Listener, Mapping } from './types.ts'

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u

/** Extension elements of which there may be several. */
const SEVERAL = new Set(['zeebe:UserTaskForm'])

/** Words of FEEL that are no names of variables. */
const RESERVED = new Set(['null', 'true', 'false', 'if', 'then', 'else', 'for', 'some', 'every', 'function'])

/** Refuses extension elements that the engine would not act on, rather than ignore them. */
export function checkExtensions(element: XmlElement, allowed: readonly string[], report: Report): void {
  const seen = new Set<string>()
  for (const { $type } of extensions(element)) {
    if (!$type.startsWith('zeebe:')) continue
    if ($type !== 'zeebe:Properties' && !allowed.includes($type))
      report.add(element, `extension element ${$type} is not supported on ${element.$type}`)
    if (seen.has($type) && !SEVERAL.has($type))
      report.add(element, `extension element ${$type} may be present only once`)
    seen.add($type)
  }
}

/** `zeebe:properties` of an element. */
export function readProperties(element: XmlElement): Record<string, string> {
  const properties = extension(element, 'zeebe:Properties')
  return properties === undefined ? {} : readPairs(children(properties, 'properties'), 'name')
}

/** Task headers of an element or a listener. */
export function readHeaders(headers: XmlElement | undefined): Record<string, string> {
  return headers === undefined ? {} : readPairs(children(headers, 'values'), 'key')
}

function readPairs(elements: readonly XmlElement[], name: string): Record<string, string> {
  // Whatever the name is: `__proto__` is data like any other.
  return Object.fromEntries(
    elements.flatMap((element): [string, string][] => {
      const key = text(element, name)
      const { value } = element
      return key !== undefined && typeof value === 'string' ? [[key, value]] : []
    }),
  )
}

/** Input and output mappings of an element. */
export function readMappings(element: XmlElement, report: Report): { inputs: Mapping[]; outputs: Mapping[] } {
  const mapping = extension(element, 'zeebe:IoMapping')
  if (mapping === undefined) return { inputs: [], outputs: [] }
  const read = (parameter: XmlElement, needsExpression: boolean): Mapping => {
    const source = text(parameter, 'source')
    if (needsExpression && source?.trimStart().startsWith('=') !== true)
      report.add(
        element,
        `the source of an output mapping must be an expression, which starts with '=', not '${source ?? ''}'`,
      )
    const target = text(parameter, 'target')
    const path = target?.split('.') ?? []
    if (target === undefined) report.add(element, `a mapping (${parameter.$type}) has no target`)
    else if (!path.every((name) => NAME.test(name) && !RESERVED.has(name)))
      report.add(element, `the mapping target '${target}' is not a variable name or a path of names`)
    return { source: report.optional(element, parameter, 'source'), target: path }
  }
  return {
    inputs: children(mapping, 'inputParameters').map((parameter) => read(parameter, false)),
    outputs: children(mapping, 'outputParameters').map((parameter) => read(parameter, true)),
  }
}

/** Execution listeners of an element; `supported` names the event types that it may have. */
export function readListeners(
  element: XmlElement,
  headers: Readonly<Record<string, string>>,
  supported: { readonly start: boolean; readonly end: boolean },
  report: Report,
): { startListeners: Listener[]; endListeners: Listener[] } {
  const container = extension(element, 'zeebe:ExecutionListeners')
  const startListeners: Listener[] = []
  const endListeners: Listener[] = []
  const seen = new Set<string>()
  for (const listener of container === undefined ? [] : children(container, 'listeners')) {
    const eventType = text(listener, 'eventType')
    if (eventType !== 'start' && eventType !== 'end') {
      report.add(element, `an execution listener must have eventType 'start' or 'end', not '${eventType ?? ''}'`)
      continue
    }
    if (!supported[eventType])
      report.add(element, `execution listeners of type '${eventType}' are not supported by ${element.$type}`)
    const identity = `eventType[${eventType}] and type[${text(listener, 'type') ?? ''}]`
    if (seen.has(identity)) report.add(element, `execution listeners must be unique, but ${identity} is repeated`)
    seen.add(identity)
    const read: Listener = {
      jobType: report.required(element, listener, 'type'),
      retries: report.expression(element, text(listener, 'retries') ?? '3'),
      headers: { ...headers, ...readHeaders(child(listener, 'headers')) },
    }
    ;(eventType === 'start' ? startListeners : endListeners).push(read)
  }
  return { startListeners, endListeners }
}

/** The variable behind an output element when that only names one, or a part of one. */
export function variableOf(outputElement: string | undefined): string | undefined {
  return /^\s*=?\s*([\p{L}_][\p{L}\p{N}_]*)(?:\.[\p{L}_][\p{L}\p{N}_]*)*\s*$/u.exec(outputElement ?? '')?.[1]
}
