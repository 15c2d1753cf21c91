import { describe, expect, it } from 'vitest'
import type { Variables } from '../../../src/engine/index.ts'
import { bpmn, end, flows, gateway, serviceTask, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from '../process/support.ts'
import { beside } from './beside.ts'

const XML = bpmn('p', start() + serviceTask('work') + end() + flows('start -> work -> end'))

const starting = async (variables: unknown) => {
  const test = await engineFor({ resources: { 'p.bpmn': XML } })
  return beside(test, () => test.start('p', variables as Variables))
}
const refused = (message: string) => ({ type: 'INVALID_ARGUMENT', message: expect.stringContaining(message) })

/** Lists in lists. */
function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

describe('variables', () => {
  it('of 10 MB are refused', async () => {
    expect(await starting({ text: 'x'.repeat(10_000_000) })).toEqual(
      refused('Expected variables to have at most 4194304 characters of JSON: keep large data elsewhere'),
    )
  })

  it('of 10 MB in small pieces are refused', async () => {
    const list = Array.from({ length: 2_000_000 }, (_, index) => index)
    expect(await starting({ list })).toEqual(refused('Expected variables to have at most 4194304 characters'))
  })

  it('by the hundred thousand are refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`v${index}`, index]))
    expect(await starting(many)).toEqual(
      refused('Expected variables to be at most 20000 at a time, but they were 300000'),
    )
  })

  it('that nest deeper than anything can be written are refused', async () => {
    expect(await starting({ deep: nested(1_001) })).toEqual(refused('nest lists and objects at most 1000 deep'))
    expect(await starting({ deep: nested(500_000) })).toEqual(refused('nest lists and objects at most 1000 deep'))
    const itself: Record<string, unknown> = {}
    itself.itself = itself
    expect(await starting(itself)).toEqual(refused('or holds itself'))
    const twice: unknown[] = []
    twice.push(twice, twice)
    expect(await starting({ twice })).toEqual(refused('nest lists and objects'))
  })

  it('that nest as deep as is allowed work', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': XML } })
    const deep = nested(990) as Variables
    const key = await test.start('p', { deep })
    expect((await test.takeJob('work')).variables).toEqual({ deep })
    expect(test.variables(key)).toEqual({ deep })
  })

  it.each([
    ['a number of JavaScript', { n: 1n }, 'there is a bigint'],
    ['a function', { f: () => 1 }, 'there is a function'],
    ['a symbol', { s: [Symbol('s')] }, 'there is a symbol'],
    ['nothing', { u: undefined }, "to hold a value for 'u'"],
  ])('that hold %s, which is no JSON, are refused', async (_, variables, message) => {
    expect(await starting(variables)).toEqual(refused(message))
  })

  it('may have the names that JavaScript has given meanings, and change nothing else by them', async () => {
    const xml = bpmn(
      'p',
      start() +
        gateway('exclusive', 'choice', 'choice-work') +
        serviceTask('work') +
        serviceTask('admin') +
        end() +
        flows('start -> choice -> work -> end', 'choice -> admin [=isAdmin = true]', 'admin -> end'),
    )
    const test = await engineFor({ resources: { 'p.bpmn': xml } })
    const variables = JSON.parse(
      '{"__proto__": {"isAdmin": true}, "constructor": {"prototype": {"isAdmin": true}}, "toString": 1}',
    )
    const key = await test.start('p', variables)
    expect(test.isWaitingAt(key, 'work')).toBe(true)
    const job = await test.takeJob('work')
    expect(Object.entries(job.variables)).toEqual(Object.entries(variables))
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
    const [again] = await test.takeJobs('work', 1, ['__proto__', 'toString'])
    expect(again).toBeUndefined()
    await test.execute({ type: 'CompleteJob', jobKey: job.jobKey, variables: JSON.parse('{"__proto__": 7}') })
    const rows = test.engine.query.all("SELECT value FROM variable WHERE name = '__proto__'")
    expect(rows).toEqual([{ value: '7' }])
  })

  it('may hold every character, zero and halves of pairs too', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': XML } })
    const text = `zero \u0000, half \ud800, noncharacter \uffff, 漢字, 😀`
    const key = await test.start('p', { [text]: text, list: [text] })
    expect((await test.takeJob('work')).variables).toEqual({ [text]: text, list: [text] })
    expect(Object.values(test.variables(key))).toContain(text)
  })
})

describe('numbers of a command', () => {
  it.each([
    ['no number', Number.NaN],
    ['without end', Number.POSITIVE_INFINITY],
    ['beyond all measure', 1e300],
  ])('that are %s are refused', async (_, timeout) => {
    const test = await engineFor({ resources: { 'p.bpmn': XML } })
    await test.start('p')
    const command = { type: 'ActivateJobs', jobType: 'work', worker: 'w', maxJobs: 1, timeout } as const
    expect(await beside(test, () => test.execute(command))).toEqual(
      refused('Expected timeout to be a number up to 2^53'),
    )
    expect(await test.takeJobs('work')).toHaveLength(1)
  })

  it('beyond the last date mean the last date', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': XML } })
    await test.start('p')
    const command = { type: 'ActivateJobs', jobType: 'work', worker: 'w', maxJobs: 1 } as const
    const { jobs } = await test.execute({ ...command, timeout: Number.MAX_SAFE_INTEGER })
    expect(new Date(jobs[0]?.deadline ?? 0).toISOString()).toBe('+275760-09-13T00:00:00.000Z')
    await test.execute({ type: 'PublishMessage', name: 'm', timeToLive: Number.MAX_SAFE_INTEGER })
    expect(test.engine.query.get('SELECT expiresAt FROM message')).toEqual({ expiresAt: 8.64e15 })
  })
})

describe('jobs with large variables', () => {
  it('are handed out as many at a time as an answer can hold', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': XML } })
    for (let count = 0; count < 5; count += 1) await test.start('p', { text: 'x'.repeat(2_000_000) })
    expect(await test.takeJobs('work')).toHaveLength(2)
    expect(await test.takeJobs('work', 100, ['other'])).toHaveLength(3)
  })
})
