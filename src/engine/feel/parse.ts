/**
 * Source text → tree. The grammar is what Camunda accepts (feel-scala 1.21), learnt by asking it. It reads as ordered choice:
 * the first alternative that fits is taken, and what follows must fit to it.
 */
import { FeelSyntaxError } from './errors.ts'
import { ValueParser } from './parse-values.ts'
import type { Node, UnaryTests } from './syntax-tree.ts'

const MAX_SOURCE = 100_000

function parserOf(source: string): ValueParser {
  if (source.length > MAX_SOURCE)
    throw new FeelSyntaxError(source.slice(0, 60), 0, `The expression is longer than ${MAX_SOURCE} characters`)
  return new ValueParser(source)
}

/** Reads an expression. @throws FeelSyntaxError */
export function parseExpression(source: string): Node {
  const parser = parserOf(source)
  const node = parser.expression()
  if (node === undefined || !parser.scanner.ended()) throw parser.scanner.error()
  return node
}

/** Reads the unary tests of a cell. @throws FeelSyntaxError */
export function parseUnaryTests(source: string): UnaryTests {
  const parser = parserOf(source)
  const { scanner } = parser
  const read = (): UnaryTests | undefined => {
    if (scanner.take('not') && scanner.take('(')) {
      const tests = parser.positiveTests()
      if (tests !== undefined && scanner.take(')')) return { any: false, negated: true, tests }
    }
    scanner.at = 0
    const tests = parser.positiveTests()
    if (tests !== undefined) return { any: false, negated: false, tests }
    scanner.at = 0
    return scanner.take('-') ? { any: true, negated: false, tests: [] } : undefined
  }
  const tests = read()
  if (tests === undefined || !scanner.ended()) throw scanner.error()
  return tests
}
