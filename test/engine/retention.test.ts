import { afterEach, describe, expect, it } from 'vitest'
import { createEngineClock, type Engine, openEngine } from '../../src/engine/index.ts'
import { readTables, replayJournal } from '../../src/engine/runtime/replay.ts'
import { bpmn, element, end, flows, serviceTask, start, userTask } from '../../src/engine/testing/bpmn-builder.ts'
import { ProcessTest } from '../../src/engine/testing/process-test.ts'
import { violations } from './support/invariants.ts'

const DAY = 86_400_000
const CALLED = bpmn('called', start() + userTask('ask') + end() + flows('start -> ask -> end'))
const CALLER = bpmn(
  'caller',
  start() +
    serviceTask('work') +
    element('callActivity', { id: 'call' }, '<zeebe:calledElement processId="called"/>') +
    end() +
    flows('start -> work -> call -> end'),
)

let engine: Engine | undefined
afterEach(() => engine?.close())

async function open(historyRetention?: string | number): Promise<ProcessTest> {
  const clock = createEngineClock()
  engine = await openEngine({ directory: null, clock, ...(historyRetention === undefined ? {} : { historyRetention }) })
  const test = new ProcessTest(engine)
  await test.execute({ type: 'PinClock', timestamp: Date.parse('2026-11-23T09:00:00+08:00') })
  await test.deploy({ 'called.bpmn': CALLED, 'caller.bpmn': CALLER })
  return test
}

async function complete(test: ProcessTest): Promise<number> {
  const key = await test.start('caller', { text: 'secret' })
  await test.completeJob('work')
  await test.completeUserTask('ask')
  expect(test.stateOf(key)).toBe('COMPLETED')
  return key
}

const instances = (test: ProcessTest) =>
  test.engine.query.all<{ key: number }>('SELECT key FROM process_instance').map(({ key }) => key)

describe('history', () => {
  it('is kept for ever unless told', async () => {
    const test = await open()
    const key = await complete(test)
    await test.moveBy(10_000 * DAY)
    expect(instances(test)).toContain(key)
  })

  it('that is older than its retention goes with the called processes; what is younger or waits stays', async () => {
    const test = await open('P30D')
    const waiting = await test.start('caller')
    await test.completeJob('work')
    for (let count = 0; count < 50; count += 1) {
      const key = await test.start('caller', { text: 'secret' })
      await test.completeJob('work')
      const { key: userTaskKey } = test.engine.query.get<{ key: number }>('SELECT MAX(key) AS key FROM user_task') as {
        key: number
      }
      await test.execute({ type: 'CompleteUserTask', userTaskKey })
      expect(test.stateOf(key)).toBe('COMPLETED')
    }
    await test.moveBy(31 * DAY)
    const young = await test.start('called')
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: young })
    await expect.poll(() => instances(test).length, { timeout: 30_000 }).toBe(3)
    expect(instances(test)).toEqual(expect.arrayContaining([waiting, young]))
    expect(test.engine.query.all('SELECT key FROM variable WHERE value = \'"secret"\'')).toEqual([])
    expect(violations(test.engine.query)).toEqual([])
    expect(replayJournal(test.engine.query)).toEqual(readTables(test.engine.query))
    await test.completeUserTask('ask')
    expect(test.stateOf(waiting)).toBe('COMPLETED')
  })

  it.each(['5 years', '', '-P1D', -1, Number.NaN])('is not kept for %s, which is no duration', async (retention) => {
    await expect(openEngine({ directory: null, historyRetention: retention })).rejects.toThrow(
      'historyRetention must be',
    )
  })
})
