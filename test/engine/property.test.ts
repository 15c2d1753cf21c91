import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CommandRejection } from '../../src/engine/index.ts'
import { readTables, replayJournal } from '../../src/engine/runtime/replay.ts'
import { ProcessTest } from '../../src/engine/testing/process-test.ts'
import { overdue, violations } from './support/invariants.ts'
import { driveToEnd, perform, type RandomAction, randomAction, sendMessages } from './support/random-actions.ts'
import { KINDS } from './support/random-blocks.ts'
import { type RandomResources, randomBlocks, writeProcess } from './support/random-process.ts'

/** More by `PROPERTY_RUNS=2000 vitest run test/engine/property.test.ts`. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 40)
const TIMEOUT = 60_000 + RUNS * 2_000

const story = fc.record({
  blocks: randomBlocks(KINDS),
  actions: fc.array(randomAction, { minLength: 5, maxLength: 25 }),
})

function check(test: ProcessTest): void {
  expect(violations(test.engine.query)).toEqual([])
  expect(overdue(test.engine.query, test.engine.clock.now().getTime())).toEqual([])
  expect(replayJournal(test.engine.query)).toEqual(readTables(test.engine.query))
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof CommandRejection)) throw error
}

/** Tells a story and gives the tables at its end; with a directory, the engine is opened anew before every step. */
async function tell(resources: RandomResources, actions: readonly RandomAction[], directory?: string) {
  const open = (options = {}) => ProcessTest.open(directory === undefined ? options : { ...options, directory })
  let test = await open({ resources })
  try {
    await test.start('p', { answer: 0 })
    for (const action of actions) {
      if (directory !== undefined) {
        await test.close()
        test = await open()
      }
      await perform(test, action)
    }
    return readTables(test.engine.query)
  } finally {
    await test.close()
  }
}

describe('random processes', () => {
  it('keep every rule after every step, equal their replay, and come to an end', { timeout: TIMEOUT }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ blocks, actions }) => {
        const test = await ProcessTest.open({ resources: writeProcess(KINDS, blocks) })
        try {
          const rules = () => expect(violations(test.engine.query)).toEqual([])
          await test.start('p', { answer: 0 })
          check(test)
          for (const action of actions) {
            await perform(test, action)
            check(test)
          }
          expect(await driveToEnd(test, 60, rules, () => sendMessages(test))).toEqual([])
          check(test)
          for (const table of ['timer', 'message_subscription', 'gateway_token'])
            expect(test.engine.query.all(`SELECT * FROM ${table}`)).toEqual([])
        } finally {
          await test.close()
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('leave nothing behind when they are cancelled', { timeout: TIMEOUT }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ blocks, actions }) => {
        const test = await ProcessTest.open({ resources: writeProcess(KINDS, blocks) })
        try {
          await test.start('p', { answer: 0 })
          for (const action of actions) await perform(test, action)
          for (const { key } of test.engine.query.all<{ key: number }>(
            "SELECT key FROM process_instance WHERE state = 'ACTIVE' AND parentProcessInstanceKey IS NULL",
          ))
            await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key }).catch(unlessRefused)
          check(test)
          // What listeners of user tasks are asked about ends when they have agreed.
          await driveToEnd(
            test,
            60,
            () => check(test),
            () => sendMessages(test),
          )
          // A message that was kept may start another; that one waits, and keeps the rules as well.
          const active = test.engine.query.all(
            "SELECT processDefinitionId FROM process_instance WHERE state = 'ACTIVE' AND processDefinitionId <> 'm'",
          )
          expect(active).toEqual([])
        } finally {
          await test.close()
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('keep every rule when several ask for the same at once', { timeout: TIMEOUT }, async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.integer({ min: 2, max: 6 }), async ({ blocks, actions }, together) => {
        const test = await ProcessTest.open({ resources: writeProcess(KINDS, blocks) })
        try {
          await Promise.all([test.start('p', { answer: 0 }), test.start('p', { answer: 1 })])
          for (let index = 0; index < actions.length; index += together) {
            // Of two that want the same, one is refused; the transaction that they share goes on without it.
            await Promise.all(
              actions.slice(index, index + together).map((action) => perform(test, action).catch(unlessRefused)),
            )
            check(test)
          }
        } finally {
          await test.close()
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('go on the same way when the engine is opened anew before every step', { timeout: TIMEOUT }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ blocks, actions }) => {
        const directory = mkdtempSync(join(tmpdir(), 'property-'))
        try {
          const resources = writeProcess(KINDS, blocks)
          expect(await tell(resources, actions, directory)).toEqual(await tell(resources, actions))
        } finally {
          rmSync(directory, { recursive: true, force: true })
        }
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    )
  })
})
