import { describe, expect, it } from 'vitest'
import { readTables, replayJournal } from '../../../src/engine/runtime/replay.ts'
import {
  boundary,
  bpmn,
  compensation,
  compensationEvent,
  element,
  end,
  errorEvent,
  eventSubprocess,
  flows,
  gateway,
  mapping,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  throwEvent,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const undo = (id = 'undo', ref?: string) => throwEvent(id, compensationEvent(ref, `${id}-definition`))
/** A service task that can be compensated. */
const compensable = (id: string) => serviceTask(id) + compensation(id)
const remaining = 'SELECT * FROM compensation_subscription'

describe('a compensation throw event', () => {
  it('calls the handlers of all completed activities at once, oldest first, and completes with the last of them', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          compensable('a') +
          compensable('b') +
          undo() +
          serviceTask('after') +
          flows('start -> a -> b -> undo -> after'),
      ),
      { amount: 1 },
    )
    await test.completeJob('a', { paid: 2 })
    await test.completeJob('b')
    expect(test.waitingAt(key)).toEqual(['undo', 'undo-a', 'undo-b'])
    expect(test.completed(key).slice(-2)).toEqual(['a-undone', 'b-undone'])
    expect(replayJournal(test.engine.query)).toEqual(readTables(test.engine.query))
    await test.completeJob('undo-b')
    const { variables, jobKey } = await test.takeJob('undo-a')
    expect(variables).toEqual({ amount: 1, paid: 2 })
    await test.execute({ type: 'CompleteJob', jobKey, variables: { paid: 0 } })
    expect(test.waitingAt(key)).toEqual(['after'])
    expect(test.variables(key)).toEqual({ amount: 1, paid: 0 })
    expect(test.engine.query.all(remaining)).toEqual([])
  })

  it('passes when there is nothing to compensate: not completed, failed, or compensated before', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          compensable('a') +
          boundary('failed', 'a', errorEvent()) +
          compensable('b') +
          undo('first') +
          undo('second') +
          end() +
          flows('start -> a -> end', 'failed -> b -> first -> second'),
      ),
    )
    const { jobKey } = await test.takeJob('a')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'x' })
    await test.completeJob('b')
    expect(test.waitingAt(key)).toEqual(['first', 'undo-b'])
    await test.completeJob('undo-b')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('of one activity leaves the others to be compensated later', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          compensable('a') +
          compensable('b') +
          undo('one', 'b') +
          end('all', compensationEvent()) +
          flows('start -> a -> b -> one -> all'),
      ),
    )
    await test.completeJob('a')
    await test.completeJob('b')
    expect(test.waitingAt(key)).toEqual(['one', 'undo-b'])
    await test.completeJob('undo-b')
    expect(test.waitingAt(key)).toEqual(['all', 'undo-a'])
    await test.completeJob('undo-a')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('calls a handler once for every time that its activity has completed', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('exclusive', 'merge') +
          compensable('a') +
          gateway('exclusive', 'more', 'more-undo') +
          undo() +
          flows('start -> merge -> a -> more -> undo', 'more -> merge [=again]'),
      ),
      { again: true },
    )
    await test.completeJob('a')
    await test.completeJob('a', { again: false })
    expect(test.waitingAt(key)).toEqual(['undo', 'undo-a', 'undo-a'])
  })
})

