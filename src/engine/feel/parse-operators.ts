/** The grammar from expressions down to operators; values are in `parse-values.ts`. */
import { Scanner } from './scanner.ts'
import type { ArithmeticOperator, CompareOperator, Iterator, Node } from './syntax-tree.ts'

const MAX_DEPTH = 250
const OPERATORS: readonly (readonly ArithmeticOperator[])[] = [['+', '-'], ['*', '/'], ['**']]
const COMPARISONS: readonly CompareOperator[] = ['<=', '>=', '<', '>', '!=', '=']
const TESTS = ['<=', '>=', '<', '>'] as const

/** What a rule found at a position: the node (undefined: it does not fit) and where it ends. */
interface Found<T> {
  readonly node: T | undefined
  readonly end: number
}

/**
 * The rules of the grammar. A rule gives undefined where it does not fit and leaves the position where it was; each is
 * tried only once at a position, so the time is linear in the length of the text.
 */
export abstract class OperatorParser {
  readonly scanner: Scanner
  readonly #expressions = new Map<number, Found<Node>>()
  readonly #sums = new Map<number, Found<Node>>()
  #depth = 0

  constructor(source: string) {
    this.scanner = new Scanner(source)
  }

  /** A literal, name, call, list, … with the paths and filters that follow it. */
  protected abstract value(): Node | undefined

  /** The rule, with the position restored where it does not fit. */
  protected attempt<T>(rule: () => T | undefined): T | undefined {
    const start = this.scanner.at
    const found = rule()
    if (found === undefined) this.scanner.at = start
    return found
  }

  /** An expression. */
  expression(): Node | undefined {
    const { scanner } = this
    scanner.skip()
    const start = scanner.at
    const before = this.#expressions.get(start)
    if (before !== undefined) {
      scanner.at = before.end
      return before.node
    }
    if (++this.#depth > MAX_DEPTH)
      throw scanner.error(`the expression is nested deeper than ${MAX_DEPTH} levels`, start)
    const node =
      this.attempt(() => this.#conditional()) ??
      this.attempt(() => this.#loop()) ??
      this.attempt(() => this.#quantified()) ??
      this.#logic('or')
    this.#depth--
    if (node === undefined) scanner.at = start
    this.#expressions.set(start, { node, end: scanner.at })
    return node
  }

  #conditional(): Node | undefined {
    const { scanner } = this
    if (!scanner.take('if')) return undefined
    const condition = this.expression()
    if (condition === undefined || !scanner.take('then')) return undefined
    const consequent = this.expression()
    if (consequent === undefined || !scanner.take('else')) return undefined
    const alternative = this.expression()
    return alternative && { kind: 'if', condition, consequent, alternative }
  }

  #loop(): Node | undefined {
    if (!this.scanner.take('for')) return undefined
    const iterators = this.separated(() => this.#iterator())
    if (iterators === undefined || !this.scanner.take('return')) return undefined
    const body = this.expression()
    return body && { kind: 'for', iterators, body }
  }

  #quantified(): Node | undefined {
    const { scanner } = this
    const quantifier = scanner.take('some') ? 'some' : scanner.take('every') ? 'every' : undefined
    if (quantifier === undefined) return undefined
    const iterators = this.separated(() => this.#iterator())
    if (iterators === undefined || !scanner.take('satisfies')) return undefined
    const body = this.expression()
    return body && { kind: 'quantified', quantifier, iterators, body }
  }

  #iterator(): Iterator | undefined {
    const name = this.scanner.name()
    if (name === undefined || !this.scanner.take('in')) return undefined
    const range = this.attempt((): Iterator | undefined => {
      const from = this.#sum()
      const to = from && this.scanner.take('..') ? this.#sum() : undefined
      return from && to && { name, from, to }
    })
    if (range !== undefined) return range
    const from = this.value()
    return from && { name, from }
  }

  /** One or more, with commas between them. */
  protected separated<T>(rule: () => T | undefined): T[] | undefined {
    const first = this.attempt(rule)
    if (first === undefined) return undefined
    const found = [first]
    for (;;) {
      const next = this.attempt(() => (this.scanner.take(',') ? rule() : undefined))
      if (next === undefined) return found
      found.push(next)
    }
  }

  #logic(operator: 'and' | 'or'): Node | undefined {
    const { scanner } = this
    const first = operator === 'or' ? this.#logic('and') : this.#comparison()
    if (first === undefined) return undefined
    let operands: Node[] | undefined
    for (;;) {
      const start = scanner.at
      const taken = scanner.take(operator)
      const next = taken ? (operator === 'or' ? this.#logic('and') : this.#comparison()) : undefined
      if (next === undefined) {
        scanner.at = start
        return operands === undefined ? first : { kind: 'logic', operator, operands }
      }
      operands ??= [first]
      operands.push(next)
    }
  }

  #comparison(): Node | undefined {
    const left = this.#sum()
    if (left === undefined) return this.#unaryComparison() ?? this.#range()
    return (
      this.attempt(() => this.#binary(left)) ??
      this.attempt(() => this.#between(left)) ??
      this.attempt(() => this.#instance(left)) ??
      this.attempt(() => this.#in(left)) ??
      left
    )
  }

  #binary(left: Node): Node | undefined {
    const operator = COMPARISONS.find((sign) => this.scanner.take(sign))
    const right = operator && this.#sum()
    return right && operator && { kind: 'comparison', operator, left, right }
  }

  #between(operand: Node): Node | undefined {
    if (!this.scanner.take('between')) return undefined
    const low = this.#sum()
    if (low === undefined || !this.scanner.take('and')) return undefined
    const high = this.#sum()
    return high && { kind: 'between', operand, low, high }
  }

  #instance(operand: Node): Node | undefined {
    const { scanner } = this
    if (!scanner.take('instance') || !scanner.take('of')) return undefined
    const type = this.#typeName()
    return type === undefined ? undefined : { kind: 'instance', operand, type }
  }

  #typeName(): string | undefined {
    const { scanner } = this
    for (const type of ['years and months', 'days and time'])
      if (this.attempt(() => (scanner.take(type) && scanner.take('duration')) || undefined)) return `${type} duration`
    if (this.attempt(() => (scanner.takeWord('date') && scanner.take('and') && scanner.take('time')) || undefined))
      return 'date and time'
    if (scanner.take('function')) return 'function'
    const first = scanner.name()
    if (first === undefined) return undefined
    const names = [first]
    for (;;) {
      const next = this.attempt(() => (scanner.take('.') ? scanner.name() : undefined))
      if (next === undefined) return names.join('.')
      names.push(next)
    }
  }

  #in(operand: Node): Node | undefined {
    const { scanner } = this
    if (!scanner.take('in')) return undefined
    const several = this.attempt(() => {
      const tests = scanner.take('(') ? this.positiveTests() : undefined
      return scanner.take(')') ? tests : undefined
    })
    if (several !== undefined) return { kind: 'in', operand, tests: several }
    const single = this.#positiveTest()
    return single && { kind: 'in', operand, tests: [single] }
  }

