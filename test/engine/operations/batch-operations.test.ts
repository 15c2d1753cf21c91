import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { BatchOperationPlan, Key } from '../../../src/engine/index.ts'
import { readTables, replayJournal } from '../../../src/engine/runtime/replay.ts'
import {
  bpmn,
  end,
  flows,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { ProcessTest } from '../../../src/engine/testing/process-test.ts'

const XML = bpmn(
  'p',
  start() + serviceTask('a') + userTask('b') + userTask('c') + end() + flows('start -> a -> b -> c -> end'),
)

const open: ProcessTest[] = []
afterEach(async () => {
  for (const test of open.splice(0)) await test.close()
})

async function given(instances: number, directory?: string): Promise<{ test: ProcessTest; keys: Key[] }> {
  const test = await ProcessTest.open({
    resources: { 'p.bpmn': XML },
    ...(directory === undefined ? {} : { directory }),
  })
  open.push(test)
  const keys: Key[] = []
  for (let count = 0; count < instances; count += 1) keys.push(await test.start('p'))
  return { test, keys }
}

async function batch(test: ProcessTest, plan: BatchOperationPlan, processInstanceKeys: readonly Key[]): Promise<Key> {
  return (await test.execute({ type: 'CreateBatchOperation', plan, processInstanceKeys })).batchOperationKey
}

/** Waits until nothing is due any more. */
const settle = (test: ProcessTest) => test.moveBy(0)

const operation = (test: ProcessTest, key: Key) =>
  test.engine.query.get('SELECT state, totalCount, completedCount, failedCount FROM batch_operation WHERE key = ?', key)
const items = (test: ProcessTest, key: Key) =>
  test.engine.query
    .all<{ state: string }>('SELECT state FROM batch_operation_item WHERE batchOperationKey = ? ORDER BY itemKey', key)
    .map(({ state }) => state)

describe('a batch operation', () => {
  it('fails an item whose refusal shows only while it is carried out, and goes on with the others', async () => {
    const looped = bpmn(
      'looped',
      start() +
        serviceTask('a') +
        subprocess(
          's',
          multiInstance({ inputCollection: '=[1]', inputElement: 'item' }),
          start('ss'),
          serviceTask('inner'),
          end('se'),
          flows('ss -> inner -> se'),
        ) +
        end() +
        flows('start -> a -> s -> end'),
    )
    const { test, keys } = await given(1)
    await test.deploy({ 'looped.bpmn': looped })
    const refused = await test.start('looped')
    const moveInstructions = [{ sourceElementId: 'a', targetElementId: 'inner' }]
    const key = await batch(test, { type: 'MODIFY_PROCESS_INSTANCE', moveInstructions }, [refused])
    const after = await batch(test, { type: 'CANCEL_PROCESS_INSTANCE' }, keys)
    await settle(test)
    expect(operation(test, key)).toMatchObject({ state: 'COMPLETED', completedCount: 0, failedCount: 1 })
    expect(
      test.engine.query.get('SELECT errorMessage FROM batch_operation_item WHERE batchOperationKey = ?', key),
    ).toMatchObject({ errorMessage: expect.stringContaining("activation of multi-instance element 's'") })
    expect(test.isWaitingAt(refused, 'a')).toBe(true)
    expect(operation(test, after)).toMatchObject({ state: 'COMPLETED', completedCount: 1 })
    expect(replayJournal(test.engine.query)).toEqual(readTables(test.engine.query))
  })

  it('cancels process instances; one that is refused fails alone', async () => {
    const { test, keys } = await given(50)
    const [first = 0] = keys
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: first })
    const key = await batch(test, { type: 'CANCEL_PROCESS_INSTANCE' }, keys)
    await settle(test)
    expect(keys.map((one) => test.stateOf(one))).toEqual(keys.map(() => 'TERMINATED'))
    expect(operation(test, key)).toMatchObject({
      state: 'COMPLETED',
      totalCount: 50,
      completedCount: 49,
      failedCount: 1,
    })
    const failed = test.engine.query.get(
      "SELECT itemKey, errorMessage FROM batch_operation_item WHERE state = 'FAILED'",
    )
    expect(failed).toMatchObject({ itemKey: first, errorMessage: expect.stringContaining('no such process was found') })
  })

  it('resolves incidents: jobs without retries get another one', async () => {
    const { test, keys } = await given(3)
    for (const { jobKey } of await test.takeJobs('a')) await test.execute({ type: 'FailJob', jobKey, retries: 0 })
    const key = await batch(test, { type: 'RESOLVE_INCIDENT' }, keys)
    await settle(test)
    expect(operation(test, key)).toMatchObject({ state: 'COMPLETED', completedCount: 3, failedCount: 0 })
    expect(await test.takeJobs('a')).toHaveLength(3)
  })

  it('moves tokens', async () => {
    const { test, keys } = await given(3)
    for (const { jobKey } of await test.takeJobs('a')) await test.execute({ type: 'CompleteJob', jobKey })
    const moveInstructions = [{ sourceElementId: 'b', targetElementId: 'c' }]
    await batch(test, { type: 'MODIFY_PROCESS_INSTANCE', moveInstructions }, keys)
    await settle(test)
    expect(keys.map((one) => test.waitingAt(one))).toEqual([['c'], ['c'], ['c']])
  })

  it('migrates to another definition', async () => {
    const { test, keys } = await given(2)
    const { processes } = await test.deploy({ 'q.bpmn': XML.replaceAll('"p"', '"q"') })
    const target = processes[0]?.processDefinitionKey ?? 0
    const mappingInstructions = [{ sourceElementId: 'a', targetElementId: 'a' }]
    await batch(
      test,
      { type: 'MIGRATE_PROCESS_INSTANCE', targetProcessDefinitionKey: target, mappingInstructions },
      keys,
    )
    await settle(test)
    const ids = test.engine.query.all('SELECT processDefinitionId FROM process_instance ORDER BY key')
    expect(ids).toMatchObject([{ processDefinitionId: 'q' }, { processDefinitionId: 'q' }])
  })

  it('can be held, goes on, and can be ended', async () => {
    const { test, keys } = await given(4)
    const key = await batch(test, { type: 'CANCEL_PROCESS_INSTANCE' }, keys)
    await test.execute({ type: 'SuspendBatchOperation', batchOperationKey: key })
    await settle(test)
    expect(operation(test, key)).toMatchObject({ state: 'SUSPENDED', completedCount: 0 })
    await expect(test.execute({ type: 'SuspendBatchOperation', batchOperationKey: key })).rejects.toThrow(
      `Expected to suspend batch operation with key '${key}', but it is in state 'SUSPENDED'`,
    )
    await test.execute({ type: 'CancelBatchOperation', batchOperationKey: key })
    await settle(test)
    expect(items(test, key)).toEqual(keys.map(() => 'CANCELED'))
    expect(keys.map((one) => test.stateOf(one))).toEqual(keys.map(() => 'ACTIVE'))

    const other = await batch(test, { type: 'CANCEL_PROCESS_INSTANCE' }, keys)
    await test.execute({ type: 'SuspendBatchOperation', batchOperationKey: other })
    await test.execute({ type: 'ResumeBatchOperation', batchOperationKey: other })
    await settle(test)
    expect(operation(test, other)).toMatchObject({ state: 'COMPLETED', completedCount: 4 })
  })

  it('without items is complete', async () => {
    const { test } = await given(0)
    expect(operation(test, await batch(test, { type: 'RESOLVE_INCIDENT' }, []))).toMatchObject({ state: 'COMPLETED' })
  })

  it('goes on when the engine is opened again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'batch-'))
    try {
      const { test, keys } = await given(30, directory)
      const key = await batch(test, { type: 'CANCEL_PROCESS_INSTANCE' }, keys)
      await test.execute({ type: 'SuspendBatchOperation', batchOperationKey: key })
      await test.execute({ type: 'ResumeBatchOperation', batchOperationKey: key })
      await test.close()
      open.length = 0
      const again = await ProcessTest.open({ directory })
      open.push(again)
      await settle(again)
      expect(operation(again, key)).toMatchObject({ state: 'COMPLETED', completedCount: 30 })
      expect(replayJournal(again.engine.query)).toEqual(readTables(again.engine.query))
    } finally {
      for (const test of open.splice(0)) await test.close()
      rmSync(directory, { recursive: true })
    }
  })
})
