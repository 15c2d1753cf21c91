import type { WaitingEvent } from '../../protocol/events.ts'
import type { Appliers } from './types.ts'

/** Timers, buffered messages, signals and subscriptions. */
export const waitingAppliers: Appliers<WaitingEvent> = {
  TimerCreated: (state, { row }) => state.timers.insert(row),
  TimerTriggered: (state, { key }) => state.timers.delete(key),
  TimerCanceled: (state, { key }) => state.timers.delete(key),
  MessagePublished(state, event, time) {
    if (event.expiresAt === null) return
    state.messages.insert({
      key: event.key,
      name: event.name,
      correlationKey: event.correlationKey,
      messageId: event.messageId,
      variables: event.variables,
      publishedAt: time,
      expiresAt: event.expiresAt,
    })
  },
  MessageExpired(state, { key }) {
    for (const correlation of state.messageCorrelations.find('messageKey = ?', key))
      state.messageCorrelations.delete(correlation.id)
    state.messages.delete(key)
  },
  MessageCorrelated(state, { key, processDefinitionId }) {
    if (state.messages.get(key) === undefined) return
    state.messageCorrelations.insert({ id: `${key}/${processDefinitionId}`, messageKey: key, processDefinitionId })
  },
  MessageSubscriptionOpened: (state, { row }) => state.messageSubscriptions.insert(row),
  MessageSubscriptionCorrelated: (state, { row }) => state.correlatedSubscriptions.insert(row),
  MessageSubscriptionClosed(state, { key }, time) {
    const {
      interrupting: _interrupting,
      creationDate: _creationDate,
      ...subscription
    } = state.messageSubscriptions.require(key)
    const correlated = state.correlatedSubscriptions.findFirst('subscriptionKey = ?', key) !== undefined
    state.endedSubscriptions.insert({ ...subscription, state: correlated ? 'CORRELATED' : 'DELETED', endDate: time })
    state.messageSubscriptions.delete(key)
  },
  // A signal is not kept: the journal alone remembers it.
  SignalBroadcast() {},
  SignalSubscriptionOpened: (state, { row }) => state.signalSubscriptions.insert(row),
  SignalSubscriptionClosed: (state, { key }) => state.signalSubscriptions.delete(key),
  CompensationSubscribed: (state, { row }) => state.compensations.insert(row),
  CompensationTriggered: (state, { key, throwKey }) => state.compensations.update(key, { throwKey }),
  CompensationHandlerStarted: (state, { key, handlerKey }) => state.compensations.update(key, { handlerKey }),
  CompensationEnded: (state, { key }) => state.compensations.delete(key),
}
