import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEngineClock, openEngine } from '../../src/engine/index.ts'
import { readTables, replayJournal } from '../../src/engine/runtime/replay.ts'
import {
  boundary,
  bpmn,
  end,
  flows,
  listeners,
  serviceTask,
  start,
  timer,
  userTask,
} from '../../src/engine/testing/bpmn-builder.ts'
import { ProcessTest } from '../../src/engine/testing/process-test.ts'

let directory: string
let open: ProcessTest[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'engine-'))
  open = []
})
afterEach(async () => {
  for (const test of open) await test.close()
  rmSync(directory, { recursive: true, force: true })
})

async function openHere(inMemory = false): Promise<ProcessTest> {
  const test = await ProcessTest.open(inMemory ? {} : { directory })
  open.push(test)
  return test
}

const oneTask = bpmn('p', start() + serviceTask('work') + end() + flows('start -> work -> end'))

describe('a data directory', () => {
  it('keeps everything that waits; the clock stays pinned', async () => {
    const xml = bpmn(
      'p',
      start() +
        userTask('task', listeners('start:prepare'), '<zeebe:taskSchedule dueDate="=due"/>') +
        boundary('late', 'task', timer('timeDate', '=due'), false) +
        end() +
        end('told') +
        flows('start -> task -> end', 'late -> told'),
    )
    const before = await openHere()
    const key = await before.run(xml)
    await before.completeJob('prepare', { due: '2026-11-24T10:00:00+08:00' })
    await before.close()
    const after = await openHere()
    expect(after.engine.clock.now().toISOString()).toBe('2026-11-23T01:00:00.000Z')
    expect(after.waitingAt(key)).toEqual(['task'])
    await after.moveTo('2026-11-24T10:00:00+08:00')
    expect(after.completed(key)).toContain('told')
    await after.completeUserTask('task', { ok: true })
    expect(after.stateOf(key)).toBe('COMPLETED')
    expect(readTables(after.engine.query)).toEqual(replayJournal(after.engine.query))
  })

  it('fires timers that became due while the engine was away', async () => {
    const before = await openHere()
    const key = await before.run(
      bpmn(
        'p',
        start() +
          serviceTask('work') +
          boundary('late', 'work', timer('timeDuration', 'PT1H')) +
          end() +
          end('after') +
          flows('start -> work -> end', 'late -> after'),
      ),
    )
    await before.execute({ type: 'ResetClock' })
    await before.close()
    const clock = createEngineClock()
    clock.pin(new Date('2026-11-23T23:00:00+08:00'))
    const after = new ProcessTest(await openEngine({ directory, clock }))
    open.push(after)
    // Any pin waits until nothing is due.
    await after.moveTo('2026-11-23T23:00:00+08:00')
    expect(after.stateOf(key)).toBe('COMPLETED')
    expect(after.terminated(key)).toEqual(['work'])
  })

  it('is refused to a second process, and free again when the first ends', async () => {
    const first = await openHere()
    const index = new URL('../../src/engine/index.ts', import.meta.url).href
    const script = `const { openEngine } = await import(${JSON.stringify(index)}); await (await openEngine({ directory: ${JSON.stringify(directory)} })).close()`
    const second = () => spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    const refused = second()
    expect(refused.status).not.toBe(0)
    expect(refused.stderr).toContain('is in use by another process')
    await first.close()
    expect(second().status).toBe(0)
  })

  it('is refused to a second engine of the same process', async () => {
    await openHere()
    await expect(openEngine({ directory })).rejects.toThrow('in use')
  })

  it('of a newer version is refused', async () => {
    const test = await openHere()
    await test.close()
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(join(directory, 'engine.db'))
    database.exec("UPDATE meta SET value = 99 WHERE name = 'schemaVersion'")
    database.close()
    await expect(openEngine({ directory })).rejects.toThrow('schema version 99')
  })
})

