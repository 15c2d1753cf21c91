import type { FlowNode } from '../model/types.ts'
import { MAX_COMMAND_SIZE } from '../protocol/limits.ts'
import type { JsonValue, Key } from '../protocol/values.ts'
import type { ElementInstanceRow } from '../state/rows.ts'
import { evaluateBoolean, evaluateIn } from './expressions.ts'
import { ElementFailure, type Processing } from './processing.ts'
import { lookup, overlay, setItem, setLocal } from './variables.ts'

/** Item lists that were read last, by their text: every instance of a body asks for the same one. */
const read = new Map<string, readonly JsonValue[]>()
const MAX_READ = 16

/** The items that a multi-instance body goes through. */
export function itemsOf(body: ElementInstanceRow): readonly JsonValue[] {
  const text = body.loopItems ?? '[]'
  let items = read.get(text)
  if (items === undefined) {
    const parsed: unknown = JSON.parse(text)
    items = Array.isArray(parsed) ? parsed : []
    if (read.size >= MAX_READ) read.clear()
    read.set(text, items)
  }
  return items
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
    collect(processing, bodyKey, outputCollection, row.loopCounter - 1, value)
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

/** Puts an output into the collection, at the place of its item. */
function collect(processing: Processing, bodyKey: Key, collection: string, index: number, value: JsonValue): void {
  const { variables } = processing.state
  if (variables.keyOf(bodyKey, collection) === undefined) setLocal(processing, bodyKey, { [collection]: [] })
  const key = variables.keyOf(bodyKey, collection) as Key
  const text = JSON.stringify(value)
  if (variables.lengthOf(key) + text.length > MAX_COMMAND_SIZE)
    throw new ElementFailure(
      'EXTRACT_VALUE_ERROR',
      `Expected the output collection '${collection}' to have at most ${MAX_COMMAND_SIZE} characters of JSON, ` +
        `but the output of instance ${index + 1} makes it larger`,
    )
  setItem(processing, key, index, text)
}
