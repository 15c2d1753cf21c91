import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  element,
  end,
  flows,
  gateway,
  mapping,
  serviceTask,
  start,
  subprocess,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const TERMINATE = '<bpmn:terminateEventDefinition/>'

describe('embedded subprocess', () => {
  it('has a scope of its own', async () => {
    const test = await engineFor()
    const sub = subprocess(
      'sub',
      mapping({ inputs: { local: '=outer + 1' }, outputs: { result: '=local' } }),
      start('s'),
      serviceTask('work'),
      end('e'),
      flows('s -> work -> e'),
    )
    const key = await test.run(bpmn('p', start() + sub + end() + flows('start -> sub -> end')), { outer: 1 })
    expect((await test.takeJob('work')).variables).toEqual({ outer: 1, local: 2 })
    await test.execute({
      type: 'CompleteJob',
      jobKey: test.engine.query.get<{ key: number }>('SELECT key FROM job')?.key ?? 0,
      variables: { local: 9, fresh: true },
    })
    expect(test.variables(key)).toEqual({ outer: 1, result: 9, fresh: true })
    expect(test.variables(key, 'sub')).toEqual({ local: 9 })
  })

  it('ends when all its paths have ended', async () => {
    const test = await engineFor()
    const sub = subprocess(
      'sub',
      start('s'),
      gateway('parallel', 'fork'),
      serviceTask('a'),
      serviceTask('b'),
      flows('s -> fork -> a', 'fork -> b'),
    )
    const key = await test.run(bpmn('p', start() + sub + end() + flows('start -> sub -> end')))
    await test.completeJob('a')
    expect(test.stateOf(key)).toBe('ACTIVE')
    await test.completeJob('b')
    expect(test.completed(key)).toEqual(['start', 'sub', 's', 'fork', 'b', 'a', 'end'])
  })

  it('interrupted by a timer: everything in it ends, at any depth', async () => {
    const test = await engineFor()
    const inner = subprocess('inner', start('s2'), serviceTask('work'), flows('s2 -> work'))
    const outer = subprocess('outer', start('s1'), inner, flows('s1 -> inner'))
    const key = await test.run(
      bpmn(
        'p',
        start() +
          outer +
          boundary('late', 'outer', timer('timeDuration', 'PT1H')) +
          end() +
          end('after') +
          flows('start -> outer -> end', 'late -> after'),
      ),
    )
    await test.moveBy(3_600_000)
    expect(test.terminated(key)).toEqual(['outer', 'inner', 'work'])
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.engine.query.all('SELECT * FROM timer')).toEqual([])
  })
})

describe('terminate end event', () => {
  it('ends the subprocess that it is in, and that goes on normally', async () => {
    const test = await engineFor()
    const sub = subprocess(
      'sub',
      start('s'),
      gateway('parallel', 'fork'),
      serviceTask('a'),
      serviceTask('b'),
      end('stop', TERMINATE),
      flows('s -> fork -> a', 'fork -> b -> stop'),
    )
    const key = await test.run(
      bpmn('p', start() + sub + serviceTask('next') + end() + flows('start -> sub -> next -> end')),
    )
    await test.completeJob('b')
    expect(test.terminated(key)).toEqual(['a'])
    expect(test.waitingAt(key)).toEqual(['next'])
  })

  it('in the process completes it', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('parallel', 'fork') +
          serviceTask('a') +
          end('stop', TERMINATE) +
          flows('start -> fork -> a', 'fork -> stop'),
      ),
    )
    expect(test.terminated(key)).toEqual(['a'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('link events', () => {
  it('go on at the catch event of the same name', async () => {
    const test = await engineFor()
    const link = (name: string) => `<bpmn:linkEventDefinition name="${name}"/>`
    const key = await test.run(
      bpmn(
        'p',
        start() +
          element('intermediateThrowEvent', { id: 'jump' }, link('over')) +
          element('intermediateCatchEvent', { id: 'land' }, link('over')) +
          end() +
          flows('start -> jump', 'land -> end'),
      ),
    )
    expect(test.completed(key)).toEqual(['start', 'jump', 'land', 'end'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('a loop without a wait state', () => {
  it('becomes an incident, and others are served', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn('loop', start() + gateway('exclusive', 'g') + element('task', { id: 't' }) + flows('start -> g -> t -> g')),
    )
    expect(test.incidents(key)).toMatchObject([{ errorType: 'UNKNOWN' }])
    const other = await test.run(bpmn('p', start() + end() + flows('start -> end')))
    expect(test.stateOf(other)).toBe('COMPLETED')
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect(test.stateOf(key)).toBe('TERMINATED')
  })
})
