/** The disk is full; then somebody makes space. */
import { execFileSync } from 'node:child_process'
import { main } from './story.ts'

await main(
  () => {},
  (folder) => execFileSync('mount', ['-o', 'remount,size=64m', folder]),
)
