/** Tree → closures. A closure takes the frame of its evaluation and gives a value; nothing is interpreted twice. */

import type { CallContext } from './builtins/define.ts'
import { builtinNamed, callBuiltin, callBuiltinNamed } from './builtins/index.ts'
import { temporalProperty } from './builtins/temporal.ts'
import { FeelEvaluationError } from './errors.ts'
import { LocalNames, type Names } from './evaluation.ts'
import { arithmetic, checkedEqual, compare, describe, equal, inRange, negated, typeName } from './operators.ts'
import { type Arguments, children, type Iterator, type Node, type UnaryTests } from './syntax-tree.ts'
import { Decimal, FeelContext, FeelFunction, FeelRange, type FeelValue, isNumber } from './values.ts'

/** What a closure is evaluated in: names, the input value of a unary test, and the run. */
export interface Frame {
  readonly names: Names
  readonly input: FeelValue | undefined
  readonly context: CallContext
}

/** A compiled node. */
export type Code = (frame: Frame) => FeelValue

const withNames = (frame: Frame, names: Names): Frame => ({ names, input: frame.input, context: frame.context })
const contains = (node: Node, wanted: (node: Node) => boolean): boolean =>
  wanted(node) || children(node).some((child) => contains(child, wanted))

/** Compiles a node of an expression. */
export function compileNode(node: Node): Code {
  switch (node.kind) {
    case 'literal': {
      const { value } = node
      return () => value
    }
    case 'input':
      return inputOf
    case 'variable': {
      const { name } = node
      return (frame) => {
        const value = frame.names.lookup(name)
        if (value !== undefined) return value
        return frame.context.run.warn('NO_VARIABLE_FOUND', `No variable found with name '${name}'`)
      }
    }
    case 'path':
      return compilePath(compileNode(node.target), node.name)
    case 'filter':
      return compileFilter(node.target, node.predicate)
    case 'call':
      return compileCall(node.target, node.name, node.arguments)
    case 'arithmetic': {
      const { operator } = node
      const [left, right] = [compileNode(node.left), compileNode(node.right)]
      return (frame) => {
        frame.context.run.step()
        return arithmetic(frame.context.run, operator, left(frame), right(frame))
      }
    }
    case 'negation': {
      const operand = compileNode(node.operand)
      return (frame) => negated(frame.context.run, operand(frame))
    }
    case 'comparison':
      return compileComparison(node)
    case 'between': {
      const [operand, low, high] = [compileNode(node.operand), compileNode(node.low), compileNode(node.high)]
      return (frame) => inRange(frame.context.run, operand(frame), new FeelRange(low(frame), high(frame), true, true))
    }
    case 'in': {
      const operand = compileNode(node.operand)
      const tests = node.tests.map(compileTest)
      return (frame) => anyOf(tests, { ...frame, input: operand(frame) })
    }
    case 'instance': {
      const operand = compileNode(node.operand)
      const { type } = node
      return (frame) => {
        const value = operand(frame)
        return type === 'Any' ? value !== null : value !== null && typeName(value) === type
      }
    }
    case 'logic': {
      const [left, right] = [compileNode(node.left), compileNode(node.right)]
      // `and` is decided by false, `or` by true; what decides wins even beside null.
      const decisive = node.operator === 'or'
      return (frame) => {
        const first = left(frame)
        if (first === decisive) return decisive
        const second = right(frame)
        if (second === decisive) return decisive
        return first === !decisive && second === !decisive ? !decisive : null
      }
    }
    case 'if': {
      const [condition, then, otherwise] = [
        compileNode(node.condition),
        compileNode(node.consequent),
        compileNode(node.alternative),
      ]
      return (frame) => (condition(frame) === true ? then(frame) : otherwise(frame))
    }
    case 'for':
      return compileFor(node.iterators, node.body)
    case 'quantified':
      return compileQuantified(node.quantifier, node.iterators, node.body)
    case 'list': {
      const items = node.items.map(compileNode)
      return (frame) => items.map((item) => item(frame))
    }
    case 'context':
      return compileContext(node.entries)
    case 'function': {
      const { parameters } = node
      const body = compileNode(node.body)
      return (frame) =>
        new FeelFunction(parameters, (args) => {
          const values = new Map(parameters.map((name, i) => [name, args[i] ?? null]))
          return body(withNames(frame, new LocalNames(frame.names, values)))
        })
    }
    case 'range':
    case 'test': {
      // Outside a unary test there is no input value, and so no answer.
      const test = compileTest(node)
      return (frame) =>
        frame.input === undefined
          ? frame.context.run.warn('NO_VARIABLE_FOUND', 'No input value available for a unary test')
          : test(frame)
    }
  }
}

