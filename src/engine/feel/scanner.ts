/** The lexical side of FEEL: blanks and comments, words, names, literals. Scannerless: the parser asks for what it expects. */

import { Decimal } from './decimal.ts'
import { FeelSyntaxError } from './errors.ts'

/** Words of the grammar that cannot be names outside backticks. The others (`if`, `for`, `some`, …) can. */
const RESERVED = new Set('null true false function in return then else satisfies and or'.split(' '))

/** Java's blanks and the invisible characters that Camunda passes over between the parts of an expression. */
const BLANK = /[\t-\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]/
const NAME_START = /[\p{L}\p{Nl}\p{Sc}\p{Pc}]/u
const NAME_PART = /[\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}\p{Cf}]/u
/** What a key of a context may consist of besides blanks. */
const KEY_PART = /[^\s",:[\]{}`\u0085\u180e\u200b\ufeff]/

// Most texts are ASCII: one table lookup decides there.
const ASCII = 128
const table = (pattern: RegExp): readonly boolean[] =>
  Array.from({ length: ASCII }, (_, code) => pattern.test(String.fromCharCode(code)))
const [blanks, nameStarts, nameParts] = [table(BLANK), table(NAME_START), table(NAME_PART)]

const isIn = (known: readonly boolean[], pattern: RegExp, code: number): boolean =>
  code < ASCII ? known[code] === true : code >= ASCII && pattern.test(String.fromCharCode(code))
const isDigit = (code: number): boolean => code >= 48 && code <= 57

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  "'": "'",
  '\\': '\\',
}

/** A source text with a position. Every reading method passes over blanks, and moves on only if it finds what it looks for. */
export class Scanner {
  readonly source: string
  /** Where the next part begins. */
  at = 0
  /** The greatest position at which something else was expected. */
  farthest = 0

  constructor(source: string) {
    this.source = source
  }

  /** The refusal of the text: `reason`, or that what stands at the farthest position was not expected. */
  error(reason?: string, position = this.farthest): FeelSyntaxError {
    const found = this.source.slice(position, position + 10)
    const problem = found === '' ? 'the expression ends too early' : `unexpected ${JSON.stringify(found)}`
    return new FeelSyntaxError(this.source, position, reason ?? problem)
  }

  /** Notes that the expected was not found here. */
  miss(): false {
    if (this.at > this.farthest) this.farthest = this.at
    return false
  }

  /** Passes over blanks and comments. @throws FeelSyntaxError for a comment that does not end */
  skip(): void {
    const { source } = this
    for (;;) {
      while (isIn(blanks, BLANK, source.charCodeAt(this.at))) this.at++
      if (source.charCodeAt(this.at) !== 47) return
      const next = source.charCodeAt(this.at + 1)
      if (next === 47) {
        const end = source.indexOf('\n', this.at)
        this.at = end < 0 ? source.length : end
      } else if (next === 42) {
        const end = source.indexOf('*/', this.at + 2)
        if (end < 0) throw this.error('the comment does not end', this.at)
        this.at = end + 2
      } else return
    }
  }

  /** True at the end of the text. */
  ended(): boolean {
    this.skip()
    return this.at >= this.source.length || this.miss()
  }

  /** The next character without moving; empty at the end. */
  peek(): string {
    this.skip()
    return this.source[this.at] ?? ''
  }

  /** Reads a sign or a word of the grammar. As in Camunda, no blank is needed after a word (`if(x)then 1else 2`). */
  take(text: string): boolean {
    this.skip()
    if (!this.source.startsWith(text, this.at)) return this.miss()
    this.at += text.length
    return true
  }

  /** Reads a word that must not go on as a name (`null`, not `nullable`). */
  takeWord(word: string): boolean {
    this.skip()
    const end = this.at + word.length
    if (!this.source.startsWith(word, this.at) || this.#isPart(end)) return this.miss()
    this.at = end
    return true
  }

  #isPart(position: number): boolean {
    return isIn(nameParts, NAME_PART, this.source.charCodeAt(position))
  }

