/** The frame in which compiled code runs. */
import { FeelEvaluationError } from './errors.ts'
import type { Names, Run } from './evaluation.ts'
import type { FeelValue } from './values.ts'

/** What a closure is evaluated in: the run, its names, and the input value of a unary test. */
export class Frame {
  readonly run: Run
  readonly names: Names
  /** What `?` is; undefined outside unary tests, and in them while a test is tried as a plain value. */
  readonly input: FeelValue | undefined
  /** What a test is held against, though `?` may not be known. */
  readonly tested: FeelValue | undefined

  constructor(run: Run, names: Names, input?: FeelValue, tested: FeelValue | undefined = input) {
    this.run = run
    this.names = names
    this.input = input
    this.tested = tested
  }

  /** The frame with other names. */
  withNames(names: Names): Frame {
    return new Frame(this.run, names, this.input, this.tested)
  }
}

/** A compiled node. */
export type Code = (frame: Frame) => FeelValue

/** Raised for `?` where there is no input value. */
export class NoInput extends FeelEvaluationError {
  constructor() {
    super("No input value available. '?' can only be used inside an unary-test expression.")
  }
}
