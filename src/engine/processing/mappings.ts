import type { Expression, VariableLookup } from '../model/expression.ts'
import type { FlowNode, Mapping } from '../model/types.ts'
import type { JsonValue, Key, Variables } from '../protocol/values.ts'
import type { ElementInstanceRow } from '../state/rows.ts'
import { evaluateIn } from './expressions.ts'
import { ElementFailure, type Processing } from './processing.ts'
import { assign, lookup, overlay, ownVariables, propagate, setLocal } from './variables.ts'

/** Creates the local variables of an element instance from its input mappings. */
export function applyInputs(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  // As observed on Camunda: an event that has happened before it is reached does not map what goes in.
  if (node.inputs.length === 0 || (row.trigger !== null && keepsTrigger(node))) return
  setLocal(processing, row.key, evaluateMappings(processing, node.inputs, row.key, false))
}

/**
 * Whether the variables of an event that has happened before it is reached (start events of a process, boundary events,
 * events behind an event-based gateway) are held by the event itself until it completes.
 */
function keepsTrigger(node: FlowNode): boolean {
  if (node.type === 'START_EVENT') return node.parent?.type === 'PROCESS'
  return node.type === 'BOUNDARY_EVENT' || node.type === 'INTERMEDIATE_CATCH_EVENT'
}

/** Hands the results of the output mappings to the scope around an element instance. */
export function applyOutputs(processing: Processing, node: FlowNode, row: ElementInstanceRow): void {
  if (node.outputs.length === 0) {
    // As observed on Camunda: what an error brings to a boundary event goes on only by output mappings.
    if (row.trigger !== null && keepsTrigger(node) && node.event?.kind !== 'error')
      propagate(processing, row.flowScopeKey, ownVariables(processing, row.key))
    return
  }
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

/** Takes in what the event that made an element brought. */
export function setTriggerVariables(processing: Processing, node: FlowNode, key: Key, variables: Variables): void {
  if (keepsTrigger(node)) setLocal(processing, key, variables)
  else setResult(processing, node, key, variables)
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
    const value = source === undefined ? null : evaluateSource(processing, source, variables, mappings)
    const [name, ...path] = target as [string, ...string[]]
    if (path.length === 0) assign(results, name, value)
    else {
      const present = Object.hasOwn(results, name) ? results[name] : keepOthers ? behind.get(name) : undefined
      assign(results, name, withPath(present, path, value))
    }
  }
  return results
}

/** Evaluates one source; a failure names all mappings as one context, as Camunda's does. */
function evaluateSource(
  processing: Processing,
  source: Expression,
  variables: VariableLookup,
  mappings: readonly Mapping[],
): JsonValue {
  try {
    return evaluateIn(processing, source, variables, 'IO_MAPPING_ERROR').value
  } catch (error) {
    if (!(error instanceof ElementFailure)) throw error
    const message = error.message.replace(`'${source.source}'`, () => `'${contextOf(mappings)}'`)
    throw new ElementFailure('IO_MAPPING_ERROR', message)
  }
}

/** Mappings as FEEL: `{a:b,c:{d:1}}`. */
function contextOf(mappings: readonly Mapping[]): string {
  type Entries = Map<string, Entries | string>
  const root: Entries = new Map()
  for (const { source, target } of mappings) {
    let entries = root
    for (const name of target.slice(0, -1)) {
      const inner = entries.get(name)
      const next: Entries = inner instanceof Map ? inner : new Map()
      entries.set(name, next)
      entries = next
    }
    const text = source?.kind === 'static' ? JSON.stringify(source.source) : (source?.source ?? 'null')
    entries.set(target.at(-1) ?? '', text)
  }
  const write = (entries: Entries): string =>
    `{${[...entries].map(([name, value]) => `${name}:${value instanceof Map ? write(value) : value}`).join(',')}}`
  return write(root)
}

/** A copy of `object` in which the value at `path` is replaced. */
function withPath(object: JsonValue | undefined, path: readonly string[], value: JsonValue): JsonValue {
  const [name, ...rest] = path
  if (name === undefined) return value
  // As on Camunda, which merges contexts: with anything else the result is null.
  if (object != null && (typeof object !== 'object' || Array.isArray(object))) return null
  const copy: Variables = typeof object === 'object' && object !== null && !Array.isArray(object) ? { ...object } : {}
  assign(copy, name, withPath(Object.hasOwn(copy, name) ? copy[name] : undefined, rest, value))
  return copy
}