describe('commands', () => {
  it('are refused after closing', async () => {
    const test = await openHere(true)
    await test.close()
    await expect(test.start('p')).rejects.toMatchObject({ type: 'UNAVAILABLE' })
  })

  it('of one turn share a transaction, each with its own outcome', async () => {
    const test = await openHere()
    await test.deploy({ 'p.bpmn': oneTask })
    const outcomes = await Promise.allSettled([test.start('p'), test.start('unknown'), test.start('p')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(test.engine.query.all('SELECT key FROM process_instance')).toHaveLength(2)
  })

  it('can wait for the end of the instance that they start', async () => {
    const test = await openHere(true)
    await test.deploy({ 'p.bpmn': oneTask })
    const command = { type: 'CreateProcessInstance', processDefinitionId: 'p', awaitCompletion: true } as const
    const waiting = test.execute({ ...command, variables: { a: 1 }, fetchVariables: ['b'] })
    await test.engine.waitForJobs(['work'], 10_000)
    await test.completeJob('work', { b: 2 })
    expect((await waiting).variables).toEqual({ b: 2 })
    const cancelled = test.execute(command)
    await test.engine.waitForJobs(['work'], 10_000)
    const [{ key } = { key: 0 }] = test.engine.query.all<{ key: number }>(
      "SELECT key FROM process_instance WHERE state = 'ACTIVE'",
    )
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    await expect(cancelled).rejects.toMatchObject({ type: 'INVALID_STATE' })
    await expect(test.execute({ ...command, requestTimeout: 1 })).rejects.toMatchObject({ type: 'DEADLINE_EXCEEDED' })
  })
})

describe('waiting for jobs', () => {
  it('ends when there is one', async () => {
    const test = await openHere(true)
    await test.deploy({ 'p.bpmn': oneTask })
    const waiting = test.engine.waitForJobs(['other', 'work'], 60_000)
    await test.start('p')
    expect(await waiting).toBe(true)
    expect(await test.engine.waitForJobs(['work'], 0)).toBe(true)
  })

  it('ends without one after its time, on a signal, and when the engine closes', async () => {
    const test = await openHere(true)
    expect(await test.engine.waitForJobs(['work'], 0)).toBe(false)
    const controller = new AbortController()
    const aborted = test.engine.waitForJobs(['work'], 60_000, controller.signal)
    const closed = test.engine.waitForJobs(['work'], 60_000)
    controller.abort()
    expect(await aborted).toBe(false)
    await test.close()
    expect(await closed).toBe(false)
  })
})

describe('the clock', () => {
  it('is moved by command, and fires what is due in the order of its dates', async () => {
    const test = await openHere(true)
    const wait = (id: string) =>
      bpmn(
        id,
        start() +
          userTask('u') +
          boundary('late', 'u', timer('timeDuration', '=wait')) +
          end() +
          flows('start -> u', 'late -> end'),
      )
    await test.deploy({ 'a.bpmn': wait('a') })
    const second = await test.start('a', { wait: 'PT2H' })
    const first = await test.start('a', { wait: 'PT1H' })
    await test.moveBy(3 * 3_600_000)
    const ends = test.engine.query.all<{ processInstanceKey: number }>(
      "SELECT processInstanceKey FROM element_instance WHERE elementId = 'end' ORDER BY key",
    )
    expect(ends.map(({ processInstanceKey }) => processInstanceKey)).toEqual([first, second])
  })

  it('refuses what is no instant', async () => {
    const test = await openHere(true)
    await expect(test.execute({ type: 'PinClock', timestamp: Number.NaN })).rejects.toMatchObject({
      type: 'INVALID_ARGUMENT',
    })
  })
})

describe('queries', () => {
  it('only read', async () => {
    const test = await openHere()
    expect(() => test.engine.query.all('DELETE FROM meta')).toThrow('must be a SELECT')
    expect(() => test.engine.query.all('WITH a AS (SELECT 1) DELETE FROM meta')).toThrow(/readonly|read.only/i)
  })
})
