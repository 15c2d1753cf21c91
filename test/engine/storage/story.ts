/** The story of an engine whose disk lets it down: told by programs of this folder, each with its own kind of trouble. */
import { join } from 'node:path'
import { CommandRejection, openEngine } from '../../../src/engine/index.ts'
import { readTables, replayJournal } from '../../../src/engine/runtime/replay.ts'
import { bpmn, end, flows, serviceTask, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { violations } from '../support/invariants.ts'

/** What the programs print. */
export interface StorageStory {
  /** Acknowledged commands before the trouble. */
  readonly before: number
  readonly refused: { readonly type: string; readonly message: string }
  /** Whether everything acknowledged could be read during the trouble. */
  readonly readable: boolean
  /** Whether the engine worked again after it, without being opened anew. */
  readonly worksAgain: boolean
  /** What was wrong at the end; of the engine opened anew as well. */
  readonly faults: readonly string[]
}

const XML = bpmn('p', start() + serviceTask('work') + end() + flows('start -> work -> end'))

/**
 * @param folder where the data are
 * @param trouble begins the trouble; nothing when the disk brings it by itself
 * @param relief ends it
 */
export async function tellStory(folder: string, trouble: () => void, relief: () => void): Promise<StorageStory> {
  const directory = join(folder, 'data')
  const engine = await openEngine({ directory, onFault: () => {} })
  await engine.execute({ type: 'DeployResources', resources: [{ name: 'p.bpmn', content: XML }] })
  const instances = (query = engine.query) => query.all<{ key: number }>('SELECT key FROM process_instance').length
  let started = 0
  const begin = async (text = '') => {
    await engine.execute({ type: 'CreateProcessInstance', processDefinitionId: 'p', variables: { text } })
    started += 1
  }
  for (let count = 0; count < 10; count += 1) await begin()
  trouble()
  const refusal = await (async () => {
    // Of several in one transaction as well as of one alone.
    for (let count = 0; count < 5_000; count += 1) {
      const outcomes = await Promise.allSettled([begin('x'.repeat(3_000)), begin('y'.repeat(3_000))])
      const refused = outcomes.find((outcome) => outcome.status === 'rejected')
      if (refused !== undefined) return refused.reason
    }
    return undefined
  })()
  if (!(refusal instanceof CommandRejection)) throw refusal ?? new Error('no trouble')
  const before = started
  for (let count = 0; count < 3; count += 1) await begin('z'.repeat(100_000)).catch(() => {})
  const readable = instances() === started && violations(engine.query).length === 0
  relief()
  await begin('x'.repeat(3_000))
  const worksAgain = instances() === started
  const { query } = engine
  const faults = violations(query)
  for (const { integrity_check: text } of query.all<{ integrity_check: string }>(
    'SELECT * FROM pragma_integrity_check',
  ))
    if (text !== 'ok') faults.push(text)
  const tables = JSON.stringify(readTables(query))
  if (tables !== JSON.stringify(replayJournal(query))) faults.push('the replay differs')
  await engine.close()
  const again = await openEngine({ directory })
  if (instances(again.query) !== started) faults.push('acknowledged instances are lost')
  if (JSON.stringify(readTables(again.query)) !== tables) faults.push('the engine opened anew has other rows')
  await again.close()
  return { before, refused: { type: refusal.type, message: refusal.message }, readable, worksAgain, faults }
}

/** Runs a story with the folder given by the command line. */
export async function main(trouble: () => void, relief: (folder: string) => void): Promise<void> {
  const folder = process.argv[2] ?? ''
  console.log(JSON.stringify(await tellStory(folder, trouble, () => relief(folder))))
}
