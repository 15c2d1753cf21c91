/** Compiled expressions and unary tests, cached by source. */
import { compileNode } from './compile.ts'
import { FeelEvaluationError } from './errors.ts'
import { type EvaluationOptions, type EvaluationResult, type FeelScope, RootNames, Run } from './evaluation.ts'
import { type Code, Frame } from './frame.ts'
import { freeVariables } from './free-variables.ts'
import { fromJson, toJson } from './json.ts'
import { parseExpression, parseUnaryTests } from './parse.ts'
import type { Node } from './syntax-tree.ts'
import { compileTests, type Test } from './unary-tests.ts'
import type { FeelValue, JsonValue } from './values.ts'

/** The error of an evaluation with its expression, and the warnings before it. */
const named = (source: string, run: Run, error: unknown): unknown =>
  error instanceof FeelEvaluationError ? error.of(source, run.warnings) : error

/** A compiled FEEL expression. */
export class CompiledExpression {
  /** The source text, without a leading `=`. */
  readonly source: string
  readonly #tree: Node
  readonly #code: Code

  /** @throws FeelSyntaxError */
  constructor(source: string) {
    this.source = source
    this.#tree = parseExpression(source)
    this.#code = compileNode(this.#tree)
  }

  /**
   * Evaluates against variables. What FEEL cannot do becomes null with a warning.
   * @throws FeelEvaluationError when an `assert` fails or a bound of evaluation is exceeded
   */
  evaluate(context: FeelScope, options: EvaluationOptions): EvaluationResult {
    const run = new Run(options)
    try {
      const feel = this.#code(new Frame(run, new RootNames(context)))
      return { value: toJson(feel), feel, warnings: run.warnings }
    } catch (error) {
      throw named(this.source, run, error)
    }
  }

  /** Names of the variables that the expression reads, in order of first use. */
  variables(): string[] {
    return freeVariables(this.#tree)
  }
}

/** Compiled unary tests: a cell of a decision table. */
export class CompiledUnaryTests {
  /** The source text. */
  readonly source: string
  readonly #test: Test

  /** @throws FeelSyntaxError */
  constructor(source: string) {
    this.source = source
    this.#test = compileTests(parseUnaryTests(source), compileNode)
  }

  /**
   * Tests `input` against the cell; `null` where the test gives no answer.
   * @throws FeelEvaluationError when an `assert` fails or a bound of evaluation is exceeded
   */
  evaluate(
    input: JsonValue | FeelValue,
    context: FeelScope,
    options: EvaluationOptions,
  ): { value: boolean | null; warnings: readonly string[] } {
    const run = new Run(options)
    try {
      const value = this.#test(new Frame(run, new RootNames(context)), fromJson(input))
      return { value, warnings: run.warnings }
    } catch (error) {
      throw named(this.source, run, error)
    }
  }
}

const CACHE_SIZE = 5_000

/** Remembers what was compiled; the one unused for longest is dropped. */
function cached<T>(compile: (source: string) => T): (source: string) => T {
  const known = new Map<string, T>()
  return (source) => {
    const found = known.get(source)
    if (found !== undefined) {
      known.delete(source)
      known.set(source, found)
      return found
    }
    const compiled = compile(source)
    known.set(source, compiled)
    const oldest = known.size > CACHE_SIZE ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
    return compiled
  }
}

const expressions = cached((source) => new CompiledExpression(source))
const unaryTests = cached((source) => new CompiledUnaryTests(source))

/** Compiles an expression (without leading `=`); the same source gives the same object. @throws FeelSyntaxError */
export const compileExpression = (source: string): CompiledExpression => expressions(source)

/** Compiles unary tests; the same source gives the same object. @throws FeelSyntaxError */
export const compileUnaryTests = (source: string): CompiledUnaryTests => unaryTests(source)
