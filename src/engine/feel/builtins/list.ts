/** Built-in functions over lists (DMN 1.4, 10.3.4.4, and Camunda's own). */
import { equal, sameMember } from '../comparison.ts'
import { Decimal } from '../decimal.ts'
import type { Run } from '../evaluation.ts'
import { describe } from '../text.ts'
import { type FeelFunction, type FeelValue, isNumber } from '../values.ts'
import { any, type Builtin, builtin, failure, illegal, lambda, list, number, overload } from './define.ts'

const same = (a: FeelValue, b: FeelValue): boolean => equal(a, b) === true

/** Index of the position (from 1; negative from the end). */
function indexOf(position: Decimal, length: number): number {
  const at = position.toInt()
  return at > 0 ? at - 1 : length + at
}

function sublist(run: Run, values: FeelValue[], start: Decimal, length?: Decimal): FeelValue {
  if (start.toInt() === 0) return noPosition(run, 'sublist', 'start position')
  const from = indexOf(start, values.length)
  if (length === undefined) return values.slice(Math.max(0, from))
  return values.slice(Math.max(0, from), Math.max(0, from + length.toInt()))
}

function distinct(run: Run, values: readonly FeelValue[]): FeelValue[] {
  const result: FeelValue[] = []
  const simple = new Set<string>()
  for (const value of values) {
    // Texts and numbers are found by key, the rest by comparison.
    const key = typeof value === 'string' ? `s${value}` : isNumber(value) ? `n${value.key}` : undefined
    if (key === undefined) run.step(result.length)
    if (key === undefined ? result.some((known) => same(known, value)) : simple.has(key)) continue
    if (key !== undefined) simple.add(key)
    result.push(value)
  }
  return result
}

/** The values that occur more than once, in the order of their first occurrence. */
function duplicates(run: Run, values: FeelValue[]): FeelValue[] {
  const counts = new Map<string, number>()
  const keyOf = (value: FeelValue): string | undefined =>
    typeof value === 'string' ? `s${value}` : isNumber(value) ? `n${value.key}` : undefined
  for (const value of values) {
    const key = keyOf(value)
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return distinct(run, values).filter((value) => {
    const key = keyOf(value)
    if (key !== undefined) return (counts.get(key) ?? 0) > 1
    run.step(values.length)
    return values.filter((other) => same(other, value)).length > 1
  })
}

function flatten(run: Run, values: FeelValue[], into: FeelValue[] = []): FeelValue[] {
  run.step(values.length)
  for (const value of values)
    if (Array.isArray(value)) flatten(run, value, into)
    else into.push(value)
  run.checkLength(into.length)
  return into
}

/** Lists in a row; what is no list is an element. A single list of lists is these lists. */
function concatenated(run: Run, args: readonly FeelValue[]): FeelValue[] {
  const [only] = args
  const lists = args.length === 1 && Array.isArray(only) ? only : args
  const result: FeelValue[] = []
  for (const value of lists) {
    const items = Array.isArray(value) ? value : [value]
    run.checkList(result.length + items.length)
    for (const item of items) result.push(item)
  }
  return result
}

function sorted(run: Run, values: FeelValue[], precedes: FeelFunction): FeelValue {
  if (precedes.parameters.length !== 2)
    return failure(run, 'sort', `expect boolean function with 2 arguments, but found '${precedes.parameters.length}'`)
  let wrong: FeelValue | undefined
  const before = (a: FeelValue, b: FeelValue): boolean => {
    run.step()
    const answer = precedes.call([a, b])
    if (typeof answer !== 'boolean') wrong ??= answer
    return answer === true
  }
  const result = [...values].sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0))
  if (wrong === undefined) return result
  return failure(
    run,
    'sort',
    `fail to sort list by given precedes function: expected boolean but found '${describe(wrong)}'`,
  )
}

function partition(run: Run, values: FeelValue[], size: Decimal): FeelValue {
  const width = size.toInt()
  if (width < 1) return failure(run, 'partition', `'size' should be greater than zero but was '${width}'`)
  const length = Math.ceil(values.length / width)
  run.step(values.length)
  return Array.from({ length }, (_, i) => values.slice(i * width, (i + 1) * width))
}

function appended(run: Run, [first, ...items]: readonly FeelValue[]): FeelValue {
  if (!Array.isArray(first)) return illegal(run, 'append', [first ?? null, items])
  return concatenated(run, [first, items])
}

/** The warning for a position of 0, which no element has. */
const noPosition = (run: Run, name: string, what = 'position'): null =>
  failure(run, name, `${what} must be a non-zero number`)

const joining: Builtin = {
  overloads: [overload(['lists'], [list], (run, values) => concatenated(run, values))],
  variadic: concatenated,
}

const uniting: Builtin = {
  overloads: [overload(['lists'], [list], (run, values) => distinct(run, concatenated(run, [values])))],
  variadic: (run, args) => distinct(run, concatenated(run, args)),
}

/** List functions by name. */
export const listFunctions: Record<string, Builtin> = {
  'list contains': builtin(
    overload(['list', 'element'], [list, any], (run, values, element) => {
      run.step(values.length)
      return values.some((value) => sameMember(value, element))
    }),
  ),
  sublist: builtin(
    overload(['list', 'start'], [list, number], (run, values, start) => sublist(run, values, start)),
    overload(['list', 'start', 'length'], [list, number, number], sublist),
  ),
  append: {
    // By name the items are a list, by position they are the further arguments.
    overloads: [overload(['list', 'items'], [list, list], (run, values, items) => concatenated(run, [values, items]))],
    variadic: appended,
    atLeast: 2,
  },
  concatenate: joining,
  'insert before': builtin(
    overload(['list', 'position', 'newItem'], [list, number, any], (run, values, position, item) => {
      if (position.toInt() === 0) return noPosition(run, 'insert before')
      run.checkList(values.length + 1)
      return values.toSpliced(Math.max(0, indexOf(position, values.length)), 0, item)
    }),
  ),
  remove: builtin(
    overload(['list', 'position'], [list, number], (run, values, position) => {
      if (position.toInt() === 0) return noPosition(run, 'remove')
      run.step(values.length)
      const at = indexOf(position, values.length)
      return at < 0 ? values : values.toSpliced(at, 1)
    }),
  ),
  reverse: builtin(
    overload(['list'], [list], (run, values) => {
      run.step(values.length)
      return values.toReversed()
    }),
  ),
  'index of': builtin(
    overload(['list', 'match'], [list, any], (run, values, match) => {
      run.step(values.length)
      return values.flatMap((value, i) => (same(value, match) ? [Decimal.ofInteger(i + 1)] : []))
    }),
  ),
  union: uniting,
  'distinct values': builtin(overload(['list'], [list], distinct)),
  'duplicate values': builtin(overload(['list'], [list], duplicates)),
  flatten: builtin(overload(['list'], [list], (run, values) => flatten(run, values))),
  sort: builtin(overload(['list', 'precedes'], [list, lambda], sorted)),
  'is empty': builtin(overload(['list'], [list], (_, values) => values.length === 0)),
  partition: builtin(overload(['list', 'size'], [list, number], partition)),
}
