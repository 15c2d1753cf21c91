/** Built-in functions that make one value of a list: sums, extremes, means. */
import { order } from '../comparison.ts'
import { Decimal } from '../decimal.ts'
import { FeelEvaluationError } from '../errors.ts'
import type { Run } from '../evaluation.ts'
import { decimalOfDouble, sumOf } from '../numbers.ts'
import { describe } from '../text.ts'
import { type FeelValue, isNumber } from '../values.ts'
import { type Builtin, builtin, failure, list, overList, overload } from './define.ts'

/** The values as numbers; null with a warning if one is none. */
function numbers(run: Run, name: string, values: FeelValue[]): Decimal[] | null {
  const wrong = values.find((value) => !isNumber(value))
  if (wrong === undefined) return values.filter(isNumber)
  return failure(run, name, `expected number but found '${describe(wrong)}'`)
}

/** A function over a list of numbers; an empty list gives `empty`. */
const overNumbers = (
  name: string,
  compute: (values: Decimal[]) => FeelValue,
  empty: () => FeelValue = () => null,
): Builtin =>
  overList((run, values) => {
    run.step(values.length)
    if (values.length === 0) return empty()
    const checked = numbers(run, name, values)
    return checked === null ? null : compute(checked)
  })

const mean = (values: Decimal[]): Decimal => sumOf(values).dividedBy(Decimal.ofInteger(values.length))
const ascending = (values: Decimal[]): Decimal[] => [...values].sort((a, b) => a.comparedTo(b))

function median(values: Decimal[]): FeelValue {
  const sorted = ascending(values)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? null
  return sorted.length % 2 === 1 ? upper : mean(sorted.slice(middle - 1, middle + 1))
}

function deviation(values: Decimal[]): FeelValue {
  if (values.length < 2) throw new FeelEvaluationError('The standard deviation of one value is undefined')
  const average = mean(values)
  const squares = values.map((value) => {
    const distance = value.minus(average)
    return distance.times(distance)
  })
  const variance = sumOf(squares).dividedBy(Decimal.ofInteger(values.length - 1))
  return decimalOfDouble(Math.sqrt(variance.toNumber()))
}

function mode(values: Decimal[]): FeelValue {
  const counts = new Map<string, { value: Decimal; count: number }>()
  for (const value of values) {
    const entry = counts.get(value.key) ?? { value, count: 0 }
    entry.count++
    counts.set(value.key, entry)
  }
  const most = Math.max(...[...counts.values()].map((entry) => entry.count))
  return ascending([...counts.values()].filter((entry) => entry.count === most).map((entry) => entry.value))
}

/** The extreme of values that have an order; `sign` 1 for the greatest. */
const extreme = (name: string, sign: 1 | -1): Builtin =>
  overList((run, values) => {
    run.step(values.length)
    let best = values[0]
    if (best === undefined) return null
    for (const value of values) {
      // A single value is its own extreme if it has an order at all.
      const comparison = value === best && Array.isArray(value) ? 0 : order(value, best)
      if (comparison === null) return failure(run, name, `${describe(values)} is not comparable`)
      if (comparison * sign > 0) best = value
    }
    return best
  })

/** `all` and `any`: the first value that decides, else null if one is no boolean. */
const quantifier = (decisive: boolean): Builtin => {
  const decide = (values: readonly FeelValue[]): FeelValue => {
    if (values.includes(decisive)) return decisive
    return values.every((value) => typeof value === 'boolean') ? !decisive : null
  }
  return { overloads: [overload(['list'], [list], (_, values) => decide(values))], variadic: (_, args) => decide(args) }
}

/** Statistics by name. */
export const statisticFunctions: Record<string, Builtin> = {
  count: builtin(overload(['list'], [list], (_, values) => Decimal.ofInteger(values.length))),
  min: extreme('min', -1),
  max: extreme('max', 1),
  sum: overNumbers('sum', sumOf),
  product: overNumbers('product', (values) => values.reduce((a, b) => a.times(b))),
  mean: overNumbers('mean', mean),
  median: overNumbers('median', median),
  stddev: overNumbers('stddev', deviation),
  mode: overNumbers('mode', mode, () => []),
  all: quantifier(false),
  any: quantifier(true),
  and: quantifier(false),
  or: quantifier(true),
}
