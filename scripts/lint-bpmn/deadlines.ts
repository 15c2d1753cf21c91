import { type Element, is } from '../layout/bpmn-file.ts'
import { type Diagram, extension, listenersOf, mappingsOf, propertiesOf, type Rule } from './diagram.ts'

/** The one activity whose deadline has no supervision: supervising itself, whose date interrupts it. */
const supervising = 'superviseNode'

const timeDateOf = (event: Element): string | undefined =>
  (event.eventDefinitions ?? []).find(({ $type }: Element) => $type === 'bpmn:TimerEventDefinition')?.timeDate?.body

/**
 * An activity with a deadline has all of the pattern, and nothing has a part of it: inputs `deadlineKey`, `deadlineFrom`,
 * `node`; listeners `deadline.compute` and `node.finish`; dates of a user task; two timers; one call of supervision.
 */
export const deadlinePattern: Rule = (diagram, report, { deadlineKeys }) => {
  for (const node of diagram.nodes) {
    const inputs = mappingsOf(node, 'input')
    const listeners = listenersOf(node)
    const asks =
      inputs.some(({ target }) => target === 'deadlineKey') || listeners.some(({ type }) => type === 'deadline.compute')
    if (!asks) {
      if (propertiesOf(node).has('node')) report(node.id, 'names a node but has no deadline')
      continue
    }
    checkInputs(node, inputs, deadlineKeys, report)
    const order = listeners.map(({ event, type }) => `${event} ${type}`).join(', ')
    if (order !== 'start deadline.compute, end node.finish')
      report(node.id, `has listeners “${order}”; a deadline needs start deadline.compute, end node.finish`)
    if (is(node, 'UserTask')) checkSchedule(node, report)
    if (node.id !== supervising) checkSupervision(diagram, node, report)
  }
}

type Report = (element: string, message: string) => void

function checkInputs(
  node: Element,
  inputs: { source: string; target: string }[],
  keys: ReadonlySet<string>,
  report: Report,
): void {
  const first = inputs.slice(0, 3).map(({ target }) => target)
  if (first.join() !== 'deadlineKey,deadlineFrom,node') {
    report(
      node.id,
      `has the inputs ${first.join(', ')} first; a deadline needs deadlineKey, deadlineFrom, node in this order`,
    )
    return
  }
  const [key, from, named] = inputs.map(({ source }) => source)
  for (const [, literal] of (key ?? '').replaceAll(/\w+\s*=\s*"[^"]*"/g, '').matchAll(/"([^"]+)"/g)) {
    if (!keys.has(literal ?? '')) report(node.id, `asks for deadline “${literal}”, which deadlines.dmn does not have`)
  }
  if (/now\(\)|today\(\)/.test(from ?? '')) report(node.id, 'counts its deadline from now; use a recorded time')
  const property = propertiesOf(node).get('node')
  if (named !== `="${property}"`) report(node.id, `maps node ${named} but its property says ${property}`)
}

function checkSchedule(node: Element, report: Report): void {
  const schedule = extension(node, 'zeebe:TaskSchedule')
  if (schedule?.dueDate !== '=deadline.dueAt' || schedule?.followUpDate !== '=deadline.remindAt') {
    report(node.id, 'must have due date =deadline.dueAt and follow-up date =deadline.remindAt')
  }
}

function checkSupervision({ nodes, flows }: Diagram, host: Element, report: Report): void {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const call = byId.get(`${host.id}Supervision`)
  for (const [suffix, name, date] of [
    ['Reminder', '临期', '=deadline.remindAt'],
    ['Due', '到期', '=deadline.dueAt'],
  ] as const) {
    const timer = byId.get(host.id + suffix)
    if (timer === undefined || timer.attachedToRef !== host) {
      report(host.id, `has no boundary timer ${host.id}${suffix}`)
      continue
    }
    if (timer.cancelActivity !== false) report(timer.id, 'must not interrupt: the work stays open')
    if (timer.name !== name) report(timer.id, `must be named ${name}`)
    if (timeDateOf(timer) !== date) report(timer.id, `must fire at ${date}`)
    if (!flows.some((flow) => flow.sourceRef === timer && flow.targetRef === call))
      report(timer.id, `must lead to ${host.id}Supervision`)
  }
  if (call === undefined) {
    report(host.id, `has no call activity ${host.id}Supervision`)
    return
  }
  if (call.name !== '期限督办') report(call.id, 'must be named 期限督办')
  if (extension(call, 'zeebe:CalledElement')?.processId !== 'overdue-supervision')
    report(call.id, 'must call overdue-supervision')
  const inputs = mappingsOf(call, 'input').map(({ source, target }) => `${target}${source}`)
  const expected = ['caseId=caseId', 'caseNumber=caseNumber', `node="${propertiesOf(host).get('node')}"`]
  if (inputs.join() !== expected.join()) report(call.id, `must have the inputs ${expected.join(', ')}`)
  const ends = flows.filter((flow) => flow.sourceRef === call && is(flow.targetRef, 'EndEvent'))
  if (ends.length !== 1) report(call.id, 'must lead to its own end event')
}
