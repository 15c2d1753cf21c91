import type { FlowNode } from '../model/types.ts'
import type { JsonValue, Key } from '../protocol/values.ts'
import type { ElementInstanceRow } from '../state/rows.ts'
import { evaluateBoolean, evaluateIn } from './expressions.ts'
import type { Processing } from './processing.ts'
import { lookup, overlay, setLocal } from './variables.ts'

/** The items that a multi-instance body goes through. */
export function itemsOf(body: ElementInstanceRow): JsonValue[] {
  const items: unknown = JSON.parse(body.loopItems ?? '[]')
  return Array.isArray(items) ? items : []
}

/** Gives instance `index` (from 0) its item, its counter, and a variable of its own to collect from. */
export function setLoopVariables(processing: Processing, node: FlowNode, key: Key, index: number): void {
  const { inputElement, outputVariable } = node.loop ?? {}
  const items = inputElement === undefined ? [] : itemsOf(processing.element(processing.element(key).flowScopeKey))
  setLocal(processing, key, {
    ...(inputElement === undefined ? {} : { [inputElement]: items[index] ?? null }),
    ...(outputVariable === undefined || outputVariable === inputElement ? {} : { [outputVariable]: null }),
    loopCounter: index + 1,
  })
}

/**
 * An instance is about to complete: collects its output.
 * @returns whether the completion condition holds, so that the others are not needed
 * @throws {ElementFailure} when the output or the condition cannot be evaluated
 */
export function finishLoopInstance(processing: Processing, node: FlowNode, row: ElementInstanceRow): boolean {
  const { outputElement, outputCollection, completionCondition } = node.loop ?? {}
  const bodyKey = row.flowScopeKey
  if (outputElement !== undefined && outputCollection !== undefined && row.loopCounter !== null) {
    const { value } = evaluateIn(processing, outputElement, row.key)
    const present = processing.state.variables.local(bodyKey, outputCollection)
    const list = present === undefined ? [] : processing.state.variables.valueOf(present)
    const collected = Array.isArray(list) ? [...list] : []
    collected[row.loopCounter - 1] = value
    setLocal(processing, bodyKey, { [outputCollection]: collected })
  }
  if (completionCondition === undefined) return false
  const body = processing.element(bodyKey)
  const counts = {
    numberOfInstances: itemsOf(body).length,
    numberOfActiveInstances: body.activeChildren - 1,
    numberOfCompletedInstances: body.childrenStarted - body.activeChildren + 1,
    numberOfTerminatedInstances: 0,
  }
  return evaluateBoolean(processing, completionCondition, overlay(counts, lookup(processing, row.key)))
}
