/** Tree → closures. A closure takes the frame of its evaluation and gives a value; nothing is interpreted twice. */

import { type ArgumentCodes, callCode, filterCode, pathCode } from './access.ts'
import { FeelEvaluationError } from './errors.ts'
import { LocalNames } from './evaluation.ts'
import { type Code, type Frame, withNames } from './frame.ts'
import { forCode, type IteratorCode, numbersCode, quantifiedCode } from './loops.ts'
import { arithmetic, checkedEqual, compare, describe, equal, inRange, negated, typeName } from './operators.ts'
import { type Arguments, children, type Iterator, type Node, type UnaryTests } from './syntax-tree.ts'
import { FeelContext, FeelFunction, FeelRange, type FeelValue } from './values.ts'

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
      return pathCode(compileNode(node.target), node.name)
    case 'filter':
      return filterCode(compileNode(node.target), compileNode(node.predicate), CONDITIONS.has(node.predicate.kind))
    case 'call': {
      const member = node.target === null ? null : pathCode(compileNode(node.target), node.name)
      return callCode(member, node.name, compileArguments(node.arguments))
    }
    case 'arithmetic': {
      const first = compileNode(node.first)
      const rest = node.rest.map(({ operator, operand }) => ({ operator, code: compileNode(operand) }))
      return (frame) => {
        const { run } = frame.context
        let value = first(frame)
        for (const { operator, code } of rest) {
          run.step()
          value = arithmetic(run, operator, value, code(frame))
        }
        return value
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
      const operands = node.operands.map(compileNode)
      // `and` is decided by false, `or` by true; what decides wins even beside null.
      const decisive = node.operator === 'or'
      return (frame) => {
        let result: boolean | null = !decisive
        for (const operand of operands) {
          const value = operand(frame)
          if (value === decisive) return decisive
          if (value !== !decisive) result = null
        }
        return result
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
      return forCode(compileIterators(node.iterators), compileNode(node.body), contains(node.body, isPartial))
    case 'quantified':
      return quantifiedCode(node.quantifier, compileIterators(node.iterators), compileNode(node.body))
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
    case 'equal':
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

/** Arguments that are ranges are values; elsewhere a range is a test of the input. */
function compileArgument(node: Node): Code {
  if (node.kind !== 'range') return compileNode(node)
  const [start, end] = [compileNode(node.start), compileNode(node.end)]
  const { startIncluded, endIncluded } = node
  return (frame) => new FeelRange(start(frame), end(frame), startIncluded, endIncluded)
}

function compileArguments(args: Arguments): ArgumentCodes {
  if (args.kind === 'positional') return { kind: 'positional', values: args.values.map(compileArgument) }
  return { kind: 'named', values: args.values.map(({ name, value }) => ({ name, value: compileArgument(value) })) }
}

const compileIterators = (iterators: readonly Iterator[]): IteratorCode[] =>
  iterators.map(({ name, from, to }) => {
    const start = compileNode(from)
    return { name, list: to === undefined ? start : numbersCode(start, compileNode(to)) }
  })

const isPartial = (node: Node): boolean => node.kind === 'variable' && node.name === 'partial'

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
function compileTest(node: Node): Test {
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
  if (node.kind === 'equal') return (frame) => checkedEqual(frame.context.run, inputOf(frame), node.value)
  const code = compileNode(node)
  if (usesInput(node)) {
    return (frame) => {
      const answer = code(frame)
      if (typeof answer === 'boolean') return answer
      return frame.context.run.warn('INVALID_TYPE', `Expected a boolean but found '${describe(answer)}'`)
    }
  }
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
