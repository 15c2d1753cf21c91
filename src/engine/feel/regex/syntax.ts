/** Regular expressions as Java writes them: text → tree. */
import { classNamed, DIGIT, HORIZONTAL, LINE_END, not, SPACE, VERTICAL, WORD } from './classes.ts'

/** Whether a code point belongs to a class. */
export type Class = (code: number) => boolean

/** A node of an expression. */
export type Regex =
  | { readonly kind: 'class'; readonly test: Class; readonly only?: number }
  | { readonly kind: 'sequence'; readonly items: readonly Regex[] }
  | { readonly kind: 'choice'; readonly options: readonly Regex[] }
  | { readonly kind: 'repeat'; readonly item: Regex; readonly min: number; readonly max: number; readonly mode: Mode }
  | { readonly kind: 'group'; readonly item: Regex; readonly index: number }
  | { readonly kind: 'look'; readonly item: Regex; readonly behind: boolean; readonly negative: boolean }
  | { readonly kind: 'atomic'; readonly item: Regex }
  | { readonly kind: 'at'; readonly test: (text: string, position: number) => boolean }
  | { readonly kind: 'reference'; readonly index: number; readonly ignoreCase: boolean }

/** How a repetition gives back what it took. */
export type Mode = 'greedy' | 'lazy' | 'possessive'

/** Raised where a text is no expression. */
export class RegexError extends Error {}

const MAX_REPEAT = 1000
const MAX_DEPTH = 200

interface Flags {
  readonly i: boolean
  readonly s: boolean
  readonly m: boolean
  readonly x: boolean
}

const isLineEnd = (text: string, at: number): boolean => LINE_END(text.charCodeAt(at))
const isWordAt = (text: string, at: number): boolean => WORD(text.charCodeAt(at))
const atBoundary = (text: string, at: number): boolean => isWordAt(text, at - 1) !== isWordAt(text, at)
/** The end, or what is before a last line end. */
const atLastEnd = (text: string, at: number): boolean =>
  at === text.length ||
  (at === text.length - 1 && isLineEnd(text, at) && !(text[at] === '\n' && text[at - 1] === '\r')) ||
  (at === text.length - 2 && text.startsWith('\r\n', at))

const fold = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code)

/** Reads an expression. */
export class RegexParser {
  readonly #source: string
  #at = 0
  #depth = 0
  #groups = 0
  readonly #names = new Map<string, number>()

  constructor(source: string) {
    this.#source = source
  }

