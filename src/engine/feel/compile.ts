/** Tree → closures. A closure takes the frame of its evaluation and gives a value; nothing is interpreted twice. */
import { filterCode, pathCode, variableCode } from './access.ts'
import { arithmetic, negated } from './arithmetic.ts'
import { type ArgumentCodes, callCode, lenient, memberCallCode } from './calls.ts'
import { checkedEqual, compare, expectBoolean } from './comparison.ts'
import { LocalNames } from './evaluation.ts'
import { type Code, type Frame, NoInput } from './frame.ts'
import { forCode, type IteratorCode, type LoopNeeds, numbersCode, quantifiedCode } from './loops.ts'
import { type Arguments, contains, type Iterator, type Node } from './syntax-tree.ts'
import { typeName } from './text.ts'
import { anyPasses, compileTest, rangeCode } from './unary-tests.ts'
import { ContextLiteral, FeelFunction, type FeelValue } from './values.ts'

const isFunction = (node: Node): boolean => node.kind === 'function'
const isInput = (node: Node): boolean => node.kind === 'input'
const isPartial = (node: Node): boolean => node.kind === 'variable' && node.name === 'partial'

/** Compiles a node whose value is used; see `lenient`. */
const operandCode = (node: Node): Code => lenient(node, compileNode(node))

/** Compiles a node of an expression. */
export function compileNode(node: Node): Code {
  switch (node.kind) {
    case 'literal': {
      const { value } = node
      return () => value
    }
    case 'input':
      return inputOf
    case 'variable':
      return variableCode(node.name)
    case 'path':
      return pathCode(node, compileNode(node.target))
    case 'filter':
      return filterCode(
        node,
        operandCode(node.target),
        operandCode(node.predicate),
        contains(node.predicate, isFunction),
      )
    case 'call':
      return node.target === null
        ? callCode(node.name, compileArguments(node.arguments))
        : memberCallCode(compileNode(node.target), node.name, compileArguments(node.arguments))
    case 'arithmetic':
      return compileArithmetic(node)
    case 'negation': {
      const operand = operandCode(node.operand)
      return (frame) => negated(frame.run, operand(frame))
    }
    case 'comparison':
      return compileComparison(node)
    case 'between': {
      const [operand, low, high] = [node.operand, node.low, node.high].map(operandCode) as [Code, Code, Code]
      return conjunction('and', [
        (frame) => compare(frame.run, '>=', operand(frame), low(frame)),
        (frame) => compare(frame.run, '<=', operand(frame), high(frame)),
      ])
    }
    case 'in': {
      const operand = compileNode(node.operand)
      const tests = node.tests.map((test) => compileTest(test, compileNode))
      return (frame) => {
        const value = operand(frame)
        if (!(value instanceof FeelFunction)) return anyPasses(tests, frame, value)
        return anyPasses(tests, frame, frame.run.warn('NO_VARIABLE_FOUND', 'No input value found.'))
      }
    }
    case 'instance': {
      const operand = compileNode(node.operand)
      const { type } = node
      return (frame) => isInstance(operand(frame), type)
    }
    case 'logic':
      return conjunction(node.operator, node.operands.map(operandCode))
    case 'if': {
      const [condition, then, otherwise] = [
        operandCode(node.condition),
        compileNode(node.consequent),
        compileNode(node.alternative),
      ]
      return (frame) => (expectBoolean(frame.run, condition(frame)) === true ? then(frame) : otherwise(frame))
    }
    case 'for': {
      const needs: LoopNeeds = { partial: contains(node.body, isPartial), captured: contains(node.body, isFunction) }
      return forCode(compileIterators(node.iterators), item(node.body), needs)
    }
    case 'quantified': {
      const iterators = compileIterators(node.iterators)
      return quantifiedCode(node.quantifier, iterators, operandCode(node.body), contains(node.body, isFunction))
    }
    case 'list': {
      const items = node.items.map(item)
      return (frame) => items.map((code) => code(frame))
    }
    case 'context':
      return compileContext(node.entries)
    case 'function': {
      const { parameters } = node
      const body = compileNode(node.body)
      return (frame) =>
        new FeelFunction(parameters, (args) => {
          const values = new Map(parameters.map((name, i) => [name, args[i] ?? null]))
          return body(frame.withNames(new LocalNames(frame.names, values)))
        })
    }
    case 'range':
    case 'equal':
    case 'test': {
      const test = compileTest(node, compileNode)
      return (frame) => {
        if (frame.tested === undefined) frame.run.warn('NO_VARIABLE_FOUND', 'No input value found.')
        return test(frame, frame.tested ?? null)
      }
    }
  }
}

