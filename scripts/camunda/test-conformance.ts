// One suite of scenarios, told to the embedded engine and to real Camunda: Zeebe 8.8.21 in memory and Camunda 8.6.0. The real ones
// need a JDK 21 or later and Maven; what they do is recorded in test/conformance/recorded, by which the embedded one is judged.
//   npm run test:conformance [-- --engine embedded|embedded-rest|8.8|8.6] [--only TEXT] [--record]
//   npm run test:conformance -- --random N [--seed S]   random processes, told to the embedded engine and to Zeebe 8.8.21
import { parseArgs } from 'node:util'
import { startCamunda86 } from '../../test/conformance/engines/camunda-86.ts'
import { startEmbeddedGrpc, startEmbeddedRest } from '../../test/conformance/engines/embedded.ts'
import type { EngineUnderTest } from '../../test/conformance/engines/engine.ts'
import { startZeebe88 } from '../../test/conformance/engines/in-memory-zeebe.ts'
import { judgeGateway } from '../../test/conformance/gateway.ts'
import { groups } from '../../test/conformance/groups.ts'
import { judge, type Verdict } from '../../test/conformance/judge.ts'
import { compareByStories, randomStories } from '../../test/conformance/random.ts'
import { findJavaHome } from './java.ts'

const engines: Record<string, { start: () => Promise<EngineUnderTest>; isReal: boolean }> = {
  '8.8': { start: () => startZeebe88(), isReal: true },
  '8.6': { start: () => startCamunda86(), isReal: true },
  embedded: { start: startEmbeddedGrpc, isReal: false },
  'embedded-rest': { start: startEmbeddedRest, isReal: false },
}

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true },
    only: { type: 'string' },
    record: { type: 'boolean', default: false },
    random: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
if (options.random !== undefined) await compareAtRandom(Number(options.random), Number(options.seed))

const chosen = options.engine ?? Object.keys(engines)
const unknown = chosen.find((name) => !(name in engines))
if (unknown !== undefined)
  throw new Error(`--engine ${unknown}: choose one of ${Object.keys(engines).join(', ')} (more than once for several)`)
const wanted = groups
  .map((group) => ({
    ...group,
    scenarios: group.scenarios.filter(({ title }) => `${group.name} ${title}`.includes(options.only ?? '')),
  }))
  .filter(({ scenarios }) => scenarios.length > 0)
if (options.record && options.only !== undefined) throw new Error('--record records whole groups: leave --only out')

const rows: Record<string, Record<string, number | string>> = {}
let passed = 0
let failed = 0
for (const name of Object.keys(engines).filter((name) => chosen.includes(name))) {
  const { start, isReal } = engines[name]!
  const reason = isReal ? withoutJava() : undefined
  if (reason !== undefined) {
    console.log(`\nReal Camunda ${name} is left out: ${reason}`)
    rows[name] = { scenarios: 'not run' }
    if (options.engine !== undefined) failed += 1
    continue
  }
  const began = performance.now()
  const engine = await start()
  console.log(`\n${engine.name}`)
  let verdicts: Verdict[]
  try {
    verdicts = await judge(engine, wanted, { record: options.record && isReal, isReal, onVerdict: show })
    if (options.only === undefined) {
      const refusals = await judgeGateway(engine)
      for (const verdict of refusals) show(verdict)
      verdicts.push(...refusals)
    }
  } finally {
    await engine.close()
  }
  const count = (kind: Verdict['kind']) => verdicts.filter((verdict) => verdict.kind === kind).length
  rows[engine.name] = {
    scenarios: verdicts.length,
    agree: count('agrees'),
    'differ as listed': count('differs as listed'),
    'later versions only': count('cannot yet'),
    wrong: count('wrong'),
    seconds: Math.round((performance.now() - began) / 1000),
  }
  passed += verdicts.length - count('wrong') - count('cannot yet')
  failed += count('wrong')
}

console.table(rows)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

/** Tells random stories to both, prints those that went differently, and ends. */
async function compareAtRandom(count: number, seed: number): Promise<never> {
  const reason = withoutJava()
  if (reason !== undefined) throw new Error(`--random compares with real Zeebe: ${reason}`)
  const reference = await startZeebe88()
  const engine = await startEmbeddedGrpc()
  const differing = await compareByStories(randomStories(count, seed), reference, engine)
  for (const { title, lines } of differing) console.log(`✗ ${title}\n${lines.map((line) => `    ${line}`).join('\n')}`)
  await engine.close()
  await reference.close()
  console.log(`${count - differing.length} passed, ${differing.length} failed`)
  process.exit(differing.length === 0 ? 0 : 1)
}

function show({ kind, group, title, lines }: Verdict): void {
  if (kind === 'wrong') console.log(`✗ ${group}: ${title}\n${lines.map((line) => `    ${line}`).join('\n')}`)
}

/** Why the real engines cannot be started here, if so. */
function withoutJava(): string | undefined {
  try {
    findJavaHome()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
