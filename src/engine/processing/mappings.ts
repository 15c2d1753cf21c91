import type { FlowNode, Mapping } from '../model/types.ts'
import type { JsonValue, Key, Variables } from '../protocol/values.ts'
import type { ElementInstanceRow } from '../state/rows.ts'
import { evaluateIn } from './expressions.ts'
import type { Processing } from './processing.ts'
import { assign, lookup, overlay, propagate, setLocal } from './variables.ts'

/** Creates the local variables of an element instance from its input mappings. */
export function applyInputs(processing: Processing, node: FlowNode, key: Key): void {
  if (node.inputs.length > 0) setLocal(processing, key, evaluateMappings(processing, node.inputs, key, false))
}

/** Hands the results of the output mappings to the scope around an element instance. */
export function applyOutputs(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  if (node.outputs.length === 0) return
  const variables = evaluateMappings(processing, node.outputs, row.key, true)
  // An instance of a multi-instance activity may write the variable that its output is collected from.
  propagate(processing, row.loopCounter === null ? row.flowScopeKey : row.key, variables)
}

/**
 * Takes in what an element gave (variables of a job, a user task, a message, a called process): local when output
 * mappings choose from it, else each variable where it is defined.
 */
export function setResult(processing: Processing, node: FlowNode, key: Key, variables: Variables): void {
  if (node.outputs.length > 0) setLocal(processing, key, variables)
  else propagate(processing, key, variables)
}

/** Evaluates mappings in order; a later one sees what an earlier one gave. */
function evaluateMappings(
  processing: Processing,
  mappings: readonly Mapping[],
  scopeKey: Key,
  keepOthers: boolean,
): Variables {
  const results: Variables = {}
  const behind = lookup(processing, scopeKey)
  const variables = overlay(results, behind)
  for (const { source, target } of mappings) {
    const value = source === undefined ? null : evaluateIn(processing, source, variables, 'IO_MAPPING_ERROR').value
    const [name, ...path] = target as [string, ...string[]]
    if (path.length === 0) assign(results, name, value)
    else {
      const present = Object.hasOwn(results, name) ? results[name] : keepOthers ? behind.get(name) : undefined
      assign(results, name, withPath(present, path, value))
    }
  }
  return results
}

/** A copy of `object` in which the value at `path` is replaced. */
function withPath(object: JsonValue | undefined, path: readonly string[], value: JsonValue): JsonValue {
  const [name, ...rest] = path
  if (name === undefined) return value
  const copy: Variables = typeof object === 'object' && object !== null && !Array.isArray(object) ? { ...object } : {}
  assign(copy, name, withPath(Object.hasOwn(copy, name) ? copy[name] : undefined, rest, value))
  return copy
}
