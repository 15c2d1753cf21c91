// Kills the engine under load hundreds of times (`--rounds N`, default 500); ends with the line `N passed, N failed`.
import { parseArgs } from 'node:util'
import { crashRounds } from '../test/engine/crash/rounds.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '500' } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds must be a whole number from 1, not '${values.rounds}'`)
  process.exit(2)
}

let failed = 0
const report = await crashRounds(rounds, (round, faults) => {
  if (faults.length > 0) failed += 1
  for (const fault of faults) console.log(`✗ round ${round}: ${fault}`)
  if (round % 50 === 0) console.log(`${round} rounds`)
})
console.log(`rounds ${report.rounds}, acknowledged commands ${report.acknowledged}, lost ${report.lost}`)
console.log(`${rounds - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
