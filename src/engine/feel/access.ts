/** Code that reaches for values: variables, paths, filters. */
import { temporalProperty } from './builtins/temporal.ts'
import { ItemNames } from './evaluation.ts'
import { type Code, Frame } from './frame.ts'
import type { Node } from './syntax-tree.ts'
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'
import { describe } from './text.ts'
import { FeelContext, type FeelValue, isNumber } from './values.ts'

/** The value of a variable. */
export const variableCode =
  (name: string): Code =>
  (frame) => {
    const value = frame.names.lookup(name)
    return value === undefined ? missingVariable(frame, name) : value
  }

const missingVariable = (frame: Frame, name: string): null =>
  frame.run.warn('NO_VARIABLE_FOUND', `No variable found with name '${name}'`)

/** `target.name`: an entry, a property, or those of each item of a list. */
export function pathCode(node: Node & { kind: 'path' }, target: Code): Code {
  const { name } = node
  if (node.target.kind !== 'variable') return (frame) => readPath(frame, target(frame), name)
  // What is missing as a whole is reported once.
  const root = node.target.name
  return (frame) => {
    const value = frame.names.lookup(root)
    return value === undefined ? missingVariable(frame, root) : readPath(frame, value, name)
  }
}

function readPath(frame: Frame, value: FeelValue, name: string): FeelValue {
  const { run } = frame
  if (value instanceof FeelContext) {
    const entry = value.get(name)
    return entry === undefined ? missingEntry(frame, value, name) : entry
  }
  if (Array.isArray(value)) {
    run.step(value.length)
    return value.map((item) => readPath(frame, item, name))
  }
  if (value === null)
    return run.warn('NO_CONTEXT_ENTRY_FOUND', `No context entry found with key '${name}'. The context is null`)
  const property = temporalProperty(value, name)
  if (property !== undefined) return property
  return run.warn(
    'NO_PROPERTY_FOUND',
    `No property found with name '${name}' of value '${describe(value)}'. Available properties: ${propertiesOf(value)}`,
  )
}

function missingEntry(frame: Frame, context: FeelContext, name: string): null {
  const keys = [...context.entries.keys()].map((key) => `'${key}'`)
  const known = keys.length === 0 ? 'The context is empty' : `Available keys: ${keys.join(', ')}`
  return frame.run.warn('NO_CONTEXT_ENTRY_FOUND', `No context entry found with key '${name}'. ${known}`)
}

/** The names of a value's properties, in the order in which Camunda tells them. */
function propertiesOf(value: FeelValue): string {
  const names =
    value instanceof FeelDate
      ? ['year', 'month', 'day', 'weekday']
      : value instanceof FeelDateTime
        ? ['timezone', 'year', 'second', 'month', 'day', 'time offset', 'weekday', 'minute', 'hour']
        : value instanceof FeelTime
          ? ['timezone', 'second', 'time offset', 'minute', 'hour']
          : value instanceof YearsMonthsDuration
            ? ['years', 'months']
            : value instanceof DaysTimeDuration
              ? ['days', 'hours', 'minutes', 'seconds']
              : []
  return names.map((name) => `'${name}'`).join(', ')
}

/** Predicates of these kinds are asked about items only; others may be an index and are tried without an item first. */
const OF_ITEMS: ReadonlySet<Node['kind']> = new Set(['comparison', 'call'])

/** `target[predicate]`: the items that fulfil the predicate, or the item at an index. */
export function filterCode(node: Node & { kind: 'filter' }, target: Code, predicate: Code, captured: boolean): Code {
  const ofItems = OF_ITEMS.has(node.predicate.kind)
  return (frame) => {
    const list = target(frame)
    const { run } = frame
    if (!Array.isArray(list)) return run.warn('INVALID_TYPE', `Expected list but found '${describe(list)}'`)
    if (!ofItems) {
      const index = predicate(frame)
      if (isNumber(index)) return itemAt(list, index.toInt())
    }
    const kept: FeelValue[] = []
    let names = new ItemNames(frame.names)
    let inner = frame.withNames(names)
    for (const [i, item] of list.entries()) {
      run.step()
      if (captured && i > 0) {
        // A function may keep the names of its turn.
        names = new ItemNames(frame.names)
        inner = new Frame(run, names, frame.input, frame.tested)
      }
      names.item = item
      const answer = predicate(inner)
      if (answer === true) kept.push(item)
      else if (i === 0 && isNumber(answer)) return itemAt(list, answer.toInt())
    }
    return kept
  }
}

const itemAt = (list: readonly FeelValue[], position: number): FeelValue =>
  (position === 0 ? undefined : list.at(position > 0 ? position - 1 : position)) ?? null
