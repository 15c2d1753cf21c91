import { type Element, is } from '../layout/bpmn-file.ts'
import { extension, jobTypesOf, type Rule } from './diagram.ts'

/** Names of messages, with the expression that correlates each outside a message start. */
const messages: Readonly<Record<string, string | undefined>> = {
  'case.filed': undefined,
  'node.finished': '=review.entryId',
}

/** What a diagram calls, asks for or waits for exists. */
export const references: Rule = (diagram, report, { decisionIds, jobTypes, processIds }) => {
  for (const { element, type } of jobTypesOf(diagram)) {
    if (!jobTypes.has(type)) report(element, `asks for job type ${type}, which no worker does`)
  }
  for (const node of diagram.nodes) {
    const decision = extension(node, 'zeebe:CalledDecision')
    if (is(node, 'BusinessRuleTask') && decision === undefined) report(node.id, 'names no decision')
    if (decision !== undefined && !decisionIds.has(decision.decisionId))
      report(node.id, `asks for decision ${decision.decisionId}, which no DMN file has`)
    const called = extension(node, 'zeebe:CalledElement')
    if (is(node, 'CallActivity')) {
      if (!processIds.has(called?.processId)) report(node.id, `calls ${called?.processId}, which is no diagram`)
      if (called?.propagateAllChildVariables !== false || called?.propagateAllParentVariables !== false) {
        report(
          node.id,
          'must map its variables explicitly (propagateAllChildVariables and propagateAllParentVariables false)',
        )
      }
    }
    if (
      extension(node, 'zeebe:TaskDefinition') !== undefined &&
      extension(node, 'zeebe:TaskDefinition')?.retries !== '3'
    )
      report(node.id, 'must have 3 retries')
  }
  for (const message of (diagram.definitions.rootElements as Element[]).filter(
    ({ $type }) => $type === 'bpmn:Message',
  )) {
    const name = message.name ?? ''
    if (!Object.hasOwn(messages, name))
      report(message.id, `is named “${name}”; known messages are ${Object.keys(messages).join(', ')}`)
    const key = extension(message, 'zeebe:Subscription')?.correlationKey as string | undefined
    if (Object.hasOwn(messages, name) && key !== messages[name])
      report(message.id, `correlates by ${key ?? 'nothing'}; must be ${messages[name] ?? 'nothing'}`)
  }
}

/** Exactly one condition for each way out of an exclusive gateway, or a default; nothing is chosen silently. */
export const conditions: Rule = ({ nodes }, report) => {
  for (const node of nodes.filter((candidate) => is(candidate, 'ExclusiveGateway'))) {
    const outgoing = (node.outgoing ?? []) as Element[]
    if (outgoing.length < 2) continue
    for (const flow of outgoing) {
      if (flow.name === undefined) report(flow.id, 'has no name; name the answer that it stands for')
      if (flow.conditionExpression === undefined)
        report(flow.id, 'has no condition: missing data must be an incident, not a default')
    }
  }
}
