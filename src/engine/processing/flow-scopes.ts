import type { FlowNode } from '../model/types.ts'
import type { Key, Variables } from '../protocol/values.ts'
import type { ElementInstanceRow } from '../state/rows.ts'
import { invalidArgument } from './commands/reject.ts'
import { LateRejection } from './late-rejection.ts'
import { activated, activeChildren, makeElement } from './lifecycle.ts'
import { ElementFailure, type Processing } from './processing.ts'
import { attachedEvents, prepareSubscriptions } from './subscriptions.ts'
import { setLocal } from './variables.ts'

/** The process and the subprocesses around an element, outermost first. */
export function scopesAround(node: FlowNode): FlowNode[] {
  const scopes: FlowNode[] = []
  for (let scope = node.parent; scope !== undefined; scope = scope.parent) scopes.unshift(scope)
  return scopes
}

/** The element instances of a process instance that have not ended, each before what is inside it. */
export function activeTree(processing: Processing, processInstanceKey: Key): ElementInstanceRow[] {
  const tree = [processing.element(processInstanceKey)]
  // Rows are added while the list is gone through.
  for (const row of tree) if (row.activeChildren > 0) tree.push(...activeChildren(processing, row.key))
  return tree
}

/** Whether an element instance is one in which elements of a scope are activated; the body of a multi-instance is not. */
export function isInstanceOf(row: ElementInstanceRow, scope: FlowNode): boolean {
  return row.elementId === scope.id && row.type !== 'MULTI_INSTANCE_BODY'
}

/**
 * Makes an instance of a scope for something that will be activated in it: neither its start event, nor its listeners
 * and input mappings come to pass.
 * @throws {LateRejection} when it cannot wait for its events
 */
export function makeScope(
  processing: Processing,
  commandType: string,
  scope: FlowNode,
  scopeKey: Key,
  variables: Variables,
): Key {
  const key = makeElement(processing, scope, scopeKey)
  setLocal(processing, key, variables)
  activateScopeOnly(processing, commandType, scope, key)
  return key
}

/** Activates a scope that was made, without its start event. @throws {LateRejection} when it cannot wait for its events */
export function activateScopeOnly(processing: Processing, commandType: string, scope: FlowNode, key: Key): void {
  try {
    const row = processing.element(key)
    const subscriptions = prepareSubscriptions(processing, row, attachedEvents(scope, row))
    activated(processing, key)
    subscriptions.open()
  } catch (error) {
    if (!(error instanceof ElementFailure)) throw error
    throw new LateRejection(
      invalidArgument(commandType, `Expected to subscribe to catch event(s) of '${scope.id}' but ${error.message}`),
    )
  }
}
