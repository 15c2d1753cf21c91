/** Decision tables (DMN 1.4, chapter 8): inputs, rules, hit policies, aggregation, default outputs. */
import {
  type CompiledUnaryTests,
  compileExpression,
  Decimal,
  describeValue,
  equalValues,
  FeelContext,
  FeelSyntaxError,
  type FeelValue,
  isNumber,
  sumOf,
  toJson,
} from '../feel/index.ts'
import { DmnError } from './errors.ts'
import { compileInputEntry, compileLiteral } from './expressions.ts'
import { DecisionFailure, type EvaluatedInput, type Evaluation, type Logic, type MatchedRule } from './model.ts'
import { childOf, childrenOf, type DmnElement, idOf, textOf } from './xml.ts'

interface Input {
  readonly id: string
  readonly name: string
  readonly expression: Logic
}

interface Output {
  readonly id: string
  readonly name: string
  readonly fallback: Logic | undefined
  /** The allowed values, best first; empty if none are given. */
  readonly priorities: readonly FeelValue[]
}

interface Rule {
  readonly id: string
  readonly tests: readonly CompiledUnaryTests[]
  readonly outputs: readonly Logic[]
}

/** The outputs of a matched rule, in the order of the table's outputs. */
type Row = readonly FeelValue[]

const AGGREGATORS = ['SUM', 'MIN', 'MAX', 'COUNT'] as const
type Aggregator = (typeof AGGREGATORS)[number]

/** Compiles a decision table. @throws DmnError naming the element that cannot be used */
export function compileDecisionTable(table: DmnElement, owner: string): Logic {
  const id = idOf(table) ?? owner
  const inputs = childrenOf(table, 'input').map((input, i) => compileInput(input, `${id} input ${i + 1}`))
  const outputs = childrenOf(table, 'output').map((output, i) => compileOutput(output, `${id} output ${i + 1}`))
  if (outputs.length === 0) throw new DmnError(id, `Decision table '${id}' has no output; add one`)
  const rules = childrenOf(table, 'rule').map((rule, i) => compileRule(rule, i, id, inputs, outputs))
  const decide = hitPolicy(table, id, outputs)
  const stopsAtFirst = textOf(table, 'hitPolicy') === 'FIRST'
  return (evaluation) => {
    const values = inputs.map((input) => input.expression(evaluation))
    evaluation.trace.inputs = inputs.map((input, i): EvaluatedInput => {
      return { id: input.id, name: input.name, value: toJson(values[i] ?? null) }
    })
    const fits = (rule: Rule) => matches(rule, values, evaluation)
    const first = stopsAtFirst ? rules.find(fits) : undefined
    const matched = stopsAtFirst ? (first === undefined ? [] : [first]) : rules.filter(fits)
    const rows = matched.map((rule): Row => rule.outputs.map((output) => output(evaluation)))
    evaluation.trace.rules = matched.map((rule, i): MatchedRule => {
      const row = rows[i] ?? []
      const evaluated = outputs.map((output, o) => ({
        id: output.id,
        name: output.name,
        value: toJson(row[o] ?? null),
      }))
      return { ruleId: rule.id, ruleIndex: rules.indexOf(rule) + 1, outputs: evaluated }
    })
    return rows.length === 0 ? defaultResult(outputs, evaluation) : decide(rows)
  }
}

function compileInput(input: DmnElement, owner: string): Input {
  const id = idOf(input) ?? owner
  const expression = childOf(input, 'inputExpression')
  const name = textOf(input, 'label') ?? (expression === undefined ? undefined : textOf(expression, 'text')) ?? ''
  return { id, name, expression: compileLiteral(expression, id) }
}

function compileOutput(output: DmnElement, owner: string): Output {
  const id = idOf(output) ?? owner
  const fallback = childOf(output, 'defaultOutputEntry')
  return {
    id,
    name: textOf(output, 'name') ?? '',
    fallback: fallback === undefined ? undefined : compileLiteral(fallback, id),
    priorities: allowedValues(output),
  }
}

/** The allowed values of an output; those that are no plain list of values give no priorities. */
function allowedValues(output: DmnElement): readonly FeelValue[] {
  const values = childOf(output, 'outputValues')
  const text = values === undefined ? undefined : textOf(values, 'text')
  if (text === undefined || text.trim() === '') return []
  try {
    const list = compileExpression(`[${text}]`).evaluate({}, { clock: { now: () => new Date(0) } }).feel
    return Array.isArray(list) ? list : []
  } catch (error) {
    if (error instanceof FeelSyntaxError) return []
    throw error
  }
}

function compileRule(
  rule: DmnElement,
  index: number,
  table: string,
  inputs: readonly Input[],
  outputs: readonly Output[],
): Rule {
  const id = idOf(rule) ?? `${table} rule ${index + 1}`
  const tests = childrenOf(rule, 'inputEntry').map((entry) => compileInputEntry(entry, id))
  const values = childrenOf(rule, 'outputEntry').map((entry) => compileLiteral(entry, id))
  if (tests.length !== inputs.length || values.length !== outputs.length)
    throw new DmnError(
      id,
      `Rule '${id}' has ${tests.length} input and ${values.length} output entries, but table '${table}' has ${inputs.length} inputs and ${outputs.length} outputs`,
    )
  return { id, tests, outputs: values }
}

