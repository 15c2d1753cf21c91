/** The frame in which compiled code runs. */
import type { CallContext } from './builtins/define.ts'
import type { Names } from './evaluation.ts'
import type { FeelValue } from './values.ts'

/** What a closure is evaluated in: names, the input value of a unary test, and the run. */
export interface Frame {
  readonly names: Names
  readonly input: FeelValue | undefined
  readonly context: CallContext
}

/** A compiled node. */
export type Code = (frame: Frame) => FeelValue

/** The frame with other names. */
export const withNames = (frame: Frame, names: Names): Frame => ({ names, input: frame.input, context: frame.context })
