/** Source text → tree: the grammar is `lezer-feel`'s, narrowed to what Camunda accepts. */
import { parser, trackVariables } from 'lezer-feel'
import { SPACED_NAMES } from './builtins/index.ts'
import { FeelSyntaxError } from './errors.ts'
import { decimalOf } from './numbers.ts'
import { SourceTree, type SyntaxNode } from './source-tree.ts'
import type { Arguments, ArithmeticOperator, CompareOperator, Iterator, Node, UnaryTests } from './syntax-tree.ts'
import { parseTemporal } from './temporal-text.ts'

// The names of functions with blanks must be known for "get or else(…)" to be read as one name.
const known = Object.fromEntries(SPACED_NAMES.map((name) => [name, null]))
const configured = { dialect: 'camunda', contextTracker: trackVariables(known) }
const expressionParser = parser.configure({ ...configured, top: 'Expression' })
const unaryTestsParser = parser.configure({ ...configured, top: 'UnaryTests' })

const MAX_SOURCE = 100_000
const MAX_DEPTH = 1000

/** Names with blanks that are no functions: properties of temporal values and ranges. */
const SPACED_PROPERTIES = new Set(['time offset', 'start included', 'end included'])
/** Words of the grammar that Camunda accepts as names nonetheless. */
const KEYWORD_NAMES = new Set(['for', 'if', 'some', 'every', 'between', 'instance', 'of', 'not'])

/** Reads an expression. @throws FeelSyntaxError */
export function parseExpression(source: string): Node {
  // A single word of the grammar such as `for` is a variable to Camunda.
  if (KEYWORD_NAMES.has(source.trim())) return { kind: 'variable', name: source.trim() }
  const top = expressionParser.parse(checked(source)).topNode
  const reader = new Reader(source)
  const [node, ...rest] = reader.parts(top)
  if (node === undefined || rest.length > 0) throw reader.error(rest[0] ?? top)
  return reader.node(node, 0)
}

/** Reads the unary tests of a cell. @throws FeelSyntaxError */
export function parseUnaryTests(source: string): UnaryTests {
  const top = unaryTestsParser.parse(checked(source)).topNode
  const reader = new Reader(source)
  const parts = reader.parts(top)
  const first = parts[0]
  if (first === undefined) throw reader.error(top)
  if (first.name === 'Wildcard') return { any: true, negated: false, tests: [] }
  const negated = first.name === 'not'
  const tests = parts.find((part) => part.name === 'PositiveUnaryTests')
  const wrong = parts.find((part) => part.type.isError)
  if (tests === undefined || wrong !== undefined) throw reader.error(wrong ?? first)
  return { any: false, negated, tests: reader.tests(tests, 0) }
}

function checked(source: string): string {
  if (source.length > MAX_SOURCE)
    throw new FeelSyntaxError(source.slice(0, 60), 0, `The expression is longer than ${MAX_SOURCE} characters`)
  return source
}

/** Builds our tree from the grammar's. */
class Reader extends SourceTree {
  tests(node: SyntaxNode, depth: number): Node[] {
    return this.parts(node).map((part) => {
      if (part.name !== 'PositiveUnaryTest') throw this.error(part)
      const inner = this.only(part)
      return this.node(inner, depth + 1)
    })
  }