function matches(rule: Rule, values: readonly FeelValue[], evaluation: Evaluation): boolean {
  return rule.tests.every((test, i) => {
    const result = test.evaluate(values[i] ?? null, evaluation.scope, evaluation.options)
    for (const warning of result.warnings) evaluation.warnings.push(warning)
    return result.value === true
  })
}

/** What the defaults give where no rule matches: one alone, several as a context; null without any. */
function defaultResult(outputs: readonly Output[], evaluation: Evaluation): FeelValue {
  const entries = outputs.flatMap(({ name, fallback }): [string, FeelValue][] =>
    fallback === undefined ? [] : [[name, fallback(evaluation)]],
  )
  if (entries.length === 0) return null
  return entries.length === 1 ? (entries[0]?.[1] ?? null) : new FeelContext(entries)
}

/** The result of the rows of matched rules (at least one), by hit policy. */
function hitPolicy(table: DmnElement, id: string, outputs: readonly Output[]): (rows: readonly Row[]) => FeelValue {
  const policy = textOf(table, 'hitPolicy') ?? 'UNIQUE'
  const single = (row: Row | undefined): FeelValue =>
    outputs.length === 1
      ? (row?.[0] ?? null)
      : new FeelContext(outputs.map((output, i): [string, FeelValue] => [output.name, row?.[i] ?? null]))
  const found = (rows: readonly Row[]): string =>
    `found: 'List(${rows.map((row) => rowText(row, outputs)).join(', ')})'`
  switch (policy) {
    case 'UNIQUE':
      return (rows) => {
        if (rows.length === 1) return single(rows[0])
        throw new DecisionFailure(`multiple values aren't allowed for UNIQUE hit policy. ${found(rows)}`)
      }
    case 'ANY':
      return (rows) => {
        const first = rows[0]
        if (rows.every((row) => sameRow(row, first))) return single(first)
        throw new DecisionFailure(`different values aren't allowed for ANY hit policy. ${found(distinctRows(rows))}`)
      }
    case 'FIRST':
      return (rows) => single(rows[0])
    case 'PRIORITY':
      return (rows) => single(byPriority(rows, outputs)[0])
    case 'RULE ORDER':
      return (rows) => rows.map(single)
    case 'OUTPUT ORDER':
      return (rows) => byPriority(rows, outputs).map(single)
    case 'COLLECT': {
      const name = textOf(table, 'aggregation')
      if (name === undefined) return (rows) => rows.map(single)
      const aggregator = AGGREGATORS.find((known) => known === name)
      if (aggregator === undefined) throw new DmnError(id, `Decision table '${id}': unknown aggregation '${name}'`)
      if (outputs.length > 1)
        throw new DmnError(
          id,
          `Decision table '${id}': hit policy 'COLLECT' with aggregator is not defined for compound output`,
        )
      return (rows) =>
        aggregated(
          aggregator,
          rows.map((row) => row[0] ?? null),
        )
    }
    default:
      throw new DmnError(id, `Decision table '${id}': unknown hit policy '${policy}'`)
  }
}

const sameRow = (a: Row, b: Row | undefined): boolean =>
  a.every((value, i) => equalValues(value, b?.[i] ?? null) === true)
const distinctRows = (rows: readonly Row[]): Row[] =>
  rows.filter((row, i) => rows.findIndex((other) => sameRow(row, other)) === i)

const rowText = (row: Row, outputs: readonly Output[]): string =>
  `Map(${row.map((value, i) => `${outputs[i]?.name ?? ''} -> ${describeValue(value)}`).join(', ')})`

/** Rows with the better outputs first; a value that is not among the allowed ones comes last. */
function byPriority(rows: readonly Row[], outputs: readonly Output[]): readonly Row[] {
  const rank = (value: FeelValue, { priorities }: Output): number => {
    const at = priorities.findIndex((allowed) => equalValues(allowed, value) === true)
    return at < 0 ? priorities.length : at
  }
  return rows.toSorted((a, b) => {
    for (const [i, output] of outputs.entries()) {
      const difference = rank(a[i] ?? null, output) - rank(b[i] ?? null, output)
      if (difference !== 0) return difference
    }
    return 0
  })
}

function aggregated(aggregator: Aggregator, values: readonly FeelValue[]): FeelValue {
  if (aggregator === 'COUNT') return Decimal.ofInteger(values.length)
  const numbers = values.map((value) => {
    if (isNumber(value)) return value
    throw new DecisionFailure(`expected number but found '${describeValue(value)}'`)
  })
  if (aggregator === 'SUM') return sumOf(numbers)
  const better = aggregator === 'MIN' ? -1 : 1
  return numbers.reduce((best, value) => (value.comparedTo(best) * better > 0 ? value : best))
}
