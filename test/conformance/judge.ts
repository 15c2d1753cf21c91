import { compareOutcomes } from './compare.ts'
import { differences } from './differences.ts'
import type { EngineUnderTest } from './engines/engine.ts'
import type { Outcome } from './observation/outcome.ts'
import { readRecordings, writeRecordings } from './recordings.ts'
import type { Group, Scenario } from './scenario.ts'
import { tell } from './tell.ts'

/** How an engine did with one scenario. */
export interface Verdict {
  readonly group: string
  readonly title: string
  /** `agrees` and `differs as listed` are as they should be. */
  readonly kind: 'agrees' | 'differs as listed' | 'cannot yet' | 'wrong'
  /** What is wrong, for a person. */
  readonly lines: readonly string[]
}

/** Tells the scenarios of groups to an engine and judges what happens by the recordings; with `record` makes these. */
export async function judge(
  engine: EngineUnderTest,
  groups: readonly Group[],
  options: { record: boolean; isReal: boolean; onVerdict: (verdict: Verdict) => void },
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const group of groups) {
    const recordings = new Map(readRecordings(group))
    for (const scenario of group.scenarios) {
      const verdict = await judgeOne(engine, group, scenario, options)
      verdicts.push(verdict)
      options.onVerdict(verdict)
    }
    if (options.record) writeRecordings(group, recordings)

    async function judgeOne(
      engine: EngineUnderTest,
      group: Group,
      scenario: Scenario,
      { record, isReal }: { record: boolean; isReal: boolean },
    ): Promise<Verdict> {
      const place = { group: group.name, title: scenario.title }
      if (engine.version === '8.6' && scenario.since !== undefined) return { ...place, kind: 'cannot yet', lines: [] }
      let outcome: Outcome
      try {
        outcome = await tell(engine, scenario)
      } catch (error) {
        return { ...place, kind: 'wrong', lines: [error instanceof Error ? String(error.stack) : String(error)] }
      }
      const recording = recordings.get(scenario.title) ?? {}
      if (record && engine.version === '8.8') recordings.set(scenario.title, { ...recording, outcome })
      const expected = recordings.get(scenario.title)?.outcome
      if (expected === undefined) return { ...place, kind: 'wrong', lines: ['not recorded: run with --record'] }
      const lines = compareOutcomes(expected, outcome)
      if (engine.version === '8.6') return judge86()
      const listed = !isReal && differences.some((one) => one.group === group.name && one.title === scenario.title)
      if (listed && lines.length === 0)
        return { ...place, kind: 'wrong', lines: ['is listed as different, but does not differ any more'] }
      return { ...place, kind: lines.length === 0 ? 'agrees' : listed ? 'differs as listed' : 'wrong', lines }

      function judge86(): Verdict {
        if (record) {
          const { on86: _before, ...rest } = recordings.get(scenario.title) ?? {}
          recordings.set(scenario.title, lines.length === 0 ? rest : { ...rest, on86: outcome })
        }
        if (scenario.changedSince86 === undefined)
          return { ...place, kind: lines.length === 0 ? 'agrees' : 'wrong', lines }
        if (lines.length === 0)
          return { ...place, kind: 'wrong', lines: ['is said to have changed since 8.6, but does the same'] }
        const on86 = recordings.get(scenario.title)?.on86
        const changed = on86 === undefined ? ['not recorded: run with --record'] : compareOutcomes(on86, outcome)
        return { ...place, kind: changed.length === 0 ? 'differs as listed' : 'wrong', lines: changed }
      }
    }
  }
  return verdicts
}
