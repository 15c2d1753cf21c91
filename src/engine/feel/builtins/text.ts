/** Built-in functions over strings (DMN 1.4, 10.3.4.3, and Camunda's own). */
import { randomUUID } from 'node:crypto'
import { Decimal } from '../decimal.ts'
import { FeelEvaluationError } from '../errors.ts'
import type { Run } from '../evaluation.ts'
import { type Match, Pattern } from '../regex/machine.ts'
import { RegexError } from '../regex/syntax.ts'
import { describe } from '../text.ts'
import type { FeelValue } from '../values.ts'
import { type Builtin, builtin, failure, list, nothing, nullable, number, overload, text } from './define.ts'

const patterns = new Map<string, Pattern | null>()
const MAX_PATTERNS = 500

/** A regular expression of Java's syntax; null with a warning if it is none. Flags that Camunda does not know have no effect. */
function regular(run: Run, name: string, pattern: string, flags: string): Pattern | null {
  const key = `${flags}/${pattern}`
  let compiled = patterns.get(key)
  if (compiled === undefined) {
    try {
      compiled = new Pattern(pattern, flags)
    } catch (error) {
      if (!(error instanceof RegexError)) throw error
      compiled = null
    }
    if (patterns.size >= MAX_PATTERNS) patterns.clear()
    patterns.set(key, compiled)
  }
  return compiled ?? failure(run, name, `Invalid pattern ${name === 'split' ? 'for delimiter ' : ''}'${pattern}'`)
}

/** Every match, one after the other; an empty one moves on by a character. */
function* matchesOf(run: Run, pattern: Pattern, input: string): Generator<Match> {
  let from = 0
  while (from <= input.length) {
    const match = pattern.find(input, from, (steps) => run.step(steps))
    if (match === null) return
    yield match
    const [start = 0, end = 0] = match
    from = end > start ? end : end + 1
  }
}

/** Fills `$1`, `${name}` and `\$` of a replacement; undefined if it speaks of a group that there is not. */
function filled(replacement: string, pattern: Pattern, input: string, match: Match): string | undefined {
  const group = (index: number): string => input.slice(match[2 * index] ?? -1, match[2 * index + 1] ?? -1)
  let result = ''
  for (let i = 0; i < replacement.length; i++) {
    const sign = replacement[i]
    if (sign === '\\') {
      if (++i === replacement.length) return undefined
      result += replacement[i]
    } else if (sign === '$') {
      const named = /^\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(replacement.slice(i + 1))
      const digit = /^\d/.exec(replacement.slice(i + 1))
      let index = named === null ? Number(digit?.[0] ?? -1) : (pattern.names.get(named[1] ?? '') ?? -1)
      if (index < 0 || index > pattern.groups) return undefined
      i += named === null ? 1 : named[0].length
      // Further digits belong to it while there is such a group.
      while (
        named === null &&
        /\d/.test(replacement[i + 1] ?? '') &&
        index * 10 + Number(replacement[i + 1]) <= pattern.groups
      )
        index = index * 10 + Number(replacement[++i])
      if ((match[2 * index] ?? -1) >= 0) result += group(index)
    } else result += sign
  }
  return result
}

function replaceAll(run: Run, input: string, pattern: string, replacement: string, flags: string): FeelValue {
  const expression = regular(run, 'replace', pattern, flags)
  if (expression === null) return null
  let result = ''
  let last = 0
  for (const match of matchesOf(run, expression, input)) {
    const text = filled(replacement, expression, input, match)
    if (text === undefined) return failure(run, 'replace', `Invalid replacement '${replacement}'`)
    result += input.slice(last, match[0]) + text
    last = match[1] ?? last
    run.checkText(result.length)
  }
  return result + input.slice(last)
}

function splitText(run: Run, input: string, delimiter: string): FeelValue {
  const expression = regular(run, 'split', delimiter, '')
  if (expression === null) return null
  const parts: string[] = []
  let last = 0
  for (const [start = 0, end = 0] of matchesOf(run, expression, input)) {
    if (end === 0) continue
    parts.push(input.slice(last, start))
    last = end
    run.checkLength(parts.length)
  }
  parts.push(input.slice(last))
  return parts
}

function matching(run: Run, input: string, pattern: string, flags: string): FeelValue {
  const expression = regular(run, 'matches', pattern, flags)
  return expression === null ? null : expression.find(input, 0, (steps) => run.step(steps)) !== null
}

