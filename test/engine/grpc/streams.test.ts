import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bpmn, end, flows, serviceTask, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { AUTHORIZATION, RawClient, type RawStream, type ServedGateway, startServedGateway } from './served-gateway.ts'

const PROCESS = bpmn('one-task', start() + serviceTask('work') + end() + flows('start -> work -> end'))
const subscription = { type: 'work', worker: 'streaming', timeout: 60_000 }
const taking = { type: 'work', worker: 'polling', timeout: 60_000, maxJobsToActivate: 1_000, requestTimeout: -1 }

/** For what comes by itself, on a machine that has other work too. */
const PATIENCE = { timeout: 30_000 }

describe('a stream of jobs', () => {
  let served: ServedGateway

  beforeEach(async () => {
    served = await startServedGateway()
    await served.inside.deploy({ 'test.bpmn': PROCESS })
  })
  afterEach(() => served.close())

  const open = (request: object = {}): RawStream =>
    served.raw.stream('StreamActivatedJobs', { ...subscription, ...request })
  const startMany = (count: number, variables = {}) =>
    Promise.all(Array.from({ length: count }, () => served.inside.start('one-task', variables)))
  const waitingJobs = () =>
    served.engine.query.get<{ count: number }>('SELECT count(*) AS count FROM job WHERE activatable = 1')?.count
  async function poll(): Promise<{ key: string }[]> {
    const { messages } = await served.raw.call('ActivateJobs', taking)
    return messages.flatMap(({ jobs }) => jobs)
  }

  it('brings a job as soon as it comes into being, with what the stream asked for', async () => {
    const stream = open({ fetchVariable: ['b'] })
    const instance = await served.inside.start('one-task', { a: 1, b: 2 })
    await stream.received(1)
    expect(stream.messages[0]).toMatchObject({
      type: 'work',
      worker: 'streaming',
      processInstanceKey: String(instance),
      variables: '{"b":2}',
      deadline: String(served.engine.clock.now().getTime() + 60_000),
      tenantId: '<default>',
    })
    expect(await poll()).toEqual([])
  })

  it('brings jobs that were waiting before', async () => {
    await startMany(3)
    const stream = open()
    await stream.received(3)
    expect(waitingJobs()).toBe(0)
  })

  it('brings a job again when it comes back', async () => {
    const stream = open()
    await served.inside.start('one-task')
    await stream.received(1)
    const { key } = stream.messages[0]
    await served.raw.call('FailJob', { jobKey: key, retries: 2, errorMessage: 'again' })
    await stream.received(2)
    await served.inside.moveBy(60_000)
    await stream.received(3)
    expect(stream.messages.map((job) => [job.key, job.retries])).toEqual([
      [key, 3],
      [key, 2],
      [key, 2],
    ])
  })

  it('brings each job to one of several streams only', async () => {
    const streams = [open(), open({ worker: 'other' }), open({ worker: 'third', timeout: 5_000 })]
    await Promise.all(streams.map(({ opened }) => opened))
    await startMany(60)
    const all = () => streams.flatMap(({ messages }) => messages)
    await expect.poll(() => all().length, PATIENCE).toBe(60)
    expect(new Set(all().map(({ key }) => key)).size).toBe(60)
    for (const { messages } of streams) expect(messages.length).toBeGreaterThan(0)
  })

  it('brings jobs of its type only', async () => {
    const stream = open({ type: 'other' })
    await served.inside.start('one-task')
    expect(await poll()).toHaveLength(1)
    expect(stream.messages).toEqual([])
  })

  it('takes no more jobs than a client that does not read can get; the others wait for who does', async () => {
    const slow = open()
    await served.inside.start('one-task')
    await slow.received(1)
    slow.pause()
    const variables = { text: 'x'.repeat(100_000) }
    for (let round = 0; round < 10; round += 1) await startMany(40, variables)
    await expect.poll(waitingJobs, PATIENCE).toBeGreaterThan(100)
    // Streams of one connection share its window: the other client has one of its own.
    const other = new RawClient(served.gateway.url, { authorization: AUTHORIZATION })
    const fast = other.stream('StreamActivatedJobs', { ...subscription, worker: 'fast' })
    await expect.poll(waitingJobs, PATIENCE).toBe(0)
    expect(fast.messages.length).toBeGreaterThan(100)
    slow.resume()
    await expect.poll(() => slow.messages.length + fast.messages.length, PATIENCE).toBe(401)
    other.close()
  })

  it('that its client breaks off gives back jobs by their timeout only', async () => {
    const stream = open()
    await served.inside.start('one-task')
    await stream.received(1)
    stream.cancel()
    expect((await stream.outcome).code).toBe('CANCELLED')
    await served.inside.start('one-task')
    const left = await poll()
    expect(left).toHaveLength(1)
    expect(left[0]?.key).not.toBe(stream.messages[0].key)
    await served.inside.moveBy(60_000)
    expect((await poll()).map(({ key }) => key)).toContain(stream.messages[0].key)
  })

  it('ends at the deadline of its call', async () => {
    const { code } = await served.raw.call('StreamActivatedJobs', subscription, { deadline: 100 })
    expect(code).toBe('DEADLINE_EXCEEDED')
    await served.inside.start('one-task')
    expect(await poll()).toHaveLength(1)
  })

  it('ends with UNAVAILABLE when the engine closes under it', async () => {
    const stream = open()
    await stream.opened
    await served.engine.close()
    expect((await stream.outcome).code).toBe('UNAVAILABLE')
  })

  it('ends with UNAVAILABLE when the gateway closes', async () => {
    const stream = open()
    await served.inside.start('one-task')
    await stream.received(1)
    await served.gateway.close()
    expect(await stream.outcome).toMatchObject({ code: 'UNAVAILABLE', messages: [{ type: 'work' }] })
  })
})

