import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  element,
  end,
  error,
  errorEvent,
  escalation,
  escalationEvent,
  eventSubprocess,
  flows,
  gateway,
  serviceTask,
  start,
  subprocess,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const ERRORS = error('bad', 'BAD') + error('worse', 'WORSE')

describe('error thrown by a job', () => {
  const guarded = bpmn(
    'p',
    start() +
      serviceTask('work') +
      boundary('onBad', 'work', errorEvent('bad')) +
      boundary('onAny', 'work', errorEvent()) +
      end() +
      end('bad-end') +
      end('any-end') +
      flows('start -> work -> end', 'onBad -> bad-end', 'onAny -> any-end'),
    ERRORS,
  )

  it.each([
    ['BAD', 'onBad'],
    ['OTHER', 'onAny'],
  ])('%s is caught by %s, which holds its variables', async (errorCode, event) => {
    const test = await engineFor()
    const key = await test.run(guarded)
    const { jobKey } = await test.takeJob('work')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode, errorMessage: 'm', variables: { reason: 'r' } })
    expect(test.terminated(key)).toEqual(['work'])
    expect(test.completed(key)).toContain(event)
    expect(test.variables(key, event)).toEqual({ reason: 'r' })
    expect(test.variables(key)).toEqual({})
    expect(test.engine.query.get('SELECT state, errorCode FROM job')).toEqual({ state: 'ERROR_THROWN', errorCode })
  })

  it('makes an incident when nobody catches it; resolved, the job comes back', async () => {
    const test = await engineFor()
    const key = await test.run(bpmn('p', start() + serviceTask('work') + end() + flows('start -> work -> end')))
    const { jobKey } = await test.takeJob('work')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'BAD', errorMessage: 'no such party' })
    expect(test.incidents(key)).toMatchObject([{ errorType: 'UNHANDLED_ERROR_EVENT', elementId: 'work' }])
    expect(test.incidents(key)[0]?.errorMessage).toContain("code 'BAD' with message 'no such party'")
    await expect(test.execute({ type: 'CompleteJob', jobKey })).rejects.toMatchObject({ type: 'INVALID_STATE' })
    await test.resolveIncident(key)
    await test.completeJob('work')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('climbs to the subprocess around it', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          subprocess(
            'sub',
            start('s'),
            serviceTask('work'),
            serviceTask('other'),
            gateway('parallel', 'fork'),
            flows('s -> fork -> work', 'fork -> other'),
          ) +
          boundary('caught', 'sub', errorEvent('bad')) +
          end() +
          end('after') +
          flows('start -> sub -> end', 'caught -> after'),
        ERRORS,
      ),
    )
    const { jobKey } = await test.takeJob('work')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'BAD' })
    expect(test.terminated(key)).toEqual(['sub', 'other', 'work'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('error end event', () => {
  it('is caught by the event subprocess of its scope before the boundary event around it', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          subprocess(
            'sub',
            start('s'),
            end('fail', errorEvent('bad')),
            flows('s -> fail'),
            eventSubprocess('handle', start('on', errorEvent('bad')), end('handled'), flows('on -> handled')),
          ) +
          boundary('outside', 'sub', errorEvent('bad')) +
          end() +
          end('never') +
          flows('start -> sub -> end', 'outside -> never'),
        ERRORS,
      ),
    )
    expect(test.terminated(key)).toEqual(['fail'])
    expect(test.completed(key)).toEqual(['start', 'sub', 's', 'handle', 'on', 'handled', 'end'])
  })

  it('makes an incident when nobody catches it', async () => {
    const test = await engineFor()
    const key = await test.run(bpmn('p', start() + end('fail', errorEvent('worse')) + flows('start -> fail'), ERRORS))
    expect(test.incidents(key)).toMatchObject([{ errorType: 'UNHANDLED_ERROR_EVENT', elementId: 'fail' }])
    await test.resolveIncident(key)
    expect(test.incidents(key)).toHaveLength(1)
  })
})

describe('escalation', () => {
  const ROOT = escalation('late', 'LATE')
  const raised = (interrupting: boolean) =>
    bpmn(
      'p',
      start() +
        subprocess(
          'sub',
          start('s'),
          element('intermediateThrowEvent', { id: 'raise' }, escalationEvent('late')),
          serviceTask('work'),
          end('done'),
          flows('s -> raise -> work -> done'),
        ) +
        boundary('caught', 'sub', escalationEvent('late'), interrupting) +
        end() +
        end('told') +
        flows('start -> sub -> end', 'caught -> told'),
      ROOT,
    )

  it('that does not interrupt lets the subprocess go on', async () => {
    const test = await engineFor()
    const key = await test.run(raised(false))
    expect(test.completed(key)).toEqual(['start', 's', 'raise', 'caught', 'told'])
    expect(test.waitingAt(key)).toEqual(['work'])
    await test.completeJob('work')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('that interrupts ends the subprocess', async () => {
    const test = await engineFor()
    const key = await test.run(raised(true))
    expect(test.terminated(key)).toEqual(['sub', 'raise'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('that nobody catches goes by', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          element('intermediateThrowEvent', { id: 'raise' }, escalationEvent('late')) +
          end('end', escalationEvent('late')) +
          flows('start -> raise -> end'),
        ROOT,
      ),
    )
    expect(test.completed(key)).toEqual(['start', 'raise', 'end'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('is caught by an event subprocess, interrupting or not', async () => {
    const test = await engineFor()
    const withHandler = (isInterrupting: boolean) =>
      bpmn(
        'p',
        start() +
          element('intermediateThrowEvent', { id: 'raise' }, escalationEvent('late')) +
          serviceTask('work') +
          end() +
          flows('start -> raise -> work -> end') +
          eventSubprocess(
            'handle',
            element('startEvent', { id: 'on', isInterrupting }, escalationEvent()),
            serviceTask('climb'),
            end('up'),
            flows('on -> climb -> up'),
          ),
        ROOT,
      )
    const first = await test.run(withHandler(false))
    expect(test.waitingAt(first)).toEqual(['climb', 'work'])
    const second = await test.run(withHandler(true))
    expect(test.waitingAt(second)).toEqual(['climb'])
    expect(test.terminated(second)).toEqual(['raise'])
  })
})