describe('compensation and scopes', () => {
  it('reaches into completed subprocesses, in the scope of the event that compensates', async () => {
    const test = await engineFor()
    const team = subprocess(
      'team',
      mapping({ inputs: { local: '=1' } }),
      start('s'),
      compensable('a'),
      subprocess('inner', start('t'), compensable('b'), flows('t -> b')),
      flows('s -> a -> inner'),
    )
    const key = await test.run(
      bpmn('p', start() + team + compensation('team') + undo() + flows('start -> team -> undo')),
    )
    await test.completeJob('a')
    await test.completeJob('b')
    expect(test.waitingAt(key)).toEqual(['undo', 'undo-team', 'undo-a', 'undo-b'])
    expect((await test.takeJob('undo-a')).variables).toEqual({})
  })

  it('stays out of active subprocesses, of terminated ones and of what lies around the event', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          compensable('outer') +
          subprocess('lost', start('s'), compensable('a'), serviceTask('stuck'), flows('s -> a -> stuck')) +
          boundary('late', 'lost', timer('timeDuration', 'PT1H')) +
          subprocess('team', start('t'), undo(), serviceTask('more'), flows('t -> undo -> more')) +
          flows('start -> outer -> lost', 'late -> team'),
      ),
    )
    await test.completeJob('outer')
    await test.completeJob('a')
    await test.moveBy(3_600_000)
    expect(test.waitingAt(key)).toEqual(['more'])
    expect(test.engine.query.all(remaining)).toMatchObject([{ activityId: 'outer' }])
  })

  it('from an event subprocess compensates the scope around it, which it has interrupted', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          compensable('a') +
          serviceTask('work') +
          flows('start -> a -> work') +
          eventSubprocess('handler', start('failed', errorEvent()), undo('undo', 'a'), flows('failed -> undo')),
      ),
    )
    await test.completeJob('a')
    const { jobKey } = await test.takeJob('work')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'x' })
    expect(test.waitingAt(key)).toEqual(['undo', 'undo-a'])
    await test.completeJob('undo-a')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('compensates a multi-instance activity once, a multi-instance subprocess inside each instance', async () => {
    const test = await engineFor()
    const loop = multiInstance({ inputCollection: '=[1,2]' })
    const key = await test.run(
      bpmn(
        'p',
        start() +
          serviceTask('a', loop) +
          compensation('a') +
          subprocess('team', start('s'), compensable('b'), flows('s -> b'), loop) +
          undo() +
          flows('start -> a -> team -> undo'),
      ),
    )
    for (const task of ['a', 'a', 'b', 'b']) await test.completeJob(task)
    expect(test.waitingAt(key)).toEqual(['undo', 'undo-a', 'undo-b', 'undo-b'])
  })
})

describe('compensation after a migration', () => {
  it('to a definition without the compensation event is an incident, not lost', async () => {
    const test = await engineFor()
    const before = bpmn('p', start() + compensable('a') + serviceTask('b') + undo() + flows('start -> a -> b -> undo'))
    const after = bpmn('p', start() + serviceTask('a') + serviceTask('b') + undo() + flows('start -> a -> b -> undo'))
    const key = await test.run(before)
    await test.completeJob('a')
    const { processes } = await test.deploy({ 'p.bpmn': after })
    await test.execute({
      type: 'MigrateProcessInstance',
      processInstanceKey: key,
      targetProcessDefinitionKey: processes[0]?.processDefinitionKey ?? 0,
      mappingInstructions: [{ sourceElementId: 'b', targetElementId: 'b' }],
    })
    await test.completeJob('b')
    expect(test.incidents(key)).toMatchObject([{ errorType: 'UNKNOWN', elementId: 'undo' }])
    expect(test.incidents(key)[0]?.errorMessage).toContain("activity 'a' by the compensation event 'a-undone'")
  })
})

