/** Built-in functions over strings (DMN 1.4, 10.3.4.3, and Camunda's own). */
import { randomUUID } from 'node:crypto'
import { Decimal } from '../decimal.ts'
import { FeelEvaluationError } from '../errors.ts'
import type { Run } from '../evaluation.ts'
import { describe } from '../text.ts'
import type { FeelValue } from '../values.ts'
import { type Builtin, builtin, failure, list, nothing, nullable, number, overload, text } from './define.ts'

const patterns = new Map<string, RegExp>()
const MAX_PATTERNS = 500

/** A regular expression of Java's syntax; null with a warning if it is none. */
function regular(run: Run, name: string, pattern: string, flags: string): RegExp | null {
  const key = `${flags}/${pattern}`
  let compiled = patterns.get(key)
  if (compiled === undefined) {
    const wrong = [...flags].find((flag) => !'ismx'.includes(flag))
    if (wrong !== undefined) return failure(run, name, `Invalid flag '${wrong}'`)
    try {
      compiled = new RegExp(javaPattern(pattern, flags), `g${flags.replaceAll('x', '')}`)
    } catch {
      return failure(run, name, `Invalid pattern '${pattern}'`)
    }
    if (patterns.size >= MAX_PATTERNS) patterns.clear()
    patterns.set(key, compiled)
  }
  compiled.lastIndex = 0
  return compiled
}

/** Rewrites what Java writes differently: `\A`, `\z`, `\p{IsHan}` have no JavaScript spelling without the `u` flag. */
function javaPattern(pattern: string, flags: string): string {
  const plain = pattern.replaceAll('\\A', '^').replaceAll('\\z', '$').replaceAll('\\p{IsHan}', '[\\u4e00-\\u9fff]')
  return flags.includes('x') ? plain.replace(/\\.|\s+|#.*$/gm, (part) => (part.startsWith('\\') ? part : '')) : plain
}

/** Fills `$1` and `\$` of a replacement text. */
const filled = (replacement: string, groups: readonly (string | undefined)[]): string =>
  replacement.replace(/\\(.)|\$(\d)/gs, (_, escaped: string | undefined, group: string | undefined) =>
    group === undefined ? (escaped ?? '') : (groups[Number(group)] ?? ''),
  )

function replaceAll(run: Run, input: string, pattern: string, replacement: string, flags: string): FeelValue {
  const expression = regular(run, 'replace', pattern, flags)
  if (expression === null) return null
  const result = input.replace(expression, (...found: unknown[]) => {
    const end = found.findIndex((part) => typeof part === 'number')
    const groups = found.slice(0, end).map((part) => (typeof part === 'string' ? part : undefined))
    return filled(replacement, groups)
  })
  run.checkText(result.length)
  return result
}

function splitText(run: Run, input: string, delimiter: string): FeelValue {
  const expression = regular(run, 'split', delimiter, '')
  if (expression === null) return null
  const parts: string[] = []
  let last = 0
  for (const match of input.matchAll(expression)) {
    if (match[0] === '' && match.index === 0) continue
    parts.push(input.slice(last, match.index))
    last = match.index + match[0].length
  }
  parts.push(input.slice(last))
  run.checkList(parts.length)
  return parts
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
    overload(['input', 'pattern'], [text, text], (c, input, pattern) => {
      return regular(c, 'matches', pattern, '')?.test(input) ?? null
    }),
    overload(['input', 'pattern', 'flags'], [text, text, text], (c, input, pattern, flags) => {
      return regular(c, 'matches', pattern, flags)?.test(input) ?? null
    }),
  ),
  replace: builtin(
    overload(['input', 'pattern', 'replacement'], [text, text, text], (c, input, pattern, replacement) =>
      replaceAll(c, input, pattern, replacement, ''),
    ),
    overload(['input', 'pattern', 'replacement', 'flags'], [text, text, text, text], replaceAll),
  ),
  split: builtin(overload(['string', 'delimiter'], [text, text], splitText)),
  extract: builtin(
    overload(['input', 'pattern'], [text, text], (c, input, pattern) => {
      const expression = regular(c, 'extract', pattern, '')
      return expression === null ? null : [...input.matchAll(expression)].map((match) => match[0])
    }),
  ),
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
