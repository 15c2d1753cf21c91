import type { EngineUnderTest } from './engines/engine.ts'
import type { Outcome } from './observation/outcome.ts'
import { Run } from './run.ts'
import type { Scenario } from './scenario.ts'

/** Makes the names of runs on one engine distinct, also of runs in different processes. */
const prefix = `__${Date.now().toString(36)}_`
let told = 0

/** Tells a scenario to an engine and gives what happened. @throws what is not the engine's refusal */
export async function tell(engine: EngineUnderTest, scenario: Scenario): Promise<Outcome> {
  told += 1
  const run = new Run(engine, `${prefix}${told}`)
  try {
    await scenario.tell(run)
    return run.outcome()
  } finally {
    await run.cleanUp()
  }
}
