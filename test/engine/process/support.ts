import { afterEach } from 'vitest'
import { ProcessTest, type ProcessTestOptions } from '../../../src/engine/testing/process-test.ts'

const open: ProcessTest[] = []

/** An engine in memory, closed after the test. */
export async function engineFor(options: ProcessTestOptions = {}): Promise<ProcessTest> {
  const test = await ProcessTest.open(options)
  open.push(test)
  return test
}

afterEach(async () => {
  for (const test of open.splice(0)) await test.close()
})
