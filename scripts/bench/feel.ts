// What FEEL costs: expressions as diagrams have them, compiled once, and a decision table. CPU of this thread, not wall time.
import { evaluateDecision, parseDmn } from '../../src/engine/dmn/index.ts'
import { compileExpression, type JsonObject } from '../../src/engine/feel/index.ts'
import type { Measurement } from './measurement.ts'

const VARIABLES: JsonObject = {
  amount: 1250.75,
  status: 'open',
  filed: '2026-05-01',
  claim: { principal: 58230.75, rate: 10.39, parties: [{ name: '甲', role: 'creditor' }] },
}
const OPTIONS = { clock: { now: () => new Date('2026-05-01T08:00:00Z') }, zone: 'Asia/Shanghai' }
const ROUNDS = 20_000

const EXPRESSIONS: readonly (readonly [string, string])[] = [
  ['a gateway condition', 'amount > 100 and status = "open"'],
  ['an input mapping', '{principal: claim.principal, creditor: claim.parties[role = "creditor"][1].name}'],
  ['arithmetic on money', 'round half up(claim.principal * claim.rate / 100, 2)'],
  ['a date moved by a duration', 'date(filed) + duration("P15D")'],
]

const RULES = 100

/** A table of 100 rules, of which the last one matches. */
function table(): string {
  const rules = Array.from(
    { length: RULES },
    (_, i) =>
      `<rule id="r${i}"><inputEntry id="i${i}"><text>[${i * 100}..${i * 100 + 100})</text></inputEntry>` +
      `<outputEntry id="o${i}"><text>${i}</text></outputEntry></rule>`,
  ).join('')
  return (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="bench" name="bench" namespace="bench">' +
    '<decision id="fee" name="fee"><decisionTable id="t" hitPolicy="UNIQUE">' +
    '<input id="in"><inputExpression id="e"><text>amount</text></inputExpression></input><output id="out" name="fee"/>' +
    `${rules}</decisionTable></decision></definitions>`
  )
}

/** Microseconds of CPU that a call costs, after warming up. */
function cost(rounds: number, call: () => unknown): number {
  for (let i = 0; i < rounds; i++) call()
  const before = process.cpuUsage()
  for (let i = 0; i < rounds; i++) call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / rounds
}

/** The cost of FEEL and of a decision table. */
export async function benchFeel(): Promise<Measurement[]> {
  const rows = EXPRESSIONS.map(([what, source]): Measurement => {
    const expression = compileExpression(source)
    return { what: `FEEL: ${what}`, value: cost(ROUNDS, () => expression.evaluate(VARIABLES, OPTIONS)), unit: 'µs' }
  })
  // Each source is new to the cache, so that it is compiled.
  let counter = 0
  const compiling = cost(ROUNDS / 10, () => compileExpression(`amount > ${++counter} and status = "open"`))
  const graph = await parseDmn(table())
  const variables = { ...VARIABLES, amount: RULES * 100 - 1 }
  const deciding = cost(ROUNDS / 10, () => evaluateDecision(graph, 'fee', variables, OPTIONS))
  return [
    ...rows,
    { what: 'FEEL: a condition compiled', value: compiling, unit: 'µs' },
    { what: `DMN: a table of ${RULES} rules, the last one matches`, value: deciding, unit: 'µs' },
  ]
}