function inputOf(frame: Frame): FeelValue {
  if (frame.input !== undefined) return frame.input
  throw new NoInput()
}

/** An item of a list or context: in a unary test that is tried without its input, what needs it is null. */
function item(node: Node): Code {
  const code = compileNode(node)
  if (!contains(node, isInput)) return code
  return (frame) => {
    if (frame.input !== undefined || frame.tested === undefined) return code(frame)
    try {
      return code(frame)
    } catch (error) {
      if (error instanceof NoInput) return null
      throw error
    }
  }
}

function compileArithmetic(node: Node & { kind: 'arithmetic' }): Code {
  const first = operandCode(node.first)
  const rest = node.rest.map(({ operator, operand }) => ({ operator, code: operandCode(operand) }))
  const [only] = rest
  if (only !== undefined && rest.length === 1) {
    const { operator, code } = only
    return (frame) => {
      frame.run.step()
      return arithmetic(frame.run, operator, first(frame), code(frame))
    }
  }
  return (frame) => {
    let value = first(frame)
    for (const { operator, code } of rest) {
      frame.run.step()
      value = arithmetic(frame.run, operator, value, code(frame))
    }
    return value
  }
}

function compileComparison(node: Node & { kind: 'comparison' }): Code {
  const { operator } = node
  const [left, right] = [compileNode(node.left), compileNode(node.right)]
  if (operator === '=') return (frame) => checkedEqual(frame.run, left(frame), right(frame))
  if (operator === '!=')
    return (frame) => {
      const result = expectBoolean(frame.run, checkedEqual(frame.run, left(frame), right(frame)))
      return result === null ? null : !result
    }
  return (frame) => compare(frame.run, operator, left(frame), right(frame))
}

/** `and` is decided by false, `or` by true; what decides wins even beside null. The first that is no boolean is reported. */
function conjunction(operator: 'and' | 'or', operands: readonly Code[]): Code {
  const decisive = operator === 'or'
  return (frame) => {
    let result: boolean | null = !decisive
    for (const operand of operands) {
      const value = operand(frame)
      if (value === decisive) return decisive
      if (value !== !decisive && result !== null) result = expectBoolean(frame.run, value)
    }
    return result
  }
}

const isInstance = (value: FeelValue, type: string): boolean =>
  value !== null && (type === 'Any' || typeName(value) === type)

/** Arguments that are ranges are values; elsewhere a range is a test of the input. */
function compileArgument(node: Node): Code {
  return node.kind === 'range' ? rangeCode(node, compileNode) : operandCode(node)
}

function compileArguments(args: Arguments): ArgumentCodes {
  if (args.kind === 'positional') return { kind: 'positional', values: args.values.map(compileArgument) }
  return { kind: 'named', values: args.values.map(({ name, value }) => ({ name, value: compileArgument(value) })) }
}

const compileIterators = (iterators: readonly Iterator[]): IteratorCode[] =>
  iterators.map(({ name, from, to }) => {
    const start = operandCode(from)
    return to === undefined
      ? { name, list: start, isRange: false }
      : { name, list: numbersCode(start, compileNode(to)), isRange: true }
  })

function compileContext(entries: readonly { readonly key: string; readonly value: Node }[]): Code {
  const compiled = entries.map(({ key, value }) => ({
    key,
    value: item(value),
    // A function sees the entries before it, not those that follow.
    closes: contains(value, isFunction),
  }))
  return (frame) => {
    const values = new Map<string, FeelValue>()
    const functions = new Map<string, FeelFunction>()
    const inner = frame.withNames(new LocalNames(frame.names, values, functions))
    for (const { key, value, closes } of compiled) {
      const names = closes ? new LocalNames(frame.names, new Map(values), new Map(functions)) : undefined
      const entry = value(names === undefined ? inner : frame.withNames(names))
      if (entry instanceof FeelFunction) functions.set(key, entry)
      else values.set(key, entry)
    }
    return new ContextLiteral(values, functions.size === 0 ? undefined : functions)
  }
}