function inputOf(frame: Frame): FeelValue {
  if (frame.input !== undefined) return frame.input
  throw new FeelEvaluationError("No input value available. '?' can only be used inside an unary-test expression.")
}

function compileComparison(node: Node & { kind: 'comparison' }): Code {
  const { operator } = node
  const [left, right] = [compileNode(node.left), compileNode(node.right)]
  if (operator === '=') return (frame) => checkedEqual(frame.context.run, left(frame), right(frame))
  if (operator === '!=')
    return (frame) => {
      const result = checkedEqual(frame.context.run, left(frame), right(frame))
      return result === null ? null : !result
    }
  return (frame) => compare(frame.context.run, operator, left(frame), right(frame))
}

function compilePath(target: Code, name: string): Code {
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

/** Predicates of these kinds give a boolean for each item; others may be an index. */
const CONDITIONS = new Set<Node['kind']>([
  'comparison',
  'between',
  'in',
  'instance',
  'logic',
  'quantified',
  'test',
  'range',
])

function compileFilter(targetNode: Node, predicateNode: Node): Code {
  const target = compileNode(targetNode)
  const predicate = compileNode(predicateNode)
  const condition = CONDITIONS.has(predicateNode.kind)
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

/** Arguments that are ranges are values; elsewhere a range is a test of the input. */
function compileArgument(node: Node): Code {
  if (node.kind !== 'range') return compileNode(node)
  const [start, end] = [compileNode(node.start), compileNode(node.end)]
  const { startIncluded, endIncluded } = node
  return (frame) => new FeelRange(start(frame), end(frame), startIncluded, endIncluded)
}

function compileCall(targetNode: Node | null, name: string, args: Arguments): Code {
  const member = targetNode === null ? null : compilePath(compileNode(targetNode), name)
  const builtin = targetNode === null ? builtinNamed(name) : undefined
  const find = (frame: Frame): FeelFunction | null => {
    const value = member === null ? frame.names.lookup(name) : member(frame)
    return value instanceof FeelFunction ? value : null
  }
  const missing = (frame: Frame, count: number): null =>
    frame.context.run.warn('NO_FUNCTION_FOUND', `No function found with name '${name}' and ${count} parameters`)
  if (args.kind === 'positional') {
    const values = args.values.map(compileArgument)
    return (frame) => {
      frame.context.run.step()
      const own = find(frame)
      const given = values.map((value) => value(frame))
      if (own !== null)
        return given.length === own.parameters.length ? invoke(frame, own, given) : missing(frame, given.length)
      return builtin === undefined ? missing(frame, given.length) : callBuiltin(frame.context, name, builtin, given)
    }
  }
  const values = args.values.map((argument) => ({ name: argument.name, value: compileArgument(argument.value) }))
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

type Values = { name: string; list: Code }

/** The lists that the iterators run over; null with a warning if one is no list. */
function compileIterators(iterators: readonly Iterator[]): Values[] {
  return iterators.map(({ name, from, to }) => {
    const start = compileNode(from)
    if (to === undefined) return { name, list: start }
    const end = compileNode(to)
    return { name, list: (frame) => numbersBetween(frame, start(frame), end(frame)) }
  })
}

function numbersBetween(frame: Frame, start: FeelValue, end: FeelValue): FeelValue {
  if (!isNumber(start) || !isNumber(end))
    return frame.context.run.warn('INVALID_TYPE', `Can't iterate from '${describe(start)}' to '${describe(end)}'`)
  const length = end.minus(start).abs().floor().toNumber() + 1
  frame.context.run.checkList(length)
  const step = start.lessThanOrEqualTo(end) ? 1 : -1
  return Array.from({ length }, (_, i) => new Decimal(start.plus(i * step)))
}

/** Visits every combination of the iterators' items; false if one iterates over no list. `visit` gives false to stop. */
function forEach(frame: Frame, iterators: Values[], visit: (values: Map<string, FeelValue>) => boolean): boolean {
  const lists: FeelValue[][] = []
  for (const { list } of iterators) {
    const items = list(frame)
    if (!Array.isArray(items)) {
      frame.context.run.warn('INVALID_TYPE', `Can't iterate over '${describe(items)}', a list is needed`)
      return false
    }
    lists.push(items)
  }
  const walk = (depth: number, values: ReadonlyMap<string, FeelValue>): boolean => {
    const [iterator, list] = [iterators[depth], lists[depth]]
    if (iterator === undefined || list === undefined) return visit(new Map(values))
    for (const item of list) {
      frame.context.run.step()
      if (!walk(depth + 1, new Map([...values, [iterator.name, item]]))) return false
    }
    return true
  }
  walk(0, new Map())
  return true
}

function compileFor(iterators: readonly Iterator[], bodyNode: Node): Code {
  const lists = compileIterators(iterators)
  const body = compileNode(bodyNode)
  const usesPartial = contains(bodyNode, (node) => node.kind === 'variable' && node.name === 'partial')
  return (frame) => {
    const results: FeelValue[] = []
    const { run } = frame.context
    const complete = forEach(frame, lists, (values) => {
      if (usesPartial) {
        run.checkList(results.length)
        values.set('partial', [...results])
      }
      results.push(body(withNames(frame, new LocalNames(frame.names, values))))
      run.checkList(1)
      return true
    })
    return complete ? results : null
  }
}

function compileQuantified(quantifier: 'some' | 'every', iterators: readonly Iterator[], bodyNode: Node): Code {
  const lists = compileIterators(iterators)
  const body = compileNode(bodyNode)
  const decisive = quantifier === 'some'
  return (frame) => {
    let result: boolean | null = !decisive
    const complete = forEach(frame, lists, (values) => {
      const answer = body(withNames(frame, new LocalNames(frame.names, values)))
      if (answer === decisive) result = decisive
      else if (typeof answer !== 'boolean') result = null
      return answer !== decisive
    })
    return complete ? result : null
  }
}

function compileContext(entries: readonly { readonly key: string; readonly value: Node }[]): Code {
  const compiled = entries.map(({ key, value }) => ({
    key,
    value: compileNode(value),
    // A function sees the entries before it, not those that follow.
    closes: contains(value, (node) => node.kind === 'function'),
  }))
  return (frame) => {
    const values = new Map<string, FeelValue>()
    for (const { key, value, closes } of compiled) {
      const names = new LocalNames(frame.names, closes ? new Map(values) : values)
      values.set(key, value(withNames(frame, names)))
    }
    return new FeelContext(values)
  }
}

type Test = (frame: Frame) => boolean | null

/** Compiles one positive unary test: does the input pass? */
export function compileTest(node: Node): Test {
  if (node.kind === 'test') {
    const { operator } = node
    const operand = compileNode(node.operand)
    return (frame) => compare(frame.context.run, operator, inputOf(frame), operand(frame))
  }
  if (node.kind === 'range') {
    const range = compileArgument(node)
    return (frame) => {
      const value = range(frame)
      return value instanceof FeelRange ? inRange(frame.context.run, inputOf(frame), value) : null
    }
  }
  const code = compileNode(node)
  if (usesInput(node)) {
    return (frame) => {
      const answer = code(frame)
      if (typeof answer === 'boolean') return answer
      return frame.context.run.warn('INVALID_TYPE', `Expected a boolean but found '${describe(answer)}'`)
    }
  }
  if (node.kind === 'literal') return (frame) => checkedEqual(frame.context.run, inputOf(frame), node.value)
  return (frame) => passes(frame, code(frame))
}

/** True if the expression itself speaks of the input, so that it is a condition and not a value to compare with. */
function usesInput(node: Node): boolean {
  if (node.kind === 'input') return true
  // `x in (? > 1)`: this input is x
  if (node.kind === 'in') return usesInput(node.operand)
  return children(node).some(usesInput)
}

/** A computed value: true passes, a list passes its members, a range what lies in it, else what is equal. */
function passes(frame: Frame, value: FeelValue): boolean | null {
  const { run } = frame.context
  const input = inputOf(frame)
  if (value === true) return true
  if (value === false) return input === false
  if (value instanceof FeelRange) return inRange(run, input, value)
  if (!Array.isArray(value)) return checkedEqual(run, input, value)
  run.step(value.length)
  return equal(input, value) === true || value.some((item) => equal(input, item) === true)
}

function anyOf(tests: readonly Test[], frame: Frame): boolean | null {
  let result: boolean | null = false
  for (const test of tests) {
    const answer = test(frame)
    if (answer === true) return true
    if (answer === null) result = null
  }
  return result
}

/** Compiles the unary tests of a cell. */
export function compileTests(unary: UnaryTests): Test {
  if (unary.any) return () => true
  const tests = unary.tests.map(compileTest)
  if (!unary.negated) return (frame) => anyOf(tests, frame)
  return (frame) => {
    const answer = anyOf(tests, frame)
    return answer === null ? null : !answer
  }
}
