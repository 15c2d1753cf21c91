import type { VariableLookup } from '../model/expression.ts'
import { type JsonValue, type Key, NO_KEY, type Variables } from '../protocol/values.ts'
import type { Processing } from './processing.ts'

/** Variables as an element instance sees them: its own, then those of each scope around it. */
export function lookup(processing: Processing, scopeKey: Key): VariableLookup {
  return {
    get(name) {
      const row = findVisible(processing, scopeKey, name)
      return row === undefined ? undefined : processing.state.variables.valueOf(row)
    },
  }
}

/** Some variables put before those of a scope. */
export function overlay(front: Variables, behind: VariableLookup): VariableLookup {
  return { get: (name) => (Object.hasOwn(front, name) ? front[name] : behind.get(name)) }
}

/** The variables that an element instance sees, as an object; only `names` when there are any. */
export function visible(processing: Processing, scopeKey: Key, names: readonly string[] = []): Variables {
  const found: Variables = {}
  if (names.length > 0) {
    for (const name of names) {
      const row = findVisible(processing, scopeKey, name)
      if (row !== undefined) assign(found, name, processing.state.variables.valueOf(row))
    }
    return found
  }
  for (const key of scopesOutwards(processing, scopeKey))
    for (const row of processing.state.variables.locals(key))
      if (!Object.hasOwn(found, row.name)) assign(found, row.name, processing.state.variables.valueOf(row))
  return found
}

/** Characters of what `visible` gives. */
export function sizeOfVisible(processing: Processing, scopeKey: Key, names: readonly string[] = []): number {
  const { variables } = processing.state
  let size = 0
  if (names.length > 0) for (const name of names) size += findVisible(processing, scopeKey, name)?.value.length ?? 0
  else
    for (const key of scopesOutwards(processing, scopeKey))
      for (const row of variables.locals(key)) size += row.value.length
  return size
}

/** The variables that a scope itself holds, as an object. */
export function ownVariables(processing: Processing, scopeKey: Key): Variables {
  const { variables } = processing.state
  const found: Variables = {}
  for (const row of variables.locals(scopeKey)) assign(found, row.name, variables.valueOf(row))
  return found
}

/** Sets variables in a scope itself. */
export function setLocal(processing: Processing, scopeKey: Key, variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) setVariable(processing, scopeKey, name, value)
}

/**
 * Sets each variable in the nearest scope that has it, seen from `scopeKey` outwards; else at the root. As observed on
 * Camunda, a scope that has it with this very value does not count: the value goes on outwards.
 */
export function propagate(processing: Processing, scopeKey: Key, variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) {
    const text = JSON.stringify(value)
    let target = scopeKey
    for (const key of scopesOutwards(processing, scopeKey)) {
      target = key
      const present = processing.state.variables.local(key, name)
      if (present !== undefined && present.value !== text) break
    }
    setVariable(processing, target, name, value)
  }
}

/** Sets `name` on an object as data, whatever the name is. */
export function assign(target: Variables, name: string, value: JsonValue): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true })
  else target[name] = value
}

function setVariable(processing: Processing, scopeKey: Key, name: string, value: JsonValue): void {
  const text = JSON.stringify(value)
  const present = processing.state.variables.local(scopeKey, name)
  if (present?.value === text) return
  processing.countWritten(text.length)
  if (present === undefined)
    processing.emit({
      type: 'VariableCreated',
      key: processing.nextKey(),
      scopeKey,
      processInstanceKey: processing.element(scopeKey).processInstanceKey,
      name,
      value: text,
    })
  else processing.emit({ type: 'VariableUpdated', key: present.key, value: text })
}

/** Sets one item of a list that a scope itself holds: the others need not be read, nor told of again. */
export function setItem(processing: Processing, key: Key, index: number, text: string): void {
  processing.countWritten(text.length)
  processing.emit({ type: 'VariableItemSet', key, index, value: text })
}

function findVisible(processing: Processing, scopeKey: Key, name: string) {
  for (let key = scopeKey; key !== NO_KEY; key = processing.element(key).flowScopeKey) {
    const row = processing.state.variables.local(key, name)
    if (row !== undefined) return row
  }
  return undefined
}

function* scopesOutwards(processing: Processing, scopeKey: Key): Generator<Key> {
  for (let key = scopeKey; key !== NO_KEY; key = processing.element(key).flowScopeKey) yield key
}
