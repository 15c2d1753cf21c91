import type { State } from '../state.ts'

/** Writes one event type: pure in (state, event, time), so that replay gives the same rows. */
export type Applier<Event> = (state: State, event: Event, time: number) => void

/** An applier for each event type of a union. */
export type Appliers<Events extends { type: string }> = {
  readonly [Type in Events['type']]: Applier<Extract<Events, { type: Type }>>
}
