/** Files become read-only under the engine (as when a disk fails and is mounted anew), then they can be written again. */
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs'
import { main } from './story.ts'

/** Puts other file descriptors in the place of those of the engine's files. */
function reopen(flags: 'r' | 'r+'): void {
  for (const name of readdirSync('/proc/self/fd')) {
    const path = linkOf(name)
    if (path === undefined || !/engine\.db(-wal)?$/.test(path)) continue
    closeSync(Number(name))
    // The lowest free number is the one just given back.
    if (openSync(path, flags) !== Number(name)) throw new Error(`another file took the place of ${path}`)
  }
}

function linkOf(name: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${name}`)
  } catch {
    return undefined
  }
}

await main(
  () => reopen('r'),
  () => reopen('r+'),
)
