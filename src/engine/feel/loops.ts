/** Code that runs over lists: `for`, `some`, `every`. */
import { LocalNames } from './evaluation.ts'
import { type Code, type Frame, withNames } from './frame.ts'
import { describe } from './operators.ts'
import { Decimal, type FeelValue, isNumber } from './values.ts'

/** One compiled iterator: its name and the code of its list. */
export interface IteratorCode {
  readonly name: string
  readonly list: Code
}

/** The code of a range of numbers `start..end`, up or down by one. */
export const numbersCode =
  (start: Code, end: Code): Code =>
  (frame) =>
    numbersBetween(frame, start(frame), end(frame))

function numbersBetween(frame: Frame, start: FeelValue, end: FeelValue): FeelValue {
  if (!isNumber(start) || !isNumber(end))
    return frame.context.run.warn('INVALID_TYPE', `Can't iterate from '${describe(start)}' to '${describe(end)}'`)
  const length = end.minus(start).abs().floor().toNumber() + 1
  frame.context.run.checkList(length)
  const step = start.lessThanOrEqualTo(end) ? 1 : -1
  return Array.from({ length }, (_, i) => new Decimal(start.plus(i * step)))
}

/** Visits every combination of the iterators' items; false if one iterates over no list. `visit` gives false to stop. */
function forEach(
  frame: Frame,
  iterators: readonly IteratorCode[],
  visit: (values: Map<string, FeelValue>) => boolean,
): boolean {
  const lists: FeelValue[][] = []
  for (const { list } of iterators) {
    const items = list(frame)
    if (!Array.isArray(items)) {
      frame.context.run.warn('INVALID_TYPE', `Can't iterate over '${describe(items)}', a list is needed`)
      return false
    }
    lists.push(items)
  }
  const walk = (depth: number, values: Map<string, FeelValue>): boolean => {
    const [iterator, list] = [iterators[depth], lists[depth]]
    if (iterator === undefined || list === undefined) return visit(values)
    for (const item of list) {
      frame.context.run.step()
      if (!walk(depth + 1, new Map([...values, [iterator.name, item]]))) return false
    }
    return true
  }
  walk(0, new Map())
  return true
}

/** `for … return …`. `usesPartial` is true if the body reads the results so far, which costs a copy each time. */
export function forCode(lists: readonly IteratorCode[], body: Code, usesPartial: boolean): Code {
  return (frame) => {
    const results: FeelValue[] = []
    const { run } = frame.context
    const complete = forEach(frame, lists, (values) => {
      if (usesPartial) {
        run.checkList(results.length)
        values.set('partial', [...results])
      }
      results.push(body(withNames(frame, new LocalNames(frame.names, values))))
      run.checkList(1)
      return true
    })
    return complete ? results : null
  }
}

/** `some … satisfies …` and `every … satisfies …`; null where neither true nor false is sure. */
export function quantifiedCode(quantifier: 'some' | 'every', lists: readonly IteratorCode[], body: Code): Code {
  const decisive = quantifier === 'some'
  return (frame) => {
    let result: boolean | null = !decisive
    const complete = forEach(frame, lists, (values) => {
      const answer = body(withNames(frame, new LocalNames(frame.names, values)))
      if (answer === decisive) result = decisive
      else if (typeof answer !== 'boolean') result = null
      return answer !== decisive
    })
    return complete ? result : null
  }
}
