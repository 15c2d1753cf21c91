import { existsSync, readFileSync } from 'node:fs'
import type { EngineQuery } from '../../../src/engine/index.ts'
import { readJournal } from '../../../src/engine/runtime/journal.ts'

/** A command that was acknowledged, or the engine that was opened. */
export type Acknowledged =
  | { readonly did: 'open' }
  | {
      readonly did: 'start' | 'complete' | 'fail' | 'throw' | 'finish' | 'resolve' | 'cancel' | 'deploy'
      readonly key: number
    }
  | { readonly did: 'assign'; readonly key: number; readonly assignee: string }
  | { readonly did: 'publish'; readonly key: number; readonly messageId: string; readonly correlationKey: string }
  | { readonly did: 'set'; readonly key: number; readonly value: string }

/** Reads what was noted. A last line that was cut off by the kill is not an acknowledgement. */
export function readNotes(file: string): Acknowledged[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Acknowledged)
}

/** The event that each acknowledged command must have left in the journal. */
function eventOf(note: Acknowledged): string {
  switch (note.did) {
    case 'open':
      return ''
    case 'start':
      return `ProcessInstanceCreated ${note.key}`
    case 'complete':
      return `JobCompleted ${note.key}`
    case 'fail':
      return `JobFailed ${note.key}`
    case 'throw':
      return `JobErrorThrown ${note.key}`
    case 'finish':
      return `UserTaskCompleted ${note.key}`
    case 'resolve':
      return `IncidentResolved ${note.key}`
    case 'cancel':
      return `ElementTerminated ${note.key}`
    case 'deploy':
      return `ProcessDeployed ${note.key}`
    case 'assign':
      return `UserTaskAssigned ${note.key} ${note.assignee}`
    case 'publish':
      return `MessagePublished ${note.key}`
    case 'set':
      return `Variable ${JSON.stringify(note.value)}`
  }
}

/** @returns the acknowledged commands that the journal does not hold */
export function lost(query: EngineQuery, notes: readonly Acknowledged[]): string[] {
  const events = new Set([''])
  for (const entry of readJournal(query))
    for (const event of entry.events) {
      if ('row' in event && 'key' in event.row) events.add(`${event.type} ${event.row.key}`)
      if (!('key' in event)) continue
      events.add(`${event.type} ${event.key}`)
      if (event.type === 'UserTaskAssigned') events.add(`${event.type} ${event.key} ${event.assignee}`)
      if (event.type === 'VariableCreated' || event.type === 'VariableUpdated') events.add(`Variable ${event.value}`)
    }
  return notes.filter((note) => !events.has(eventOf(note))).map((note) => JSON.stringify(note))
}
