import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { Outcome } from './observation/outcome.ts'
import type { Group } from './scenario.ts'

/** What the real engines did: Camunda 8.8, and 8.6 where that does otherwise. */
export interface Recording {
  outcome?: Outcome
  on86?: Outcome
}

const directory = join(import.meta.dirname, 'recorded')
const file = (group: Group) => join(directory, `${group.name}.yaml`)

/** The recordings of a group by title; empty when there are none. */
export function readRecordings(group: Group): Map<string, Recording> {
  if (!existsSync(file(group))) return new Map()
  return new Map(Object.entries(parse(readFileSync(file(group), 'utf8')) as Record<string, Recording>))
}

/** Writes the recordings of a group, in the order of its scenarios; those of scenarios that are gone are dropped. */
export function writeRecordings(group: Group, recordings: ReadonlyMap<string, Recording>): void {
  mkdirSync(directory, { recursive: true })
  const kept = group.scenarios.flatMap(({ title }) => {
    const recording = recordings.get(title)
    return recording === undefined ? [] : [[title, recording] as const]
  })
  writeFileSync(file(group), stringify(Object.fromEntries(kept), { lineWidth: 120, aliasDuplicateObjects: false }))
}
