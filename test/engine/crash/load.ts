/**
 * An engine under the load of several clients at once, until it is killed. What was acknowledged is noted in a file, one
 * JSON line each, before anything else is asked. Arguments: data directory, file.
 */
import { openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, CommandRejection, openEngine } from '../../../src/engine/index.ts'
import type { Acknowledged } from './acknowledged.ts'
import { calledProcess } from './processes.ts'

const [directory = '', notes = ''] = process.argv.slice(2)
const file = openSync(notes, 'a')
const note = (acknowledged: Acknowledged) => writeSync(file, `${JSON.stringify(acknowledged)}\n`)

const engine = await openEngine({ directory })
note({ did: 'open' })

let count = 0
/** A name that no other run of this program makes. */
const unique = () => `${process.pid}-${Date.now()}-${count++}`

/** @returns whether it was carried out; another client may have been faster */
async function tried(command: Command): Promise<boolean> {
  try {
    await engine.execute(command)
    return true
  } catch (error) {
    if (error instanceof CommandRejection) return false
    throw error
  }
}

const keys = (sql: string) => engine.query.all<{ key: number }>(sql).map(({ key }) => key)
const active = () =>
  keys("SELECT key FROM process_instance WHERE state = 'ACTIVE' AND parentProcessInstanceKey IS NULL")

async function starts(): Promise<void> {
  if (active().length > 40) return sleep(5)
  const command = { type: 'CreateProcessInstance', processDefinitionId: 'p', variables: { id: unique() } } as const
  const { processInstanceKey } = await engine.execute(command)
  note({ did: 'start', key: processInstanceKey })
}

/** Completes most of its jobs; fails, gives up or forgets the others. */
async function works(): Promise<void> {
  await engine.waitForJobs(['work'], 100)
  const command = { type: 'ActivateJobs', jobType: 'work', worker: 'load', timeout: 200, maxJobs: 8 } as const
  const { jobs } = await engine.execute(command)
  await Promise.all(
    jobs.map(async ({ jobKey }) => {
      const luck = jobKey % 10
      if (luck === 0) return
      if (luck === 1) {
        if (await tried({ type: 'FailJob', jobKey, retries: 0, errorMessage: 'unlucky' }))
          note({ did: 'fail', key: jobKey })
      } else if (luck === 2) {
        if (await tried({ type: 'ThrowJobError', jobKey, errorCode: 'BAD' })) note({ did: 'throw', key: jobKey })
      } else if (await tried({ type: 'CompleteJob', jobKey, variables: { done: jobKey } }))
        note({ did: 'complete', key: jobKey })
    }),
  )
}

async function answers(): Promise<void> {
  const [userTaskKey] = keys("SELECT key FROM user_task WHERE state = 'CREATED' ORDER BY key")
  if (userTaskKey === undefined) return sleep(5)
  const assignee = unique()
  if (await tried({ type: 'AssignUserTask', userTaskKey, assignee }))
    note({ did: 'assign', key: userTaskKey, assignee })
  if (await tried({ type: 'CompleteUserTask', userTaskKey, variables: { answered: userTaskKey } }))
    note({ did: 'finish', key: userTaskKey })
}

async function writes(): Promise<void> {
  const messageId = unique()
  const waiting = engine.query.get<{ correlationKey: string }>('SELECT correlationKey FROM message_subscription')
  const { messageKey } = await engine.execute({
    type: 'PublishMessage',
    name: 'go',
    correlationKey: waiting?.correlationKey ?? 'nobody',
    messageId,
    timeToLive: 2 * 3_600_000,
  })
  note({ did: 'publish', key: messageKey, messageId, correlationKey: waiting?.correlationKey ?? 'nobody' })
}

async function operates(): Promise<void> {
  await sleep(3)
  for (const { key, jobKey } of engine.query.all<{ key: number; jobKey: number }>(
    "SELECT key, jobKey FROM incident WHERE state = 'ACTIVE'",
  )) {
    if (!(await tried({ type: 'UpdateJob', jobKey, retries: 1 }))) continue
    if (await tried({ type: 'ResolveIncident', incidentKey: key })) note({ did: 'resolve', key })
  }
  const [oldest] = active()
  if (oldest === undefined) return
  const value = unique()
  if (await tried({ type: 'SetVariables', elementInstanceKey: oldest, variables: { noted: value } }))
    note({ did: 'set', key: oldest, value })
  if (oldest % 7 === 0 && (await tried({ type: 'CancelProcessInstance', processInstanceKey: oldest })))
    note({ did: 'cancel', key: oldest })
}

async function deploys(): Promise<void> {
  await sleep(25)
  const resources = [{ name: 'q.bpmn', content: calledProcess(unique()) }]
  const { processes } = await engine.execute({ type: 'DeployResources', resources })
  note({ did: 'deploy', key: processes[0]?.processDefinitionKey ?? 0 })
}

async function forever(client: () => Promise<void>): Promise<never> {
  for (;;) await client()
}

await Promise.all([starts, starts, works, works, answers, writes, operates, deploys].map(forever))
