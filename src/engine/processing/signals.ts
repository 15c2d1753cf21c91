import { type Key, NO_KEY, type Variables } from '../protocol/values.ts'
import type { SignalSubscriptionRow } from '../state/rows.ts'
import { startProcessInstance } from './process-instances.ts'
import type { Processing } from './processing.ts'
import { triggerEvent } from './triggers.ts'

/** Gives a signal to all that wait for it, oldest subscription first. @returns the key of the signal */
export function broadcast(processing: Processing, signalName: string, variables: Variables): Key {
  const key = processing.nextKey()
  processing.emit({ type: 'SignalBroadcast', key, name: signalName, variables: JSON.stringify(variables) })
  for (const subscription of processing.state.signalSubscriptions.find('signalName = ? ORDER BY key', signalName))
    receive(processing, subscription, variables)
  return key
}

function receive(processing: Processing, subscription: SignalSubscriptionRow, variables: Variables): void {
  // What an earlier receiver has interrupted does not wait any more.
  if (processing.state.signalSubscriptions.get(subscription.key) === undefined) return
  const event = processing.model(subscription.processDefinitionKey).nodes.get(subscription.elementId)
  if (event === undefined) throw new Error(`no element ${subscription.elementId}`)
  if (subscription.elementInstanceKey === NO_KEY) {
    const definition = processing.state.processDefinitions.require(subscription.processDefinitionKey)
    startProcessInstance(processing, definition, { variables, startEvent: event })
    return
  }
  if (subscription.interrupting === 1) processing.emit({ type: 'SignalSubscriptionClosed', key: subscription.key })
  // As observed on Camunda: the event that threw the signal completes before a boundary event interrupts what is around it.
  const later =
    event.type === 'BOUNDARY_EVENT' ? event.interrupting : event.type === 'START_EVENT' && !event.interrupting
  if (later) processing.enqueue({ type: 'Trigger', waitingKey: subscription.elementInstanceKey, event, variables })
  else triggerEvent(processing, subscription.elementInstanceKey, event, variables)
}
