/** Code that reaches for values: paths, filters, calls. */
import { builtinNamed, callBuiltin, callBuiltinNamed } from './builtins/index.ts'
import { temporalProperty } from './builtins/temporal.ts'
import { LocalNames, type Names } from './evaluation.ts'
import { type Code, type Frame, withNames } from './frame.ts'
import { describe } from './operators.ts'
import { type Decimal, FeelContext, FeelFunction, type FeelValue, isNumber } from './values.ts'

/** `target.name`: an entry, a property, or those of each item of a list. */
export function pathCode(target: Code, name: string): Code {
  const read = (frame: Frame, value: FeelValue): FeelValue => {
    const { run } = frame.context
    if (value instanceof FeelContext) {
      const entry = value.entries.get(name)
      if (entry !== undefined) return entry
      const keys = [...value.entries.keys()].map((key) => `'${key}'`).join(', ')
      return run.warn('NO_CONTEXT_ENTRY_FOUND', `No context entry found with key '${name}'. Available keys: ${keys}`)
    }
    if (Array.isArray(value)) {
      run.step(value.length)
      return value.map((item) => read(frame, item))
    }
    if (value === null)
      return run.warn('NO_CONTEXT_ENTRY_FOUND', `No context entry found with key '${name}'. The context is null`)
    const property = temporalProperty(value, name)
    if (property !== undefined) return property
    return run.warn('NO_PROPERTY_FOUND', `No property found with name '${name}' of value '${describe(value)}'`)
  }
  return (frame) => read(frame, target(frame))
}

/**
 * `target[predicate]`: the items that fulfil the predicate, or the item at an index.
 * @param condition true if the predicate is a condition by its form, so that it cannot be an index
 */
export function filterCode(target: Code, predicate: Code, condition: boolean): Code {
  return (frame) => {
    const list = target(frame)
    const { run } = frame.context
    if (!Array.isArray(list)) return run.warn('INVALID_TYPE', `Can't filter '${describe(list)}', a list is needed`)
    if (!condition) {
      const before = run.warnings.length
      const index = predicate(frame)
      if (isNumber(index)) return itemAt(frame, list, index)
      // It was no index: what was missing outside the list may be there with the items.
      run.warnings.length = before
    }
    const kept: FeelValue[] = []
    for (const item of list) {
      run.step()
      const answer = predicate(withNames(frame, namesOfItem(frame.names, item)))
      if (answer === true) kept.push(item)
      else if (isNumber(answer) && kept.length === 0) return itemAt(frame, list, answer)
    }
    return kept
  }
}

function itemAt(frame: Frame, list: readonly FeelValue[], position: Decimal): FeelValue {
  const at = position.truncated().toNumber()
  const item = at === 0 ? undefined : list.at(at > 0 ? at - 1 : at)
  if (item !== undefined) return item
  return frame.context.run.warn('OUT_OF_BOUNDS', `Index ${at} is out of bounds of a list of ${list.length} items`)
}

function namesOfItem(outer: Names, item: FeelValue): Names {
  const names = new LocalNames(outer, new Map([['item', item]]))
  return item instanceof FeelContext ? new LocalNames(names, item.entries) : names
}

/** Compiled arguments of a call. */
export type ArgumentCodes =
  | { readonly kind: 'positional'; readonly values: readonly Code[] }
  | { readonly kind: 'named'; readonly values: readonly { readonly name: string; readonly value: Code }[] }

/**
 * A call: of a function among the names (or of the member of a context), else of a built-in function.
 * @param member the code that gives the member; null for a plain name
 */
export function callCode(member: Code | null, name: string, args: ArgumentCodes): Code {
  const builtin = member === null ? builtinNamed(name) : undefined
  const find = (frame: Frame): FeelFunction | null => {
    const value = member === null ? frame.names.lookup(name) : member(frame)
    return value instanceof FeelFunction ? value : null
  }
  const missing = (frame: Frame, count: number): null =>
    frame.context.run.warn('NO_FUNCTION_FOUND', `No function found with name '${name}' and ${count} parameters`)
  if (args.kind === 'positional') {
    const { values } = args
    return (frame) => {
      frame.context.run.step()
      const own = find(frame)
      const given = values.map((value) => value(frame))
      if (own !== null)
        return given.length === own.parameters.length ? invoke(frame, own, given) : missing(frame, given.length)
      return builtin === undefined ? missing(frame, given.length) : callBuiltin(frame.context, name, builtin, given)
    }
  }
  const { values } = args
  return (frame) => {
    frame.context.run.step()
    const own = find(frame)
    const given = new Map(values.map((argument) => [argument.name, argument.value(frame)]))
    if (own === null)
      return builtin === undefined ? missing(frame, given.size) : callBuiltinNamed(frame.context, name, builtin, given)
    if (![...given.keys()].every((key) => own.parameters.includes(key))) return missing(frame, given.size)
    return invoke(
      frame,
      own,
      own.parameters.map((key) => given.get(key) ?? null),
    )
  }
}

const invoke = (frame: Frame, callee: FeelFunction, args: readonly FeelValue[]): FeelValue =>
  frame.context.run.nested(() => callee.call(args))
