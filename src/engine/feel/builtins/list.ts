/** Built-in functions over lists (DMN 1.4, 10.3.4.4, and Camunda's own). */
import { FeelEvaluationError } from '../errors.ts'
import { decimalOfDouble, divide, multiply, sumOf } from '../numbers.ts'
import { equal, order } from '../operators.ts'
import { Decimal, type FeelValue, isNumber } from '../values.ts'
import {
  any,
  type Builtin,
  builtin,
  type CallContext,
  failure,
  lambda,
  list,
  number,
  overList,
  overload,
} from './define.ts'

const same = (a: FeelValue, b: FeelValue): boolean => equal(a, b) === true
const whole = (value: Decimal): number => value.truncated().toNumber()

/** The values as numbers; null with a warning if one is none. */
function numbers(context: CallContext, name: string, values: FeelValue[]): Decimal[] | null {
  const result = values.filter(isNumber)
  if (result.length === values.length) return result
  return failure(context, name, 'the list holds a value that is no number')
}

/** A function over a list of numbers; an empty list gives `empty`. */
const overNumbers = (
  name: string,
  compute: (values: Decimal[]) => FeelValue,
  empty: () => FeelValue = () => null,
): Builtin =>
  overList((context, values) => {
    if (values.length === 0) return empty()
    const checked = numbers(context, name, values)
    return checked === null ? null : compute(checked)
  })

const mean = (values: Decimal[]): FeelValue => divide(sumOf(values), new Decimal(values.length))
const ascending = (values: Decimal[]): Decimal[] => [...values].sort((a, b) => a.comparedTo(b))

function median(values: Decimal[]): FeelValue {
  const sorted = ascending(values)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? null
  if (sorted.length % 2 === 1) return upper
  return mean(sorted.slice(middle - 1, middle + 1))
}

function deviation(values: Decimal[]): FeelValue {
  if (values.length < 2) throw new FeelEvaluationError('The standard deviation of one value is undefined')
  const average = sumOf(values).dividedBy(values.length)
  const squares = values.map((value) => value.minus(average).pow(2))
  return decimalOfDouble(
    Math.sqrt(
      sumOf(squares)
        .dividedBy(values.length - 1)
        .toNumber(),
    ),
  )
}

function mode(values: Decimal[]): FeelValue {
  const counts = new Map<string, { value: Decimal; count: number }>()
  for (const value of values) {
    const entry = counts.get(value.toFixed()) ?? { value, count: 0 }
    entry.count++
    counts.set(value.toFixed(), entry)
  }
  const most = Math.max(...[...counts.values()].map((entry) => entry.count))
  return ascending([...counts.values()].filter((entry) => entry.count === most).map((entry) => entry.value))
}

/** The extreme of comparable values; `sign` 1 for the greatest. */
const extreme = (name: string, sign: 1 | -1): Builtin =>
  overList((context, values) => {
    let best = values[0]
    if (best === undefined) return null
    for (const value of values) {
      const comparison = order(value, best)
      if (comparison === null) return failure(context, name, 'the list holds values that cannot be compared')
      if (comparison * sign > 0) best = value
    }
    return best
  })

/** `all` and `any`: the first value that decides, else null if one is no boolean. */
const quantifier = (decisive: boolean): Builtin => {
  const decide = (values: FeelValue[]): FeelValue => {
    if (values.includes(decisive)) return decisive
    return values.every((value) => typeof value === 'boolean') ? !decisive : null
  }
  return {
    overloads: [overload(['list'], [list], (_, values) => decide(values))],
    variadic: (_, args) => decide([...args]),
  }
}

/** Index of the position (from 1; negative from the end); undefined for position 0. */
function indexOf(position: Decimal, length: number): number | undefined {
  const at = whole(position)
  return at === 0 ? undefined : at > 0 ? at - 1 : length + at
}

function sublist(context: CallContext, values: FeelValue[], start: Decimal, length?: Decimal): FeelValue {
  const from = indexOf(start, values.length)
  if (from === undefined) return failure(context, 'sublist', 'the start position must not be 0')
  const begin = Math.max(0, from)
  return values.slice(begin, length === undefined ? undefined : begin + Math.max(0, whole(length)))
}

function distinct(context: CallContext, values: FeelValue[]): FeelValue[] {
  const result: FeelValue[] = []
  const simple = new Set<string>()
  for (const value of values) {
    // Texts and numbers are found by key, the rest by comparison.
    const key = typeof value === 'string' ? `s${value}` : isNumber(value) ? `n${value.toFixed()}` : undefined
    if (key === undefined) context.run.step(result.length)
    if (key === undefined ? result.some((known) => same(known, value)) : simple.has(key)) continue
    if (key !== undefined) simple.add(key)
    result.push(value)
  }
  return result
}