  /** A plain name at the position, without blanks before it; undefined if there is none or the word is reserved. */
  #word(): string | undefined {
    const { source } = this
    const start = this.at
    if (!isIn(nameStarts, NAME_START, source.charCodeAt(start))) return undefined
    let end = start + 1
    while (this.#isPart(end)) end++
    const word = source.slice(start, end)
    if (RESERVED.has(word)) return undefined
    this.at = end
    return word
  }

  #quotedName(): string | undefined {
    if (this.source.charCodeAt(this.at) !== 96) return undefined
    const end = this.source.indexOf('`', this.at + 1)
    if (end <= this.at + 1) return undefined
    const name = this.source.slice(this.at + 1, end)
    this.at = end + 1
    return name
  }

  /** A name, plain or in backticks. */
  name(): string | undefined {
    this.skip()
    const name = this.#word() ?? this.#quotedName()
    if (name === undefined) this.miss()
    return name
  }

  /** A name that may have blanks inside, as functions and parameters have. */
  spacedName(): string | undefined {
    this.skip()
    const quoted = this.#quotedName()
    if (quoted !== undefined) return quoted
    const start = this.at
    if (this.#word() === undefined) {
      this.miss()
      return undefined
    }
    let end = this.at
    for (;;) {
      while (this.source.charCodeAt(this.at) === 32) this.at++
      if (this.at === end || this.#word() === undefined) break
      end = this.at
    }
    this.at = end
    return this.source.slice(start, end)
  }

  /** The key of a context entry: a string or a name, freer than elsewhere. */
  key(): string | undefined {
    this.skip()
    if (this.source.charCodeAt(this.at) === 34) return this.#rawString()
    const quoted = this.#quotedName()
    if (quoted !== undefined) return quoted
    const start = this.at
    let end = start
    for (;;) {
      while (this.at < this.source.length && KEY_PART.test(this.source.charAt(this.at))) this.at++
      if (this.at > end) end = this.at
      if (this.source.charCodeAt(this.at) !== 32 || end === start) break
      while (this.source.charCodeAt(this.at) === 32) this.at++
      if (!KEY_PART.test(this.source.charAt(this.at))) break
    }
    this.at = end
    if (end > start) return this.source.slice(start, end)
    this.miss()
    return undefined
  }

  /** A number: digits with a decimal point, no exponent; a sign directly before it belongs to it. */
  number(): Decimal | undefined {
    this.skip()
    const { source } = this
    const start = source.charCodeAt(this.at) === 45 ? this.at + 1 : this.at
    let end = start
    while (isDigit(source.charCodeAt(end))) end++
    if (source.charCodeAt(end) === 46 && isDigit(source.charCodeAt(end + 1))) {
      end++
      while (isDigit(source.charCodeAt(end))) end++
    }
    if (end === start) {
      this.miss()
      return undefined
    }
    const text = source.slice(this.at, end)
    this.at = end
    return Decimal.parse(text)
  }

  /** A string with its escapes resolved; an unknown one stays as written, so that `"\d"` is a regular expression. */
  string(): string | undefined {
    this.skip()
    const raw = this.#rawString()
    if (raw === undefined || !raw.includes('\\')) return raw
    return raw.replace(/\\(.)/gs, (whole, next: string) => ESCAPES[next] ?? whole)
  }

  /** The text between the quotes as written. */
  #rawString(): string | undefined {
    const { source } = this
    if (source.charCodeAt(this.at) !== 34) {
      this.miss()
      return undefined
    }
    let end = this.at + 1
    while (end < source.length && source.charCodeAt(end) !== 34) end += source.charCodeAt(end) === 92 ? 2 : 1
    if (end >= source.length) {
      this.miss()
      return undefined
    }
    const text = source.slice(this.at + 1, end)
    this.at = end + 1
    return text
  }
}
