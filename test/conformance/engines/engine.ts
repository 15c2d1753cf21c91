import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../clients/client.ts'
import type { Observation } from '../observation/observations.ts'

/** What the scenarios are told to. */
export interface EngineUnderTest {
  readonly name: string
  /** Of Camunda, whose semantics it has. */
  readonly version: '8.6' | '8.8'
  readonly client: Client
  /** Of a real engine's gateway. */
  readonly grpcAddress?: string
  /** Waits until the engine has nothing left to do, and tells what happened since the last call. */
  observe(): Promise<Observation[]>
  /** The same, and waits until what is due has begun: real engines look for it from time to time only. */
  observeDue(): Promise<Observation[]>
  /** Moves the engine's clock forward, and waits until what is due by then has begun. */
  moveClock(milliseconds: number): Promise<void>
  close(): Promise<void>
}

/**
 * Observes until three looks in a row have shown nothing new.
 * @returns what was observed meanwhile
 */
export async function settled(observe: () => Promise<Observation[]>): Promise<Observation[]> {
  const all: Observation[] = []
  for (let quiet = 0; quiet < 3; quiet += 1) {
    await sleep(60)
    const news = await observe()
    all.push(...news)
    if (news.length > 0) quiet = 0
  }
  return all
}
