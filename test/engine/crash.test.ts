import { describe, expect, it } from 'vitest'
import { crashRounds } from './crash/rounds.ts'

/** Hundreds by `npm run test:crash`. */
const ROUNDS = 25

describe('an engine that is killed under load', () => {
  it(`has lost nothing that it acknowledged and left nothing half done, ${ROUNDS} times`, {
    timeout: 240_000,
  }, async () => {
    const report = await crashRounds(ROUNDS)
    expect(report).toMatchObject({ rounds: ROUNDS, lost: 0, faults: [] })
    // Else nothing was shown.
    expect(report.acknowledged).toBeGreaterThan(ROUNDS * 10)
  })
})
