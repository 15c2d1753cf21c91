/** Which variables an expression reads. */
import { children, type Node } from './syntax-tree.ts'

/** Names that the node reads from outside itself, in order of first use. A called name counts only if it is a variable. */
export function freeVariables(node: Node): string[] {
  const found = new Set<string>()
  visit(node, new Set(), found)
  return [...found]
}

function visit(node: Node, bound: ReadonlySet<string>, found: Set<string>): void {
  switch (node.kind) {
    case 'variable':
      if (!bound.has(node.name)) found.add(node.name)
      return
    case 'for':
    case 'quantified': {
      for (const { from, to } of node.iterators) {
        visit(from, bound, found)
        if (to !== undefined) visit(to, bound, found)
      }
      visit(node.body, new Set([...bound, ...node.iterators.map((i) => i.name), 'partial']), found)
      return
    }
    case 'function':
      visit(node.body, new Set([...bound, ...node.parameters]), found)
      return
    case 'context': {
      const inner = new Set(bound)
      for (const { key, value } of node.entries) {
        visit(value, inner, found)
        inner.add(key)
      }
      return
    }
    case 'filter':
      visit(node.target, bound, found)
      visit(node.predicate, new Set([...bound, 'item']), found)
      return
    default:
      for (const child of children(node)) visit(child, bound, found)
  }
}
