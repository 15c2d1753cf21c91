import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  error,
  errorEvent,
  flows,
  gateway,
  job,
  listeners,
  mapping,
  message,
  messageEvent,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const DEADLINE = { dueAt: '2026-11-23T15:00:00+08:00', remindAt: '2026-11-23T12:00:00+08:00' }

describe('start listener', () => {
  it('runs after the input mappings and before the task, its dates and its boundary events are made', async () => {
    const test = await engineFor()
    const task = userTask(
      'task',
      mapping({ inputs: { deadlineKey: '="triage.review"' } }),
      listeners('start:deadline.compute'),
      '<zeebe:taskSchedule dueDate="=deadline.dueAt" followUpDate="=deadline.remindAt"/>',
    )
    const key = await test.run(
      bpmn(
        'p',
        start() +
          task +
          boundary('due', 'task', timer('timeDate', '=deadline.dueAt'), false) +
          end() +
          end('escalated') +
          flows('start -> task -> end', 'due -> escalated'),
      ),
    )
    expect(test.engine.query.all('SELECT key FROM user_task UNION SELECT key FROM timer')).toEqual([])
    const taken = await test.takeJob('deadline.compute')
    expect(taken).toMatchObject({
      kind: 'EXECUTION_LISTENER',
      listenerEventType: 'START',
      elementId: 'task',
      retries: 3,
    })
    expect(taken.variables).toEqual({ deadlineKey: 'triage.review' })
    await test.execute({ type: 'CompleteJob', jobKey: taken.jobKey, variables: { deadline: DEADLINE } })
    expect(test.userTask('task').dueDateText).toBe(DEADLINE.dueAt)
    expect(test.variables(key)).toEqual({})
    expect(test.variables(key, 'task').deadline).toEqual(DEADLINE)
    await test.moveTo(DEADLINE.dueAt)
    expect(test.completed(key)).toEqual(['start', 'due', 'escalated'])
    await test.completeUserTask('task')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it.each(['subprocess', 'call activity'])('of a %s gives the date of its boundary event', async (kind) => {
    const test = await engineFor({
      resources: { 'child.bpmn': bpmn('child', start('cs') + serviceTask('work') + flows('cs -> work')) },
    })
    const activity =
      kind === 'subprocess'
        ? subprocess(
            'activity',
            listeners('start:deadline.compute'),
            start('s'),
            serviceTask('work'),
            flows('s -> work'),
          )
        : element(
            'callActivity',
            { id: 'activity' },
            '<zeebe:calledElement processId="child"/>',
            listeners('start:deadline.compute'),
          )
    const key = await test.run(
      bpmn(
        'p',
        start() +
          activity +
          boundary('due', 'activity', timer('timeDate', '=deadline.dueAt')) +
          end() +
          end('late') +
          flows('start -> activity -> end', 'due -> late'),
      ),
    )
    await test.completeJob('deadline.compute', { deadline: DEADLINE })
    expect(await test.takeJobs('work')).toHaveLength(1)
    await test.moveTo(DEADLINE.dueAt)
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.completed(key)).toContain('late')
    expect(test.engine.query.all("SELECT key FROM process_instance WHERE state = 'ACTIVE'")).toEqual([])
  })

  it('runs in the order of the diagram; each sees what the one before gave', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          element('serviceTask', { id: 'task' }, job('work'), listeners('start:one', 'start:two')) +
          end() +
          flows('start -> task -> end'),
      ),
    )
    expect(await test.takeJobs('two')).toEqual([])
    await test.completeJob('one', { a: 1 })
    expect((await test.takeJob('two')).variables).toEqual({ a: 1 })
    expect(test.stateOf(key)).toBe('ACTIVE')
  })

  it('of the process runs before its start event', async () => {
    const test = await engineFor()
    const xml = bpmn(
      'p',
      `<bpmn:extensionElements>${listeners('start:open', 'end:close')}</bpmn:extensionElements>${start()}${end()}${flows('start -> end')}`,
    )
    const key = await test.run(xml)
    expect(test.completed(key)).toEqual([])
    await test.completeJob('open', { opened: true })
    expect(test.completed(key)).toEqual(['start', 'end'])
    await test.completeJob('close', { closed: true })
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.variables(key)).toEqual({ opened: true, closed: true })
  })

  it('of a gateway can decide where it leads', async () => {
    const test = await engineFor()
    const xml = bpmn(
      'p',
      start() +
        element('exclusiveGateway', { id: 'g', default: 'g-b' }, listeners('start:decide')) +
        end('a') +
        end('b') +
        flows('start -> g', 'g -> a [=way = "a"]', 'g -> b'),
    )
    const key = await test.run(xml)
    await test.completeJob('decide', { way: 'a' })
    expect(test.completed(key)).toEqual(['start', 'g', 'a'])
  })
})

