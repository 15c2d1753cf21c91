import { describe, expect, it } from 'vitest'
import {
  bpmn,
  catchEvent,
  element,
  end,
  flows,
  gateway,
  message,
  messageEvent,
  serviceTask,
  start,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

describe('exclusive gateway', () => {
  const choice = bpmn(
    'p',
    start() +
      gateway('exclusive', 'which', 'which-small') +
      end('large') +
      end('middle') +
      end('small') +
      flows(
        'start -> which',
        'which -> small',
        'which -> middle [=amount > 30000]',
        'which -> large [=amount > 300000]',
      ),
  )

  it.each([
    [300_001, 'large'],
    [300_000, 'middle'],
    [30_000, 'small'],
  ])('with amount %i leads to %s', async (amount, expected) => {
    const test = await engineFor()
    expect(test.completed(await test.run(choice, { amount }))).toEqual(['start', 'which', expected])
  })

  it('asks the flow that stands last in the file first, as Camunda does', async () => {
    const test = await engineFor()
    const overlapping = bpmn(
      'p',
      start() +
        element(
          'exclusiveGateway',
          { id: 'g' },
          '<bpmn:outgoing>g-a</bpmn:outgoing><bpmn:outgoing>g-b</bpmn:outgoing>',
        ) +
        end('a') +
        end('b') +
        flows('start -> g', 'g -> a [=true]', 'g -> b [=true]'),
    )
    expect(test.completed(await test.run(overlapping))).toEqual(['start', 'g', 'b'])
  })

  it('makes an incident when no condition holds, and chooses again when it is resolved', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('exclusive', 'g') +
          end('a') +
          end('b') +
          flows('start -> g', 'g -> a [=x = 1]', 'g -> b [=x = 2]'),
      ),
      { x: 3 },
    )
    expect(test.incidents(key)).toMatchObject([{ errorType: 'CONDITION_ERROR', elementId: 'g' }])
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { x: 2 } })
    await test.resolveIncident(key)
    expect(test.completed(key)).toEqual(['start', 'g', 'b'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('makes an incident when a condition is not a boolean', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('exclusive', 'g', 'g-b') +
          end('a') +
          end('b') +
          flows('start -> g', 'g -> a [=missing]', 'g -> b'),
      ),
    )
    expect(test.incidents(key)).toMatchObject([{ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'g' }])
    expect(test.incidents(key)[0]?.errorMessage).toContain(
      "Expected result of the expression 'missing' to be 'BOOLEAN', but was 'NULL'",
    )
  })
})

describe('parallel gateway', () => {
  const parallel = bpmn(
    'p',
    start() +
      gateway('parallel', 'fork') +
      serviceTask('a') +
      serviceTask('b') +
      gateway('parallel', 'join') +
      end() +
      flows('start -> fork', 'fork -> a -> join', 'fork -> b -> join', 'join -> end'),
  )

  it('takes all flows and waits for all', async () => {
    const test = await engineFor()
    const key = await test.run(parallel)
    expect(test.waitingAt(key)).toEqual(['b', 'a'])
    await test.completeJob('a')
    expect(test.stateOf(key)).toBe('ACTIVE')
    expect(test.waitingAt(key)).toEqual(['b'])
    await test.completeJob('b')
    expect(test.completed(key)).toEqual(['start', 'fork', 'b', 'a', 'join', 'end'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('joins a second round separately', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('exclusive', 'again') +
          gateway('parallel', 'fork') +
          serviceTask('a') +
          serviceTask('b') +
          gateway('parallel', 'join') +
          gateway('exclusive', 'more', 'more-end') +
          end() +
          flows(
            'start -> again -> fork',
            'fork -> a -> join',
            'fork -> b -> join',
            'join -> more',
            'more -> again [=more]',
            'more -> end',
          ),
      ),
      { more: true },
    )
    await test.completeJob('a')
    await test.completeJob('b')
    expect(test.waitingAt(key)).toEqual(['b', 'a'])
    await test.completeJob('b')
    await test.completeJob('a', { more: false })
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('is forgotten with its scope', async () => {
    const test = await engineFor()
    const key = await test.run(parallel)
    await test.completeJob('a')
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect(test.stateOf(key)).toBe('TERMINATED')
  })
})

describe('event-based gateway', () => {
  const race = bpmn(
    'p',
    start() +
      gateway('eventBased', 'race') +
      catchEvent('paid', messageEvent('m')) +
      catchEvent('late', timer('timeDuration', 'P2D')) +
      end('thanks') +
      end('chase') +
      flows('start -> race', 'race -> paid -> thanks', 'race -> late -> chase'),
    message('m', 'payment', '=caseId'),
  )

  it('goes on with the message, and forgets the timer', async () => {
    const test = await engineFor()
    const key = await test.run(race, { caseId: 'c' })
    expect(test.waitingAt(key)).toEqual(['race'])
    await test.execute({ type: 'CorrelateMessage', name: 'payment', correlationKey: 'c', variables: { paid: 7 } })
    expect(test.completed(key)).toEqual(['start', 'race', 'paid', 'thanks'])
    expect(test.variables(key)).toEqual({ caseId: 'c', paid: 7 })
    expect(test.engine.query.all('SELECT * FROM timer')).toEqual([])
  })

  it('goes on with the timer, and forgets the message', async () => {
    const test = await engineFor()
    const key = await test.run(race, { caseId: 'c' })
    await test.moveBy(2 * 86_400_000)
    expect(test.completed(key)).toEqual(['start', 'race', 'late', 'chase'])
    const correlation = test.execute({ type: 'CorrelateMessage', name: 'payment', correlationKey: 'c' })
    await expect(correlation).rejects.toMatchObject({ type: 'NOT_FOUND' })
  })
})
