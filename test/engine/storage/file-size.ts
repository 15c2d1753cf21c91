/** Files may not grow any more (a quota, a limit of the shell); then they may. */
import { execFileSync } from 'node:child_process'
import { main } from './story.ts'

await main(
  () => {},
  () => execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']),
)
