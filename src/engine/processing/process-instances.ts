import type { FlowNode } from '../model/types.ts'
import { type Key, NO_KEY, type Variables } from '../protocol/values.ts'
import type { ProcessDefinitionRow } from '../state/rows.ts'
import { enter } from './lifecycle.ts'
import type { Processing } from './processing.ts'
import { setLocal } from './variables.ts'

/** How a process instance begins. */
export interface Start {
  readonly variables: Variables
  /** The start event that was triggered; none: the none start event. */
  readonly startEvent?: FlowNode
  readonly tags?: readonly string[]
  /** The call activity's element instance. */
  readonly callerKey?: Key
  /** Of the message that starts it. */
  readonly correlationKey?: string
  /** Elements after which it is terminated. */
  readonly terminateAfter?: readonly string[]
}

/** Makes a process instance and leads it to its start event. */
export function startProcessInstance(processing: Processing, definition: ProcessDefinitionRow, start: Start): Key {
  const key = makeProcessInstance(processing, definition, start)
  enter(processing, key)
  return key
}

/** Makes a process instance that does nothing yet. */
export function makeProcessInstance(processing: Processing, definition: ProcessDefinitionRow, start: Start): Key {
  const { process } = processing.models.process(definition)
  const key = processing.nextKey()
  processing.emit({
    type: 'ProcessInstanceCreated',
    key,
    processDefinitionKey: definition.key,
    parentElementInstanceKey: start.callerKey ?? null,
    tags: start.tags ?? [],
    correlationKey: start.correlationKey ?? null,
    ...(start.terminateAfter === undefined ? {} : { terminateAfter: start.terminateAfter }),
  })
  processing.emit({
    type: 'ElementActivating',
    key,
    elementId: process.id,
    elementName: process.name,
    elementType: 'PROCESS',
    processInstanceKey: key,
    flowScopeKey: NO_KEY,
    loopCounter: null,
    byFlow: false,
  })
  if (start.startEvent === undefined) setLocal(processing, key, start.variables)
  else
    processing.emit({
      type: 'EventChosen',
      key,
      trigger: JSON.stringify({ elementId: start.startEvent.id, variables: start.variables }),
    })
  return key
}
