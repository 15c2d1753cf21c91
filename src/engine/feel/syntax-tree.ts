/** The abstract syntax tree of FEEL. */
import type { FeelValue } from './values.ts'

/** Operators of comparison; `=` and `!=` are equality. */
export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>='
/** Operators of arithmetic. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '**'

/** One bound variable of `for`, `some`, `every`; with `to` a range of numbers. */
export interface Iterator {
  readonly name: string
  readonly from: Node
  readonly to?: Node
}

/** Arguments of a call: by position, or by name. */
export type Arguments =
  | { readonly kind: 'positional'; readonly values: readonly Node[] }
  | { readonly kind: 'named'; readonly values: readonly { readonly name: string; readonly value: Node }[] }

/** What is done to the value so far in a chain of arithmetic. */
export interface Operation {
  readonly operator: ArithmeticOperator
  readonly operand: Node
}

/** A node of the tree. Chains of operators are one node, however long. */
export type Node =
  | { readonly kind: 'literal'; readonly value: FeelValue }
  | { readonly kind: 'input' }
  /** In a unary test: a value that the input must equal, though it is a boolean. */
  | { readonly kind: 'equal'; readonly value: boolean }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'path'; readonly target: Node; readonly name: string }
  | { readonly kind: 'filter'; readonly target: Node; readonly predicate: Node }
  | { readonly kind: 'call'; readonly target: Node | null; readonly name: string; readonly arguments: Arguments }
  | { readonly kind: 'arithmetic'; readonly first: Node; readonly rest: readonly Operation[] }
  | { readonly kind: 'negation'; readonly operand: Node }
  | { readonly kind: 'comparison'; readonly operator: CompareOperator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'between'; readonly operand: Node; readonly low: Node; readonly high: Node }
  | { readonly kind: 'in'; readonly operand: Node; readonly tests: readonly Node[] }
  | { readonly kind: 'instance'; readonly operand: Node; readonly type: string }
  | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly operands: readonly Node[] }
  | { readonly kind: 'if'; readonly condition: Node; readonly consequent: Node; readonly alternative: Node }
  | { readonly kind: 'for'; readonly iterators: readonly Iterator[]; readonly body: Node }
  | {
      readonly kind: 'quantified'
      readonly quantifier: 'some' | 'every'
      readonly iterators: readonly Iterator[]
      readonly body: Node
    }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'context'; readonly entries: readonly { readonly key: string; readonly value: Node }[] }
  | { readonly kind: 'function'; readonly parameters: readonly string[]; readonly body: Node }
  | {
      readonly kind: 'range'
      readonly start: Node
      readonly end: Node
      readonly startIncluded: boolean
      readonly endIncluded: boolean
    }
  | { readonly kind: 'test'; readonly operator: Exclude<CompareOperator, '=' | '!='>; readonly operand: Node }

/** Unary tests of a decision table's cell. */
export interface UnaryTests {
  /** `-`: everything passes. */
  readonly any: boolean
  readonly negated: boolean
  readonly tests: readonly Node[]
}

/** The direct children of a node. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal':
    case 'equal':
    case 'input':
    case 'variable':
      return []
    case 'path':
      return [node.target]
    case 'filter':
      return [node.target, node.predicate]
    case 'call': {
      const values = node.arguments.kind === 'named' ? node.arguments.values.map((a) => a.value) : node.arguments.values
      return node.target === null ? values : [node.target, ...values]
    }
    case 'arithmetic':
      return [node.first, ...node.rest.map((operation) => operation.operand)]
    case 'logic':
      return node.operands
    case 'comparison':
      return [node.left, node.right]
    case 'negation':
    case 'instance':
    case 'test':
      return [node.operand]
    case 'between':
      return [node.operand, node.low, node.high]
    case 'in':
      return [node.operand, ...node.tests]
    case 'if':
      return [node.condition, node.consequent, node.alternative]
    case 'for':
    case 'quantified':
      return [...node.iterators.flatMap((i) => (i.to === undefined ? [i.from] : [i.from, i.to])), node.body]
    case 'list':
      return node.items
    case 'context':
      return node.entries.map((entry) => entry.value)
    case 'function':
      return [node.body]
    case 'range':
      return [node.start, node.end]
  }
}

/** True if the node or one within it is as wanted. */
export const contains = (node: Node, wanted: (node: Node) => boolean): boolean =>
  wanted(node) || children(node).some((child) => contains(child, wanted))