  node(node: SyntaxNode, depth: number): Node {
    if (depth > MAX_DEPTH) throw this.error(node, `the expression is nested deeper than ${MAX_DEPTH} levels`)
    const parts = this.parts(node)
    const broken = parts.find((part) => part.type.isError)
    const keywordPath = node.name === 'PathExpression' && broken !== undefined && KEYWORD_NAMES.has(this.text(broken))
    if (broken !== undefined && !keywordPath) throw this.error(broken)
    const sub = (part: SyntaxNode | undefined): Node => {
      if (part === undefined) throw this.error(node)
      return this.node(part, depth + 1)
    }
    switch (node.name) {
      case 'NumericLiteral':
        return this.#number(node)
      case 'StringLiteral':
        return { kind: 'literal', value: unescapeText(this.text(node)) }
      case 'BooleanLiteral':
        return { kind: 'literal', value: this.text(node) === 'true' }
      case 'null':
        return { kind: 'literal', value: null }
      case '?':
        return { kind: 'input' }
      case 'VariableName':
        return this.#variable(node)
      case 'ParenthesizedExpression':
        return sub(parts[1])
      case 'PathExpression':
        return this.#path(node, parts, sub)
      case 'FilterExpression':
        return { kind: 'filter', target: sub(parts[0]), predicate: sub(parts[2]) }
      case 'DateTimeLiteral':
        return this.#dateTime(node, parts, depth)
      case 'FunctionInvocation':
        return this.#call(parts, depth, sub)
      case 'ArithmeticExpression':
        return this.#arithmetic(node, parts, sub)
      case 'Comparison':
        return this.#comparison(node, parts, depth, sub)
      case 'SimplePositiveUnaryTest':
        return this.#simpleTest(node, parts, sub)
      case 'Conjunction':
        return { kind: 'logic', operator: 'and', left: sub(parts[0]), right: sub(parts[2]) }
      case 'Disjunction':
        return { kind: 'logic', operator: 'or', left: sub(parts[0]), right: sub(parts[2]) }
      case 'InstanceOfExpression':
        return { kind: 'instance', operand: sub(parts[0]), type: this.#type(node, parts.at(-1)) }
      case 'IfExpression':
        return { kind: 'if', condition: sub(parts[1]), consequent: sub(parts[3]), alternative: sub(parts[5]) }
      case 'ForExpression':
        return { kind: 'for', iterators: this.#iterators(node, parts[1], sub), body: sub(parts[3]) }
      case 'QuantifiedExpression': {
        const quantifier = this.text(parts[0] ?? node) === 'some' ? 'some' : 'every'
        return { kind: 'quantified', quantifier, iterators: this.#iterators(node, parts[1], sub), body: sub(parts[3]) }
      }
      case 'List':
        return { kind: 'list', items: parts.slice(1, -1).map(sub) }
      case 'Context':
        return { kind: 'context', entries: parts.slice(1, -1).map((entry) => this.#entry(entry, depth)) }
      case 'FunctionDefinition':
        return this.#function(node, parts, sub)
      default:
        throw this.error(node)
    }
  }

  #number(node: SyntaxNode): Node {
    const text = this.text(node).replace(/\s+/g, '')
    if (/[eExX_]/.test(text)) throw this.error(node, 'a number is written in digits with a decimal point')
    return { kind: 'literal', value: decimalOf(text) }
  }

  #variable(node: SyntaxNode): Node {
    const identifiers = this.parts(node)
    const second = identifiers[1]
    if (second !== undefined) throw this.error(second)
    const name = this.name(node)
    if (name.includes('?') && !this.text(node).startsWith('`')) throw this.error(node)
    return { kind: 'variable', name }
  }

  #path(node: SyntaxNode, parts: SyntaxNode[], sub: (part: SyntaxNode | undefined) => Node): Node {
    const [target, , property] = parts
    if (target === undefined || property === undefined) throw this.error(node)
    if (target.name === 'SimplePositiveUnaryTest') throw this.error(parts[1] ?? node)
    const name = this.name(property)
    const second = this.parts(property)[1]
    if (second !== undefined && !SPACED_PROPERTIES.has(name)) throw this.error(second)
    return { kind: 'path', target: sub(target), name }
  }

  /** `date(…)`, `time(…)`, `duration(…)` and `@"…"`, which the grammar sets apart. */
  #dateTime(node: SyntaxNode, parts: SyntaxNode[], depth: number): Node {
    const [head, , list] = parts
    if (head?.name === 'AtLiteral') {
      const text = unescapeText(this.text(this.only(head)))
      return { kind: 'literal', value: parseTemporal(text) }
    }
    if (head === undefined || list === undefined) throw this.error(node)
    return { kind: 'call', target: null, name: this.name(head), arguments: this.#arguments(list, depth) }
  }

  #call(parts: SyntaxNode[], depth: number, sub: (part: SyntaxNode | undefined) => Node): Node {
    const [callee, open, list] = parts
    if (callee === undefined || open === undefined || list === undefined) throw this.error(callee ?? parts[0]!)
    const called = this.#arguments(list, depth)
    if (callee.name === 'VariableName') {
      const name = this.name(callee)
      return { kind: 'call', target: null, name, arguments: called }
    }
    if (callee.name !== 'PathExpression') throw this.error(open)
    const path = sub(callee)
    if (path.kind !== 'path' || !isNamePath(path.target)) throw this.error(open)
    return { kind: 'call', target: path.target, name: path.name, arguments: called }
  }

  #arguments(list: SyntaxNode, depth: number): Arguments {
    const parts = this.parts(list)
    if (list.name !== 'NamedParameters')
      return { kind: 'positional', values: parts.map((part) => this.node(part, depth + 1)) }
    return {
      kind: 'named',
      values: parts.map((part) => {
        const [name, value] = this.parts(part)
        if (part.name !== 'NamedParameter' || name === undefined || value === undefined) throw this.error(part)
        return { name: this.name(name), value: this.node(value, depth + 1) }
      }),
    }
  }

