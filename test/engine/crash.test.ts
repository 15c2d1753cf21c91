import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Engine, openEngine } from '../../src/engine/index.ts'
import { readTables, replayJournal } from '../../src/engine/runtime/replay.ts'
import {
  boundary,
  bpmn,
  end,
  flows,
  serviceTask,
  start,
  timer,
  userTask,
} from '../../src/engine/testing/bpmn-builder.ts'

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 25)
const VICTIM = fileURLToPath(new URL('./crash/victim.ts', import.meta.url))
const XML = bpmn(
  'p',
  start() +
    serviceTask('work') +
    userTask('task') +
    boundary('late', 'task', timer('timeDuration', 'P1D'), false) +
    end() +
    end('told') +
    flows('start -> work -> task -> end', 'late -> told'),
)

let directory: string
let file: string
let victim: ChildProcess | undefined

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'crash-'))
  file = join(directory, 'acknowledged')
})
afterEach(() => {
  victim?.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

/** Starts a victim, lets it acknowledge that many commands once it is ready, kills it. */
async function crash(acknowledged: number): Promise<void> {
  const known = lines().length
  victim = spawn(process.execPath, [VICTIM, join(directory, 'data'), file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const exit = once(victim, 'exit')
  while (lines().length < known + 1 + acknowledged) {
    if (victim.exitCode !== null) throw new Error('the victim ended by itself')
    await sleep(5)
  }
  victim.kill('SIGKILL')
  await exit
}

/** What was acknowledged. A last line that was cut off by the kill is not an acknowledgement. */
function lines(): string[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

const keys = (kind: string) =>
  lines()
    .filter((line) => line.startsWith(kind))
    .map((line) => Number(line.split(' ')[1]))

function checkNothingIsLost(engine: Engine): void {
  for (const key of keys('started'))
    expect(engine.query.get('SELECT state FROM process_instance WHERE key = ?', key), `instance ${key}`).toBeDefined()
  for (const key of keys('completed')) {
    const job = engine.query.get('SELECT state FROM job WHERE key = ?', key)
    expect(job, `job ${key}`).toEqual({ state: 'COMPLETED' })
  }
  const waitingWithoutTimer = `SELECT key FROM element_instance WHERE elementId = 'task' AND state = 'ACTIVATED'
    AND (SELECT COUNT(*) FROM timer WHERE elementInstanceKey = element_instance.key) <> 1`
  expect(engine.query.all(waitingWithoutTimer)).toEqual([])
  const withoutWork = `SELECT key FROM element_instance WHERE elementId = 'work' AND state = 'ACTIVATED'
    AND (SELECT COUNT(*) FROM job WHERE elementInstanceKey = element_instance.key AND endTime IS NULL) <> 1`
  expect(engine.query.all(withoutWork)).toEqual([])
}

describe('a killed engine', () => {
  it(`has lost nothing that it acknowledged, ${ROUNDS} times`, { timeout: 60_000 + ROUNDS * 5_000 }, async () => {
    const first = await openEngine({ directory: join(directory, 'data') })
    await first.execute({ type: 'DeployResources', resources: [{ name: 'p.bpmn', content: XML }] })
    await first.close()
    for (let round = 0; round < ROUNDS; round += 1) {
      // From the middle of the first command to many commands later.
      await crash(Math.round((round * 37) % 150))
      const engine = await openEngine({ directory: join(directory, 'data') })
      checkNothingIsLost(engine)
      await engine.close()
    }
    const engine = await openEngine({ directory: join(directory, 'data') })
    expect(keys('started').length).toBeGreaterThan(ROUNDS)
    expect(keys('completed').length).toBeGreaterThan(0)
    expect(replayJournal(engine.query)).toEqual(readTables(engine.query))
    await engine.close()
  })
})
