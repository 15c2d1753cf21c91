import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { serveEngine } from '../../../src/engine/api/index.ts'
import type { Engine } from '../../../src/engine/index.ts'
import { NOW, resourceFiles, type ServedEngine, startServedEngine } from './served-engine.ts'

let served: ServedEngine
let client: ServedEngine['client']
let loans = 0

const T0 = Date.UTC(2026, 10, 23, 1)

beforeAll(async () => {
  served = await startServedEngine()
  client = served.client
  await client.createDeployment({
    resources: await resourceFiles('loan.bpmn', 'loan-approval.form', 'loan-request.form'),
  })
  await client.pinClock({ timestamp: T0 })
})
afterAll(() => served.close())

afterEach(async () => {
  const { items } = await client.searchProcessInstances({ filter: { state: 'ACTIVE' } }, NOW)
  for (const { processInstanceKey } of items) await client.cancelProcessInstance({ processInstanceKey })
})

async function startLoan(): Promise<string> {
  loans += 1
  const variables = { loanId: `L-${loans}`, branch: 'east', dueAt: '2026-11-26T17:00:00+08:00' }
  return (await client.createProcessInstance({ processDefinitionId: 'loan', variables })).processInstanceKey
}

/** Without waiting; `requestTimeout < 0` asks for that. */
async function activateNow(maxJobsToActivate = 10, timeout = 60_000) {
  const { jobs } = await client.activateJobs({
    type: 'fetch-book',
    worker: 'test',
    timeout,
    maxJobsToActivate,
    requestTimeout: -1,
  })
  return jobs
}

