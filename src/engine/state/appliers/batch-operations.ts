import type { BatchOperationEvent } from '../../protocol/events.ts'
import type { Key } from '../../protocol/values.ts'
import type { Appliers } from './types.ts'

/** Batch operations and their items. */
export const batchOperationAppliers: Appliers<BatchOperationEvent> = {
  BatchOperationCreated(state, { key, plan, items }, time) {
    state.batchOperations.insert({
      key,
      type: plan.type,
      state: 'ACTIVE',
      plan: JSON.stringify(plan),
      startDate: time,
      endDate: null,
      totalCount: items.length,
      completedCount: 0,
      failedCount: 0,
    })
    for (const [itemKey, processInstanceKey] of items)
      state.batchOperationItems.insert({
        id: batchItemId(key, itemKey),
        batchOperationKey: key,
        itemKey,
        processInstanceKey,
        state: 'ACTIVE',
        processedDate: null,
        errorMessage: null,
      })
  },

  BatchOperationItemProcessed(state, { id, errorMessage }, time) {
    const failed = errorMessage !== null
    const { batchOperationKey } = state.batchOperationItems.require(id)
    state.batchOperationItems.update(id, { state: failed ? 'FAILED' : 'COMPLETED', processedDate: time, errorMessage })
    const { completedCount, failedCount } = state.batchOperations.require(batchOperationKey)
    state.batchOperations.update(
      batchOperationKey,
      failed ? { failedCount: failedCount + 1 } : { completedCount: completedCount + 1 },
    )
  },

  BatchOperationStateChanged(state, { key, state: reached }, time) {
    const ended = reached === 'COMPLETED' || reached === 'CANCELED'
    state.batchOperations.update(key, { state: reached, endDate: ended ? time : null })
    if (reached !== 'CANCELED') return
    for (const { id } of state.batchOperationItems.find("batchOperationKey = ? AND state = 'ACTIVE'", key))
      state.batchOperationItems.update(id, { state: 'CANCELED', processedDate: time })
  },
}

/** Id of the row of an item. */
function batchItemId(batchOperationKey: Key, itemKey: Key): string {
  return `${batchOperationKey}/${itemKey}`
}