describe('a compensation handler', () => {
  it.each([
    ['a user task', userTask('h')],
    ['a script task', element('scriptTask', { id: 'h' }, '<zeebe:script expression="=1" resultVariable="r"/>')],
    ['a subprocess', subprocess('h', start('s'), serviceTask('inside'), flows('s -> inside'))],
    ['a multi-instance task', serviceTask('h', multiInstance({ inputCollection: '=[1,2]' }))],
    ['a call activity', element('callActivity', { id: 'h' }, '<zeebe:calledElement processId="called"/>')],
  ])('can be %s', async (_, handler) => {
    const test = await engineFor({
      resources: { 'called.bpmn': bpmn('called', start() + serviceTask('inside') + flows('start -> inside')) },
    })
    const key = await test.run(
      bpmn('p', start() + serviceTask('a') + compensation('a', handler, 'h') + undo() + flows('start -> a -> undo')),
    )
    await test.completeJob('a')
    if (handler.includes('userTask')) await test.completeUserTask('h')
    for (const type of ['inside', 'h', 'h'])
      for (const { jobKey } of await test.takeJobs(type, 1)) await test.execute({ type: 'CompleteJob', jobKey })
    expect(test.completed(key)).toContain('h')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('that fails is an incident; resolved, the compensation goes on', async () => {
    const test = await engineFor()
    const handler = serviceTask('undo-a', mapping({ inputs: { ready: '=assert(go, go != null)' } }))
    const key = await test.run(
      bpmn('p', start() + serviceTask('a') + compensation('a', handler) + undo() + flows('start -> a -> undo')),
    )
    await test.completeJob('a')
    expect(test.incidents(key)).toMatchObject([{ errorType: 'IO_MAPPING_ERROR', elementId: 'undo-a' }])
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { go: true } })
    await test.resolveIncident(key)
    await test.completeJob('undo-a')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('that throws an error ends the whole compensation where the error is caught', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          compensable('a') +
          compensable('b') +
          undo() +
          flows('start -> a -> b -> undo') +
          eventSubprocess('handler', start('failed', errorEvent()), undo('again'), flows('failed -> again')),
      ),
    )
    await test.completeJob('a')
    await test.completeJob('b')
    const { jobKey } = await test.takeJob('undo-a')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'x' })
    expect(test.terminated(key)).toEqual(['undo', 'undo-a', 'undo-b'])
    // What was being compensated is not compensated again.
    expect(test.completed(key)).toContain('again')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('is ended with its process, and nothing is left of it', async () => {
    const test = await engineFor()
    const key = await test.run(bpmn('p', start() + compensable('a') + undo() + flows('start -> a -> undo')))
    await test.completeJob('a')
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect(test.terminated(key)).toEqual(['undo', 'undo-a'])
    expect(test.engine.query.all(remaining)).toEqual([])
  })
})

describe('a deployment with compensation is refused', () => {
  const flow = flows('start -> a -> undo')
  it.each([
    [
      'a compensation boundary event without handler',
      start() + serviceTask('a') + boundary('x', 'a', compensationEvent()) + undo() + flow,
      /x: a compensation boundary event needs an association/,
    ],
    [
      'a handler with sequence flows',
      start() + compensable('a') + undo() + end() + flow + flows('undo-a -> end'),
      /undo-a: a compensation handler must not have sequence flows/,
    ],
    [
      'a handler with boundary events',
      start() + compensable('a') + undo() + boundary('x', 'undo-a', errorEvent()) + flow,
      /undo-a: a compensation handler must not have boundary events/,
    ],
    [
      'a throw event for an activity that cannot be compensated',
      start() + serviceTask('a') + undo('undo', 'a') + flow,
      /undo: activity 'a' must have a compensation boundary event or be a subprocess/,
    ],
    [
      'a throw event for an activity of another scope',
      start() + subprocess('a', start('s'), compensable('b'), flows('s -> b')) + undo('undo', 'b') + flow,
      /undo: activity 'b' must be in the scope/,
    ],
    [
      'a throw event that does not wait',
      start() +
        compensable('a') +
        throwEvent('undo', '<bpmn:compensateEventDefinition waitForCompletion="false"/>') +
        flow,
      /undo: waitForCompletion of a compensation event must be true/,
    ],
    [
      'a compensation event subprocess',
      start() + serviceTask('a') + undo() + flow + eventSubprocess('e', start('x', compensationEvent())),
      /x: bpmn:CompensateEventDefinition is not supported on the start event of an event subprocess/,
    ],
  ])('for %s', async (_, content, reason) => {
    const test = await engineFor()
    await expect(test.deploy({ 'p.bpmn': bpmn('p', content) })).rejects.toThrow(reason)
  })
})
