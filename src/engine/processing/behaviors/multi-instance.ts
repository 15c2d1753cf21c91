import type { FlowNode, Loop } from '../../model/types.ts'
import { MAX_PARALLEL_ITEMS } from '../../protocol/limits.ts'
import { evaluateList } from '../expressions.ts'
import { activated, takeFlows } from '../lifecycle.ts'
import { itemsOf } from '../loops.ts'
import { type Behavior, ElementFailure } from '../processing.ts'
import { attachedEvents, prepareSubscriptions } from '../subscriptions.ts'
import { propagate, setLocal } from '../variables.ts'

/** The body of a multi-instance activity: one instance for each item, at once or one after the other. */
export const multiInstanceBody: Behavior = {
  activate(processing, node, row) {
    const loop = loopOf(node)
    const items = evaluateList(processing, loop.inputCollection, row.key)
    if (!loop.sequential && items.length > MAX_PARALLEL_ITEMS)
      throw new ElementFailure(
        'EXTRACT_VALUE_ERROR',
        `Expected the input collection to have at most ${MAX_PARALLEL_ITEMS} items, because all instances start at once, ` +
          `but it has ${items.length}: make the activity sequential or the collection smaller`,
      )
    const subscriptions = prepareSubscriptions(processing, row, attachedEvents(node, row))
    processing.emit({ type: 'MultiInstanceStarted', key: row.key, items: JSON.stringify(items) })
    activated(processing, row.key)
    if (loop.outputCollection !== undefined)
      setLocal(processing, row.key, { [loop.outputCollection]: items.map(() => null) })
    subscriptions.open()
    if (items.length === 0) processing.enqueue({ type: 'Complete', key: row.key })
    const first = loop.sequential ? Math.min(items.length, 1) : items.length
    for (let index = 0; index < first; index += 1)
      processing.enqueue({ type: 'Activate', node, scopeKey: row.key, index })
  },

  childEnded(processing, node, row) {
    if (row.activeChildren > 0) return
    if (row.interruptedBy !== null || row.childrenStarted === itemsOf(row).length)
      processing.enqueue({ type: 'Complete', key: row.key })
    else if (loopOf(node).sequential)
      processing.enqueue({ type: 'Activate', node, scopeKey: row.key, index: row.childrenStarted })
  },

  leave(processing, node, row) {
    const { outputCollection } = loopOf(node)
    const collected = outputCollection && processing.state.variables.local(row.key, outputCollection)
    if (collected)
      propagate(processing, row.flowScopeKey, { [collected.name]: processing.state.variables.valueOf(collected) })
    takeFlows(processing, row, node.outgoing)
  },
}

function loopOf(node: FlowNode): Loop {
  if (node.loop === undefined) throw new Error(`${node.id} is not multi-instance`)
  return node.loop
}
