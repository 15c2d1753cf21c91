import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  element,
  end,
  eventSubprocess,
  flows,
  gateway,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  taskListeners,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { engineFor } from './support.ts'

const HOUR = 3_600_000
const guarded = (id = 'task', ...content: string[]) => userTask(id, taskListeners('canceling:release'), ...content)
const cancel = (test: ProcessTest, processInstanceKey: number) =>
  test.execute({ type: 'CancelProcessInstance', processInstanceKey })
const states = (test: ProcessTest) =>
  test.engine.query
    .all<{ elementId: string; state: string }>(
      "SELECT elementId, state FROM element_instance WHERE state NOT IN ('COMPLETED', 'TERMINATED') ORDER BY key",
    )
    .map(({ elementId, state }) => `${elementId} ${state}`)

describe('a canceling listener', () => {
  const xml = bpmn(
    'p',
    start() +
      userTask('task', taskListeners('canceling:one', 'canceling:two', 'completing:approve')) +
      end() +
      flows('start -> task -> end'),
  )

  it('is asked before the task, and what is around it, has ended; the cancellation is answered at once', async () => {
    const test = await engineFor()
    const key = await test.run(xml, { x: 1 })
    await cancel(test, key)
    expect(states(test)).toEqual(['p TERMINATING', 'task TERMINATING'])
    expect(test.userTask('task').state).toBe('CANCELING')
    await expect(cancel(test, key)).rejects.toMatchObject({ type: 'NOT_FOUND' })
    const completion = test.execute({ type: 'CompleteUserTask', userTaskKey: test.userTask('task').key })
    await expect(completion).rejects.toThrow("but it is in state 'CANCELING'")
    const set = test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { x: 2 } })
    await expect(set).rejects.toMatchObject({ type: 'NOT_FOUND' })
    const first = await test.takeJob('one')
    expect(first).toMatchObject({ listenerEventType: 'CANCELING', variables: { x: 1 } })
    const denied = test.execute({
      type: 'CompleteJob',
      jobKey: first.jobKey,
      result: { type: 'userTask', denied: true },
    })
    await expect(denied).rejects.toThrow(/Denying result is not supported for 'CANCELING'/)
    await test.execute({
      type: 'CompleteJob',
      jobKey: first.jobKey,
      result: { type: 'userTask', corrections: { priority: 7 } },
    })
    expect(test.stateOf(key)).toBe('ACTIVE')
    await test.completeJob('two')
    expect(test.stateOf(key)).toBe('TERMINATED')
    expect(states(test)).toEqual([])
    expect(test.engine.query.get('SELECT state, priority FROM user_task')).toMatchObject({
      state: 'CANCELED',
      priority: 7,
    })
  })

  it('follows on a change that was under way: that is refused, its listener is not asked any more', async () => {
    const test = await engineFor()
    const key = await test.run(xml)
    const completion = test.execute({ type: 'CompleteUserTask', userTaskKey: test.userTask('task').key })
    completion.catch(() => undefined)
    await cancel(test, key)
    await expect(completion).rejects.toMatchObject({
      type: 'INVALID_STATE',
      message: 'user task was canceled during ongoing transition',
    })
    expect(await test.takeJobs('approve')).toEqual([])
    await test.completeJob('one')
    await test.completeJob('two')
    expect(test.stateOf(key)).toBe('TERMINATED')
  })

  it('that fails makes an incident; solved, the cancellation goes on', async () => {
    const test = await engineFor()
    const key = await test.run(bpmn('p', start() + guarded() + end() + flows('start -> task -> end')))
    await cancel(test, key)
    const { jobKey } = await test.takeJob('release')
    await test.execute({ type: 'FailJob', jobKey, retries: 0, errorMessage: 'no' })
    expect(test.incidents(key)).toMatchObject([{ errorType: 'TASK_LISTENER_NO_RETRIES' }])
    await test.execute({ type: 'UpdateJob', jobKey, retries: 1 })
    await test.resolveIncident(key)
    await test.completeJob('release')
    expect(test.stateOf(key)).toBe('TERMINATED')
    expect(test.incidents(key)).toEqual([])
  })

  it('holds an interrupting boundary event back', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          guarded() +
          boundary('due', 'task', timer('timeDuration', 'PT1H')) +
          end() +
          end('late') +
          flows('start -> task -> end', 'due -> late'),
      ),
    )
    await test.moveBy(HOUR)
    expect(states(test)).toEqual(['p ACTIVATED', 'task TERMINATING'])
    await test.completeJob('release')
    expect(test.completed(key)).toEqual(['start', 'due', 'late'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('holds an interrupting event subprocess back', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          guarded() +
          end() +
          eventSubprocess(
            'late',
            start('s', timer('timeDuration', 'PT1H')),
            serviceTask('tell'),
            end('e'),
            flows('s -> tell -> e'),
          ) +
          flows('start -> task -> end'),
      ),
    )
    await test.moveBy(HOUR)
    expect(await test.takeJobs('tell')).toEqual([])
    await test.completeJob('release')
    await test.completeJob('tell')
    expect(test.completed(key)).toEqual(['start', 'late', 's', 'tell', 'e'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('holds a terminate end event back', async () => {
    const test = await engineFor()
    const inner =
      start('s') +
      gateway('parallel', 'fork') +
      guarded() +
      serviceTask('stop') +
      end('terminate', '<bpmn:terminateEventDefinition/>') +
      flows('s -> fork -> task', 'fork -> stop -> terminate')
    const key = await test.run(
      bpmn('p', start() + subprocess('sub', inner) + serviceTask('after') + flows('start -> sub -> after')),
    )
    await test.completeJob('stop')
    expect(states(test)).toEqual(['p ACTIVATED', 'sub ACTIVATED', 'task TERMINATING'])
    await test.completeJob('release')
    expect(test.waitingAt(key)).toEqual(['after'])
  })

  it('holds a called process and its call activity back', async () => {
    const test = await engineFor({
      resources: { 'child.bpmn': bpmn('child', start() + guarded() + end() + flows('start -> task -> end')) },
    })
    const key = await test.run(
      bpmn(
        'p',
        start() +
          element('callActivity', { id: 'call' }, '<zeebe:calledElement processId="child"/>') +
          boundary('due', 'call', timer('timeDuration', 'PT1H')) +
          serviceTask('late') +
          flows('start -> call', 'due -> late'),
      ),
    )
    await test.moveBy(HOUR)
    expect(states(test)).toEqual(['p ACTIVATED', 'call TERMINATING', 'child TERMINATING', 'task TERMINATING'])
    await test.completeJob('release')
    expect(test.waitingAt(key)).toEqual(['late'])
    await cancel(test, key)
    expect(test.engine.query.all("SELECT key FROM process_instance WHERE state = 'ACTIVE'")).toEqual([])
  })

  it('holds the end of a multi-instance back whose completion condition holds', async () => {
    const test = await engineFor()
    const loop = multiInstance(
      { inputCollection: '=[1,2,3]' },
      { completionCondition: '=numberOfCompletedInstances = 1' },
    )
    const key = await test.run(
      bpmn('p', start() + guarded('task', loop) + serviceTask('after') + flows('start -> task -> after')),
    )
    await test.completeUserTask('task')
    await test.completeJob('release')
    expect(await test.takeJobs('after')).toEqual([])
    await test.completeJob('release')
    expect(test.waitingAt(key)).toEqual(['after'])
  })

  it('is asked when the boundary event is triggered, even if the process is then cancelled', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          guarded() +
          boundary('due', 'task', timer('timeDuration', 'PT1H')) +
          serviceTask('late') +
          end() +
          flows('start -> task -> end', 'due -> late'),
      ),
    )
    await test.moveBy(HOUR)
    await cancel(test, key)
    await test.completeJob('release')
    expect(await test.takeJobs('late')).toEqual([])
    expect(test.stateOf(key)).toBe('TERMINATED')
  })
})
