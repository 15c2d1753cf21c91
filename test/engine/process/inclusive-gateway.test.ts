import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  errorEvent,
  flows,
  gateway,
  listeners,
  serviceTask,
  start,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

describe('forking inclusive gateway', () => {
  const fork = bpmn(
    'p',
    start() +
      gateway('inclusive', 'g', 'g-c') +
      end('a') +
      end('b') +
      end('c') +
      flows('start -> g', 'g -> a [=x > 1]', 'g -> b [=x > 2]', 'g -> c'),
  )

  it('takes every flow whose condition holds, else the default flow', async () => {
    const test = await engineFor()
    expect(test.completed(await test.run(fork, { x: 3 }))).toEqual(['start', 'g', 'b', 'a'])
    expect(test.completed(await test.start('p', { x: 0 }))).toEqual(['start', 'g', 'c'])
  })
})

describe('joining inclusive gateway', () => {
  const around = (branches: string, ...lines: string[]) =>
    bpmn(
      'p',
      start() +
        gateway('inclusive', 'fork', 'fork-c') +
        serviceTask('a') +
        serviceTask('b') +
        serviceTask('c') +
        gateway('inclusive', 'join') +
        serviceTask('after') +
        end() +
        branches +
        flows(
          'start -> fork',
          'fork -> a [=x > 1]',
          'fork -> b [=x > 2]',
          'fork -> c',
          'a -> join',
          'b -> join',
          'c -> join',
          'join -> after -> end',
          ...lines,
        ),
    )

  it.each([
    [3, ['a', 'b']],
    [2, ['a']],
    [0, ['c']],
  ])('waits for the flows that were taken: x = %i', async (x, taken) => {
    const test = await engineFor()
    const key = await test.run(around(''), { x })
    for (const task of taken) {
      expect(test.isWaitingAt(key, 'after')).toBe(false)
      await test.completeJob(task)
    }
    await test.completeJob('after')
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.completed(key).filter((id) => id === 'join')).toHaveLength(1)
  })

  it('does not wait for a branch that has already ended elsewhere', async () => {
    const test = await engineFor()
    const left = boundary('failed', 'b', errorEvent()) + end('elsewhere')
    const key = await test.run(around(left, 'failed -> elsewhere'), { x: 3 })
    const { jobKey } = await test.takeJob('b')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'bad' })
    await test.completeJob('a')
    expect(test.waitingAt(key)).toEqual(['after'])
  })

  it('is not asked again when a branch ends elsewhere while it waits, as on Camunda', async () => {
    const test = await engineFor()
    const left = boundary('failed', 'b', errorEvent()) + end('elsewhere')
    const key = await test.run(around(left, 'failed -> elsewhere'), { x: 3 })
    await test.completeJob('a')
    const { jobKey } = await test.takeJob('b')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'bad' })
    expect(test.waitingAt(key)).toEqual([])
    expect(test.stateOf(key)).toBe('ACTIVE')
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect(test.engine.query.all('SELECT * FROM gateway_token')).toEqual([])
  })

  it('waits for a token before the fork that may still come, and joins later ones separately', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('parallel', 'twice') +
          serviceTask('slow') +
          gateway('exclusive', 'merge') +
          gateway('inclusive', 'fork', 'fork-b') +
          serviceTask('a') +
          serviceTask('b') +
          gateway('inclusive', 'join') +
          end() +
          flows(
            'start -> twice -> merge -> fork',
            'twice -> slow -> merge',
            'fork -> a [=first]',
            'fork -> b',
            'a -> join',
            'b -> join',
            'join -> end',
          ),
      ),
      { first: true },
    )
    await test.completeJob('a')
    expect(test.waitingAt(key)).toEqual(['slow'])
    await test.completeJob('slow', { first: false })
    await test.completeJob('b')
    expect(test.completed(key).filter((id) => id === 'join')).toHaveLength(1)
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('does not wait for a token that can come only through itself', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('parallel', 'fork') +
          serviceTask('a') +
          serviceTask('b') +
          gateway('exclusive', 'merge') +
          gateway('inclusive', 'join') +
          gateway('exclusive', 'again', 'again-end') +
          end() +
          flows(
            'start -> fork -> a -> merge -> join -> again',
            'fork -> b -> merge',
            'again -> join [=more]',
            'again -> end',
          ),
      ),
      { more: false },
    )
    await test.completeJob('a')
    expect(test.completed(key)).toContain('end')
    await test.completeJob('b')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('counts flows that are taken together, tokens at other joins, and what boundary and link events lead to', async () => {
    const test = await engineFor()
    const link = '<bpmn:linkEventDefinition name="L"/>'
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('parallel', 'fork') +
          serviceTask('a') +
          serviceTask('b') +
          boundary('failed', 'b', errorEvent()) +
          element('intermediateThrowEvent', { id: 'off' }, link) +
          catchEvent('on', link) +
          gateway('parallel', 'both') +
          gateway('inclusive', 'join') +
          end() +
          end('elsewhere') +
          flows(
            'start -> fork -> join -> end',
            'fork -> a -> both',
            'fork -> b -> both -> elsewhere',
            'failed -> off',
            'on -> join',
          ),
      ),
    )
    expect(test.waitingAt(key)).toEqual(['b', 'a'])
    expect(test.completed(key)).not.toContain('join')
    const { jobKey } = await test.takeJob('b')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'bad' })
    expect(test.completed(key)).toEqual(['start', 'fork', 'failed', 'off', 'on', 'join', 'end'])
  })

  it('calls its start listener once, then chooses, with an incident when no condition holds', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('inclusive', 'fork') +
          serviceTask('a') +
          serviceTask('b') +
          element('inclusiveGateway', { id: 'join' }, listeners('start:prepare')) +
          end('x') +
          end('y') +
          flows(
            'start -> fork',
            'fork -> a [=true]',
            'fork -> b [=true]',
            'a -> join',
            'b -> join',
            'join -> x [=r > 0]',
            'join -> y [=r > 1]',
          ),
      ),
      { r: 0 },
    )
    await test.completeJob('a')
    await test.completeJob('b')
    await test.completeJob('prepare')
    expect(test.incidents(key)).toMatchObject([{ errorType: 'CONDITION_ERROR', elementId: 'join' }])
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { r: 2 } })
    await test.resolveIncident(key)
    await test.completeJob('prepare')
    expect(test.completed(key).slice(-3)).toEqual(['join', 'y', 'x'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})
