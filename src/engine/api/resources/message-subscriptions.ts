import { DEFAULT_TENANT } from '../../protocol/values.ts'
import type { ReadRoute } from '../http/read.ts'
import { code, dateTime, integer, key, text } from '../search/filter.ts'
import { defineSearch, type SearchField } from '../search/search.ts'
import { bodyOf, ok } from './responses.ts'
import { isoTime, keyText, TENANT } from './values.ts'

const CORRELATIONS = 'FROM correlated_message_subscription c WHERE c.subscriptionKey = w.key'

/** Those that wait, and those that do no more. One that waits on after a message shows that it got one. */
const SUBSCRIPTIONS = `(
  SELECT w.key, w.messageName, w.correlationKey, w.elementId, w.elementInstanceKey, w.processInstanceKey,
         w.processDefinitionKey, w.processDefinitionId,
         CASE WHEN EXISTS (SELECT 1 ${CORRELATIONS}) THEN 'CORRELATED' ELSE 'CREATED' END AS state,
         coalesce((SELECT max(c.correlationTime) ${CORRELATIONS}), w.creationDate) AS updated
    FROM message_subscription w
   UNION ALL
  SELECT key, messageName, correlationKey, elementId, elementInstanceKey, processInstanceKey, processDefinitionKey,
         processDefinitionId, state, endDate FROM ended_message_subscription) s`

const SUBSCRIPTION_FIELDS: Record<string, SearchField> = {
  messageSubscriptionKey: { type: key, sql: 's.key' },
  processDefinitionId: { type: text, sql: 's.processDefinitionId' },
  processInstanceKey: { type: key, sql: 's.processInstanceKey' },
  elementId: { type: text, sql: 's.elementId' },
  elementInstanceKey: { type: key, sql: 's.elementInstanceKey' },
  messageSubscriptionState: { type: code(['CORRELATED', 'CREATED', 'DELETED', 'MIGRATED']), sql: 's.state' },
  lastUpdatedDate: { type: dateTime, sql: 's.updated' },
  messageName: { type: text, sql: 's.messageName' },
  correlationKey: { type: text, sql: 's.correlationKey', long: true },
  tenantId: TENANT,
}

const subscriptions = defineSearch({
  from: SUBSCRIPTIONS,
  columns: 's.*',
  key: 's.key',
  filters: SUBSCRIPTION_FIELDS,
  sorts: SUBSCRIPTION_FIELDS,
  item: (row) => ({
    messageSubscriptionKey: keyText(row.key),
    messageSubscriptionState: row.state,
    messageName: row.messageName,
    correlationKey: row.correlationKey,
    lastUpdatedDate: isoTime(row.updated),
    elementId: row.elementId,
    elementInstanceKey: keyText(row.elementInstanceKey),
    processInstanceKey: keyText(row.processInstanceKey),
    processDefinitionKey: keyText(row.processDefinitionKey),
    processDefinitionId: row.processDefinitionId,
    tenantId: DEFAULT_TENANT,
  }),
})

const PARTITION_ID = 1

const CORRELATED_FIELDS: Record<string, SearchField> = {
  correlationKey: { type: text, sql: 'c.correlationKey', long: true },
  correlationTime: { type: dateTime, sql: 'c.correlationTime' },
  elementId: { type: text, sql: 'c.elementId' },
  elementInstanceKey: { type: key, sql: 'c.elementInstanceKey', nullable: true },
  messageKey: { type: key, sql: 'c.messageKey' },
  messageName: { type: text, sql: 'c.messageName' },
  partitionId: { type: integer, sql: String(PARTITION_ID) },
  processDefinitionId: { type: text, sql: 'c.processDefinitionId' },
  processDefinitionKey: { type: key, sql: 'c.processDefinitionKey' },
  processInstanceKey: { type: key, sql: 'c.processInstanceKey' },
  subscriptionKey: { type: key, sql: 'c.subscriptionKey' },
  tenantId: TENANT,
}

const correlated = defineSearch({
  from: 'correlated_message_subscription c',
  columns: 'c.*',
  key: 'c.id',
  filters: CORRELATED_FIELDS,
  sorts: CORRELATED_FIELDS,
  item: (row) => ({
    correlationKey: row.correlationKey,
    correlationTime: isoTime(row.correlationTime),
    elementId: row.elementId,
    elementInstanceKey: keyText(row.elementInstanceKey),
    messageKey: keyText(row.messageKey),
    messageName: row.messageName,
    partitionId: PARTITION_ID,
    processDefinitionId: row.processDefinitionId,
    processDefinitionKey: keyText(row.processDefinitionKey),
    processInstanceKey: keyText(row.processInstanceKey),
    subscriptionKey: keyText(row.subscriptionKey),
    tenantId: DEFAULT_TENANT,
  }),
})

/** `/v2/message-subscriptions` and `/v2/correlated-message-subscriptions`. */
export const messageSubscriptionReads: readonly ReadRoute[] = [
  {
    method: 'POST',
    path: '/v2/message-subscriptions/search',
    read: (query, request) => ok(subscriptions.run(query, bodyOf(request))),
  },
  {
    method: 'POST',
    path: '/v2/correlated-message-subscriptions/search',
    read: (query, request) => ok(correlated.run(query, bodyOf(request))),
  },
]