  /** Unary tests without negation. */
  positiveTests(): Node[] | undefined {
    return this.separated(() => this.#positiveTest())
  }

  #positiveTest(): Node | undefined {
    return this.attempt(() => this.#lastBoolean()) ?? this.#unaryComparison() ?? this.#range() ?? this.expression()
  }

  /** A boolean at the end of the text is a value to compare with; elsewhere it is an expression, and true passes. */
  #lastBoolean(): Node | undefined {
    const { scanner } = this
    const value = scanner.takeWord('true') ? true : scanner.takeWord('false') ? false : undefined
    return value !== undefined && scanner.ended() ? { kind: 'equal', value } : undefined
  }

  #unaryComparison(): Node | undefined {
    return this.attempt((): Node | undefined => {
      const operator = TESTS.find((sign) => this.scanner.take(sign))
      const operand = operator && this.#sum()
      return operand && operator && { kind: 'test', operator, operand }
    })
  }

  /** A range: `[1..2]`, `(1..2)`, `]1..2[`. */
  #range(): Node | undefined {
    const { scanner } = this
    return this.attempt((): Node | undefined => {
      const startIncluded = scanner.take('[')
      if (!startIncluded && !scanner.take('(') && !scanner.take(']')) return undefined
      const start = this.#sum()
      if (start === undefined || !scanner.take('..')) return undefined
      const end = this.#sum()
      if (end === undefined) return undefined
      const endIncluded = scanner.take(']')
      if (!endIncluded && !scanner.take(')') && !scanner.take('[')) return undefined
      return { kind: 'range', start, end, startIncluded, endIncluded }
    })
  }

  /** Sums of products of powers. */
  #sum(): Node | undefined {
    const { scanner } = this
    scanner.skip()
    const start = scanner.at
    const before = this.#sums.get(start)
    if (before !== undefined) {
      scanner.at = before.end
      return before.node
    }
    const node = this.#chain(0)
    this.#sums.set(start, { node, end: scanner.at })
    return node
  }

  /** A chain of the operators of a level, which binds less than the next. */
  #chain(level: number): Node | undefined {
    const { scanner } = this
    const operators = OPERATORS[level]
    if (operators === undefined) return this.#signed()
    const first = this.#chain(level + 1)
    if (first === undefined) return undefined
    let rest: { operator: ArithmeticOperator; operand: Node }[] | undefined
    for (;;) {
      const start = scanner.at
      const operator = operators.find((sign) => scanner.take(sign))
      const operand = operator && this.#chain(level + 1)
      if (operator === undefined || operand === undefined) {
        scanner.at = start
        return rest === undefined ? first : { kind: 'arithmetic', first, rest }
      }
      rest ??= []
      rest.push({ operator, operand })
    }
  }

  #signed(): Node | undefined {
    const { scanner } = this
    const start = scanner.at
    if (!scanner.take('-')) return this.value()
    const operand = this.value()
    if (operand === undefined) scanner.at = start
    return operand && { kind: 'negation', operand }
  }
}
