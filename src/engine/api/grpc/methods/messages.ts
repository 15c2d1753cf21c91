import type { Engine } from '../../../index.ts'
import { DEFAULT_TENANT } from '../../../protocol/values.ts'
import type { Handlers } from './handlers.ts'
import { checkTenant, numberOf, variablesOf } from './values.ts'

/** Messages and signals. */
export function messageHandlers(engine: Engine): Pick<Handlers, 'PublishMessage' | 'BroadcastSignal'> {
  return {
    async PublishMessage({ name, correlationKey, timeToLive, messageId, variables, tenantId }) {
      checkTenant('PublishMessage', tenantId)
      const { messageKey } = await engine.execute({
        type: 'PublishMessage',
        name,
        correlationKey,
        // Below 0 it is not kept, as in Camunda.
        timeToLive: Math.max(0, numberOf(timeToLive)),
        messageId,
        ...variablesOf(variables),
      })
      return { key: messageKey, tenantId: DEFAULT_TENANT }
    },
    async BroadcastSignal({ signalName, variables, tenantId }) {
      checkTenant('BroadcastSignal', tenantId)
      const { signalKey } = await engine.execute({ type: 'BroadcastSignal', signalName, ...variablesOf(variables) })
      return { key: signalKey, tenantId: DEFAULT_TENANT }
    },
  }
}
