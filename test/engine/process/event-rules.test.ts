import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  error,
  errorEvent,
  escalation,
  escalationEvent,
  eventSubprocess,
  flows,
  job,
  mapping,
  serviceTask,
  signal,
  signalEvent,
  start,
  subprocess,
  throwEvent,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

// Rules of single events, as observed on Camunda.

const ALARM = signal('s', 'alarm')
/** A subprocess that an event subprocess interrupts at a signal; `content` is what that does. */
const interrupted = (...content: string[]) =>
  subprocess(
    'team',
    start('begin'),
    serviceTask('work'),
    flows('begin -> work'),
    eventSubprocess('handler', start('heard', signalEvent('s')), ...content),
  )

describe('an event subprocess that has interrupted its scope', () => {
  it('throws an error that no boundary event around it in the process catches', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          interrupted(serviceTask('react'), flows('heard -> react')) +
          boundary('caught', 'team', errorEvent()) +
          flows('start -> team'),
        ALARM,
      ),
    )
    await test.broadcast('alarm')
    const { jobKey } = await test.takeJob('react')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'bad' })
    expect(test.incidents(key)).toMatchObject([{ errorType: 'UNHANDLED_ERROR_EVENT', elementId: 'react' }])
  })

  it('throws an error that the caller of its process catches', async () => {
    const called = bpmn(
      'called',
      start() + interrupted(end('bad', errorEvent('e')), flows('heard -> bad')) + flows('start -> team'),
      ALARM + error('e', 'BAD'),
    )
    const test = await engineFor({ resources: { 'called.bpmn': called } })
    const key = await test.run(
      bpmn(
        'p',
        start() +
          element('callActivity', { id: 'call' }, '<zeebe:calledElement processId="called"/>') +
          boundary('caught', 'call', errorEvent()) +
          flows('start -> call'),
      ),
    )
    await test.broadcast('alarm')
    expect(test.completed(key)).toEqual(['start', 'caught'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('throws an escalation that the boundary event of its scope catches', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          interrupted(end('up', escalationEvent('e')), flows('heard -> up')) +
          boundary('caught', 'team', escalationEvent('e')) +
          flows('start -> team'),
        ALARM + escalation('e', 'UP'),
      ),
    )
    await test.broadcast('alarm')
    expect(test.terminated(key)).toContain('team')
    expect(test.completed(key).at(-1)).toBe('caught')
  })
})

describe('a catch event whose reference has no code', () => {
  it('takes every error', async () => {
    const test = await engineFor()
    const guarded = start() + serviceTask('work') + boundary('caught', 'work', errorEvent('e')) + flows('start -> work')
    const key = await test.run(bpmn('p', guarded, '<bpmn:error id="e"/>'))
    const { jobKey } = await test.takeJob('work')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'any' })
    expect(test.completed(key)).toEqual(['start', 'caught'])
  })

  it('takes no escalation; one without reference takes all', async () => {
    const test = await engineFor()
    const team = subprocess('team', start('begin'), end('up', escalationEvent('e')), flows('begin -> up'))
    const guarded = (reference?: string) =>
      bpmn(
        'p',
        start() + team + boundary('caught', 'team', escalationEvent(reference), false) + flows('start -> team'),
        escalation('e', 'UP') + '<bpmn:escalation id="none"/>',
      )
    expect(test.completed(await test.run(guarded('none')))).not.toContain('caught')
    expect(test.completed(await test.run(guarded()))).toContain('caught')
  })
})

describe('mappings of events', () => {
  const both = mapping({ inputs: { i: '=1' }, outputs: { o: '=i' } })
  const link = '<bpmn:linkEventDefinition name="L"/>'
  it.each([
    ['a none throw event', throwEvent('x', both), '', null],
    ['an escalation throw event', throwEvent('x', both, escalationEvent('e')), escalation('e', 'UP'), null],
    ['a signal throw event', throwEvent('x', both, signalEvent('s')), ALARM, 1],
    ['a signal catch event', catchEvent('x', both, signalEvent('s')), ALARM, 1],
  ])('%s', async (_, event, roots, expected) => {
    const test = await engineFor()
    const key = await test.run(bpmn('p', start() + event + flows('start -> x'), roots))
    await test.broadcast('alarm')
    expect(test.variables(key)).toEqual({ o: expected })
    expect(test.variables(key, 'x')).toEqual(expected === null ? {} : { i: 1 })
  })

  it('link events map out only, terminate end events nothing, message end events both', async () => {
    const test = await engineFor()
    const linked = throwEvent('off', both, link) + catchEvent('on', mapping({ outputs: { p: '=2' } }), link)
    const key = await test.run(
      bpmn(
        'p',
        start() +
          linked +
          subprocess(
            'team',
            start('begin'),
            end('stop', both, '<bpmn:terminateEventDefinition/>'),
            flows('begin -> stop'),
          ) +
          end(
            'tell',
            job('tell'),
            mapping({ inputs: { j: '=3' }, outputs: { q: '=j' } }),
            '<bpmn:messageEventDefinition/>',
          ) +
          flows('start -> off', 'on -> team -> tell'),
      ),
    )
    await test.completeJob('tell')
    expect(test.variables(key)).toEqual({ o: null, p: 2, q: 3 })
  })
})

describe('a deployment is refused', () => {
  it.each([
    [
      'an escalation boundary event of a task',
      start() + serviceTask('work') + boundary('x', 'work', escalationEvent()) + flows('start -> work'),
      /x: an escalation boundary event must be attached to a subprocess or a call activity/,
    ],
    [
      'a multi-instance event subprocess',
      start() +
        element(
          'subProcess',
          { id: 'x', triggeredByEvent: true },
          start('failed', errorEvent()),
          '<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=[1]"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>',
        ),
      /x: an event subprocess must not be multi-instance/,
    ],
  ])('for %s', async (_, content, reason) => {
    const test = await engineFor()
    await expect(test.deploy({ 'p.bpmn': bpmn('p', content) })).rejects.toThrow(reason)
  })
})
