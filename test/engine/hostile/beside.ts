import { expect } from 'vitest'
import { CommandRejection } from '../../../src/engine/index.ts'
import { bpmn, end, flows, serviceTask, start } from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { violations } from '../support/invariants.ts'

const ORDINARY = bpmn('ordinary', start() + serviceTask('daily') + end() + flows('start -> daily -> end'))

/** CPU time that something hostile may take at the most, milliseconds: far more than it does, far less than for ever. */
const MOST_CPU = 15_000

/**
 * Asks something hostile of the engine in one turn (and one transaction) with ordinary commands, and more of those
 * afterwards: they are carried out as ever, the tables keep all rules, and it does not take for ever.
 * @returns what the hostile command gave, or how it was refused
 */
export async function beside<Result>(
  test: ProcessTest,
  hostile: () => Promise<Result>,
): Promise<Result | { type: string; message: string }> {
  await test.deploy({ 'ordinary.bpmn': ORDINARY })
  const waiting = await test.start('ordinary')
  const { jobKey } = await test.takeJob('daily')
  const before = process.cpuUsage()
  const [outcome, completed, started] = await Promise.allSettled([
    hostile(),
    test.execute({ type: 'CompleteJob', jobKey, variables: { done: true } }),
    test.start('ordinary'),
  ])
  const { user, system } = process.cpuUsage(before)
  expect(completed).toMatchObject({ status: 'fulfilled' })
  expect(started).toMatchObject({ status: 'fulfilled' })
  expect(test.stateOf(waiting)).toBe('COMPLETED')
  await test.completeJob('daily')
  if (started?.status === 'fulfilled') expect(test.stateOf(started.value)).toBe('COMPLETED')
  expect(violations(test.engine.query)).toEqual([])
  expect((user + system) / 1000).toBeLessThan(MOST_CPU)
  if (outcome?.status === 'fulfilled') return outcome.value
  const reason: unknown = outcome?.reason
  if (!(reason instanceof CommandRejection)) throw reason
  return { type: reason.type, message: reason.message }
}