  #arithmetic(node: SyntaxNode, parts: SyntaxNode[], sub: (part: SyntaxNode | undefined) => Node): Node {
    const [first, second, third] = parts
    if (first?.name === 'ArithOp') return { kind: 'negation', operand: sub(second) }
    if (first === undefined || second === undefined) throw this.error(node)
    const operator = this.text(second)
    if (!isArithmetic(operator) || first.name === 'InstanceOfExpression') throw this.error(second)
    return { kind: 'arithmetic', operator, left: sub(first), right: sub(third) }
  }

  #comparison(node: SyntaxNode, parts: SyntaxNode[], depth: number, sub: (part: SyntaxNode | undefined) => Node): Node {
    const [left, operator, right] = parts
    if (left === undefined || operator === undefined || right === undefined) throw this.error(node)
    const chained = [left, right].find((side) => side.name === 'Comparison' || side.name === 'SimplePositiveUnaryTest')
    if (chained !== undefined) throw this.error(chained === left ? operator : chained)
    if (operator.name === 'between')
      return { kind: 'between', operand: sub(left), low: sub(right), high: sub(parts[4]) }
    if (operator.name === 'in') {
      const tests = right.name === 'PositiveUnaryTest' ? [sub(this.only(right))] : this.#inTests(parts, depth)
      return { kind: 'in', operand: sub(left), tests }
    }
    const text = this.text(operator)
    if (!isCompare(text)) throw this.error(operator)
    return { kind: 'comparison', operator: text, left: sub(left), right: sub(right) }
  }

  #inTests(parts: SyntaxNode[], depth: number): Node[] {
    const tests = parts.find((part) => part.name === 'PositiveUnaryTests')
    if (tests === undefined) throw this.error(parts[2]!)
    return this.tests(tests, depth)
  }

  #simpleTest(node: SyntaxNode, parts: SyntaxNode[], sub: (part: SyntaxNode | undefined) => Node): Node {
    const [first, second] = parts
    if (first?.name === 'Interval') {
      const [open, start, , end, close] = this.parts(first)
      if (open === undefined || close === undefined) throw this.error(first)
      const startIncluded = this.text(open) === '['
      const endIncluded = this.text(close) === ']'
      return { kind: 'range', start: sub(start), end: sub(end), startIncluded, endIncluded }
    }
    const operator = first === undefined ? '' : this.text(first)
    if (operator !== '<' && operator !== '<=' && operator !== '>' && operator !== '>=') throw this.error(node)
    if (
      second === undefined ||
      ['Conjunction', 'Disjunction', 'Comparison', 'SimplePositiveUnaryTest'].includes(second.name)
    )
      throw this.error(second === undefined ? node : (this.parts(second)[1] ?? second))
    return { kind: 'test', operator, operand: sub(second) }
  }

  #type(node: SyntaxNode, type: SyntaxNode | undefined): string {
    if (type?.name !== 'Type') throw this.error(node)
    const name = this.name(type)
    const argument = name.search(/[<-]/)
    if (argument >= 0) throw this.error(type, `a type is a name; unexpected ${JSON.stringify(name.slice(argument))}`)
    return name
  }

  #iterators(node: SyntaxNode, list: SyntaxNode | undefined, sub: (part: SyntaxNode | undefined) => Node): Iterator[] {
    if (list?.name !== 'InExpressions') throw this.error(list ?? node)
    return this.parts(list).map((part) => {
      const [name, , context] = this.parts(part)
      if (name === undefined || context === undefined) throw this.error(part)
      const [from, , to] = this.parts(context)
      if (from === undefined || from.type.isError) throw this.error(from ?? context)
      if (from.name === 'SimplePositiveUnaryTest')
        throw this.error(from, 'iterate over a list, or over a range written 1..3')
      const iterator = { name: this.name(name), from: sub(from) }
      return to === undefined ? iterator : { ...iterator, to: sub(to) }
    })
  }

  #entry(entry: SyntaxNode, depth: number): { key: string; value: Node } {
    const [key, value] = this.parts(entry)
    if (entry.name !== 'ContextEntry' || key === undefined || value === undefined) throw this.error(entry)
    const literal = this.only(key)
    const text = literal.name === 'StringLiteral' ? unescapeText(this.text(literal)) : this.name(literal)
    return { key: text, value: this.node(value, depth + 1) }
  }

  #function(node: SyntaxNode, parts: SyntaxNode[], sub: (part: SyntaxNode | undefined) => Node): Node {
    const list = parts.find((part) => part.name === 'FormalParameters')
    const body = parts.find((part) => part.name === 'FunctionBody')
    if (body === undefined) throw this.error(node)
    const external = this.parts(body)[1]
    if (external !== undefined) throw this.error(external, 'external functions are not supported')
    const parameters = list === undefined ? [] : this.parts(list)
    return {
      kind: 'function',
      parameters: parameters.map((parameter) => {
        const [name, type] = this.parts(parameter)
        if (name === undefined) throw this.error(parameter)
        if (type !== undefined) throw this.error(type, 'a parameter has no type')
        return this.name(name)
      }),
      body: sub(this.only(body)),
    }
  }
}

/** True for `a.b.c`: only such a path can be called. */
const isNamePath = (node: Node): boolean =>
  node.kind === 'variable' || (node.kind === 'path' && isNamePath(node.target))

const isArithmetic = (text: string): text is ArithmeticOperator => ['+', '-', '*', '/', '**'].includes(text)
const isCompare = (text: string): text is CompareOperator => ['=', '!=', '<', '<=', '>', '>='].includes(text)

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' }

/** Text of a string literal; an unknown escape stays as it is written (so that `"\d"` is a regular expression). */
function unescapeText(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/gs, (whole, next: string) => ESCAPES[next] ?? whole)
}