function extracted(run: Run, input: string, pattern: string): FeelValue {
  const expression = regular(run, 'extract', pattern, '')
  if (expression === null) return null
  return [...matchesOf(run, expression, input)].map(([start, end]) => input.slice(start, end))
}

function substring(input: string, start: Decimal, length?: Decimal): FeelValue {
  const position = start.toInt()
  if (position === 0) return ''
  const from = position > 0 ? position - 1 : input.length + position
  const to = length === undefined ? input.length : Math.min(input.length, from + length.toInt())
  if (from < 0 || from > to)
    throw new FeelEvaluationError(`Range [${from}, ${to}) out of bounds for length ${input.length}`)
  return input.slice(from, to)
}

/** The text without blanks and control characters at its ends; blanks of other scripts stay. */
function trimmed(input: string): string {
  let [start, end] = [0, input.length]
  while (start < end && input.charCodeAt(start) <= 32) start++
  while (end > start && input.charCodeAt(end - 1) <= 32) end--
  return input.slice(start, end)
}

function joined(
  run: Run,
  items: FeelValue[],
  delimiter: string | null = null,
  prefix: string | null = null,
  suffix: string | null = null,
): FeelValue {
  const present = items.filter((item) => item !== null)
  const wrong = present.find((item) => typeof item !== 'string')
  if (wrong !== undefined)
    return failure(
      run,
      'string join',
      `expected a list of strings but found 'Vector(${items.map((item) => describe(item)).join(', ')})'`,
    )
  const result = `${prefix ?? ''}${present.join(delimiter ?? '')}${suffix ?? ''}`
  run.checkText(result.length)
  return result
}

/** String functions by name. */
export const textFunctions: Record<string, Builtin> = {
  substring: builtin(
    overload(['string', 'start position'], [text, number], (_, input, start) => substring(input, start)),
    overload(['string', 'start position', 'length'], [text, number, number], (_, input, start, length) =>
      substring(input, start, length),
    ),
  ),
  'string length': builtin(overload(['string'], [text], (_, input) => Decimal.ofInteger(input.length))),
  'upper case': builtin(overload(['string'], [text], (_, input) => input.toUpperCase())),
  'lower case': builtin(overload(['string'], [text], (_, input) => input.toLowerCase())),
  'substring before': builtin(
    overload(['string', 'match'], [text, text], (_, input, match) => input.slice(0, Math.max(0, input.indexOf(match)))),
  ),
  'substring after': builtin(
    overload(['string', 'match'], [text, text], (_, input, match) => {
      const at = input.indexOf(match)
      return at < 0 ? '' : input.slice(at + match.length)
    }),
  ),
  contains: builtin(overload(['string', 'match'], [text, text], (_, input, match) => input.includes(match))),
  'starts with': builtin(overload(['string', 'match'], [text, text], (_, input, match) => input.startsWith(match))),
  'ends with': builtin(overload(['string', 'match'], [text, text], (_, input, match) => input.endsWith(match))),
  matches: builtin(
    overload(['input', 'pattern'], [text, text], (run, input, pattern) => matching(run, input, pattern, '')),
    overload(['input', 'pattern', 'flags'], [text, text, text], matching),
  ),
  replace: builtin(
    overload(['input', 'pattern', 'replacement'], [text, text, text], (c, input, pattern, replacement) =>
      replaceAll(c, input, pattern, replacement, ''),
    ),
    overload(['input', 'pattern', 'replacement', 'flags'], [text, text, text, text], replaceAll),
  ),
  split: builtin(overload(['string', 'delimiter'], [text, text], splitText)),
  extract: builtin(overload(['input', 'pattern'], [text, text], extracted)),
  trim: builtin(overload(['string'], [text], (_, input) => trimmed(input))),
  'is blank': builtin(overload(['string'], [text], (_, input) => input.trim() === '')),
  uuid: builtin(overload([], [], () => randomUUID())),
  'to base64': builtin(overload(['value'], [text], (_, input) => Buffer.from(input, 'utf8').toString('base64'))),
  'string join': builtin(
    overload(['list'], [list], (run, items) => joined(run, items)),
    overload(['list', 'delimiter'], [list, nullable(text)], (run, items, delimiter) => joined(run, items, delimiter)),
    overload(['list', 'delimiter', 'prefix', 'suffix'], [list, nullable(text), text, text], joined),
    overload(['list', 'delimiter', 'prefix', 'suffix'], [list, nullable(text), nothing, nothing], joined),
  ),
}
