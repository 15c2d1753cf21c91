import fc from 'fast-check'
import { KINDS } from '../engine/support/random-blocks.ts'
import { randomBlocks, writeProcess } from '../engine/support/random-process.ts'
import { compareOutcomes } from './compare.ts'
import type { EngineUnderTest } from './engines/engine.ts'
import type { Run } from './run.ts'
import type { Scenario } from './scenario.ts'
import { tell } from './tell.ts'

/** Left out: what Camunda refuses (links without ids), and what answers only when listeners have agreed. */
const { link: _link, asked: _asked, ...kinds } = KINDS

const which = fc.nat(5)
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('complete' as const), which, answer: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), which, answer: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('throw' as const), which, answer: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('finish' as const), which, answer: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('publish' as const), which, answer: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resolve' as const), which, answer: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), which, answer: fc.nat(1) }) },
)
type Action = typeof action extends fc.Arbitrary<infer One> ? One : never
const story = fc.record({ blocks: randomBlocks(kinds), actions: fc.array(action, { minLength: 4, maxLength: 14 }) })

async function perform(t: Run, { do: what, which, answer }: Action): Promise<void> {
  switch (what) {
    case 'complete':
      return t.withOpenJob(which, (job) => t.completeJob(job, { answer }))
    case 'fail':
      return t.withOpenJob(which, (job) => t.failJob(job, { retries: answer }))
    case 'throw':
      return t.withOpenJob(which, (job) => t.throwError(job, ['BAD', 'ODD'][answer] ?? '', '', { thrown: 1 }))
    case 'finish':
      return t.withOpenUserTask(which, (elementId) => t.completeUserTask(elementId, { answer }))
    case 'publish':
      return t.publish(['go', 'stop', 'note', 'alarm'][answer] ?? 'go', 'k', { variables: { published: answer } })
    case 'resolve':
      return t.withActiveIncident(which, async (elementId) => {
        await t.setVariables('p', { answer })
        await t.resolveIncident(elementId)
      })
    case 'move':
      return t.moveClock(['PT35M', 'PT100M'][answer] ?? 'PT35M')
  }
}

/** The random stories of a seed. */
export function randomStories(count: number, seed: number): Scenario[] {
  return fc.sample(story, { numRuns: count, seed }).map(({ blocks, actions }, i) => ({
    title: `random story ${i + 1} of seed ${seed}`,
    since: undefined,
    changedSince86: undefined,
    async tell(t) {
      t.awaitsDue = true
      await t.deploy(writeProcess(kinds, blocks))
      await t.start('p', { answer: 0 })
      for (const one of actions) await perform(t, one)
    },
  }))
}

/** Tells random stories to two engines and gives those that went differently, with what differs. */
export async function compareByStories(
  stories: readonly Scenario[],
  reference: EngineUnderTest,
  engine: EngineUnderTest,
): Promise<{ title: string; lines: string[] }[]> {
  const differing: { title: string; lines: string[] }[] = []
  for (const one of stories) {
    const lines = compareOutcomes(await tell(reference, one), await tell(engine, one))
    if (lines.length > 0) differing.push({ title: one.title, lines })
  }
  return differing
}
