/** The grammar of values: literals, names, calls, lists, contexts, functions, with paths and filters. */
import { OperatorParser } from './parse-operators.ts'
import type { Arguments, Node } from './syntax-tree.ts'
import { parseTemporal } from './temporal-text.ts'

/** Names of functions that hold words which are reserved elsewhere. */
const SPECIAL_FUNCTIONS = ['get or else', 'date and time', 'years and months duration', 'or', 'and']
const MAX_SUFFIXES = 200

/** The whole grammar. */
export class ValueParser extends OperatorParser {
  protected override value(): Node | undefined {
    const { scanner } = this
    let node = this.#plain()
    if (node === undefined) return undefined
    for (let count = 0; ; count++) {
      const start = scanner.at
      const next: Node | undefined = scanner.take('.')
        ? this.#path(node)
        : scanner.take('[')
          ? this.#filter(node)
          : undefined
      if (next === undefined) {
        scanner.at = start
        return node
      }
      if (count === MAX_SUFFIXES) throw scanner.error(`more than ${MAX_SUFFIXES} paths and filters in a row`, start)
      node = next
    }
  }

  #path(target: Node): Node | undefined {
    const name = this.#property()
    return name === undefined ? undefined : { kind: 'path', target, name }
  }

  /** A name; `time offset` is the only one with a blank. */
  #property(): string | undefined {
    return this.scanner.take('time offset') ? 'time offset' : this.scanner.name()
  }

  #filter(target: Node): Node | undefined {
    const predicate = this.expression()
    return predicate && this.scanner.take(']') ? { kind: 'filter', target, predicate } : undefined
  }

  #plain(): Node | undefined {
    const { scanner } = this
    switch (scanner.peek()) {
      case '"': {
        const value = scanner.string()
        return value === undefined ? undefined : { kind: 'literal', value }
      }
      case '@':
        return this.attempt(() => this.#temporal())
      case '[':
        return this.attempt(() => this.#list())
      case '{':
        return this.attempt(() => this.#context())
      case '(':
        return this.attempt(() => this.#parenthesized())
      case '?':
        scanner.take('?')
        return { kind: 'input' }
      default: {
        const value = scanner.number()
        return value === undefined ? this.#named() : { kind: 'literal', value }
      }
    }
  }

  /** `@"2026-05-01"`; a text that is no temporal value is null. */
  #temporal(): Node | undefined {
    this.scanner.take('@')
    const text = this.scanner.string()
    return text === undefined ? undefined : { kind: 'literal', value: parseTemporal(text) }
  }

  #list(): Node | undefined {
    const { scanner } = this
    scanner.take('[')
    const items = this.separated(() => this.expression()) ?? []
    return scanner.take(']') ? { kind: 'list', items } : undefined
  }

  #context(): Node | undefined {
    const { scanner } = this
    scanner.take('{')
    const entries = this.separated(() => {
      const key = scanner.key()
      if (key === undefined || !scanner.take(':')) return undefined
      const value = this.expression()
      return value && { key, value }
    })
    return scanner.take('}') ? { kind: 'context', entries: entries ?? [] } : undefined
  }

  #parenthesized(): Node | undefined {
    this.scanner.take('(')
    const inner = this.expression()
    return this.scanner.take(')') ? inner : undefined
  }

  /** What begins with a word: literals, functions, calls, variables. */
  #named(): Node | undefined {
    const { scanner } = this
    if (scanner.takeWord('null')) return { kind: 'literal', value: null }
    if (scanner.takeWord('true')) return { kind: 'literal', value: true }
    if (scanner.takeWord('false')) return { kind: 'literal', value: false }
    const found =
      this.attempt(() => this.#function()) ?? this.attempt(() => this.#call()) ?? this.attempt(() => this.#memberCall())
    if (found !== undefined) return found
    const name = this.#property()
    return name === undefined ? undefined : { kind: 'variable', name }
  }

  #function(): Node | undefined {
    const { scanner } = this
    if (!scanner.take('function') || !scanner.take('(')) return undefined
    const parameters = this.separated(() => scanner.spacedName()) ?? []
    if (!scanner.take(')')) return undefined
    const body = this.expression()
    return body && { kind: 'function', parameters, body }
  }

  #call(): Node | undefined {
    const { scanner } = this
    for (const name of SPECIAL_FUNCTIONS) {
      const found = this.attempt(() => (scanner.take(name) ? this.#arguments() : undefined))
      if (found !== undefined) return { kind: 'call', target: null, name, arguments: found }
    }
    const quoted = scanner.peek() === '`'
    const name = scanner.spacedName()
    // A word that begins with "or" or "and" is not called: Camunda takes it for those functions.
    const args = name === undefined || (!quoted && /^(or|and)[^ ]*$/.test(name)) ? undefined : this.#arguments()
    return name === undefined || args === undefined ? undefined : { kind: 'call', target: null, name, arguments: args }
  }

  /** `a.b.c(…)`: the function `c` of `a.b`. */
  #memberCall(): Node | undefined {
    const { scanner } = this
    const first = this.#property()
    if (first === undefined) return undefined
    let target: Node = { kind: 'variable', name: first }
    let member: string | undefined
    while (scanner.take('.')) {
      const name = this.#property()
      if (name === undefined) return undefined
      if (member !== undefined) target = { kind: 'path', target, name: member }
      member = name
    }
    const args = member === undefined ? undefined : this.#arguments()
    return member === undefined || args === undefined
      ? undefined
      : { kind: 'call', target, name: member, arguments: args }
  }

  #arguments(): Arguments | undefined {
    const { scanner } = this
    if (!scanner.take('(')) return undefined
    if (scanner.take(')')) return { kind: 'positional', values: [] }
    return (
      this.attempt((): Arguments | undefined => {
        const values = this.separated(() => {
          const name = scanner.spacedName()
          if (name === undefined || !scanner.take(':')) return undefined
          const value = this.expression()
          return value && { name, value }
        })
        return values && scanner.take(')') ? { kind: 'named', values } : undefined
      }) ??
      this.attempt((): Arguments | undefined => {
        const values = this.separated(() => this.expression())
        return values && scanner.take(')') ? { kind: 'positional', values } : undefined
      })
    )
  }
}
