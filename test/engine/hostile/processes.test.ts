import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { openEngine } from '../../../src/engine/index.ts'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  flows,
  job,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { engineFor } from '../process/support.ts'
import { beside } from './beside.ts'

const count = (test: ProcessTest, sql: string) =>
  test.engine.query.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${sql}`)?.n ?? 0
describe('a process', () => {
  it('with more items at once than can be started becomes one incident', async () => {
    const test = await engineFor()
    const xml = bpmn(
      'p',
      start() +
        element('serviceTask', { id: 'w' }, job('w'), multiInstance({ inputCollection: '=items' })) +
        end() +
        flows('start -> w -> end'),
    )
    const items = Array.from({ length: 20_001 }, () => 0)
    const key = await beside(test, () => test.run(xml, { items }))
    expect(test.incidents(Number(key))).toMatchObject([
      { errorMessage: expect.stringContaining('at most 20000 items') },
    ])
  })

  it('that calls itself inside of subprocesses ends in an incident, and can be cancelled', async () => {
    const test = await engineFor()
    let inside =
      start('s') +
      element('callActivity', { id: 'c' }, '<zeebe:calledElement processId="p"/>') +
      end('e') +
      flows('s -> c -> e')
    for (let depth = 0; depth < 5; depth += 1)
      inside =
        start(`s${depth}`) +
        subprocess(`x${depth}`, inside) +
        end(`e${depth}`) +
        flows(`s${depth} -> x${depth} -> e${depth}`)
    const key = Number(await beside(test, () => test.run(bpmn('p', inside))))
    const incident = test.engine.query.get("SELECT errorMessage FROM incident WHERE state = 'ACTIVE'")
    expect(incident).toEqual({ errorMessage: expect.stringContaining('maximum depth of 1000 called processes') })
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect(count(test, "process_instance WHERE state = 'ACTIVE' AND processDefinitionId = 'p'")).toBe(0)
  })
})

describe('a timer', () => {
  it.each(['P999999999Y', 'PT99999999999999999999S', 'P5', 'nonsense'])('of %s is an incident', async (duration) => {
    const test = await engineFor()
    const xml = bpmn(
      'p',
      start() + catchEvent('wait', timer('timeDuration', '=d')) + end() + flows('start -> wait -> end'),
    )
    const key = await beside(test, () => test.run(xml, { d: duration }))
    expect(test.incidents(Number(key))).toMatchObject([{ errorMessage: expect.stringContaining(`'${duration}'`) }])
  })

  it('whose diagram cannot be read any more does not hold up the others', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'poison-'))
    try {
      const late = (id: string) =>
        bpmn(
          id,
          start() +
            serviceTask('work') +
            boundary('late', 'work', timer('timeDuration', 'PT1H')) +
            end() +
            flows('start -> work -> end', 'late -> end'),
        )
      const before = await ProcessTest.open({ directory, resources: { 'a.bpmn': late('bad'), 'b.bpmn': late('good') } })
      for (let index = 0; index < 250; index += 1) await before.start('bad')
      const good = await before.start('good')
      await before.close()
      const database = new DatabaseSync(join(directory, 'engine.db'))
      database.exec("UPDATE process_definition SET content = 'damaged' WHERE processDefinitionId = 'bad'")
      database.close()
      const faults: unknown[] = []
      const after = new ProcessTest(await openEngine({ directory, onFault: (fault) => faults.push(fault) }))
      await after.moveBy(2 * 3_600_000)
      await expect.poll(() => after.stateOf(good), { timeout: 30_000 }).toBe('COMPLETED')
      expect(faults.length).toBeGreaterThan(0)
      await after.close()
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
