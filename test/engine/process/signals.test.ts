import { describe, expect, it } from 'vitest'
import { readTables, replayJournal } from '../../../src/engine/runtime/replay.ts'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  eventSubprocess,
  flows,
  gateway,
  mapping,
  multiInstance,
  serviceTask,
  signal,
  signalEvent,
  start,
  subprocess,
  throwEvent,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const ALARM = signal('s', 'alarm')
const alarm = signalEvent('s')
const listening = bpmn('listening', start() + catchEvent('wait', alarm) + end() + flows('start -> wait -> end'), ALARM)

describe('signal catch event', () => {
  it('every instance that waits takes the signal, with its variables; it is not kept for later', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': listening } })
    const first = await test.start('listening')
    const second = await test.start('listening')
    await test.broadcast('alarm', { floor: 3 })
    expect([first, second].map((key) => test.stateOf(key))).toEqual(['COMPLETED', 'COMPLETED'])
    expect(test.variables(first)).toEqual({ floor: 3 })
    expect(test.stateOf(await test.start('listening'))).toBe('ACTIVE')
  })

  it('waits for the name that its expression gives, and makes an incident when that is no text', async () => {
    const test = await engineFor()
    const named = listening.replace('name="alarm"', 'name="=&quot;alarm-&quot; + house"')
    const key = await test.run(named, { house: 1 })
    expect(test.incidents(key)).toMatchObject([{ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'wait' }])
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { house: 'north' } })
    await test.resolveIncident(key)
    await test.broadcast('alarm-south')
    expect(test.waitingAt(key)).toEqual(['wait'])
    await test.broadcast('alarm-north')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('with an output mapping hands over only what that names', async () => {
    const test = await engineFor()
    const mapped = catchEvent('wait', mapping({ outputs: { where: '=floor' } }), alarm)
    const key = await test.run(bpmn('p', start() + mapped + end() + flows('start -> wait -> end'), ALARM))
    await test.broadcast('alarm', { floor: 3, noise: true })
    expect(test.variables(key)).toEqual({ where: 3 })
  })

  it('each signal passes one of two events in a row', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn('p', start() + catchEvent('a', alarm) + catchEvent('b', alarm) + flows('start -> a -> b'), ALARM),
    )
    await test.broadcast('alarm')
    expect(test.waitingAt(key)).toEqual(['b'])
    await test.broadcast('alarm')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('behind an event-based gateway wins the race, and the timer is forgotten', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('eventBased', 'race') +
          catchEvent('heard', alarm) +
          catchEvent('late', timer('timeDuration', 'PT1H')) +
          flows('start -> race -> heard', 'race -> late'),
        ALARM,
      ),
    )
    await test.broadcast('alarm', { floor: 3 })
    expect(test.completed(key)).toEqual(['start', 'race', 'heard'])
    expect(test.variables(key, 'heard')).toEqual({ floor: 3 })
    expect(test.variables(key)).toEqual({ floor: 3 })
    expect(test.engine.query.all('SELECT * FROM timer UNION ALL SELECT *, 0 FROM signal_subscription')).toEqual([])
  })
})

describe('signal start event', () => {
  const starting = (id: string, task: string, root = ALARM) =>
    bpmn(id, start('heard', alarm) + serviceTask(task) + flows(`heard -> ${task}`), root)
  const instances = (test: Awaited<ReturnType<typeof engineFor>>) =>
    test.engine.query.all<{ key: number }>('SELECT key FROM process_instance ORDER BY key').map(({ key }) => key)

  it('starts an instance of each process that waits for the name', async () => {
    const test = await engineFor({ resources: { 'a.bpmn': starting('a', 'x'), 'b.bpmn': starting('b', 'y') } })
    await test.broadcast('alarm', { floor: 3 })
    expect(instances(test).map((key) => test.waitingAt(key))).toEqual([['x'], ['y']])
    expect(instances(test).map((key) => test.variables(key))).toEqual([{ floor: 3 }, { floor: 3 }])
    expect(test.variables(instances(test)[0] ?? 0, 'heard')).toEqual({ floor: 3 })
  })

  it('belongs to the latest version of its process', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': starting('p', 'old') } })
    await test.deploy({ 'p.bpmn': starting('p', 'new', signal('s', 'siren')) })
    await test.broadcast('alarm')
    expect(instances(test)).toEqual([])
    await test.broadcast('siren')
    expect(instances(test).map((key) => test.waitingAt(key))).toEqual([['new']])
  })

  it('takes a name that is an expression without variables; with variables the deployment is refused', async () => {
    const test = await engineFor()
    await test.deploy({ 'p.bpmn': starting('p', 'x', signal('s', '="al" + "arm"')) })
    await test.broadcast('alarm')
    expect(instances(test)).toHaveLength(1)
    const refused = test.deploy({ 'p.bpmn': starting('p', 'x', signal('s', '=missing')) })
    await expect(refused).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
  })
})

