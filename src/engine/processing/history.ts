import type { Key } from '../protocol/values.ts'
import type { Processing } from './processing.ts'

/** Ended instances that one step looks at: some milliseconds, so that commands do not wait. */
const LOOKED_AT = 100
/** Instances that one step deletes, called ones not counted. */
const DELETED = 20

/**
 * Deletes process instances that ended before an instant, each with the ones that it called and never without them.
 * @param after key behind which to look on; 0: from the oldest
 * @returns where to look on; undefined: all were looked at
 */
export function pruneHistory(processing: Processing, endedBefore: number, after: Key): Key | undefined {
  const rows = (['COMPLETED', 'TERMINATED'] as const)
    .flatMap((state) =>
      processing.state.processInstances.find(`state = ? AND key > ? ORDER BY key LIMIT ${LOOKED_AT}`, state, after),
    )
    .sort((a, b) => a.key - b.key)
    .slice(0, LOOKED_AT)
  let deleted = 0
  let last = after
  for (const row of rows) {
    if (deleted === DELETED) return last
    last = row.key
    if (row.parentProcessInstanceKey !== null || row.endDate === null || row.endDate >= endedBefore) continue
    processing.emit({ type: 'HistoryPruned', processInstanceKeys: treeOf(processing, row.key) })
    deleted += 1
  }
  return rows.length < LOOKED_AT ? undefined : last
}

/** A process instance and all that it called, directly or not. */
function treeOf(processing: Processing, rootKey: Key): Key[] {
  const keys = [rootKey]
  // Keys are added while they are gone through.
  for (const key of keys)
    for (const caller of processing.state.elements.find("processInstanceKey = ? AND type = 'CALL_ACTIVITY'", key))
      for (const called of processing.state.processInstances.find('parentElementInstanceKey = ?', caller.key))
        keys.push(called.key)
  return keys
}