  /** Reads the whole text. @throws RegexError */
  parse(flags: string): { tree: Regex; groups: number; names: ReadonlyMap<string, number> } {
    const set = (flag: string): boolean => flags.includes(flag)
    const tree = this.#choice({ i: set('i'), s: set('s'), m: set('m'), x: set('x') })
    if (this.#at < this.#source.length) throw new RegexError('unmatched )')
    return { tree, groups: this.#groups, names: this.#names }
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #choice(flags: Flags): Regex {
    if (++this.#depth > MAX_DEPTH) throw new RegexError('too deep')
    const options: Regex[] = []
    let current = flags
    for (;;) {
      const items: Regex[] = []
      current = this.#sequence(items, current)
      options.push(items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'sequence', items })
      if (!this.#take('|')) break
    }
    this.#depth--
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options }
  }

  /** Reads items up to `|`, `)` or the end; gives the flags that hold then. */
  #sequence(items: Regex[], outer: Flags): Flags {
    let flags = outer
    for (;;) {
      if (flags.x) this.#skipComments()
      const next = this.#source[this.#at]
      if (next === undefined || next === '|' || next === ')') return flags
      const changed = this.#flagChange(flags)
      if (changed !== undefined) {
        flags = changed
        continue
      }
      if (this.#take('\\Q')) {
        const end = this.#source.indexOf('\\E', this.#at)
        const quoted = this.#source.slice(this.#at, end < 0 ? undefined : end)
        this.#at = end < 0 ? this.#source.length : end + 2
        const characters = [...quoted].map((character) => this.#character(character.codePointAt(0) ?? 0, flags))
        const last = characters.pop()
        items.push(...characters)
        if (last !== undefined) items.push(this.#repeated(last, flags))
        continue
      }
      items.push(this.#repeated(this.#atom(flags), flags))
    }
  }

  #skipComments(): void {
    for (;;) {
      const next = this.#source[this.#at]
      if (next !== undefined && /[ \t\n\v\f\r]/.test(next)) this.#at++
      else if (next === '#') {
        while (this.#at < this.#source.length && !isLineEnd(this.#source, this.#at)) this.#at++
      } else return
    }
  }

  /** `(?i)`: flags from here to the end of the group. */
  #flagChange(flags: Flags): Flags | undefined {
    const match = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?\)/.exec(this.#source.slice(this.#at, this.#at + 40))
    if (match === null) return undefined
    this.#at += match[0].length
    return changedFlags(flags, match[1] ?? '', match[2] ?? '')
  }

  #repeated(item: Regex, flags: Flags): Regex {
    let result = item
    for (;;) {
      if (flags.x) this.#skipComments()
      const bounds = this.#bounds()
      if (bounds === undefined) return result
      const mode = this.#take('?') ? 'lazy' : this.#take('+') ? 'possessive' : 'greedy'
      result = { kind: 'repeat', item: result, ...bounds, mode }
      // A second quantifier is an error, except after a possessive or lazy form's own sign.
      if (/[*+?]/.test(this.#source[this.#at] ?? '')) throw new RegexError('dangling quantifier')
    }
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { min: 0, max: 1 }
    if (this.#source[this.#at] !== '{') return undefined
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.#source.slice(this.#at, this.#at + 30))
    if (match === null) throw new RegexError('illegal repetition')
    this.#at += match[0].length
    const min = Number(match[1])
    const max = match[2] === undefined ? min : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])
    if (max < min) throw new RegexError('illegal repetition range')
    if (min > MAX_REPEAT || (Number.isFinite(max) && max > MAX_REPEAT)) throw new RegexError('repetition too large')
    return { min, max }
  }

  #character(code: number, flags: Flags): Regex {
    if (!flags.i || fold(code) > 122 || fold(code) < 97)
      return { kind: 'class', test: (other) => other === code, only: code }
    const folded = fold(code)
    return { kind: 'class', test: (other) => fold(other) === folded }
  }

  #atom(flags: Flags): Regex {
    const code = this.#source.codePointAt(this.#at) ?? 0
    const sign = String.fromCodePoint(code)
    switch (sign) {
      case '(':
        return this.#group(flags)
      case '[':
        this.#at++
        return { kind: 'class', test: this.#bracket(flags) }
      case '.': {
        this.#at++
        return { kind: 'class', test: flags.s ? () => true : not(LINE_END) }
      }
      case '^':
        this.#at++
        return { kind: 'at', test: flags.m ? atLineStart : (_, at) => at === 0 }
      case '$':
        this.#at++
        return { kind: 'at', test: flags.m ? atLineEnd : atLastEnd }
      case '*':
      case '+':
      case '?':
        throw new RegexError(`dangling ${sign}`)
      case '{':
        throw new RegexError('illegal repetition')
      case '\\':
        return this.#escape(flags)
      default:
        this.#at += sign.length
        return this.#character(code, flags)
    }
  }

  #group(flags: Flags): Regex {
    const { index, kind, inner } = this.#opening(flags)
    const item = this.#choice(inner)
    if (!this.#take(')')) throw new RegexError('unclosed group')
    if (kind === 'group') return { kind, item, index }
    if (kind === 'plain') return { kind: 'sequence', items: [item] }
    if (kind === 'atomic') return { kind, item }
    return { kind: 'look', item, behind: kind.includes('behind'), negative: kind.includes('not') }
  }

  #opening(flags: Flags): { kind: Opening; index: number; inner: Flags } {
    for (const [text, kind] of OPENINGS) if (this.#take(text)) return { kind, index: 0, inner: flags }
    const named = /^\(\?<([a-zA-Z][a-zA-Z0-9]*)>/.exec(this.#source.slice(this.#at))
    if (named !== null) {
      this.#at += named[0].length
      const name = named[1] ?? ''
      if (this.#names.has(name)) throw new RegexError('a name of a group is used twice')
      this.#names.set(name, ++this.#groups)
      return { kind: 'group', index: this.#groups, inner: flags }
    }
    const changed = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?:/.exec(this.#source.slice(this.#at, this.#at + 40))
    if (changed !== null) {
      this.#at += changed[0].length
      return { kind: 'plain', index: 0, inner: changedFlags(flags, changed[1] ?? '', changed[2] ?? '') }
    }
    if (this.#source.startsWith('(?', this.#at)) throw new RegexError('unknown group')
    this.#at++
    return { kind: 'group', index: ++this.#groups, inner: flags }
  }

  #escape(flags: Flags): Regex {
    const letter = this.#source[this.#at + 1]
    const at = (test: (text: string, position: number) => boolean): Regex => {
      this.#at += 2
      return { kind: 'at', test }
    }
    switch (letter) {
      case 'A':
        return at((_, position) => position === 0)
      case 'z':
        return at((text, position) => position === text.length)
      case 'Z':
        return at(atLastEnd)
      case 'b':
        return at(atBoundary)
      case 'B':
        return at((text, position) => !atBoundary(text, position))
      case 'R':
        this.#at += 2
        return { kind: 'choice', options: [sequenceOf('\r\n'), { kind: 'class', test: VERTICAL }] }
      case 'k': {
        const match = /^\\k<([a-zA-Z][a-zA-Z0-9]*)>/.exec(this.#source.slice(this.#at))
        const index = match === null ? undefined : this.#names.get(match[1] ?? '')
        if (match === null || index === undefined) throw new RegexError('unknown name of a group')
        this.#at += match[0].length
        return { kind: 'reference', index, ignoreCase: flags.i }
      }
    }
    if (letter !== undefined && letter >= '1' && letter <= '9') return this.#reference(flags)
    const set = this.#classEscape()
    if (set !== undefined) return { kind: 'class', test: set }
    return this.#character(this.#codeEscape(), flags)
  }

  #reference(flags: Flags): Regex {
    this.#at++
    let index = Number(this.#source[this.#at++])
    // Further digits belong to it while there are as many groups.
    while (/\d/.test(this.#source[this.#at] ?? '') && index * 10 + Number(this.#source[this.#at]) <= this.#groups)
      index = index * 10 + Number(this.#source[this.#at++])
    return { kind: 'reference', index, ignoreCase: flags.i }
  }

  /** `\d`, `\p{L}`; undefined if no class is escaped here. */
  #classEscape(): Class | undefined {
    const letter = this.#source[this.#at + 1]
    const simple = letter === undefined ? undefined : SIMPLE[letter.toLowerCase()]
    if (simple !== undefined && letter !== undefined) {
      this.#at += 2
      return letter === letter.toLowerCase() ? simple : not(simple)
    }
    if (letter !== 'p' && letter !== 'P') return undefined
    const match = /^\\[pP](?:\{([^}]*)\}|(.))/s.exec(this.#source.slice(this.#at))
    if (match === null) throw new RegexError('unknown class')
    const found = classNamed(match[1] ?? match[2] ?? '')
    if (found === undefined) throw new RegexError('unknown class')
    this.#at += match[0].length
    return letter === 'p' ? found : not(found)
  }

  /** A character written as an escape. */
  #codeEscape(): number {
    const rest = this.#source.slice(this.#at)
    const match =
      /^\\(?:x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|0([0-3]?[0-7]{1,2})|c(.)|([tnrfae])|([^a-zA-Z0-9]))/su.exec(
        rest,
      )
    if (match === null) throw new RegexError('unknown escape')
    this.#at += match[0].length
    const [, two, any, four, octal, control, named, other] = match
    const digits = two ?? any ?? four
    if (digits !== undefined) {
      const code = Number.parseInt(digits, 16)
      if (code > 0x10ffff) throw new RegexError('there is no such character')
      return code
    }
    if (octal !== undefined) return Number.parseInt(octal, 8)
    if (control !== undefined) return (control.codePointAt(0) ?? 0) ^ 64
    if (named !== undefined) return NAMED[named] ?? 0
    return other?.codePointAt(0) ?? 0
  }

  /** What stands between brackets; the opening one has been read. */
  #bracket(flags: Flags): Class {
    if (++this.#depth > MAX_DEPTH) throw new RegexError('too deep')
    const negative = this.#take('^')
    let all: Class | undefined
    let parts: Class[] = []
    let first = true
    const union = (): Class | undefined => (parts.length === 0 ? undefined : anyOf(parts))
    for (;;) {
      if (flags.x) this.#skipComments()
      const next = this.#source[this.#at]
      if (next === undefined) throw new RegexError('unclosed class')
      if (next === ']' && !first) break
      first = false
      if (next === '[') {
        this.#at++
        parts.push(this.#bracket(flags))
      } else if (this.#take('&&')) {
        while (this.#take('&')) {}
        const left = union()
        all = all === undefined ? left : left === undefined ? all : both(all, left)
        parts = []
        first = this.#source[this.#at] === ']' ? false : first
      } else if (this.#take('\\Q')) {
        const end = this.#source.indexOf('\\E', this.#at)
        if (end < 0) throw new RegexError('unclosed class')
        for (const character of this.#source.slice(this.#at, end))
          parts.push(only(character.codePointAt(0) ?? 0, flags))
        this.#at = end + 2
      } else parts.push(this.#bracketItem(flags))
    }
    this.#at++
    this.#depth--
    const last = union()
    const result = all === undefined ? last : last === undefined ? all : both(all, last)
    if (result === undefined) throw new RegexError('empty class')
    return negative ? not(result) : result
  }

  #bracketItem(flags: Flags): Class {
    if (this.#source[this.#at] === '\\') {
      const set = this.#classEscape()
      if (set !== undefined) return set
    }
    const from = this.#bracketCharacter()
    const next = this.#source[this.#at + 1]
    if (this.#source[this.#at] !== '-' || next === undefined || next === ']' || next === '[') return only(from, flags)
    this.#at++
    const to = this.#bracketCharacter()
    if (to < from) throw new RegexError('illegal range')
    if (!flags.i) return (code) => code >= from && code <= to
    return (code) =>
      (code >= from && code <= to) ||
      (code < 128 && /[a-zA-Z]/.test(String.fromCharCode(code)) && (code ^ 32) >= from && (code ^ 32) <= to)
  }

  #bracketCharacter(): number {
    if (this.#source[this.#at] === '\\') return this.#codeEscape()
    const code = this.#source.codePointAt(this.#at) ?? 0
    this.#at += code > 0xffff ? 2 : 1
    return code
  }
}

type Opening = 'group' | 'plain' | 'atomic' | 'ahead' | 'not ahead' | 'behind' | 'not behind'
const OPENINGS: readonly (readonly [string, Opening])[] = [
  ['(?=', 'ahead'],
  ['(?!', 'not ahead'],
  ['(?<=', 'behind'],
  ['(?<!', 'not behind'],
  ['(?>', 'atomic'],
]
const SIMPLE: Readonly<Record<string, Class>> = { d: DIGIT, w: WORD, s: SPACE, h: HORIZONTAL, v: VERTICAL }
const NAMED: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 }

const anyOf =
  (parts: readonly Class[]): Class =>
  (code) =>
    parts.some((part) => part(code))
const both =
  (a: Class, b: Class): Class =>
  (code) =>
    a(code) && b(code)

function only(code: number, flags: Flags): Class {
  const folded = fold(code)
  return flags.i ? (other) => fold(other) === folded : (other) => other === code
}

const sequenceOf = (text: string): Regex => ({
  kind: 'sequence',
  items: [...text].map((character): Regex => {
    const code = character.codePointAt(0) ?? 0
    return { kind: 'class', test: (other) => other === code, only: code }
  }),
})

function changedFlags(flags: Flags, on: string, off: string): Flags {
  if (/[^idmsuxU]/.test(on + off)) throw new RegexError('unknown flag')
  const value = (flag: 'i' | 's' | 'm' | 'x'): boolean => (flags[flag] || on.includes(flag)) && !off.includes(flag)
  return { i: value('i'), s: value('s'), m: value('m'), x: value('x') }
}

function atLineStart(text: string, at: number): boolean {
  if (at === 0) return true
  if (at === text.length || !isLineEnd(text, at - 1)) return false
  return !(text[at - 1] === '\r' && text[at] === '\n')
}

function atLineEnd(text: string, at: number): boolean {
  if (at === text.length) return true
  return isLineEnd(text, at) && !(text[at] === '\n' && text[at - 1] === '\r')
}
