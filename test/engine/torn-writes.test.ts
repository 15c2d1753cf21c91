import { describe, expect, it } from 'vitest'
import { tearWrites } from './crash/torn-writes.ts'

describe('a log whose end is torn', () => {
  it('gives the state after the transactions that are whole in it', { timeout: 180_000 }, async () => {
    const report = await tearWrites(1, 25)
    expect(report.faults).toEqual([])
    expect(report.transactions).toBeGreaterThan(8)
    expect(report.opened).toBeGreaterThan(50)
  })
})
