import { afterEach, expect } from 'vitest'
import { readTables, replayJournal } from '../../../src/engine/runtime/replay.ts'
import { ProcessTest, type ProcessTestOptions } from '../../../src/engine/testing/process-test.ts'

const open: ProcessTest[] = []

/** An engine in memory. After the test its journal must give the same tables again; then it is closed. */
export async function engineFor(options: ProcessTestOptions = {}): Promise<ProcessTest> {
  const test = await ProcessTest.open(options)
  open.push(test)
  return test
}

afterEach(async () => {
  for (const test of open.splice(0)) {
    expect(replayJournal(test.engine.query)).toEqual(readTables(test.engine.query))
    await test.close()
  }
})

/** Keys of the active instances of an element, oldest first; a multi-instance body only when asked for. */
export function activeKeys(
  test: ProcessTest,
  processInstanceKey: number,
  elementId: string,
  type?: 'MULTI_INSTANCE_BODY',
): number[] {
  return test.engine.query
    .all<{ key: number; type: string }>(
      "SELECT key, type FROM element_instance WHERE processInstanceKey = ? AND elementId = ? AND state NOT IN ('COMPLETED', 'TERMINATED') ORDER BY key",
      processInstanceKey,
      elementId,
    )
    .filter((row) => (row.type === 'MULTI_INSTANCE_BODY') === (type === 'MULTI_INSTANCE_BODY'))
    .map(({ key }) => key)
}

/** The only active instance of an element. */
export function activeKey(test: ProcessTest, processInstanceKey: number, elementId: string): number {
  const keys = activeKeys(test, processInstanceKey, elementId)
  if (keys.length !== 1 || keys[0] === undefined) throw new Error(`${keys.length} active instances of '${elementId}'`)
  return keys[0]
}

/** What is active in an instance as a tree in one line: `s1(b, s2(c))`. */
export function activeTree(test: ProcessTest, processInstanceKey: number): string {
  const rows = test.engine.query.all<{ key: number; elementId: string; flowScopeKey: number }>(
    "SELECT key, elementId, flowScopeKey FROM element_instance WHERE processInstanceKey = ? AND state NOT IN ('COMPLETED', 'TERMINATED') ORDER BY key",
    processInstanceKey,
  )
  const inside = (scopeKey: number): string =>
    rows
      .filter(({ flowScopeKey }) => flowScopeKey === scopeKey)
      .map(({ key, elementId }) => `${elementId}${inside(key) === '' ? '' : `(${inside(key)})`}`)
      .join(', ')
  return inside(processInstanceKey)
}