describe('listeners of a multi-instance activity', () => {
  it('are called for each instance, not for the body; what an end listener gives goes to the body', async () => {
    const test = await engineFor()
    const loop = multiInstance({
      inputCollection: '=items',
      inputElement: 'i',
      outputCollection: 'out',
      outputElement: '=r',
    })
    const key = await test.run(
      bpmn(
        'p',
        start() +
          serviceTask('task', listeners('start:ask', 'end:tell'), loop, mapping({ inputs: { a: '=i' } })) +
          serviceTask('after') +
          flows('start -> task -> after'),
      ),
      { items: [1, 2] },
    )
    const asked = await test.takeJobs('ask')
    expect(asked.map(({ variables }) => [variables.i, variables.a, variables.loopCounter])).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ])
    for (const { jobKey } of asked) await test.execute({ type: 'CompleteJob', jobKey })
    for (const r of ['x', 'y']) {
      await test.completeJob('task', { r })
      await test.completeJob('tell', { r: 'changed', told: r })
    }
    expect(test.variables(key)).toEqual({ items: [1, 2], out: ['x', 'y'] })
    expect(test.waitingAt(key)).toEqual(['after'])
  })
})

describe('listeners of events', () => {
  it('are called before the subscription is made and after the event has happened', async () => {
    const test = await engineFor()
    const event = catchEvent(
      'event',
      listeners('start:prepare', 'end:tidy'),
      messageEvent('m'),
      mapping({ outputs: { got: '=payload' } }),
    )
    const key = await test.run(
      bpmn('p', start() + event + end() + flows('start -> event -> end'), message('m', 'go', '=key')),
    )
    await test.completeJob('prepare', { key: 'k1' })
    const publish = { type: 'PublishMessage', name: 'go', correlationKey: 'k1', variables: { payload: 5 } } as const
    await test.execute(publish)
    expect((await test.takeJob('tidy')).variables).toEqual({ key: 'k1', payload: 5, got: 5 })
    expect(test.completed(key)).toEqual(['start'])
  })

  it('are called after an event-based gateway only where the event ends', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('eventBased', 'g') +
          catchEvent('first', timer('timeDuration', 'PT1H'), listeners('start:before', 'end:after')) +
          catchEvent('second', timer('timeDuration', 'PT2H')) +
          end() +
          flows('start -> g', 'g -> first -> end', 'g -> second'),
      ),
    )
    await test.moveBy(3_600_000)
    expect(await test.takeJobs('before')).toEqual([])
    await test.completeJob('after')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('that interrupt or end are called as well', async () => {
    const test = await engineFor()
    const inner = start('s') + end('fail', listeners('start:before'), errorEvent('bad')) + flows('s -> fail')
    const key = await test.run(
      bpmn(
        'p',
        start() +
          subprocess('sub', inner) +
          boundary('caught', 'sub', errorEvent('bad'), true, listeners('end:caught')) +
          end('stop', '<bpmn:terminateEventDefinition/>', listeners('start:stopping', 'end:stopped')) +
          flows('start -> sub', 'caught -> stop'),
        error('bad', 'BAD'),
      ),
    )
    await test.completeJob('before')
    await test.completeJob('caught', { seen: true })
    await test.completeJob('stopping')
    await test.completeJob('stopped')
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.variables(key)).toEqual({ seen: true })
  })
})

