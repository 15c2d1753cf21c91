import { z } from 'zod'
import type { Engine } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import type { Route } from '../http/router.ts'
import type { Handler } from '../http/server.ts'
import { input, ok } from './responses.ts'
import { int64, keyText, tenantId, variables, variablesOf } from './values.ts'

const name = z.string().min(1, 'must not be empty: name the message')
const correlation = z.strictObject({ name, correlationKey: z.string().nullish(), variables, tenantId })
const publication = correlation.extend({
  timeToLive: int64.refine((milliseconds) => milliseconds >= 0, 'must not be negative').nullish(),
  messageId: z.string().nullish(),
})

/** `/v2/messages`. */
export function messageRoutes(engine: Engine): Route<Handler>[] {
  return [
    {
      method: 'POST',
      path: '/v2/messages/publication',
      async handler(request) {
        const body = input(request, publication)
        const { messageKey } = await engine.execute({
          type: 'PublishMessage',
          name: body.name,
          correlationKey: body.correlationKey ?? '',
          timeToLive: body.timeToLive ?? 0,
          ...(body.messageId ? { messageId: body.messageId } : {}),
          ...variablesOf(body.variables),
        })
        return ok({ messageKey: keyText(messageKey), tenantId: DEFAULT_TENANT })
      },
    },
    {
      method: 'POST',
      path: '/v2/messages/correlation',
      async handler(request) {
        const body = input(request, correlation)
        const { messageKey, processInstanceKey } = await engine.execute({
          type: 'CorrelateMessage',
          name: body.name,
          correlationKey: body.correlationKey ?? '',
          ...variablesOf(body.variables),
        })
        return ok({
          messageKey: keyText(messageKey),
          processInstanceKey: keyText(processInstanceKey),
          tenantId: DEFAULT_TENANT,
        })
      },
    },
  ]
}
