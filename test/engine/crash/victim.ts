/** Runs an engine under load until it is killed; notes in a file what was acknowledged. Arguments: directory, file. */
import { openSync, writeSync } from 'node:fs'
import { openEngine } from '../../../src/engine/index.ts'

const [directory = '', acknowledged = ''] = process.argv.slice(2)
const file = openSync(acknowledged, 'a')
const note = (line: string) => writeSync(file, `${line}\n`)

const engine = await openEngine({ directory })
note('ready')

async function startInstances(): Promise<never> {
  for (;;) {
    const { processInstanceKey } = await engine.execute({
      type: 'CreateProcessInstance',
      processDefinitionId: 'p',
      variables: { n: 1 },
    })
    note(`started ${processInstanceKey}`)
  }
}

async function work(): Promise<never> {
  for (;;) {
    await engine.waitForJobs(['work'], 1_000)
    const { jobs } = await engine.execute({
      type: 'ActivateJobs',
      jobType: 'work',
      worker: 'victim',
      timeout: 60_000,
      maxJobs: 8,
    })
    await Promise.all(
      jobs.map(async ({ jobKey }) => {
        await engine.execute({ type: 'CompleteJob', jobKey, variables: { done: jobKey } })
        note(`completed ${jobKey}`)
      }),
    )
  }
}

await Promise.all([startInstances(), startInstances(), startInstances(), work()])
