import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareOutcomes } from './compare.ts'
import { differences } from './differences.ts'
import { startEmbedded } from './engines/embedded.ts'
import type { EngineUnderTest } from './engines/engine.ts'
import { groups } from './groups.ts'
import { readRecordings } from './recordings.ts'
import { tell } from './tell.ts'

let engine: EngineUnderTest
beforeAll(async () => {
  engine = await startEmbedded()
})
afterAll(() => engine.close())

for (const group of groups) {
  describe(`as on Camunda 8.8: ${group.name}`, () => {
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
}
