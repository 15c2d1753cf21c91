/**
 * Matching by backtracking with a stack of its own: no text overflows the stack, and every step is counted, so that no pattern
 * runs without end.
 */
import { type Class, type Regex, RegexError, RegexParser } from './syntax.ts'

type Instruction =
  | { readonly op: 'class'; readonly test: Class }
  | {
      readonly op: 'run'
      readonly test: Class
      readonly min: number
      readonly max: number
      readonly lazy: boolean
      readonly possessive: boolean
    }
  | { readonly op: 'at'; readonly test: (text: string, position: number) => boolean }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'progress'; readonly slot: number }
  | { readonly op: 'reference'; readonly index: number; readonly ignoreCase: boolean }
  | {
      readonly op: 'sub'
      readonly program: readonly Instruction[]
      readonly kind: 'ahead' | 'behind' | 'atomic'
      readonly negative: boolean
    }
  | { readonly op: 'match' }

const MAX_PROGRAM = 20_000
/** Steps of matching that cost one step of evaluation. */
const STEPS_A_COST = 8

/** What a match found: the start and end of each group, the whole first; -1 where a group took no part. */
export type Match = readonly number[]

/** A compiled expression. */
export class Pattern {
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
  readonly #program: Instruction[] = []
  #slots: number

  /** @throws RegexError */
  constructor(source: string, flags: string) {
    const { tree, groups, names } = new RegexParser(source).parse(flags)
    this.groups = groups
    this.names = names
    this.#slots = 2 * (groups + 1)
    this.#emit(tree, this.#program)
    this.#program.push({ op: 'match' })
  }

