import { describe, expect, it } from 'vitest'
import { CommandRejection } from '../../src/engine/index.ts'
import { ProcessTest } from '../../src/engine/testing/process-test.ts'

// That its replay gives equal tables after every step is told in property.test.ts.
describe('the journal', () => {
  it('holds nothing for a command that was refused', async () => {
    const test = await ProcessTest.open()
    const entries = () => test.engine.query.get<{ n: number }>('SELECT COUNT(*) AS n FROM journal')?.n
    const before = entries()
    await expect(test.start('unknown')).rejects.toBeInstanceOf(CommandRejection)
    expect(entries()).toBe(before)
    await test.close()
  })
})