describe('end listener', () => {
  const task = element(
    'serviceTask',
    { id: 'task' },
    job('work'),
    mapping({ inputs: { local: '=1' }, outputs: { mapped: '=result' } }),
    listeners('end:tidy'),
  )
  const xml = bpmn('p', start() + task + end() + flows('start -> task -> end'))

  it('runs after the output mappings, sees local variables, and its variables go to the scope around', async () => {
    const test = await engineFor()
    const key = await test.run(xml)
    await test.completeJob('work', { result: 7 })
    const taken = await test.takeJob('tidy')
    expect(taken).toMatchObject({ listenerEventType: 'END', variables: { local: 1, result: 7, mapped: 7 } })
    expect(test.completed(key)).toEqual(['start'])
    await test.execute({ type: 'CompleteJob', jobKey: taken.jobKey, variables: { noted: true } })
    expect(test.variables(key)).toEqual({ mapped: 7, noted: true })
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('does not run when the element is cancelled', async () => {
    const test = await engineFor()
    const key = await test.run(xml)
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect(await test.takeJobs('tidy')).toEqual([])
  })
})

describe('failing listener', () => {
  it('makes an incident of its own kind; only it is tried again', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          element('serviceTask', { id: 'task' }, job('work'), listeners('start:one', 'start:two')) +
          end() +
          flows('start -> task -> end'),
      ),
    )
    await test.completeJob('one')
    const { jobKey } = await test.takeJob('two')
    await test.execute({ type: 'FailJob', jobKey, retries: 0 })
    expect(test.incidents(key)).toMatchObject([
      { errorType: 'EXECUTION_LISTENER_NO_RETRIES', errorMessage: 'No more retries left.' },
    ])
    await test.execute({ type: 'UpdateJob', jobKey, retries: 1 })
    await test.resolveIncident(key)
    expect(await test.takeJobs('one')).toEqual([])
    await test.completeJob('two')
    expect(await test.takeJobs('work')).toHaveLength(1)
  })

  it('is called again when an expression after it failed', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          userTask('task', listeners('start:deadline.compute'), '<zeebe:taskSchedule dueDate="=deadline.dueAt"/>') +
          boundary('due', 'task', timer('timeDate', '=deadline.dueAt')) +
          end() +
          end('late') +
          flows('start -> task -> end', 'due -> late'),
      ),
    )
    await test.completeJob('deadline.compute', {})
    expect(test.incidents(key)).toMatchObject([{ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'task' }])
    await test.resolveIncident(key)
    await test.completeJob('deadline.compute', { deadline: DEADLINE })
    expect(test.waitingAt(key)).toEqual(['task'])
  })

  it('cannot throw a BPMN error', async () => {
    const test = await engineFor()
    await test.run(
      bpmn(
        'p',
        start() + element('task', { id: 'task' }, listeners('start:one')) + end() + flows('start -> task -> end'),
      ),
    )
    const { jobKey } = await test.takeJob('one')
    const thrown = test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'X' })
    await expect(thrown).rejects.toMatchObject({ type: 'INVALID_STATE' })
  })

  it('is ended with its element', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          gateway('parallel', 'fork') +
          element('task', { id: 'task' }, listeners('start:one')) +
          serviceTask('stop') +
          end('end', '<bpmn:terminateEventDefinition/>') +
          flows('start -> fork -> task', 'fork -> stop -> end'),
      ),
    )
    await test.completeJob('stop')
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(await test.takeJobs('one')).toEqual([])
  })
})
