import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  element,
  end,
  error,
  errorEvent,
  flows,
  job,
  listeners,
  mapping,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const LOOP = { inputCollection: '=items', inputElement: 'item', outputCollection: 'results', outputElement: '=result' }
const looped = (loop: string, extra = '') =>
  bpmn(
    'p',
    start() + element('serviceTask', { id: 'work' }, job('work'), loop) + end() + flows('start -> work -> end') + extra,
  )

describe('multi-instance activity', () => {
  it('in parallel makes one instance for each item and collects in their order', async () => {
    const test = await engineFor()
    const key = await test.run(looped(multiInstance(LOOP)), { items: ['a', 'b', 'c'] })
    const jobs = await test.takeJobs('work')
    expect(jobs.map(({ variables }) => [variables.item, variables.loopCounter])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
    for (const { jobKey, variables } of [...jobs].reverse())
      await test.execute({ type: 'CompleteJob', jobKey, variables: { result: `${variables.item}!` } })
    expect(test.variables(key)).toEqual({ items: ['a', 'b', 'c'], results: ['a!', 'b!', 'c!'] })
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(
      test.engine.query
        .all("SELECT type FROM element_instance WHERE elementId = 'work' ORDER BY key")
        .map((row) => row.type),
    ).toEqual(['MULTI_INSTANCE_BODY', 'SERVICE_TASK', 'SERVICE_TASK', 'SERVICE_TASK'])
  })

  it('in sequence makes them one after the other', async () => {
    const test = await engineFor()
    const key = await test.run(looped(multiInstance(LOOP, { sequential: true })), { items: [1, 2] })
    expect(await test.takeJobs('work')).toMatchObject([{ variables: { item: 1 } }])
    expect(await test.takeJobs('work')).toEqual([])
    await test.execute({
      type: 'CompleteJob',
      jobKey: test.engine.query.get<{ key: number }>('SELECT key FROM job')?.key ?? 0,
      variables: { result: 10 },
    })
    await test.completeJob('work', { result: 20 })
    expect(test.variables(key).results).toEqual([10, 20])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it.each([false, true])('with nothing to do is passed through (sequential: %s)', async (sequential) => {
    const test = await engineFor()
    const key = await test.run(looped(multiInstance(LOOP, { sequential })), { items: [] })
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.variables(key).results).toEqual([])
  })

  it('ends early when the completion condition holds', async () => {
    const test = await engineFor()
    const loop = multiInstance(LOOP, { completionCondition: '=result = "no" or numberOfCompletedInstances >= 2' })
    const key = await test.run(looped(loop), { items: [1, 2, 3] })
    await test.completeJob('work', { result: 'yes' })
    expect(test.stateOf(key)).toBe('ACTIVE')
    await test.completeJob('work', { result: 'yes' })
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.terminated(key)).toEqual(['work'])
    expect(test.variables(key).results).toEqual(['yes', 'yes', null])
    const second = await test.start('p', { items: [1, 2, 3] })
    await test.completeJob('work', { result: 'no' })
    expect(test.stateOf(second)).toBe('COMPLETED')
  })

  it('makes an incident when the collection is not a list', async () => {
    const test = await engineFor()
    const key = await test.run(looped(multiInstance(LOOP)))
    expect(test.incidents(key)[0]).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'work' })
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { items: [1] } })
    await test.resolveIncident(key)
    await test.completeJob('work')
    expect(test.variables(key).results).toEqual([null])
  })

  it('has its boundary events at the body: one timer for all', async () => {
    const test = await engineFor()
    const late = boundary('late', 'work', timer('timeDuration', 'PT1H')) + end('after') + flows('late -> after')
    const key = await test.run(looped(multiInstance(LOOP), late), { items: [1, 2] })
    expect(test.engine.query.all('SELECT key FROM timer')).toHaveLength(1)
    await test.moveBy(3_600_000)
    expect(test.terminated(key)).toEqual(['work', 'work', 'work'])
    expect(test.variables(key)).toEqual({ items: [1, 2] })
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('an error in one instance ends them all', async () => {
    const test = await engineFor()
    const xml = bpmn(
      'p',
      start() +
        element('serviceTask', { id: 'work' }, job('work'), multiInstance(LOOP)) +
        boundary('bad', 'work', errorEvent('e')) +
        end() +
        end('after') +
        flows('start -> work -> end', 'bad -> after'),
      error('e', 'BAD'),
    )
    const key = await test.run(xml, { items: [1, 2] })
    await test.execute({ type: 'ThrowJobError', jobKey: (await test.takeJob('work')).jobKey, errorCode: 'BAD' })
    expect(test.completed(key)).toEqual(['start', 'bad', 'after'])
  })

  it('mappings and listeners belong to each instance', async () => {
    const test = await engineFor()
    const work = element(
      'serviceTask',
      { id: 'work' },
      job('work'),
      mapping({ inputs: { double: '=item * 2' }, outputs: { result: '=answer' } }),
      listeners('start:prepare', 'end:tidy'),
      multiInstance(LOOP),
    )
    const key = await test.run(bpmn('p', start() + work + end() + flows('start -> work -> end')), { items: [1, 2] })
    expect(await test.takeJobs('work')).toEqual([])
    for (const { jobKey } of await test.takeJobs('prepare')) await test.execute({ type: 'CompleteJob', jobKey })
    for (const { jobKey, variables } of await test.takeJobs('work'))
      await test.execute({ type: 'CompleteJob', jobKey, variables: { answer: Number(variables.double) + 1 } })
    for (const { jobKey } of await test.takeJobs('tidy')) await test.execute({ type: 'CompleteJob', jobKey })
    expect(test.variables(key).results).toEqual([3, 5])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('of a subprocess runs the whole of it for each item', async () => {
    const test = await engineFor()
    const sub = subprocess(
      'sub',
      start('s'),
      serviceTask('one'),
      serviceTask('two'),
      flows('s -> one -> two'),
      multiInstance(LOOP, { sequential: true }),
    )
    const key = await test.run(bpmn('p', start() + sub + end() + flows('start -> sub -> end')), { items: [1, 2] })
    for (const result of ['x', 'y']) {
      await test.completeJob('one')
      await test.completeJob('two', { result })
    }
    expect(test.variables(key).results).toEqual(['x', 'y'])
  })
})
