import { type Binding, noneStart } from '../../model/types.ts'
import type { Key, Variables } from '../../protocol/values.ts'
import type { ProcessDefinitionRow } from '../../state/rows.ts'
import { findBound, notBound } from '../bindings.ts'
import { latestDefinition } from '../definitions.ts'
import { evaluateText } from '../expressions.ts'
import { activated } from '../lifecycle.ts'
import { startProcessInstance } from '../process-instances.ts'
import { type Behavior, ElementFailure, type Processing } from '../processing.ts'
import { attachedEvents, prepareSubscriptions } from '../subscriptions.ts'
import { visible } from '../variables.ts'

/** How deep call activities may call each other, as on Camunda. */
const MAX_CALL_DEPTH = 1_000

/** Starts another process and waits for its end. */
export const callActivity: Behavior = {
  activate(processing, node, row) {
    if (node.task?.kind !== 'call') throw new Error(`${node.id} is not a call activity`)
    const processId = evaluateText(processing, node.task.processId, row.key)
    const { binding } = node.task
    const called =
      binding === 'latest'
        ? latestDefinition(processing, processId)
        : findBound(
            processing,
            processing.state.processDefinitions,
            'processDefinitionId',
            processId,
            binding,
            row.processDefinitionKey,
          )
    checkCallable(processing, processId, binding, row.processDefinitionKey, called)
    const depth = processing.state.processInstances.get(row.processInstanceKey)?.callDepth ?? 0
    if (depth >= MAX_CALL_DEPTH)
      throw new ElementFailure(
        'CALLED_ELEMENT_ERROR',
        `The call activity has reached the maximum depth of ${MAX_CALL_DEPTH} called processes. ` +
          'This is likely due to a recursive call. Cancel the root process instance.',
      )
    const subscriptions = prepareSubscriptions(processing, row, attachedEvents(node, row))
    activated(processing, row.key)
    subscriptions.open()
    const variables: Variables = node.task.propagateAllParentVariables
      ? visible(processing, row.key)
      : Object.fromEntries(
          processing.state.variables.locals(row.key).map((own) => [own.name, processing.state.variables.valueOf(own)]),
        )
    startProcessInstance(processing, called, { variables, callerKey: row.key })
  },

  called: (processing, row) =>
    processing.state.processInstances.findFirst("parentElementInstanceKey = ? AND state = 'ACTIVE'", row.key)?.key,
}

function checkCallable(
  processing: Processing,
  processId: string,
  binding: Binding,
  callerDefinitionKey: Key,
  called: ProcessDefinitionRow | undefined,
): asserts called is ProcessDefinitionRow {
  if (called === undefined)
    throw new ElementFailure(
      'CALLED_ELEMENT_ERROR',
      binding === 'latest'
        ? `Expected process with BPMN process id '${processId}' to be deployed, but not found.`
        : notBound(
            processing,
            { wanted: `call process with BPMN process id '${processId}'`, kind: 'process', use: 'call' },
            binding,
            callerDefinitionKey,
          ),
    )
  if (noneStart(processing.models.process(called).process) === undefined)
    throw new ElementFailure(
      'CALLED_ELEMENT_ERROR',
      `Expected process with BPMN process id '${processId}' to have a none start event, but not found.`,
    )
}
