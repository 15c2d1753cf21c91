import { describe, expect, it } from 'vitest'
import {
  bpmn,
  element,
  end,
  flows,
  listeners,
  mapping,
  start,
  taskListeners,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { engineFor } from './support.ts'

const ASSIGNED = '<zeebe:assignmentDefinition assignee="bob" candidateGroups="clerks,judges"/>'
const DENIED = { type: 'userTask', denied: true, deniedReason: 'not today' } as const

/** A process with one user task. */
const around = (...content: string[]) =>
  bpmn('p', start() + userTask('task', ...content) + end() + flows('start -> task -> end'))

const keyOf = (test: ProcessTest) => test.userTask('task').key
const stateOf = (test: ProcessTest) => test.userTask('task').state
const complete = (test: ProcessTest, variables = {}) =>
  test.execute({ type: 'CompleteUserTask', userTaskKey: keyOf(test), variables })
const assign = (test: ProcessTest, assignee: string) =>
  test.execute({ type: 'AssignUserTask', userTaskKey: keyOf(test), assignee })

describe('a creating listener', () => {
  it('is asked before the task can be worked on, and told of it', async () => {
    const test = await engineFor()
    const schedule = '<zeebe:taskSchedule dueDate="2026-12-01T00:00:00+08:00"/>'
    const headers = '<zeebe:taskHeaders><zeebe:header key="zone" value="reception"/></zeebe:taskHeaders>'
    const key = await test.run(around(taskListeners('creating:check'), ASSIGNED, schedule, headers), { x: 1 })
    expect(stateOf(test)).toBe('CREATING')
    const taken = await test.takeJob('check')
    expect(taken).toMatchObject({
      kind: 'TASK_LISTENER',
      listenerEventType: 'CREATING',
      retries: 3,
      variables: { x: 1 },
    })
    expect(taken.customHeaders).toEqual({
      zone: 'reception',
      'io.camunda.zeebe:assignee': 'bob',
      'io.camunda.zeebe:candidateGroups': '["clerks","judges"]',
      'io.camunda.zeebe:dueDate': '2026-12-01T00:00:00+08:00',
      'io.camunda.zeebe:priority': '50',
      'io.camunda.zeebe:userTaskKey': String(keyOf(test)),
    })
    expect(taken.userTask).toEqual({
      userTaskKey: keyOf(test),
      action: '',
      assignee: 'bob',
      candidateGroups: ['clerks', 'judges'],
      candidateUsers: [],
      changedAttributes: [],
      dueDate: '2026-12-01T00:00:00+08:00',
      followUpDate: null,
      formKey: null,
      priority: 50,
    })
    await expect(complete(test)).rejects.toThrow(
      `Expected to complete user task with key '${keyOf(test)}', but it is in state 'CREATING'`,
    )
    await test.execute({ type: 'CompleteJob', jobKey: taken.jobKey })
    expect(test.userTask('task')).toMatchObject({ state: 'CREATED', assignee: 'bob' })
    await complete(test)
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('comes before the assigning listeners, which are asked about the assignee of the diagram', async () => {
    const test = await engineFor()
    await test.run(around(taskListeners('assigning:accept', 'creating:check'), ASSIGNED))
    await test.completeJob('check')
    expect(test.userTask('task')).toMatchObject({ state: 'ASSIGNING', assignee: null })
    const taken = await test.takeJob('accept')
    expect(taken.userTask).toMatchObject({ assignee: 'bob', changedAttributes: ['assignee'] })
    await test.execute({ type: 'CompleteJob', jobKey: taken.jobKey, result: DENIED })
    expect(test.userTask('task')).toMatchObject({ state: 'CREATED', assignee: null })
  })

  it('may give an assignee where the diagram has none: no assigning listener is asked', async () => {
    const test = await engineFor()
    await test.run(around(taskListeners('creating:check', 'assigning:accept')))
    await test.answerJob('check', {
      type: 'userTask',
      corrections: {
        assignee: 'carol',
        priority: 77,
        candidateUsers: ['carol', 'dan'],
        followUpDate: '2027-01-01T00:00:00Z',
      },
    })
    expect(test.userTask('task')).toMatchObject({
      state: 'CREATED',
      assignee: 'carol',
      priority: 77,
      candidateUsers: '["carol","dan"]',
      followUpDate: Date.parse('2027-01-01T00:00:00Z'),
    })
    expect(await test.takeJobs('accept')).toEqual([])
  })

  it.each([
    ['deny', DENIED, /Denying result is not supported for 'CREATING' task listener jobs/],
    [
      'correct the assignee of the diagram',
      { type: 'userTask', corrections: { assignee: 'carol' } },
      /correcting the assignee on 'CREATING'/,
    ],
    [
      'give a priority above 100',
      { type: 'userTask', corrections: { priority: 101 } },
      /priority to be between 0 and 100/,
    ],
    ['give a date that is none', { type: 'userTask', corrections: { dueDate: 'soon' } }, /dueDate to be a date-time/],
  ] as const)('may not %s', async (_what, result, reason) => {
    const test = await engineFor()
    await test.run(around(taskListeners('creating:check'), ASSIGNED))
    const { jobKey } = await test.takeJob('check')
    const answered = test.execute({ type: 'CompleteJob', jobKey, result })
    await expect(answered).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
    await expect(answered).rejects.toThrow(reason)
    expect(stateOf(test)).toBe('CREATING')
  })
})

describe('a completing listener', () => {
  it('holds the answer to the completion back; it sees the variables that come with it', async () => {
    const test = await engineFor()
    const key = await test.run(
      around(taskListeners('completing:one', 'completing:two'), mapping({ outputs: { decided: '=verdict' } })),
      { x: 1 },
    )
    let answered = false
    const completion = complete(test, { verdict: 'yes' }).then(() => {
      answered = true
    })
    const first = await test.takeJob('one')
    expect(first.variables).toEqual({ x: 1, verdict: 'yes' })
    expect(first.userTask).toMatchObject({ action: 'complete', changedAttributes: [] })
    expect(test.variables(key, 'task')).toEqual({})
    await test.execute({
      type: 'CompleteJob',
      jobKey: first.jobKey,
      result: { type: 'userTask', corrections: { priority: 90, assignee: 'zoe' } },
    })
    const second = await test.takeJob('two')
    expect(second.userTask).toMatchObject({
      assignee: 'zoe',
      priority: 90,
      changedAttributes: ['assignee', 'priority', 'variables'],
    })
    expect(test.userTask('task')).toMatchObject({ state: 'COMPLETING', priority: 50, assignee: null })
    expect(answered).toBe(false)
    await test.execute({ type: 'CompleteJob', jobKey: second.jobKey })
    await completion
    expect(test.variables(key)).toEqual({ x: 1, decided: 'yes' })
    expect(test.engine.query.get('SELECT state, priority, assignee FROM user_task')).toMatchObject({
      state: 'COMPLETED',
      priority: 90,
      assignee: 'zoe',
    })
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('denies: the completion is refused with its reason, corrections and variables are dropped', async () => {
    const test = await engineFor()
    const key = await test.run(around(taskListeners('completing:one', 'completing:two')))
    const completion = complete(test, { verdict: 'yes' })
    completion.catch(() => undefined)
    await test.answerJob('one', { type: 'userTask', corrections: { priority: 90 } })
    await test.answerJob('two', DENIED)
    await expect(completion).rejects.toMatchObject({
      type: 'INVALID_STATE',
      message: `Completion of the User Task with key '${keyOf(test)}' was denied by Task Listener. Reason to deny: 'not today'`,
    })
    expect(test.userTask('task')).toMatchObject({ state: 'CREATED', priority: 50 })
    expect(test.variables(key)).toEqual({})
    expect(test.engine.query.get("SELECT deniedReason FROM job WHERE type = 'two'")).toMatchObject({
      deniedReason: 'not today',
    })
    const again = complete(test, { verdict: 'no' })
    await test.completeJob('one')
    await test.completeJob('two')
    await again
    expect(test.variables(key)).toEqual({ verdict: 'no' })
  })

  it.each([
    ['variables', { variables: { a: 1 } }, /variables payload/],
    [
      'corrections of what it denies',
      { result: { ...DENIED, corrections: { priority: 1 } } },
      /with corrections, but the job result is denied/,
    ],
  ])('may not answer with %s', async (_what, answer, reason) => {
    const test = await engineFor()
    await test.run(around(taskListeners('completing:one')))
    const completion = complete(test)
    const { jobKey } = await test.takeJob('one')
    await expect(test.execute({ type: 'CompleteJob', jobKey, ...answer })).rejects.toThrow(reason)
    await test.execute({ type: 'CompleteJob', jobKey })
    await completion
  })

  it('runs before the output mappings and the end listeners', async () => {
    const test = await engineFor()
    const key = await test.run(
      around(listeners('start:enter', 'end:leave'), taskListeners('creating:check', 'completing:approve')),
    )
    await test.completeJob('enter', { a: 1 })
    await test.completeJob('check')
    const completion = complete(test, { done: true })
    expect(await test.takeJobs('leave')).toEqual([])
    await test.completeJob('approve')
    await completion
    expect((await test.takeJob('leave')).variables).toEqual({ a: 1, done: true })
    expect(test.stateOf(key)).toBe('ACTIVE')
  })

  it('cannot throw a BPMN error', async () => {
    const test = await engineFor()
    await test.run(around(taskListeners('completing:one')))
    const completion = complete(test)
    const { jobKey, processInstanceKey } = await test.takeJob('one')
    await expect(test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'E' })).rejects.toThrow(
      `Cannot throw BPMN error from TASK_LISTENER job with key '${jobKey}', type 'one' and processInstanceKey '${processInstanceKey}'`,
    )
    await test.execute({ type: 'CompleteJob', jobKey })
    await completion
  })
})

describe('an assigning listener', () => {
  it('corrects whom the task goes to; the task is refused to others meanwhile', async () => {
    const test = await engineFor()
    await test.run(around(taskListeners('assigning:accept')))
    const assignment = assign(test, 'dora')
    await expect(assign(test, 'erin')).rejects.toThrow("but it is in state 'ASSIGNING'")
    const claim = { type: 'AssignUserTask', userTaskKey: keyOf(test), assignee: 'erin', allowOverride: false } as const
    await expect(test.execute(claim)).rejects.toThrow(/Expected to claim user task .* in state 'ASSIGNING'/)
    const taken = await test.takeJob('accept')
    expect(taken.userTask).toMatchObject({ action: 'assign', assignee: 'dora', changedAttributes: ['assignee'] })
    await test.execute({
      type: 'CompleteJob',
      jobKey: taken.jobKey,
      result: { type: 'userTask', corrections: { assignee: 'fay' } },
    })
    await assignment
    expect(test.userTask('task')).toMatchObject({ state: 'CREATED', assignee: 'fay', action: 'assign' })
  })

  it('is asked when the assignee is taken off, and may deny', async () => {
    const test = await engineFor()
    await test.run(around(taskListeners('assigning:accept')))
    const assignment = assign(test, 'dora')
    await test.completeJob('accept')
    await assignment
    const unassignment = test.execute({ type: 'UnassignUserTask', userTaskKey: keyOf(test) })
    unassignment.catch(() => undefined)
    await test.answerJob('accept', { ...DENIED, deniedReason: '' })
    await expect(unassignment).rejects.toThrow(
      `Assignment of the User Task with key '${keyOf(test)}' was denied by Task Listener. Reason to deny: ''`,
    )
    expect(test.userTask('task')).toMatchObject({ state: 'CREATED', assignee: 'dora' })
  })
})

describe('an updating listener', () => {
  it('is told what changes, and corrects it', async () => {
    const test = await engineFor()
    await test.run(around(taskListeners('updating:audit'), ASSIGNED))
    const changeset = { candidateGroups: ['chamber'], priority: 12 }
    const update = test.execute({ type: 'UpdateUserTask', userTaskKey: keyOf(test), changeset, action: 'escalate' })
    const taken = await test.takeJob('audit')
    expect(taken.userTask).toMatchObject({
      action: 'escalate',
      assignee: 'bob',
      candidateGroups: ['chamber'],
      priority: 12,
      changedAttributes: ['candidateGroupsList', 'priority'],
    })
    const corrections = { priority: 13, dueDate: '2027-02-02T00:00:00Z' }
    await test.execute({ type: 'CompleteJob', jobKey: taken.jobKey, result: { type: 'userTask', corrections } })
    await update
    expect(test.userTask('task')).toMatchObject({
      state: 'CREATED',
      priority: 13,
      candidateGroups: '["chamber"]',
      dueDateText: '2027-02-02T00:00:00Z',
      action: 'escalate',
    })
  })

  it('is asked when variables of the task are set: they are set when it agrees', async () => {
    const test = await engineFor()
    const key = await test.run(around(taskListeners('updating:audit'), mapping({ inputs: { note: '="a"' } })), { x: 1 })
    const elementInstanceKey = Number(test.userTask('task').elementInstanceKey)
    const set = (note: string, local: boolean) =>
      test.execute({ type: 'SetVariables', elementInstanceKey, variables: { note, x: 2 }, local })
    const denied = set('b', true)
    denied.catch(() => undefined)
    await expect(set('c', true)).rejects.toThrow(
      `Expected to trigger update transition for user task with key '${keyOf(test)}', but it is in state 'UPDATING'`,
    )
    const taken = await test.takeJob('audit')
    expect(taken).toMatchObject({ variables: { note: 'b', x: 2 }, userTask: { changedAttributes: ['variables'] } })
    await test.execute({ type: 'CompleteJob', jobKey: taken.jobKey, result: DENIED })
    await expect(denied).rejects.toThrow(
      `Variable update for user task instance with key '${elementInstanceKey}' was denied by Task Listener. Reason to deny: 'not today'`,
    )
    expect(test.variables(key, 'task')).toEqual({ note: 'a' })
    const agreed = set('d', false)
    await test.completeJob('audit')
    await agreed
    expect(test.variables(key, 'task')).toEqual({ note: 'd' })
    expect(test.variables(key)).toEqual({ x: 2 })
  })

  it('is not asked when variables of the process are set', async () => {
    const test = await engineFor()
    const key = await test.run(around(taskListeners('updating:audit')))
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { x: 3 } })
    expect(test.variables(key)).toEqual({ x: 3 })
    expect(await test.takeJobs('audit')).toEqual([])
  })
})

describe('a failing task listener', () => {
  it('makes an incident of its own kind; solved, it is asked again', async () => {
    const test = await engineFor()
    const key = await test.run(around(taskListeners('completing:one')))
    const completion = complete(test)
    const { jobKey } = await test.takeJob('one')
    await test.execute({ type: 'FailJob', jobKey, retries: 0, errorMessage: 'no paper' })
    expect(test.incidents(key)).toMatchObject([{ errorType: 'TASK_LISTENER_NO_RETRIES', errorMessage: 'no paper' }])
    await test.execute({ type: 'UpdateJob', jobKey, retries: 1 })
    await test.resolveIncident(key)
    await test.completeJob('one')
    await completion
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('whose type cannot be evaluated is an incident of the task; all listeners are asked again', async () => {
    const test = await engineFor()
    const key = await test.run(around(taskListeners('completing:one', 'completing:=second')))
    const completion = complete(test, { done: 1 })
    await test.completeJob('one')
    expect(test.incidents(key)).toMatchObject([{ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'task' }])
    expect(stateOf(test)).toBe('COMPLETING')
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { second: 'two' } })
    await test.resolveIncident(key)
    await test.completeJob('one')
    await test.completeJob('two')
    await completion
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('listeners of tasks in a multi-instance', () => {
  it('are asked for each task', async () => {
    const test = await engineFor()
    const loop =
      '<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2]" inputElement="n"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'
    const key = await test.run(
      bpmn(
        'p',
        start() +
          element('userTask', { id: 'task' }, '<zeebe:userTask/>', taskListeners('creating:check'), loop) +
          end() +
          flows('start -> task -> end'),
      ),
    )
    const jobs = await test.takeJobs('check')
    expect(jobs.map(({ variables }) => variables.n)).toEqual([1, 2])
    for (const { jobKey } of jobs) await test.execute({ type: 'CompleteJob', jobKey })
    await test.completeUserTask('task')
    await test.completeUserTask('task')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})
