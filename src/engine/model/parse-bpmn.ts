import { MAX_NESTING } from '../protocol/limits.ts'
import type { ElementType } from '../protocol/values.ts'
import { checkGraph } from './check-graph.ts'
import { child, children, extension, flag, readXml, text, type XmlElement, XmlError } from './moddle.ts'
import { readAdHoc } from './read-ad-hoc.ts'
import { checkExtensions, readHeaders, readListeners, readMappings, readProperties } from './read-common.ts'
import { type CompensationDraft, linkCompensation } from './read-compensation.ts'
import { type EventPosition, readEvent, readMessage } from './read-event.ts'
import { readJob, readLoop, readTask } from './read-task.ts'
import { ModelError, Report } from './report.ts'
import {
  type AdHoc,
  type EventDefinition,
  type Flow,
  type FlowNode,
  innerInstanceId,
  type ProcessModel,
  type Task,
} from './types.ts'

const TYPES: Readonly<Record<string, ElementType>> = {
  'bpmn:StartEvent': 'START_EVENT',
  'bpmn:IntermediateCatchEvent': 'INTERMEDIATE_CATCH_EVENT',
  'bpmn:IntermediateThrowEvent': 'INTERMEDIATE_THROW_EVENT',
  'bpmn:BoundaryEvent': 'BOUNDARY_EVENT',
  'bpmn:EndEvent': 'END_EVENT',
  'bpmn:Task': 'TASK',
  'bpmn:ServiceTask': 'SERVICE_TASK',
  'bpmn:SendTask': 'SEND_TASK',
  'bpmn:ReceiveTask': 'RECEIVE_TASK',
  'bpmn:UserTask': 'USER_TASK',
  'bpmn:ManualTask': 'MANUAL_TASK',
  'bpmn:ScriptTask': 'SCRIPT_TASK',
  'bpmn:BusinessRuleTask': 'BUSINESS_RULE_TASK',
  'bpmn:CallActivity': 'CALL_ACTIVITY',
  'bpmn:SubProcess': 'SUB_PROCESS',
  'bpmn:AdHocSubProcess': 'AD_HOC_SUB_PROCESS',
  'bpmn:ExclusiveGateway': 'EXCLUSIVE_GATEWAY',
  'bpmn:InclusiveGateway': 'INCLUSIVE_GATEWAY',
  'bpmn:ParallelGateway': 'PARALLEL_GATEWAY',
  'bpmn:EventBasedGateway': 'EVENT_BASED_GATEWAY',
}
/** Elements that only describe; they carry no behaviour. */
const DESCRIPTIVE = new Set(['bpmn:DataObject', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference'])
const EVENTS = new Set<ElementType>([
  'START_EVENT',
  'INTERMEDIATE_CATCH_EVENT',
  'INTERMEDIATE_THROW_EVENT',
  'BOUNDARY_EVENT',
  'END_EVENT',
])

/**
 * Reads the executable processes of a BPMN file into graphs.
 * @throws {ModelError} naming each element that is wrong or not supported
 */
export async function parseBpmn(xml: string): Promise<ProcessModel[]> {
  let root: XmlElement
  try {
    root = await readXml(xml)
  } catch (error) {
    if (error instanceof XmlError) throw new ModelError([error.message])
    throw error
  }
  const report = new Report()
  const processes = children(root, 'rootElements').filter(
    (element) => element.$type === 'bpmn:Process' && flag(element, 'isExecutable', false),
  )
  if (processes.length === 0) throw new ModelError(['the file must have at least one executable process'])
  const models = processes.map((element) => new ModelReader(report).read(element))
  if (report.problems.length > 0) throw new ModelError(report.problems)
  return models
}

/** A node under construction: the same object, whose lists are still being filled. */
type Draft = CompensationDraft & { attachedTo: FlowNode | undefined }

class ModelReader {
  readonly #report: Report
  readonly #nodes = new Map<string, Draft>()
  readonly #sources: { element: XmlElement; node: Draft }[] = []
  readonly #scopes: XmlElement[] = []

  constructor(report: Report) {
    this.#report = report
  }

  read(element: XmlElement): ProcessModel {
    const tag = extension(element, 'zeebe:VersionTag')
    checkExtensions(element, ['zeebe:VersionTag', 'zeebe:ExecutionListeners', 'zeebe:UserTaskForm'], this.#report)
    const process = this.#node(element, 'PROCESS', undefined, {})
    this.#readScope(element, process)
    linkCompensation(this.#scopes, this.#nodes)
    checkGraph(this.#sources, this.#report)
    return { id: process.id, name: process.name, versionTag: text(tag, 'value') ?? null, process, nodes: this.#nodes }
  }

  #readScope(scopeElement: XmlElement, scope: Draft): void {
    const elements = children(scopeElement, 'flowElements')
    this.#scopes.push(scopeElement)
    for (const element of elements) this.#readElement(element, scope)
    // As observed on Camunda: the flow that stands last in the file is taken and asked first, whatever `outgoing` says.
    for (const element of elements.toReversed()) if (element.$type === 'bpmn:SequenceFlow') this.#readFlow(element)
    for (const element of elements) {
      const node = this.#nodes.get(element.id ?? '')
      if (node === undefined || element.$type === 'bpmn:SequenceFlow') continue
      node.defaultFlow = node.outgoing.find((flow) => flow.id === child(element, 'default')?.id)
      if (node.type !== 'BOUNDARY_EVENT') continue
      const host = this.#nodes.get(child(element, 'attachedToRef')?.id ?? '')
      if (host === undefined) this.#report.add(element, 'must be attached to an activity of the same scope')
      node.attachedTo = host
      host?.boundaries.push(node)
    }
  }

  #readElement(element: XmlElement, scope: Draft): void {
    if (element.$type === 'bpmn:SequenceFlow' || DESCRIPTIVE.has(element.$type)) return
    const type = TYPES[element.$type]
    if (type === undefined) {
      this.#report.add(element, `${element.$type} is not supported`)
      return
    }
    if (EVENTS.has(type)) this.#readEventNode(element, type, scope)
    else if (type === 'SUB_PROCESS') this.#readSubprocess(element, scope)
    else if (type === 'AD_HOC_SUB_PROCESS') this.#readAdHoc(element, scope)
    else if (type.endsWith('_GATEWAY')) {
      checkExtensions(element, ['zeebe:ExecutionListeners'], this.#report)
      this.#node(element, type, scope, {})
    } else {
      const event =
        type === 'RECEIVE_TASK' ? readMessage(element, child(element, 'messageRef'), true, this.#report) : undefined
      this.#node(element, type, scope, { task: readTask(element, this.#report), event })
    }
  }

  #readSubprocess(element: XmlElement, scope: Draft): void {
    checkExtensions(element, ['zeebe:IoMapping', 'zeebe:ExecutionListeners'], this.#report)
    const isEvent = flag(element, 'triggeredByEvent', false)
    if (nestingOf(scope) >= MAX_NESTING) {
      this.#report.add(element, `subprocesses must not nest deeper than ${MAX_NESTING}`)
      return
    }
    const node = this.#node(element, isEvent ? 'EVENT_SUB_PROCESS' : 'SUB_PROCESS', scope, {})
    if (isEvent) scope.eventSubprocesses.push(node)
    this.#readScope(element, node)
  }

  #readAdHoc(element: XmlElement, scope: Draft): void {
    const node = this.#node(element, 'AD_HOC_SUB_PROCESS', scope, readAdHoc(element, this.#report))
    // What is started runs in an inner instance, which stands in no file.
    const inner = { $type: element.$type, id: innerInstanceId(node.id) }
    this.#node(inner, 'AD_HOC_SUB_PROCESS_INNER_INSTANCE', node, {})
    this.#readScope(element, node)
  }

  #readEventNode(element: XmlElement, type: ElementType, scope: Draft): void {
    const position = eventPosition(type, scope)
    const event = readEvent(element, position, this.#report)
    const throwsJob = event.kind === 'message' && (position === 'throw' || position === 'end')
    checkExtensions(
      element,
      [
        'zeebe:IoMapping',
        'zeebe:ExecutionListeners',
        ...(throwsJob ? ['zeebe:TaskDefinition', 'zeebe:TaskHeaders'] : []),
        ...(position === 'start' ? ['zeebe:FormDefinition'] : []),
      ],
      this.#report,
    )
    const node = this.#node(element, type, scope, {
      event,
      task: throwsJob ? readJob(element, this.#report) : undefined,
      interrupting: flag(element, position === 'boundary' ? 'cancelActivity' : 'isInterrupting', true),
    })
    if (type === 'START_EVENT') scope.startEvents.push(node)
    if (event.kind === 'link') this.#readLink(element, node, event.name, scope)
  }

  #readLink(element: XmlElement, node: Draft, name: string, scope: Draft): void {
    if (node.type === 'INTERMEDIATE_THROW_EVENT') {
      scope.linkThrows.push(node)
      return
    }
    if (scope.links.has(name)) this.#report.add(element, `a link catch event '${name}' exists already`)
    scope.links.set(name, node)
  }

  #node(
    element: XmlElement,
    type: ElementType,
    parent: Draft | undefined,
    parts: { event?: EventDefinition | undefined; task?: Task | undefined; interrupting?: boolean; adHoc?: AdHoc },
  ): Draft {
    if (element.id === undefined) this.#report.add(element, 'every element needs an id')
    const headers = readHeaders(extension(element, 'zeebe:TaskHeaders'))
    const node: Draft = {
      id: element.id ?? '',
      name: element.name ?? null,
      type,
      parent,
      incoming: [],
      outgoing: [],
      defaultFlow: undefined,
      ...this.#readMappings(element, type, parts.event),
      ...readListeners(element, headers, listenerSupport(type, parts.event), this.#report),
      headers,
      properties: readProperties(element),
      event: parts.event,
      interrupting: parts.interrupting ?? false,
      attachedTo: undefined,
      boundaries: [],
      compensationHandler: undefined,
      compensates: false,
      compensable: false,
      task: parts.task,
      loop: readLoop(element, this.#report),
      adHoc: parts.adHoc,
      children: [],
      startEvents: [],
      eventSubprocesses: [],
      links: new Map(),
      linkThrows: [],
    }
    this.#nodes.set(node.id, node)
    parent?.children.push(node)
    this.#sources.push({ element, node })
    return node
  }

  #readMappings(
    element: XmlElement,
    type: ElementType,
    event: EventDefinition | undefined,
  ): Pick<FlowNode, 'inputs' | 'outputs'> {
    const mappings = readMappings(element, this.#report)
    const kind = event?.kind
    if (type === 'TASK' || type === 'MANUAL_TASK' || kind === 'compensation' || kind === 'terminate')
      return { inputs: [], outputs: [] }
    return mapsInputs(type, event) ? mappings : { ...mappings, inputs: [] }
  }

  #readFlow(element: XmlElement): void {
    const source = this.#nodes.get(child(element, 'sourceRef')?.id ?? '')
    const target = this.#nodes.get(child(element, 'targetRef')?.id ?? '')
    // An end that is not supported was reported by itself.
    if (source === undefined || target === undefined) return
    const condition = text(child(element, 'conditionExpression'), 'body')
    const flow: Flow = {
      id: element.id ?? '',
      source,
      target,
      condition: condition === undefined ? undefined : this.#report.feel(element, condition),
    }
    source.outgoing.push(flow)
    target.incoming.push(flow)
  }
}

/** How many subprocesses a scope is inside of. */
function nestingOf(scope: FlowNode): number {
  let nesting = 0
  for (let around = scope.parent; around !== undefined; around = around.parent) nesting += 1
  return nesting
}

function eventPosition(type: ElementType, scope: FlowNode): EventPosition {
  switch (type) {
    case 'START_EVENT':
      return scope.type === 'EVENT_SUB_PROCESS' ? 'eventSubprocessStart' : 'start'
    case 'INTERMEDIATE_CATCH_EVENT':
      return 'catch'
    case 'INTERMEDIATE_THROW_EVENT':
      return 'throw'
    case 'END_EVENT':
      return 'end'
    default:
      return 'boundary'
  }
}

/** As observed on Camunda: events that wait, broadcast or have a job map what goes in; what is only passed through does not. */
function mapsInputs(type: ElementType, event: EventDefinition | undefined): boolean {
  if (type === 'START_EVENT' || type === 'BOUNDARY_EVENT') return false
  if (type === 'INTERMEDIATE_CATCH_EVENT') return event?.kind !== 'link'
  if (type === 'INTERMEDIATE_THROW_EVENT' || type === 'END_EVENT')
    return event?.kind === 'message' || event?.kind === 'signal'
  return true
}

/** Where Camunda has no place to call a listener. */
function listenerSupport(type: ElementType, event: EventDefinition | undefined): { start: boolean; end: boolean } {
  return {
    start: type !== 'START_EVENT' && type !== 'BOUNDARY_EVENT',
    end:
      !type.endsWith('_GATEWAY') &&
      !(type === 'END_EVENT' && event?.kind === 'error') &&
      !(type === 'BOUNDARY_EVENT' && event?.kind === 'compensation'),
  }
}
