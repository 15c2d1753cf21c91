import { z } from 'zod'
import type { Engine } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import type { ReadRoute } from '../http/read.ts'
import type { Route } from '../http/router.ts'
import type { Handler } from '../http/server.ts'
import { code, dateTime, key, text } from '../search/filter.ts'
import { defineSearch, type SearchField } from '../search/search.ts'
import { bodyOf, input, ok } from './responses.ts'
import { int64, isoTime, keyText, TENANT, tenantId, variables, variablesOf } from './values.ts'

const name = z.string().min(1, 'must not be empty: name the message')
const correlation = z.strictObject({ name, correlationKey: z.string().nullish(), variables, tenantId })
const publication = correlation.extend({
  timeToLive: int64.refine((milliseconds) => milliseconds >= 0, 'must not be negative').nullish(),
  messageId: z.string().nullish(),
})

const FIELDS: Record<string, SearchField> = {
  messageSubscriptionKey: { type: key, sql: 's.key' },
  processDefinitionId: { type: text, sql: 's.processDefinitionId' },
  processInstanceKey: { type: key, sql: 's.processInstanceKey' },
  elementId: { type: text, sql: 's.elementId' },
  elementInstanceKey: { type: key, sql: 's.elementInstanceKey' },
  // A subscription that has ended has no row.
  messageSubscriptionState: { type: code(['CORRELATED', 'CREATED', 'DELETED', 'MIGRATED']), sql: "'CREATED'" },
  lastUpdatedDate: { type: dateTime, sql: 's.creationDate' },
  messageName: { type: text, sql: 's.messageName' },
  correlationKey: { type: text, sql: 's.correlationKey', long: true },
  tenantId: TENANT,
}

const subscriptions = defineSearch({
  from: 'message_subscription s',
  columns: 's.*',
  key: 's.key',
  filters: FIELDS,
  sorts: FIELDS,
  item: (row) => ({
    messageSubscriptionKey: keyText(row.key),
    messageSubscriptionState: 'CREATED',
    messageName: row.messageName,
    correlationKey: row.correlationKey,
    lastUpdatedDate: isoTime(row.creationDate),
    elementId: row.elementId,
    elementInstanceKey: keyText(row.elementInstanceKey),
    processInstanceKey: keyText(row.processInstanceKey),
    processDefinitionKey: keyText(row.processDefinitionKey),
    processDefinitionId: row.processDefinitionId,
    tenantId: DEFAULT_TENANT,
  }),
})

/** `/v2/message-subscriptions`. */
export const messageReads: readonly ReadRoute[] = [
  {
    method: 'POST',
    path: '/v2/message-subscriptions/search',
    read: (query, request) => ok(subscriptions.run(query, bodyOf(request))),
  },
]

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
