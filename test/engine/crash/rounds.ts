/** Kills an engine under load again and again, and looks each time at what is left. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CommandRejection, type Engine, openEngine } from '../../../src/engine/index.ts'
import { readTables, replayJournal } from '../../../src/engine/runtime/replay.ts'
import { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { overdue, violations } from '../support/invariants.ts'
import { driveToEnd } from '../support/random-actions.ts'
import { type Acknowledged, lost, readNotes } from './acknowledged.ts'
import { CRASH_RESOURCES } from './processes.ts'

const LOAD = fileURLToPath(new URL('./load.ts', import.meta.url))
/** A new directory after so many kills: its journal is read each time. */
const KILLS_PER_DIRECTORY = 25
const HOUR = 3_600_000

/** What the rounds have shown. */
export interface CrashReport {
  readonly rounds: number
  readonly acknowledged: number
  /** Acknowledged commands that were gone after a kill. */
  readonly lost: number
  /** What was wrong, each with its round. */
  readonly faults: readonly string[]
}

/** Kills `rounds` times. @param onRound is told of each round and what was wrong in it */
export async function crashRounds(
  rounds: number,
  onRound: (round: number, faults: readonly string[]) => void = () => {},
): Promise<CrashReport> {
  const faults: string[] = []
  let [acknowledged, lostOnes] = [0, 0]
  for (let done = 0; done < rounds; ) {
    const victim = new Victim()
    const before = faults.length
    try {
      await victim.prepare()
      const end = Math.min(done + KILLS_PER_DIRECTORY, rounds)
      for (; done < end; done += 1) {
        await victim.kill()
        const found = await victim.examine(done + 1 === end)
        lostOnes += found.lost.length
        const wrong = [...found.lost.map((note) => `lost: ${note}`), ...found.faults]
        faults.push(...wrong.map((fault) => `round ${done + 1}: ${fault}`))
        onRound(done + 1, wrong)
      }
      acknowledged += victim.notes().length
    } finally {
      if (faults.length === before) victim.remove()
      else faults.push(`the data are kept in ${victim.root}`)
    }
  }
  return { rounds, acknowledged, lost: lostOnes, faults }
}

class Victim {
  readonly root = mkdtempSync(join(tmpdir(), 'crash-'))
  readonly #data = join(this.root, 'data')
  readonly #file = join(this.root, 'notes')

  async prepare(): Promise<void> {
    const engine = await openEngine({ directory: this.#data })
    const resources = Object.entries(CRASH_RESOURCES).map(([name, content]) => ({ name, content }))
    await engine.execute({ type: 'DeployResources', resources })
    await engine.close()
  }

  notes(): Acknowledged[] {
    return readNotes(this.#file)
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }

  /** Starts the load and kills it: mostly while it works, sometimes while it opens. */
  async kill(): Promise<void> {
    const known = this.notes().length
    const child = spawn(process.execPath, [LOAD, this.#data, this.#file], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'crash-compile-cache') },
    })
    const exit = once(child, 'exit')
    try {
      if (Math.random() < 0.1) await sleep(Math.random() * 300)
      else {
        // From the first command to many commands later.
        const wanted = known + 1 + Math.floor(Math.random() * 50)
        while (this.notes().length < wanted) {
          if (child.exitCode !== null) throw new Error('the load ended by itself')
          await sleep(5)
        }
        await sleep(Math.random() * 15)
      }
    } finally {
      child.kill('SIGKILL')
      await exit
    }
  }

  /** Opens what is left, looks at it, and closes it. @param last whether all processes are brought to their end */
  async examine(last: boolean): Promise<{ lost: string[]; faults: string[] }> {
    const engine = await openEngine({ directory: this.#data })
    try {
      const faults = faultsOf(engine)
      const missing = lost(engine.query, this.notes())
      if (last || Math.random() < 0.2) faults.push(...(await letTimePass(engine)))
      faults.push(...(await publishAgain(engine, this.notes())))
      if (last) faults.push(...(await bringToEnd(engine)))
      return { lost: missing, faults }
    } finally {
      await engine.close()
    }
  }
}

function faultsOf({ query }: Engine): string[] {
  const faults = violations(query)
  const integrity = query.all<{ integrity_check: string }>('SELECT * FROM pragma_integrity_check')
  for (const { integrity_check: text } of integrity) if (text !== 'ok') faults.push(`integrity: ${text}`)
  const [tables, replayed] = [readTables(query), replayJournal(query)]
  for (const name of Object.keys(tables))
    if (JSON.stringify(tables[name]) !== JSON.stringify(replayed[name])) faults.push(`replay of ${name} differs`)
  return faults
}

/** Everything that was waiting for a time happens; jobs of the killed worker come back. */
async function letTimePass(engine: Engine): Promise<string[]> {
  await engine.execute({ type: 'PinClock', timestamp: Date.now() + HOUR })
  const faults = [...overdue(engine.query, engine.clock.now().getTime()), ...violations(engine.query)]
  const held = engine.query.all('SELECT key FROM job WHERE deadline IS NOT NULL')
  if (held.length > 0) faults.push(`${held.length} jobs did not come back`)
  await engine.execute({ type: 'ResetClock' })
  return faults
}

/** A message that was acknowledged is known: the same one again is refused. */
async function publishAgain(engine: Engine, notes: readonly Acknowledged[]): Promise<string[]> {
  const published = notes.findLast((note) => note.did === 'publish')
  if (published?.did !== 'publish') return []
  const { messageId, correlationKey } = published
  try {
    await engine.execute({ type: 'PublishMessage', name: 'go', correlationKey, messageId, timeToLive: HOUR })
    return [`message ${messageId} was taken twice`]
  } catch (error) {
    if (error instanceof CommandRejection && error.type === 'ALREADY_EXISTS') return []
    throw error
  }
}

async function bringToEnd(engine: Engine): Promise<string[]> {
  const test = new ProcessTest(engine)
  await test.execute({ type: 'PinClock', timestamp: Date.now() + HOUR })
  const publish = async () => {
    for (const { correlationKey } of engine.query.all<{ correlationKey: string }>(
      "SELECT correlationKey FROM message_subscription WHERE messageName = 'go'",
    ))
      await test.execute({ type: 'PublishMessage', name: 'go', correlationKey })
  }
  const left = await driveToEnd(test, 10, () => {}, publish)
  return [...left.map((key) => `instance ${key} does not end`), ...faultsOf(engine)]
}
