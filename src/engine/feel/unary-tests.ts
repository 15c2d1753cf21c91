/** Unary tests: what a cell of a decision table, or the right side of `in`, asks of a value. */
import { CallFailure } from './calls.ts'
import { checkedEqual, compare, equal, inRange, sameMember } from './comparison.ts'
import { type Code, Frame, NoInput } from './frame.ts'
import { contains, type Node, type UnaryTests } from './syntax-tree.ts'
import { FeelRange, type FeelValue } from './values.ts'

/** Does the value pass? Null where there is no answer. */
export type Test = (frame: Frame, value: FeelValue) => boolean | null

/** The frame of a test: the value is known, `?` is only if `bound`. */
const frameOf = (frame: Frame, value: FeelValue, bound: boolean): Frame =>
  new Frame(frame.run, frame.names, bound ? value : undefined, value)

/** Compiles the expressions within a test. */
type Compile = (node: Node) => Code

/** The range as a value. */
export function rangeCode(node: Node & { kind: 'range' }, compile: Compile): (frame: Frame) => FeelRange {
  const [start, end] = [compile(node.start), compile(node.end)]
  const { startIncluded, endIncluded } = node
  return (frame) => new FeelRange(start(frame), end(frame), startIncluded, endIncluded)
}

/** Compiles one positive unary test. */
export function compileTest(node: Node, compile: Compile): Test {
  switch (node.kind) {
    case 'test': {
      const { operator } = node
      const operand = compile(node.operand)
      return (frame, value) => compare(frame.run, operator, value, operand(frame))
    }
    case 'range': {
      const range = rangeCode(node, compile)
      return (frame, value) => {
        try {
          return inRange(frame.run, value, range(frame))
        } catch (error) {
          // `?` is not known in a bound.
          if (error instanceof NoInput) return frame.run.warn('NOT_COMPARABLE', error.message)
          throw error
        }
      }
    }
    case 'equal': {
      const expected = node.value
      return (frame, value) => checkedEqual(frame.run, value, expected)
    }
    case 'literal': {
      const expected = node.value
      if (typeof expected !== 'boolean') return (frame, value) => checkedEqual(frame.run, value, expected)
      return (frame, value) => passes(frame, value, expected)
    }
    default:
      return compileCondition(node, compile(node))
  }
}

/**
 * An expression is evaluated without its input first: a value is compared with the input. If it needs `?`, it is a condition
 * over the input.
 */
function compileCondition(node: Node, code: Code): Test {
  if (!contains(node, (inner) => inner.kind === 'input')) return (frame, value) => outcome(frame, value, code)
  const condition: Test = (frame, value) => {
    const answer = code(frameOf(frame, value, true))
    return typeof answer === 'boolean' ? answer : null
  }
  if (needsInput(node)) return condition
  return (frame, value) => {
    try {
      return outcome(frame, value, code)
    } catch (error) {
      if (error instanceof NoInput) return condition(frame, value)
      throw error
    }
  }
}

function outcome(frame: Frame, value: FeelValue, code: Code): boolean | null {
  try {
    return passes(frame, value, code(frame))
  } catch (error) {
    if (error instanceof CallFailure) {
      frame.run.warn('NO_FUNCTION_FOUND', error.message)
      return false
    }
    throw error
  }
}

/** True if evaluating the node surely meets `?`, whatever else happens. */
function needsInput(node: Node): boolean {
  switch (node.kind) {
    case 'input':
      return true
    case 'comparison':
      return needsInput(node.left) || needsInput(node.right)
    case 'arithmetic':
      return needsInput(node.first) || node.rest.some(({ operand }) => needsInput(operand))
    case 'negation':
    case 'instance':
    case 'between':
    case 'in':
      return needsInput(node.operand)
    case 'path':
    case 'filter':
      return needsInput(node.target)
    case 'logic':
      return node.operands[0] !== undefined && needsInput(node.operands[0])
    case 'if':
      return needsInput(node.condition)
    default:
      return false
  }
}

/** A computed value: true passes, a list passes itself and its members, else what is equal passes. */
function passes(frame: Frame, value: FeelValue, computed: FeelValue): boolean | null {
  if (computed === true) return true
  if (Array.isArray(computed)) {
    frame.run.step(computed.length)
    return equal(value, computed) === true || computed.some((item) => sameMember(value, item))
  }
  if (computed === false) return value === false
  return checkedEqual(frame.run, value, computed)
}

/** True if one of the tests passes; null if none does and one has no answer. */
export function anyPasses(tests: readonly Test[], frame: Frame, value: FeelValue): boolean | null {
  const inner = frameOf(frame, value, false)
  let result: boolean | null = false
  for (const test of tests) {
    const answer = test(inner, value)
    if (answer === true) return true
    if (answer === null) result = null
  }
  return result
}

/** Compiles the unary tests of a cell. */
export function compileTests(unary: UnaryTests, compile: Compile): Test {
  if (unary.any) return () => true
  const tests = unary.tests.map((test) => compileTest(test, compile))
  if (!unary.negated) return (frame, value) => anyPasses(tests, frame, value)
  return (frame, value) => {
    const answer = anyPasses(tests, frame, value)
    return answer === null ? null : !answer
  }
}
