import type { Run } from './run.ts'

/** One story that every engine is told. */
export interface Scenario {
  /** A sentence, unique in its group. */
  readonly title: string
  /** The first version of Camunda that can do it, with the reason. */
  readonly since: { readonly version: '8.7' | '8.8'; readonly reason: string } | undefined
  /** Why Camunda 8.6.0 does otherwise than 8.8; its outcome is recorded beside. */
  readonly changedSince86: string | undefined
  /** Tells it: deploys, drives, moves the clock. */
  readonly tell: (t: Run) => Promise<void>
}

/** Scenarios about one subject; recorded in a file of that name. */
export interface Group {
  readonly name: string
  readonly scenarios: readonly Scenario[]
}

type Options = { since?: Scenario['since']; changedSince86?: string }

/** Makes a scenario. */
export function scenario(title: string, tell: Scenario['tell'], options: Options = {}): Scenario {
  return { title, tell, since: options.since, changedSince86: options.changedSince86 }
}

/** Makes a group. @throws {Error} when two scenarios have the same title */
export function group(name: string, scenarios: readonly Scenario[]): Group {
  const titles = scenarios.map(({ title }) => title)
  const twice = titles.find((title, i) => titles.indexOf(title) !== i)
  if (twice !== undefined) throw new Error(`group ${name} has two scenarios '${twice}'`)
  return { name, scenarios }
}
