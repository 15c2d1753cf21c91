import type { Key, Variables } from '../protocol/values.ts'
import type {
  CorrelatedMessageSubscriptionRow,
  MessageStartSubscriptionRow,
  MessageSubscriptionRow,
} from '../state/rows.ts'
import { startProcessInstance } from './process-instances.ts'
import type { Processing } from './processing.ts'
import { triggerEvent } from './triggers.ts'

/** What a message brings. */
export interface Message {
  readonly key: Key
  readonly name: string
  readonly correlationKey: string
  readonly variables: Variables
}

/** Who would take a message now: at most one subscription or start event of each process. */
interface Receivers {
  readonly subscriptions: readonly MessageSubscriptionRow[]
  readonly starts: readonly MessageStartSubscriptionRow[]
  /** Processes that the message would start but that have a live instance of its correlation key. */
  readonly busy: readonly string[]
}

/** Finds who would take a message now; instances that wait go before new ones. */
export function findReceivers(processing: Processing, name: string, correlationKey: string): Receivers {
  const processes = new Set<string>()
  const subscriptions = processing.state.messageSubscriptions
    .find('messageName = ? AND correlationKey = ? ORDER BY key', name, correlationKey)
    .filter(({ processDefinitionId }) => !processes.has(processDefinitionId) && processes.add(processDefinitionId))
  const starts = processing.state.startSubscriptions
    .find('messageName = ? ORDER BY key', name)
    .filter(({ processDefinitionId }) => !processes.has(processDefinitionId))
  const isBusy = ({ processDefinitionId }: { processDefinitionId: string }) =>
    hasLiveInstance(processing, processDefinitionId, correlationKey)
  return {
    subscriptions,
    starts: starts.filter((start) => !isBusy(start)),
    busy: starts.filter(isBusy).map(({ processDefinitionId }) => processDefinitionId),
  }
}

/** Gives a message to those who take it. @returns the process instances that got it */
export function correlate(processing: Processing, message: Message, receivers: Receivers): Key[] {
  const reached: Key[] = []
  for (const { key } of receivers.subscriptions) {
    // A receiver before this one may have ended what waited here.
    const subscription = processing.state.messageSubscriptions.get(key)
    if (subscription !== undefined) reached.push(correlateTo(processing, message, subscription))
  }
  for (const start of receivers.starts) reached.push(startBy(processing, message, start))
  return reached
}

function correlateTo(processing: Processing, message: Message, subscription: MessageSubscriptionRow): Key {
  processing.emit({
    type: 'MessageCorrelated',
    key: message.key,
    processDefinitionId: subscription.processDefinitionId,
  })
  const { key, interrupting: _interrupting, creationDate: _creationDate, ...place } = subscription
  recordCorrelation(processing, message, { ...place, subscriptionKey: key })
  if (subscription.interrupting === 1) processing.emit({ type: 'MessageSubscriptionClosed', key: subscription.key })
  const event = processing.model(subscription.processDefinitionKey).nodes.get(subscription.elementId)
  if (event === undefined) throw new Error(`no element ${subscription.elementId}`)
  triggerEvent(processing, subscription.elementInstanceKey, event, message.variables)
  return subscription.processInstanceKey
}

function startBy(processing: Processing, message: Message, start: MessageStartSubscriptionRow): Key {
  processing.emit({ type: 'MessageCorrelated', key: message.key, processDefinitionId: start.processDefinitionId })
  const definition = processing.state.processDefinitions.require(start.processDefinitionKey)
  const startEvent = processing.models.process(definition).nodes.get(start.elementId)
  if (startEvent === undefined) throw new Error(`no element ${start.elementId}`)
  const processInstanceKey = startProcessInstance(processing, definition, {
    variables: message.variables,
    startEvent,
    ...(message.correlationKey === '' ? {} : { correlationKey: message.correlationKey }),
  })
  const { key, messageName, ...place } = start
  recordCorrelation(processing, message, {
    ...place,
    messageName,
    correlationKey: message.correlationKey,
    subscriptionKey: key,
    elementInstanceKey: null,
    processInstanceKey,
  })
  return processInstanceKey
}

type Place = Omit<CorrelatedMessageSubscriptionRow, 'id' | 'messageKey' | 'correlationTime'>

function recordCorrelation(processing: Processing, message: Message, place: Place): void {
  const id = `${message.key}/${place.subscriptionKey}`
  const row = { id, messageKey: message.key, correlationTime: processing.now, ...place }
  processing.emit({ type: 'MessageSubscriptionCorrelated', row })
}

function hasLiveInstance(processing: Processing, processDefinitionId: string, correlationKey: string): boolean {
  if (correlationKey === '') return false
  return (
    processing.state.processInstances.findFirst(
      "processDefinitionId = ? AND correlationKey = ? AND state = 'ACTIVE'",
      processDefinitionId,
      correlationKey,
    ) !== undefined
  )
}

/** A subscription was opened: it takes the buffered messages that its process has not had, one if it is single-use. */
export function correlateBuffered(processing: Processing, subscriptionKey: Key): void {
  const subscription = processing.state.messageSubscriptions.get(subscriptionKey)
  if (subscription === undefined) return
  const buffered = processing.state.messages.find(
    'name = ? AND correlationKey = ? AND expiresAt > ? ORDER BY key',
    subscription.messageName,
    subscription.correlationKey,
    processing.now,
  )
  for (const message of buffered) {
    if (wasCorrelated(processing, message.key, subscription.processDefinitionId)) continue
    correlateTo(processing, { ...message, variables: JSON.parse(message.variables) }, subscription)
    if (processing.state.messageSubscriptions.get(subscriptionKey) === undefined) return
  }
}

/** The instance that a message started has ended: the next buffered message with its key may start another. */
export function startBuffered(processing: Processing, processDefinitionId: string, correlationKey: string): void {
  const starts = processing.state.startSubscriptions.find('processDefinitionId = ? ORDER BY key', processDefinitionId)
  const waiting = starts.flatMap((start) =>
    processing.state.messages
      .find(
        'name = ? AND correlationKey = ? AND expiresAt > ? ORDER BY key',
        start.messageName,
        correlationKey,
        processing.now,
      )
      .map((message) => ({ start, message })),
  )
  waiting.sort((a, b) => a.message.key - b.message.key)
  for (const { start, message } of waiting) {
    if (wasCorrelated(processing, message.key, processDefinitionId)) continue
    if (hasLiveInstance(processing, processDefinitionId, correlationKey)) return
    startBy(processing, { ...message, variables: JSON.parse(message.variables) }, start)
  }
}

function wasCorrelated(processing: Processing, messageKey: Key, processDefinitionId: string): boolean {
  return processing.state.messageCorrelations.get(`${messageKey}/${processDefinitionId}`) !== undefined
}