/** A poll over a connection of its own, on a server whose engine tells when the poll waits and when it got jobs. */
async function lonelyPoll() {
  const waiting = Promise.withResolvers<{ gone: Promise<unknown> }>()
  const answered = Promise.withResolvers<void>()
  let activated: (() => Promise<void>) | undefined
  const { engine } = served
  const observed: Engine = {
    clock: engine.clock,
    query: engine.query,
    databaseFile: engine.databaseFile,
    close: () => engine.close(),
    async execute(command) {
      const result = await engine.execute(command)
      if (command.type === 'ActivateJobs' && activated && 'jobs' in result! && result.jobs.length > 0) {
        await activated()
      }
      if (command.type === 'FailJob') answered.resolve()
      return result
    },
    waitForJobs(types, timeoutMs, signal) {
      if (signal) waiting.resolve({ gone: once(signal, 'abort') })
      return engine.waitForJobs(types, timeoutMs, signal)
    },
  }
  const server = await serveEngine(observed, { host: '127.0.0.1', port: 0 })
  const body = JSON.stringify({ type: 'fetch-book', timeout: 60_000, maxJobsToActivate: 5, requestTimeout: 600_000 })
  const connection = connect(Number(new URL(server.url).port), '127.0.0.1')
  connection.write(
    `POST /v2/jobs/activation HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  return {
    client: connection,
    /** Resolves when the poll waits; `gone` then resolves when the server has seen its client go. */
    waiting: waiting.promise,
    /** What to do between the activation of jobs and the answer; resolves when they have been given back. */
    onActivated(action: () => Promise<void>) {
      activated = action
      return answered.promise
    },
    close: () => server.close(),
  }
}

describe('activation', () => {
  test('hands out jobs oldest first, each once, with its deadline by the clock of the engine', async () => {
    const instances = [await startLoan(), await startLoan(), await startLoan()]
    const [first] = await activateNow(1)
    expect(first).toMatchObject({
      type: 'fetch-book',
      kind: 'BPMN_ELEMENT',
      listenerEventType: 'UNSPECIFIED',
      processInstanceKey: instances[0],
      processDefinitionId: 'loan',
      elementId: 'fetch',
      customHeaders: { shelf: 'A-7' },
      variables: { loanId: 'L-1', branch: 'east' },
      worker: 'test',
      retries: 3,
      deadline: T0 + 60_000,
      tenantId: '<default>',
    })
    const rest = await activateNow()
    expect(rest.map((job) => job.processInstanceKey)).toEqual(instances.slice(1))
    expect(await activateNow()).toEqual([])
    for (const job of [first, ...rest]) await client.completeJob({ jobKey: job?.jobKey ?? '' })
  })

  test('waits for a job that comes later', async () => {
    const poll = client.activateJobs({
      type: 'fetch-book',
      timeout: 60_000,
      maxJobsToActivate: 5,
      requestTimeout: 600_000,
    })
    const processInstanceKey = await startLoan()
    const { jobs } = await poll
    expect(jobs.map((job) => job.processInstanceKey)).toEqual([processInstanceKey])
    await client.completeJob({ jobKey: jobs[0]?.jobKey ?? '' })
  })

  test('answers with no jobs after the requestTimeout, and at once when it is negative', async () => {
    const nothing = { type: 'no-such-type', timeout: 1_000, maxJobsToActivate: 1 }
    expect(await client.activateJobs({ ...nothing, requestTimeout: 20 })).toEqual({ jobs: [] })
    expect(await client.activateJobs({ ...nothing, requestTimeout: -1 })).toEqual({ jobs: [] })
  })

  test('gives each job to one of many that wait', async () => {
    const request = { type: 'fetch-book', timeout: 60_000, maxJobsToActivate: 1, requestTimeout: 600_000 }
    const polls = Array.from({ length: 5 }, () => client.activateJobs(request))
    const instances = await Promise.all(polls.map(startLoan))
    const jobs = (await Promise.all(polls)).flatMap((answer) => answer.jobs)
    expect(jobs.map((job) => job.processInstanceKey).sort()).toEqual(instances.sort())
    for (const { jobKey } of jobs) await client.completeJob({ jobKey })
  })

  test('takes no job for a client that has stopped waiting', async () => {
    const { waiting, client: gone, close } = await lonelyPoll()
    const { gone: abandoned } = await waiting
    gone.destroy()
    await abandoned
    const processInstanceKey = await startLoan()
    const { items } = await client.searchJobs({ filter: { processInstanceKey } }, NOW)
    expect(items).toMatchObject([{ state: 'CREATED', worker: '' }])
    const [job] = await activateNow()
    await client.completeJob({ jobKey: job?.jobKey ?? '' })
    await close()
  })

  test('gives the job back when the client goes in the moment of its activation', async () => {
    const { waiting, client: gone, close, onActivated } = await lonelyPoll()
    const { gone: abandoned } = await waiting
    const answered = onActivated(async () => {
      gone.destroy()
      await abandoned
    })
    const processInstanceKey = await startLoan()
    await answered
    const { jobs } = await client.activateJobs({
      type: 'fetch-book',
      timeout: 60_000,
      maxJobsToActivate: 1,
      requestTimeout: 600_000,
    })
    expect(jobs).toMatchObject([{ processInstanceKey, retries: 3 }])
    await client.completeJob({ jobKey: jobs[0]?.jobKey ?? '' })
    await close()
  })

  test('fetches only the variables that are asked for', async () => {
    await startLoan()
    const { jobs } = await client.activateJobs({
      type: 'fetch-book',
      timeout: 60_000,
      maxJobsToActivate: 1,
      fetchVariable: ['branch'],
    })
    expect(jobs[0]?.variables).toEqual({ branch: 'east' })
    await jobs[0]?.complete({})
  })
})

describe('a job in hand', () => {
  test('comes back when its time is over', async () => {
    const processInstanceKey = await startLoan()
    const [job] = await activateNow(1, 60_000)
    await client.pinClock({ timestamp: T0 + 60_000 })
    const again = await client.activateJobs({
      type: 'fetch-book',
      timeout: 60_000,
      maxJobsToActivate: 1,
      requestTimeout: 60_000,
    })
    expect(again.jobs).toMatchObject([{ jobKey: job?.jobKey, processInstanceKey, retries: 3 }])
    await client.completeJob({ jobKey: job?.jobKey ?? '' })
  })

  test('gets more time and other retries by PATCH', async () => {
    await startLoan()
    const [job] = await activateNow(1, 1_000)
    const jobKey = job?.jobKey ?? ''
    await client.updateJob({ jobKey, changeset: { retries: 7, timeout: 600_000 } })
    const { items } = await client.searchJobs({ filter: { jobKey } }, NOW)
    expect(items).toMatchObject([{ retries: 7, deadline: new Date(T0 + 60_000 + 600_000).toISOString() }])
    await served.olderClient.updateJob({ jobKey, retries: 2, timeout: 1_000 })
    expect((await client.searchJobs({ filter: { jobKey } }, NOW)).items).toMatchObject([{ retries: 2 }])
    await served.olderClient.completeJob({ jobKey, variables: {} })
  })

  test('that fails comes back after its back-off, with the variables of the failure', async () => {
    await startLoan()
    const [job] = await activateNow(1)
    const jobKey = job?.jobKey ?? ''
    await client.failJob({
      jobKey,
      retries: 2,
      errorMessage: 'shelf is locked',
      retryBackOff: 30_000,
      variables: { tried: 1 },
    })
    expect(await activateNow()).toEqual([])
    const { items } = await client.searchJobs({ filter: { state: 'FAILED', hasFailedWithRetriesLeft: true } }, NOW)
    expect(items).toMatchObject([
      { jobKey, errorMessage: 'shelf is locked', retries: 2, hasFailedWithRetriesLeft: true },
    ])
    await client.pinClock({ timestamp: T0 + 200_000 })
    const { jobs } = await client.activateJobs({
      type: 'fetch-book',
      timeout: 60_000,
      maxJobsToActivate: 1,
      requestTimeout: 60_000,
    })
    expect(jobs).toMatchObject([{ jobKey, retries: 2, variables: { tried: 1 } }])
    await client.completeJob({ jobKey })
  })
})
