import { child, type XmlElement } from './moddle.ts'
import { checkCompensation } from './read-compensation.ts'
import type { Report } from './report.ts'
import type { FlowNode } from './types.ts'

const HOSTS = new Set([
  'SUB_PROCESS',
  'AD_HOC_SUB_PROCESS',
  'SERVICE_TASK',
  'RECEIVE_TASK',
  'USER_TASK',
  'MANUAL_TASK',
  'TASK',
  'CALL_ACTIVITY',
  'BUSINESS_RULE_TASK',
  'SCRIPT_TASK',
  'SEND_TASK',
])

/** Activities out of which an escalation can come. */
const ESCALATING = new Set(['SUB_PROCESS', 'AD_HOC_SUB_PROCESS', 'CALL_ACTIVITY'])

/** Checks how the elements of a process stand together. */
export function checkGraph(sources: readonly { element: XmlElement; node: FlowNode }[], report: Report): void {
  for (const { element, node } of sources) {
    const problem = (reason: string) => report.add(element, reason)
    checkFlows(element, node, problem)
    if (node.type === 'PROCESS' || node.type === 'SUB_PROCESS' || node.type === 'EVENT_SUB_PROCESS')
      checkScope(node, problem)
    if (node.parent?.type === 'AD_HOC_SUB_PROCESS') checkInAdHoc(node, problem)
    if (node.type === 'AD_HOC_SUB_PROCESS') checkAdHoc(sources, node, problem)
    if (node.type === 'BOUNDARY_EVENT') checkBoundary(node, problem)
    if (node.type === 'EVENT_BASED_GATEWAY') checkEventBasedGateway(node, problem)
    if (
      node.event?.kind === 'link' &&
      node.type === 'INTERMEDIATE_THROW_EVENT' &&
      !node.parent?.links.has(node.event.name)
    )
      problem(`no link catch event '${node.event.name}' in the same scope`)
    checkCatchTwice(node, problem)
    checkCompensation(element, node, report)
  }
}

type Problem = (reason: string) => void

function checkFlows(element: XmlElement, node: FlowNode, problem: Problem): void {
  if (child(element, 'default') !== undefined && node.defaultFlow === undefined)
    problem('the default flow is not one of its outgoing flows')
  if ((node.type === 'START_EVENT' || node.type === 'BOUNDARY_EVENT') && node.incoming.length > 0)
    problem('must not have incoming sequence flows')
  if (node.type === 'END_EVENT' && node.outgoing.length > 0) problem('must not have outgoing sequence flows')
  if (node.type === 'EVENT_SUB_PROCESS' && node.incoming.length + node.outgoing.length > 0)
    problem('an event subprocess must not have sequence flows')
  for (const flow of node.outgoing) if (flow.target.parent !== node.parent) problem(`flow ${flow.id} leaves the scope`)
  const branches = node.type === 'EXCLUSIVE_GATEWAY' || node.type === 'INCLUSIVE_GATEWAY'
  for (const flow of node.outgoing) {
    if (branches && node.outgoing.length > 1 && flow.condition === undefined && flow !== node.defaultFlow)
      problem(`flow ${flow.id} needs a condition or must be the default flow`)
    if (!branches && flow.condition !== undefined)
      problem(
        `the condition of flow ${flow.id} is not supported: conditions belong to exclusive and inclusive gateways`,
      )
  }
}

function checkScope(node: FlowNode, problem: Problem): void {
  const starts = node.startEvents
  if (node.type === 'EVENT_SUB_PROCESS') {
    if (starts.length !== 1) problem('an event subprocess must have exactly one start event')
    if (node.loop !== undefined) problem('an event subprocess must not be multi-instance')
    return
  }
  if (starts.filter((start) => start.event?.kind === 'none').length > 1) problem('must not have two none start events')
  if (node.type === 'SUB_PROCESS' && (starts.length !== 1 || starts[0]?.event?.kind !== 'none'))
    problem('a subprocess must have exactly one none start event')
  if (node.type === 'PROCESS' && starts.length === 0) problem('must have a start event')
}

function checkAdHoc(sources: readonly { node: FlowNode }[], adHoc: FlowNode, problem: Problem): void {
  const inside = sources.filter(
    ({ node }) => node.parent === adHoc && node.type !== 'AD_HOC_SUB_PROCESS_INNER_INSTANCE',
  )
  if (inside.length === 0) problem('an ad-hoc subprocess must have at least one activity')
}

function checkInAdHoc(node: FlowNode, problem: Problem): void {
  if (node.type === 'START_EVENT' || node.type === 'END_EVENT')
    problem('an ad-hoc subprocess must not contain start or end events')
  if (node.type === 'EVENT_SUB_PROCESS' && node.startEvents.some(({ interrupting }) => interrupting))
    problem('an interrupting event subprocess is not allowed inside an ad-hoc subprocess')
}

function checkBoundary(node: FlowNode, problem: Problem): void {
  const host = node.attachedTo
  if (host !== undefined && !HOSTS.has(host.type)) problem(`must not be attached to ${host.id}: it is not an activity`)
  if (node.event?.kind === 'escalation' && host !== undefined && !ESCALATING.has(host.type))
    problem('an escalation boundary event must be attached to a subprocess or a call activity')
}

function checkEventBasedGateway(node: FlowNode, problem: Problem): void {
  if (node.outgoing.length < 2) problem('an event-based gateway must have at least two outgoing flows')
  for (const { target } of node.outgoing) {
    const waits = target.type === 'INTERMEDIATE_CATCH_EVENT' && target.event?.kind !== 'link'
    if (!waits || target.incoming.length !== 1)
      problem(
        `an event-based gateway must lead to timer, message or signal catch events of its own, not to ${target.id}`,
      )
  }
}

/** Two error (or escalation, message, signal) events of one activity or scope must not wait for the same. */
function checkCatchTwice(node: FlowNode, problem: Problem): void {
  const check = (events: readonly FlowNode[], where: string) => {
    const seen = new Set<string>()
    for (const { event } of events) {
      let identity: string | undefined
      if (event?.kind === 'error' || event?.kind === 'escalation')
        identity = `${event.kind} '${event.code?.source ?? ''}'`
      if ((event?.kind === 'message' || event?.kind === 'signal') && event.name.kind === 'static')
        identity = `${event.kind} '${event.name.source}'`
      if (identity === undefined) continue
      if (seen.has(identity)) problem(`${where} wait for the same ${identity}`)
      seen.add(identity)
    }
  }
  if (node.type === 'PROCESS') check(node.startEvents, 'two of its start events')
  check(node.boundaries, 'two of its boundary events')
  check(
    node.eventSubprocesses.flatMap(({ startEvents }) => startEvents),
    'two of its event subprocesses',
  )
  if (node.type === 'EVENT_BASED_GATEWAY')
    check(
      node.outgoing.map(({ target }) => target),
      'two of its events',
    )
}