  /** The first match at or after a position. @param spend is told the steps of evaluation that it costs */
  find(text: string, from: number, spend: (steps: number) => void): Match | null {
    const budget = { left: STEPS_A_COST, spend }
    for (let start = from; start <= text.length; start++) {
      const slots: number[] = new Array<number>(this.#slots).fill(-1)
      const end = run(this.#program, text, start, slots, budget, -1)
      if (end >= 0) {
        slots[0] = start
        slots[1] = end
        return slots
      }
      // A pair of surrogates is one character.
      if (text.codePointAt(start) !== text.charCodeAt(start) && start < text.length) start++
    }
    return null
  }

  #emit(node: Regex, program: Instruction[]): void {
    if (program.length > MAX_PROGRAM) throw new RegexError('the expression is too large')
    switch (node.kind) {
      case 'class':
        program.push({ op: 'class', test: node.test })
        return
      case 'at':
        program.push({ op: 'at', test: node.test })
        return
      case 'reference':
        if (node.index > this.groups) program.push({ op: 'at', test: () => false })
        else program.push({ op: 'reference', index: node.index, ignoreCase: node.ignoreCase })
        return
      case 'sequence':
        for (const item of node.items) this.#emit(item, program)
        return
      case 'group':
        program.push({ op: 'save', slot: 2 * node.index })
        this.#emit(node.item, program)
        program.push({ op: 'save', slot: 2 * node.index + 1 })
        return
      case 'atomic':
        program.push({ op: 'sub', program: this.#sub(node.item), kind: 'atomic', negative: false })
        return
      case 'look': {
        if (node.behind && width(node.item) === undefined)
          throw new RegexError('look-behind without an obvious maximum')
        const kind = node.behind ? 'behind' : 'ahead'
        program.push({ op: 'sub', program: this.#sub(node.item), kind, negative: node.negative })
        return
      }
      case 'choice': {
        const jumps: number[] = []
        for (const [i, option] of node.options.entries()) {
          const split = program.length
          const last = i === node.options.length - 1
          if (!last) program.push({ op: 'jump', to: 0 })
          this.#emit(option, program)
          if (last) continue
          jumps.push(program.length)
          program.push({ op: 'jump', to: 0 })
          program[split] = { op: 'split', first: split + 1, second: program.length }
        }
        for (const jump of jumps) program[jump] = { op: 'jump', to: program.length }
        return
      }
      case 'repeat':
        this.#repeat(node, program)
    }
  }

  #sub(node: Regex): Instruction[] {
    const program: Instruction[] = []
    this.#emit(node, program)
    program.push({ op: 'match' })
    return program
  }

  #repeat(node: Regex & { kind: 'repeat' }, program: Instruction[]): void {
    const { item, min, max, mode } = node
    if (item.kind === 'class') {
      program.push({ op: 'run', test: item.test, min, max, lazy: mode === 'lazy', possessive: mode === 'possessive' })
      return
    }
    if (mode === 'possessive') {
      this.#emit({ kind: 'atomic', item: { ...node, mode: 'greedy' } }, program)
      return
    }
    for (let i = 0; i < min; i++) this.#emit(item, program)
    const split = (at: number, end: number): Instruction =>
      mode === 'lazy' ? { op: 'split', first: end, second: at + 1 } : { op: 'split', first: at + 1, second: end }
    if (max === Number.POSITIVE_INFINITY) {
      const start = program.length
      const slot = this.#slots++
      program.push({ op: 'match' }, { op: 'save', slot })
      this.#emit(item, program)
      program.push({ op: 'progress', slot }, { op: 'jump', to: start })
      program[start] = split(start, program.length)
      return
    }
    const splits: number[] = []
    for (let i = min; i < max; i++) {
      splits.push(program.length)
      program.push({ op: 'match' })
      this.#emit(item, program)
    }
    for (const at of splits) program[at] = split(at, program.length)
  }
}

/** The greatest number of characters that a node can take; undefined without a bound. */
function width(node: Regex): number | undefined {
  switch (node.kind) {
    case 'class':
      return 2
    case 'sequence':
      return node.items.reduce<number | undefined>((sum, item) => added(sum, width(item)), 0)
    case 'choice':
      return node.options.reduce<number | undefined>((most, option) => {
        const one = width(option)
        return most === undefined || one === undefined ? undefined : Math.max(most, one)
      }, 0)
    case 'repeat': {
      const one = width(node.item)
      return one === undefined || !Number.isFinite(node.max) ? undefined : one * node.max
    }
    case 'group':
    case 'atomic':
      return width(node.item)
    case 'look':
    case 'at':
      return 0
    case 'reference':
      return undefined
  }
}

const added = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b

interface Budget {
  left: number
  readonly spend: (steps: number) => void
}

function spend(budget: Budget, count: number): void {
  budget.left -= count
  if (budget.left > 0) return
  const cost = Math.ceil((STEPS_A_COST - budget.left) / STEPS_A_COST)
  budget.left += cost * STEPS_A_COST
  budget.spend(cost)
}

/** Length in code units of the character at a position. */
const sizeAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
const sizeBefore = (text: string, at: number): number => (at >= 2 && (text.codePointAt(at - 2) ?? 0) > 0xffff ? 2 : 1)

/**
 * Runs a program; the end of the match, or -1.
 * @param mustEnd the position where the match must end, or -1
 */
function run(
  program: readonly Instruction[],
  text: string,
  start: number,
  slots: number[],
  budget: Budget,
  mustEnd: number,
): number {
  // Entries of three: go on at an instruction and position; give back a character; restore a slot.
  const stack: number[] = []
  let [pc, at] = [0, start]
  for (;;) {
    spend(budget, 1)
    const instruction = program[pc]
    let failed = false
    switch (instruction?.op) {
      case 'class': {
        const code = text.codePointAt(at)
        if (code !== undefined && instruction.test(code)) {
          at += code > 0xffff ? 2 : 1
          pc++
        } else failed = true
        break
      }
      case 'run': {
        const { test, min, max, lazy, possessive } = instruction
        const most = lazy ? min : max
        let count = 0
        let minimum = at
        while (count < most && at < text.length && test(text.codePointAt(at) ?? 0)) {
          at += sizeAt(text, at)
          if (++count === min) minimum = at
        }
        spend(budget, count)
        if (count < min) failed = true
        else {
          if (lazy && count < max) stack.push(3, pc, at, count)
          else if (!lazy && !possessive && at > minimum) stack.push(2, pc, at, minimum)
          pc++
        }
        break
      }
      case 'at':
        if (instruction.test(text, at)) pc++
        else failed = true
        break
      case 'split':
        stack.push(1, instruction.second, at, 0)
        pc = instruction.first
        break
      case 'jump':
        pc = instruction.to
        break
      case 'save':
        stack.push(0, instruction.slot, slots[instruction.slot] ?? -1, 0)
        slots[instruction.slot] = at
        pc++
        break
      case 'progress':
        // A turn that took nothing is the last one.
        pc += slots[instruction.slot] === at ? 2 : 1
        break
      case 'reference': {
        const [from = -1, to = -1] = [slots[2 * instruction.index], slots[2 * instruction.index + 1]]
        const wanted = text.slice(from, to)
        const found = text.slice(at, at + wanted.length)
        spend(budget, wanted.length)
        if (from >= 0 && to >= 0 && same(wanted, found, instruction.ignoreCase)) {
          at += wanted.length
          pc++
        } else failed = true
        break
      }
      case 'sub': {
        const end = sub(instruction, text, at, slots, budget, stack)
        if (end < 0) failed = true
        else {
          at = end
          pc++
        }
        break
      }
      default:
        if (mustEnd < 0 || at === mustEnd) return at
        failed = true
    }
    if (!failed) continue
    const next = backtrack(program, text, stack, slots)
    if (next === undefined) return -1
    ;[pc, at] = next
  }
}

const same = (a: string, b: string, ignoreCase: boolean): boolean =>
  a === b || (ignoreCase && a.toLowerCase() === b.toLowerCase())

/** The newest choice that is left; undefined without any. */
function backtrack(
  program: readonly Instruction[],
  text: string,
  stack: number[],
  slots: number[],
): [number, number] | undefined {
  while (stack.length > 0) {
    const [kind = 0, a = 0, b = 0, c = 0] = stack.splice(-4)
    if (kind === 0) slots[a] = b
    else if (kind === 1) return [a, b]
    else if (kind === 2) {
      const shorter = b - sizeBefore(text, b)
      if (shorter > c) stack.push(2, a, shorter, c)
      return [a + 1, shorter]
    } else {
      const instruction = program[a]
      const code = text.codePointAt(b)
      if (instruction?.op !== 'run' || code === undefined || !instruction.test(code)) continue
      const longer = b + (code > 0xffff ? 2 : 1)
      if (c + 1 < instruction.max) stack.push(3, a, longer, c + 1)
      return [a + 1, longer]
    }
  }
  return undefined
}

/** A look around, or a part that gives nothing back: where the text goes on, or -1. */
function sub(
  instruction: Instruction & { op: 'sub' },
  text: string,
  at: number,
  slots: number[],
  budget: Budget,
  stack: number[],
): number {
  const inner = [...slots]
  let end = -1
  if (instruction.kind === 'behind') {
    for (let start = at; start >= 0 && end < 0; start--) end = run(instruction.program, text, start, inner, budget, at)
  } else end = run(instruction.program, text, at, inner, budget, -1)
  if (instruction.negative) return end < 0 ? at : -1
  if (end < 0) return -1
  for (const [slot, value] of inner.entries()) {
    const before = slots[slot] ?? -1
    if (before === value) continue
    stack.push(0, slot, before, 0)
    slots[slot] = value
  }
  return instruction.kind === 'atomic' ? end : at
}
