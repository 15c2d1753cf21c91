// Kills the engine under load hundreds of times (`--rounds N`, default 500) and tears its log at every page; ends with the
// line `N passed, N failed`.
import { parseArgs } from 'node:util'
import { crashRounds } from '../test/engine/crash/rounds.ts'
import { tearWrites } from '../test/engine/crash/torn-writes.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '500' } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds must be a whole number from 1, not '${values.rounds}'`)
  process.exit(2)
}

const torn = await tearWrites(3, 1)
for (const fault of torn.faults) console.log(`✗ torn writes: ${fault}`)
console.log(`log of ${torn.transactions} transactions torn ${torn.opened} times, at every page`)

let failed = torn.faults.length === 0 ? 0 : 1
const report = await crashRounds(rounds, (round, faults) => {
  if (faults.length > 0) failed += 1
  for (const fault of faults) console.log(`✗ round ${round}: ${fault}`)
  if (round % 50 === 0) console.log(`${round} rounds`)
})
console.log(`rounds ${report.rounds}, acknowledged commands ${report.acknowledged}, lost ${report.lost}`)
console.log(`${rounds + 1 - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
