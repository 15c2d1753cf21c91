import type { parser } from 'lezer-feel'
import { FeelSyntaxError } from './errors.ts'

/** A node of the grammar's tree; it knows where it stands in the source, not what is written there. */
export type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** The grammar's tree together with its source text. */
export class SourceTree {
  readonly #source: string
  constructor(source: string) {
    this.#source = source
  }

  /** The text of a node as written. */
  text(node: SyntaxNode): string {
    return this.#source.slice(node.from, node.to)
  }

  /** The refusal of a node: `reason`, or that its text was not expected there. */
  error(node: SyntaxNode, reason?: string): FeelSyntaxError {
    const found = this.#source.slice(node.from, node.from + 10)
    const problem = found === '' ? 'the expression ends too early' : `unexpected ${JSON.stringify(found)}`
    return new FeelSyntaxError(this.#source, node.from, reason ?? problem)
  }

  /** The children of a node without comments. */
  parts(node: SyntaxNode): SyntaxNode[] {
    const parts: SyntaxNode[] = []
    for (let child = node.firstChild; child !== null; child = child.nextSibling)
      if (child.name !== 'LineComment' && child.name !== 'BlockComment') parts.push(child)
    return parts
  }

  /** A name; blanks inside it become one each. */
  name(node: SyntaxNode): string {
    const text = this.text(node).trim()
    return text.startsWith('`') ? text.slice(1, -1) : text.replace(/\s+/g, ' ')
  }

  /** The one child of a node. @throws FeelSyntaxError when it has none or several */
  only(node: SyntaxNode): SyntaxNode {
    const [inner, ...rest] = this.parts(node)
    if (inner === undefined || rest.length > 0) throw this.error(rest[0] ?? node)
    return inner
  }
}
