import { type Expression, FeelSyntaxError, readExpression, readFeel } from './expression.ts'
import { text, type XmlElement } from './moddle.ts'

/** Raised when a diagram cannot be executed; every problem as `elementId: reason`. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** Collects what is wrong with a diagram, so that one deployment tells everything. */
export class Report {
  readonly problems: string[] = []

  /** Notes a problem of an element. */
  add(element: XmlElement, reason: string): void {
    this.problems.push(`${element.id ?? element.$type}: ${reason}`)
  }

  /** An attribute that may be absent, as expression. */
  optional(owner: XmlElement, element: XmlElement | undefined, property: string): Expression | undefined {
    const source = text(element, property)
    return source === undefined ? undefined : this.expression(owner, source)
  }

  /** An attribute that must be there, as expression. */
  required(owner: XmlElement, element: XmlElement | undefined, property: string): Expression {
    const source = text(element, property)
    if (source !== undefined) return this.expression(owner, source)
    this.add(owner, `attribute '${property}' of ${element?.$type ?? 'the element'} must be present and not empty`)
    return { kind: 'static', source: '' }
  }

  /** Text as expression, with or without `=`. */
  expression(owner: XmlElement, source: string): Expression {
    return this.#read(owner, source, readExpression)
  }

  /** Text that is FEEL even without `=`. */
  feel(owner: XmlElement, source: string): Expression {
    return this.#read(owner, source, readFeel)
  }

  #read(owner: XmlElement, source: string, read: (source: string) => Expression): Expression {
    try {
      return read(source)
    } catch (error) {
      if (!(error instanceof FeelSyntaxError)) throw error
      this.add(owner, error.message)
      return { kind: 'static', source }
    }
  }
}
