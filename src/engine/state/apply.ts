import type { EngineEvent } from '../protocol/events.ts'
import { batchOperationAppliers } from './appliers/batch-operations.ts'
import { applyDefinitionEvent } from './appliers/definitions.ts'
import { instanceAppliers } from './appliers/instances.ts'
import { jobAppliers } from './appliers/jobs.ts'
import { migrationAppliers } from './appliers/migration.ts'
import type { Applier, Appliers } from './appliers/types.ts'
import { userTaskAppliers } from './appliers/user-tasks.ts'
import { waitingAppliers } from './appliers/waiting.ts'
import type { State } from './state.ts'

const appliers: Appliers<EngineEvent> = {
  ...applyDefinitionEvent,
  ...instanceAppliers,
  ...jobAppliers,
  ...userTaskAppliers,
  ...waitingAppliers,
  ...migrationAppliers,
  ...batchOperationAppliers,
  ClockPinned: (state, event) => state.setMeta('clockPinnedAt', event.at),
  ClockReset: (state) => state.setMeta('clockPinnedAt', null),
  HistoryPruned: (state, { processInstanceKeys }) => state.deleteHistory(processInstanceKeys),
}

/**
 * Applies an event to the state: the only way in which state changes.
 * @param time the engine's time of the command that made the event
 */
export function applyEvent(state: State, event: EngineEvent, time: number): void {
  const apply = appliers[event.type] as Applier<EngineEvent> | undefined
  if (apply === undefined)
    throw new Error(`no applier for the event type ${event.type}: the journal is of a newer version`)
  apply(state, event, time)
}
