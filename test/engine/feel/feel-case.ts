/** Recorded answers of Camunda's FEEL and how ours are compared with them. */

import { javaDouble } from '../../../src/engine/feel/decimal.ts'
import {
  compileExpression,
  compileUnaryTests,
  DaysTimeDuration,
  Decimal,
  FeelContext,
  FeelDate,
  FeelDateTime,
  FeelFunction,
  FeelTime,
  type FeelValue,
  isNumber,
  YearsMonthsDuration,
} from '../../../src/engine/feel/index.ts'

/** One recorded answer. */
export interface FeelCase {
  readonly kind: string
  readonly expression: string
  /** A FEEL context. */
  readonly context: string
  /** A FEEL expression: the input of unary tests. */
  readonly input?: string
  readonly expected: string
}

/** The clock of every case: 2026-05-01T08:00:00Z. */
export const clock = { now: () => new Date('2026-05-01T08:00:00Z') }

/** Our answer in the notation of the recorded ones. */
export function answerTo(feelCase: FeelCase): string {
  try {
    const context = compileExpression(feelCase.context).evaluate({}, { clock }).feel
    if (!(context instanceof FeelContext)) throw new Error(`not a context: ${feelCase.context}`)
    const scope = { get: (name: string) => context.entries.get(name) }
    if (feelCase.input === undefined)
      return notation(compileExpression(feelCase.expression).evaluate(scope, { clock }).feel)
    const input = compileExpression(feelCase.input).evaluate({}, { clock }).feel
    return notation(compileUnaryTests(feelCase.expression).evaluate(input, scope, { clock }).value)
  } catch (error) {
    return `FAIL ${error instanceof Error ? error.message : String(error)}`
  }
}

/** True if the answers are the same: failures by kind, numbers by value, the rest literally. A mark of warnings is passed over. */
export function agrees(recorded: string, answer: string): boolean {
  const expected = recorded.replace(/ ⚠$/, '')
  if (/^(FAIL|THROWS)/.test(expected)) return answer.startsWith('FAIL')
  if (expected === answer) return true
  return /^-?[\d.]+(E-?\d+)?$/.test(expected) && answer !== '' && Number(expected) === Number(answer)
}

function notation(value: FeelValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quoted(value)
  if (isNumber(value)) return numberNotation(value)
  if (Array.isArray(value)) return `[${value.map(notation).join(',')}]`
  if (value instanceof FeelContext) {
    const entries = [...value.entries].sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, entry]) => `${quoted(key)}:${notation(entry)}`).join(',')}}`
  }
  if (value instanceof FeelDate || value instanceof FeelTime || value instanceof FeelDateTime)
    return `iso:${javaClock(value.toIso())}`
  if (value instanceof YearsMonthsDuration || value instanceof DaysTimeDuration) return `iso:${value.toIso()}`
  if (value instanceof FeelFunction) return `obj:ValFunction:function(${value.parameters.join(', ')})`
  throw new Error('a range is no result')
}

const LONG = Decimal.ofCoefficient(2n ** 63n, 0)

/** Integers of 64 bits in plain digits, other numbers as Java writes a double. */
function numberNotation(value: Decimal): string {
  if (value.isInteger && value.comparedTo(LONG) < 0 && value.comparedTo(LONG.negated()) >= 0)
    return value.withScale(0, 'down').toString()
  return javaDouble(value.toNumber())
}

/** A text as the recorded answers quote it: what is no character of its own is a question mark. */
const quoted = (text: string): string =>
  `"${text
    .replace(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?')}"`

/** The recorded texts leave out seconds of zero, group the digits of a fraction by three and sign great years. */
const javaClock = (iso: string): string =>
  iso
    .replace(/^\d{5,}-/, (year) => `+${year}`)
    .replace(/(?<=^|T)(\d\d:\d\d):00(?![.\d])/, '$1')
    .replace(/\.(\d+)/, (_, digits: string) => `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, '0')}`)