describe('signal boundary event', () => {
  const guarded = (interrupting: boolean) =>
    bpmn(
      'p',
      start() +
        serviceTask('work', mapping({ inputs: { house: '="north"' } })) +
        boundary('heard', 'work', alarm, interrupting) +
        serviceTask('react') +
        flows('start -> work', 'heard -> react'),
      signal('s', '="alarm-" + house'),
    )

  it('interrupts its activity; the name is evaluated inside of it', async () => {
    const test = await engineFor()
    const key = await test.run(guarded(true), { house: 'south' })
    await test.broadcast('alarm-south')
    expect(test.waitingAt(key)).toEqual(['work'])
    await test.broadcast('alarm-north', { floor: 3 })
    expect(test.terminated(key)).toEqual(['work'])
    expect(test.waitingAt(key)).toEqual(['react'])
    expect(test.variables(key)).toEqual({ house: 'south', floor: 3 })
  })

  it('without interruption happens at every signal, until its activity ends', async () => {
    const test = await engineFor()
    const key = await test.run(guarded(false))
    await test.broadcast('alarm-north')
    await test.broadcast('alarm-north')
    await test.completeJob('work')
    await test.broadcast('alarm-north')
    expect(test.waitingAt(key)).toEqual(['react', 'react'])
  })

  it('of a multi-instance activity ends all its instances', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          serviceTask('work', multiInstance({ inputCollection: '=[1,2]' })) +
          boundary('heard', 'work', alarm) +
          flows('start -> work'),
        ALARM,
      ),
    )
    await test.broadcast('alarm')
    expect(test.terminated(key)).toEqual(['work', 'work', 'work'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('signal start event of an event subprocess', () => {
  const withHandler = (interrupting: boolean) =>
    bpmn(
      'p',
      start() +
        serviceTask('work') +
        flows('start -> work') +
        eventSubprocess(
          'handler',
          element('startEvent', { id: 'heard', isInterrupting: interrupting }, alarm),
          serviceTask('react'),
          flows('heard -> react'),
        ),
      ALARM,
    )

  it('interrupts the normal flow once', async () => {
    const test = await engineFor()
    const key = await test.run(withHandler(true), { floor: 0 })
    await test.broadcast('alarm', { floor: 3 })
    await test.broadcast('alarm', { floor: 4 })
    expect(test.waitingAt(key)).toEqual(['react'])
    expect(test.variables(key)).toEqual({ floor: 3 })
  })

  it('without interruption runs once a signal', async () => {
    const test = await engineFor()
    const key = await test.run(withHandler(false))
    await test.broadcast('alarm')
    await test.broadcast('alarm')
    expect(test.waitingAt(key)).toEqual(['work', 'react', 'react'])
    expect(replayJournal(test.engine.query)).toEqual(readTables(test.engine.query))
    await test.completeJob('work')
    await test.completeJob('react')
    await test.completeJob('react')
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.engine.query.all('SELECT * FROM signal_subscription')).toEqual([])
  })
})

describe('a thrown signal', () => {
  it('carries the variables that the event maps in, nothing else', async () => {
    const test = await engineFor({ resources: { 'l.bpmn': listening } })
    const first = await test.start('listening')
    const thrower = (id: string, ...content: string[]) =>
      bpmn(id, start() + throwEvent('cry', ...content, alarm) + end() + flows('start -> cry -> end'), ALARM)
    await test.run(thrower('plain'), { secret: 1 })
    expect(test.variables(first)).toEqual({})
    const second = await test.start('listening')
    const mapped = await test.run(
      thrower('mapped', mapping({ inputs: { floor: '=3' }, outputs: { told: '=floor' } })),
      { secret: 1 },
    )
    expect(test.variables(second)).toEqual({ floor: 3 })
    expect(test.variables(mapped)).toEqual({ secret: 1, told: 3 })
  })

  it('of an end event reaches its own scopes: that completes before the scope around is interrupted', async () => {
    const test = await engineFor()
    const inner = subprocess('team', start('begin'), end('cry', alarm), flows('begin -> cry'))
    const key = await test.run(
      bpmn(
        'p',
        start() +
          inner +
          boundary('heard', 'team', alarm) +
          end('stopped') +
          flows('start -> team', 'heard -> stopped'),
        ALARM,
      ),
    )
    expect(test.completed(key)).toEqual(['start', 'begin', 'cry', 'heard', 'stopped'])
    expect(test.terminated(key)).toEqual(['team'])
  })

  it('is ended itself by an interrupting event subprocess that it triggers', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          throwEvent('cry', alarm) +
          serviceTask('after') +
          flows('start -> cry -> after') +
          eventSubprocess('handler', start('heard', alarm), end('done'), flows('heard -> done')),
        ALARM,
      ),
    )
    expect(test.terminated(key)).toEqual(['cry'])
    expect(test.completed(key)).toEqual(['start', 'handler', 'heard', 'done'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('a deployment with signals is refused', () => {
  const twice = (content: string, roots = ALARM + signal('t', 'alarm')) => bpmn('p', content, roots)
  it.each([
    ['two start events of one signal', twice(start('a', alarm) + start('b', signalEvent('t'))), /p: two of its start/],
    [
      'two boundary events of one signal',
      twice(
        start() +
          serviceTask('x') +
          boundary('a', 'x', alarm) +
          boundary('b', 'x', signalEvent('t')) +
          flows('start -> x'),
      ),
      /x: two of its boundary events wait for the same signal 'alarm'/,
    ],
    [
      'a signal without a name',
      twice(start() + catchEvent('x', alarm), '<bpmn:signal id="s"/>'),
      /x: attribute 'name'/,
    ],
    [
      'a signal start event in a subprocess',
      twice(start() + subprocess('x', start('a', alarm))),
      /x: a subprocess must have exactly one none start event/,
    ],
  ])('for %s', async (_, xml, reason) => {
    const test = await engineFor()
    await expect(test.deploy({ 'p.bpmn': xml })).rejects.toThrow(reason)
  })
})