describe('a long poll', () => {
  let served: ServedGateway

  beforeEach(async () => {
    served = await startServedGateway()
    await served.inside.deploy({ 'test.bpmn': PROCESS })
  })
  afterEach(() => served.close())

  const poll = (requestTimeout: number) => served.raw.stream('ActivateJobs', { ...taking, requestTimeout })

  it('is answered when a job comes into being', async () => {
    const waiting = poll(60_000)
    const instance = await served.inside.start('one-task')
    const { code, messages } = await waiting.outcome
    expect(code).toBe('OK')
    expect(messages).toMatchObject([{ jobs: [{ processInstanceKey: String(instance) }] }])
  })

  it('ends without jobs when none come in time', async () => {
    expect(await poll(30).outcome).toEqual({ code: 'OK', details: '', messages: [] })
  })

  it('does not wait below 0', async () => {
    expect(await poll(-1).outcome).toEqual({ code: 'OK', details: '', messages: [] })
  })

  it('that its client has broken off takes no job', async () => {
    const waiting = poll(60_000)
    waiting.cancel()
    await waiting.outcome
    // Another call of the same connection was served: the gateway has seen the cancellation.
    await served.raw.call('Topology')
    await served.inside.start('one-task')
    expect((await poll(-1).outcome).messages).toHaveLength(1)
  })

  it('holds no more jobs than were asked for', async () => {
    await Promise.all([1, 2, 3].map(() => served.inside.start('one-task')))
    const { messages } = await served.raw.call('ActivateJobs', { ...taking, maxJobsToActivate: 2 })
    expect(messages.flatMap(({ jobs }) => jobs)).toHaveLength(2)
  })

  it('brings many large jobs in messages that a client accepts', async () => {
    const variables = { text: '法'.repeat(300_000) }
    await Promise.all(Array.from({ length: 10 }, () => served.inside.start('one-task', variables)))
    const { messages } = await served.raw.call('ActivateJobs', taking)
    expect(messages.map(({ jobs }) => jobs.length)).toEqual([3, 3, 3, 1])
  })

  it('ends with UNAVAILABLE when the gateway closes', async () => {
    const waiting = poll(60_000)
    await served.raw.call('Topology')
    await served.gateway.close()
    expect((await waiting.outcome).code).toBe('UNAVAILABLE')
  })
})
