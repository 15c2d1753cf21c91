/** Code that runs over lists: `for`, `some`, `every`. */
import { expectBoolean } from './comparison.ts'
import { Decimal } from './decimal.ts'
import { LocalNames, type Names, OneName } from './evaluation.ts'
import type { Code, Frame } from './frame.ts'
import { describe } from './text.ts'
import { type FeelValue, isNumber } from './values.ts'

/** One compiled iterator: its name and the code of its list. */
export interface IteratorCode {
  readonly name: string
  readonly list: Code
  /** The list is a range of numbers, which reports itself what is wrong. */
  readonly isRange: boolean
}

/** The code of a range of numbers `start..end`, up or down by one. */
export const numbersCode =
  (start: Code, end: Code): Code =>
  (frame) =>
    numbersBetween(frame, start(frame), end(frame))

function numbersBetween(frame: Frame, start: FeelValue, end: FeelValue): FeelValue {
  if (!isNumber(start) || !isNumber(end))
    return frame.run.warn('INVALID_TYPE', `Expected number but found '${describe(isNumber(start) ? end : start)}'`)
  const length = end.minus(start).absolute().toWhole() + 1
  frame.run.checkList(length)
  const step = Decimal.ofInteger(start.comparedTo(end) <= 0 ? 1 : -1)
  const numbers: Decimal[] = []
  for (let next = start; numbers.length < length; next = next.plus(step)) numbers.push(next)
  return numbers
}

/** The lists of the iterators; undefined with a warning if one is none. */
function listsOf(frame: Frame, iterators: readonly IteratorCode[]): FeelValue[][] | undefined {
  const lists: FeelValue[][] = []
  for (const { list, isRange } of iterators) {
    const items = list(frame)
    if (!Array.isArray(items)) {
      if (!isRange) frame.run.warn('INVALID_TYPE', `Expected list but found '${describe(items)}'`)
      return undefined
    }
    lists.push(items)
  }
  return lists
}

/**
 * Visits every combination of the items, the last list fastest. `visit` gives false to stop.
 * @param captured true if a function may keep the names of a turn, so that each needs its own
 */
function forEach(
  frame: Frame,
  iterators: readonly IteratorCode[],
  lists: readonly FeelValue[][],
  captured: boolean,
  visit: (inner: Frame) => boolean,
): void {
  const walk = (depth: number, outer: Frame): boolean => {
    const [iterator, list] = [iterators[depth], lists[depth]]
    if (iterator === undefined || list === undefined) return visit(outer)
    let names = new OneName(outer.names, iterator.name)
    let inner = outer.withNames(names)
    for (const item of list) {
      frame.run.step()
      if (captured) {
        names = new OneName(outer.names, iterator.name)
        inner = outer.withNames(names)
      }
      names.value = item
      if (!walk(depth + 1, inner)) return false
    }
    return true
  }
  walk(0, frame)
}

/** What the body of a loop needs to know of its turns. */
export interface LoopNeeds {
  /** The body reads `partial`, the results so far, which costs a copy each time. */
  readonly partial: boolean
  /** The body defines a function, which may outlive its turn. */
  readonly captured: boolean
}

/** `for … return …`. */
export function forCode(iterators: readonly IteratorCode[], body: Code, needs: LoopNeeds): Code {
  return (frame) => {
    const lists = listsOf(frame, iterators)
    if (lists === undefined) return null
    const results: FeelValue[] = []
    const { run } = frame
    const partialNames = (names: Names): Names => {
      run.checkList(results.length)
      return new LocalNames(names, new Map([['partial', [...results]]]))
    }
    forEach(frame, iterators, lists, needs.captured, (inner) => {
      results.push(body(needs.partial ? inner.withNames(partialNames(inner.names)) : inner))
      run.checkLength(results.length)
      return true
    })
    return results
  }
}

/** `some … satisfies …` and `every … satisfies …`; null where neither true nor false is sure. */
export function quantifiedCode(
  quantifier: 'some' | 'every',
  iterators: readonly IteratorCode[],
  body: Code,
  captured: boolean,
): Code {
  const decisive = quantifier === 'some'
  return (frame) => {
    const lists = listsOf(frame, iterators)
    if (lists === undefined) return null
    let result: boolean | null = !decisive
    forEach(frame, iterators, lists, captured, (inner) => {
      const answer = body(inner)
      if (answer === decisive) result = decisive
      // Only the first that is no boolean is reported.
      else if (typeof answer !== 'boolean') result = result === null ? null : expectBoolean(frame.run, answer)
      return answer !== decisive
    })
    return result
  }
}