const flatten = (values: FeelValue[]): FeelValue[] =>
  values.flatMap((value) => (Array.isArray(value) ? flatten(value) : [value]))

/** Lists given as arguments or as one list of lists, put in a row. */
function concatenated(context: CallContext, args: readonly FeelValue[]): FeelValue[] {
  const result = args.flatMap((value) => (Array.isArray(value) ? value : [value]))
  context.run.checkList(result.length)
  return result
}

function sorted(context: CallContext, values: FeelValue[], precedes: (args: FeelValue[]) => FeelValue): FeelValue {
  let wrong = false
  const before = (a: FeelValue, b: FeelValue): boolean => {
    context.run.step()
    const answer = precedes([a, b])
    if (typeof answer !== 'boolean') wrong = true
    return answer === true
  }
  const result = [...values].sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0))
  return wrong ? failure(context, 'sort', 'the function does not give a boolean') : result
}

function partition(context: CallContext, values: FeelValue[], size: Decimal): FeelValue {
  const width = whole(size)
  if (width < 1) return failure(context, 'partition', 'the size must be greater than zero')
  return Array.from({ length: Math.ceil(values.length / width) }, (_, i) => values.slice(i * width, (i + 1) * width))
}

/** List functions by name. */
export const listFunctions: Record<string, Builtin> = {
  'list contains': builtin(
    overload(['list', 'element'], [list, any], (_, values, element) => values.some((value) => same(value, element))),
  ),
  count: builtin(overload(['list'], [list], (_, values) => new Decimal(values.length))),
  min: extreme('min', -1),
  max: extreme('max', 1),
  sum: overNumbers('sum', sumOf),
  product: overNumbers('product', (values) => values.reduce((a, b) => multiply(a, b))),
  mean: overNumbers('mean', mean),
  median: overNumbers('median', median),
  stddev: overNumbers('stddev', deviation),
  mode: overNumbers('mode', mode, () => []),
  all: quantifier(false),
  any: quantifier(true),
  and: quantifier(false),
  or: quantifier(true),
  sublist: builtin(
    overload(['list', 'start position'], [list, number], (c, values, start) => sublist(c, values, start)),
    overload(['list', 'start position', 'length'], [list, number, number], sublist),
  ),
  append: {
    overloads: [],
    variadic: (c, [first, ...items]) =>
      Array.isArray(first) && items.length > 0
        ? concatenated(c, [first, ...items.map((item) => [item])])
        : failure(c, 'append', 'a list and at least one item are needed'),
  },
  concatenate: {
    overloads: [],
    variadic: (c, args) => (args.length === 0 ? failure(c, 'concatenate', 'a list is needed') : concatenated(c, args)),
  },
  'insert before': builtin(
    overload(['list', 'position', 'newItem'], [list, number, any], (c, values, position, item) => {
      const at = indexOf(position, values.length)
      if (at === undefined) return failure(c, 'insert before', 'the position must not be 0')
      return values.toSpliced(Math.max(0, at), 0, item)
    }),
  ),
  remove: builtin(
    overload(['list', 'position'], [list, number], (c, values, position) => {
      const at = indexOf(position, values.length)
      if (at === undefined) return failure(c, 'remove', 'the position must not be 0')
      return at < 0 ? values : values.toSpliced(at, 1)
    }),
  ),
  reverse: builtin(overload(['list'], [list], (_, values) => values.toReversed())),
  'index of': builtin(
    overload(['list', 'match'], [list, any], (_, values, match) =>
      values.flatMap((value, i) => (same(value, match) ? [new Decimal(i + 1)] : [])),
    ),
  ),
  union: {
    overloads: [],
    variadic: (c, args) =>
      args.length === 0 ? failure(c, 'union', 'a list is needed') : distinct(c, concatenated(c, args)),
  },
  'distinct values': builtin(overload(['list'], [list], distinct)),
  'duplicate values': builtin(
    overload(['list'], [list], (c, values) =>
      distinct(c, values).filter((value) => {
        c.run.step(values.length)
        return values.filter((other) => same(other, value)).length > 1
      }),
    ),
  ),
  flatten: builtin(overload(['list'], [list], (_, values) => flatten(values))),
  sort: builtin(
    overload(['list', 'precedes'], [list, lambda], (c, values, precedes) =>
      sorted(c, values, (args) => precedes.call(args)),
    ),
  ),
  'is empty': builtin(overload(['list'], [list], (_, values) => values.length === 0)),
  partition: builtin(overload(['list', 'size'], [list, number], partition)),
}
