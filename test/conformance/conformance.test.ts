import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareOutcomes } from './compare.ts'
import { differences } from './differences.ts'
import { startEmbeddedGrpc, startEmbeddedRest } from './engines/embedded.ts'
import type { EngineUnderTest } from './engines/engine.ts'
import { groups } from './groups.ts'
import { readRecordings } from './recordings.ts'
import { tell } from './tell.ts'

let engine: EngineUnderTest

describe.each([
  ['gRPC', startEmbeddedGrpc],
  ['REST', startEmbeddedRest],
] as const)('as on Camunda 8.8, asked over %s', (_transport, startEngine) => {
  beforeAll(async () => {
    engine = await startEngine()
  })
  afterAll(() => engine.close())

  describe.each(groups)('$name', (group) => {
    const recordings = readRecordings(group)
    for (const scenario of group.scenarios) {
      const difference = differences.find((one) => one.group === group.name && one.title === scenario.title)
      test(scenario.title + (difference === undefined ? '' : ` (differs: ${difference.reason})`), async () => {
        const expected = recordings.get(scenario.title)?.outcome
        if (expected === undefined) throw new Error('not recorded: npm run test:conformance -- --record --engine 8.8')
        const lines = compareOutcomes(expected, await tell(engine, scenario))
        if (difference === undefined) expect(lines.join('\n')).toBe('')
        else expect(lines, 'it does not differ any more: take it off the list').not.toEqual([])
      })
    }
  })
})
