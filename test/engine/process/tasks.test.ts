import { describe, expect, it } from 'vitest'
import {
  bpmn,
  element,
  end,
  flows,
  job,
  mapping,
  message,
  serviceTask,
  start,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const oneTask = (task: string, roots = '') => bpmn('p', start() + task + end() + flows('start -> task -> end'), roots)

describe('service task', () => {
  it('waits for a worker and goes on with its variables', async () => {
    const test = await engineFor()
    const key = await test.run(oneTask(serviceTask('task')), { amount: 30_000 })
    expect(test.waitingAt(key)).toEqual(['task'])
    const taken = await test.takeJob('task')
    expect(taken.variables).toEqual({ amount: 30_000 })
    expect(taken.kind).toBe('BPMN_ELEMENT')
    await test.execute({ type: 'CompleteJob', jobKey: taken.jobKey, variables: { checked: true } })
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.variables(key)).toEqual({ amount: 30_000, checked: true })
  })

  it('evaluates job type and retries, and hands over headers', async () => {
    const test = await engineFor()
    const headers = '<zeebe:taskHeaders><zeebe:header key="template" value="notice"/></zeebe:taskHeaders>'
    await test.run(oneTask(element('serviceTask', { id: 'task' }, job('=kind + "-work"', '=tries'), headers)), {
      kind: 'render',
      tries: 5,
    })
    const taken = await test.takeJob('render-work')
    expect(taken.retries).toBe(5)
    expect(taken.customHeaders).toEqual({ template: 'notice' })
  })

  it('gives only the variables that are asked for', async () => {
    const test = await engineFor()
    await test.run(oneTask(serviceTask('task')), { a: 1, b: 2 })
    const [taken] = await test.takeJobs('task', 1, ['b', 'missing'])
    expect(taken?.variables).toEqual({ b: 2 })
  })

  it('hands each job to one worker, oldest first, up to the number asked for', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': oneTask(serviceTask('task')) } })
    for (const n of [1, 2, 3]) await test.start('p', { n })
    expect((await test.takeJobs('task', 2)).map(({ variables }) => variables.n)).toEqual([1, 2])
    expect((await test.takeJobs('task', 2)).map(({ variables }) => variables.n)).toEqual([3])
    expect(await test.takeJobs('task', 2)).toEqual([])
  })

  it('comes back when the worker does not answer in time', async () => {
    const test = await engineFor()
    await test.run(oneTask(serviceTask('task')))
    const first = await test.takeJob('task')
    await test.moveBy(59_999)
    expect(await test.takeJobs('task')).toEqual([])
    await test.moveBy(1)
    expect((await test.takeJob('task')).jobKey).toBe(first.jobKey)
  })

  it('keeps a job longer when its timeout is updated', async () => {
    const test = await engineFor()
    await test.run(oneTask(serviceTask('task')))
    const { jobKey } = await test.takeJob('task')
    await test.execute({ type: 'UpdateJob', jobKey, timeout: 120_000 })
    await test.moveBy(60_000)
    expect(await test.takeJobs('task')).toEqual([])
    await test.moveBy(60_000)
    expect(await test.takeJobs('task')).toHaveLength(1)
  })

  it('is tried again after a failure, at once or after the back-off', async () => {
    const test = await engineFor()
    const key = await test.run(oneTask(serviceTask('task')))
    const { jobKey } = await test.takeJob('task')
    await test.execute({ type: 'FailJob', jobKey, retries: 2, errorMessage: 'no network', variables: { attempt: 1 } })
    expect(test.variables(key, 'task')).toEqual({ attempt: 1 })
    expect((await test.takeJob('task')).retries).toBe(2)
    await test.execute({ type: 'FailJob', jobKey, retries: 1, retryBackOff: 30_000 })
    expect(await test.takeJobs('task')).toEqual([])
    await test.moveBy(30_000)
    expect((await test.takeJob('task')).retries).toBe(1)
    expect(test.incidents(key)).toEqual([])
  })

  it('makes an incident without retries, and goes on when they are given and the incident is resolved', async () => {
    const test = await engineFor()
    const key = await test.run(oneTask(serviceTask('task')))
    const { jobKey } = await test.takeJob('task')
    await test.execute({ type: 'FailJob', jobKey, retries: 0, errorMessage: '打印机离线' })
    expect(test.incidents(key)).toMatchObject([
      { errorType: 'JOB_NO_RETRIES', errorMessage: '打印机离线', elementId: 'task' },
    ])
    await expect(test.execute({ type: 'CompleteJob', jobKey })).rejects.toMatchObject({ type: 'INVALID_STATE' })
    await expect(test.resolveIncident(key)).rejects.toMatchObject({ type: 'INVALID_STATE' })
    await test.execute({ type: 'UpdateJob', jobKey, retries: 1 })
    expect(await test.takeJobs('task')).toEqual([])
    await test.resolveIncident(key)
    await test.completeJob('task')
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.incidents(key)).toEqual([])
  })

  it('refuses what cannot be', async () => {
    const test = await engineFor()
    await test.run(oneTask(serviceTask('task')))
    const { jobKey } = await test.takeJob('task')
    await test.execute({ type: 'CompleteJob', jobKey })
    for (const command of [
      { type: 'CompleteJob', jobKey },
      { type: 'FailJob', jobKey, retries: 1 },
      { type: 'ThrowJobError', jobKey, errorCode: 'X' },
      { type: 'UpdateJob', jobKey, retries: 1 },
    ] as const)
      await expect(test.execute(command)).rejects.toMatchObject({ type: 'NOT_FOUND' })
    await expect(test.execute({ type: 'UpdateJob', jobKey: 1, retries: 1 })).rejects.toThrow("key '1'")
    const activate = { type: 'ActivateJobs', jobType: 'task', worker: 'w', timeout: 1, maxJobs: 1 } as const
    await expect(test.execute({ ...activate, timeout: 0 })).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
    await expect(test.execute({ ...activate, maxJobs: 0 })).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
  })

  it('is cancelled with its process instance', async () => {
    const test = await engineFor()
    const key = await test.run(oneTask(serviceTask('task')))
    const { jobKey } = await test.takeJob('task')
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect(test.stateOf(key)).toBe('TERMINATED')
    expect(test.terminated(key)).toEqual(['task'])
    await expect(test.execute({ type: 'CompleteJob', jobKey })).rejects.toMatchObject({ type: 'NOT_FOUND' })
    const again = test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    await expect(again).rejects.toMatchObject({ type: 'NOT_FOUND' })
  })
})

describe('other tasks', () => {
  it.each(['manualTask', 'task'])('%s passes through', async (kind) => {
    const test = await engineFor()
    const key = await test.run(oneTask(element(kind, { id: 'task' })))
    expect(test.completed(key)).toEqual(['start', 'task', 'end'])
  })

  it.each(['sendTask', 'scriptTask', 'businessRuleTask'])('%s can be a job', async (kind) => {
    const test = await engineFor()
    const key = await test.run(oneTask(element(kind, { id: 'task' }, job('do-it'))))
    await test.completeJob('do-it', { done: 1 })
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.variables(key)).toEqual({ done: 1 })
  })

  it('script task sets its result variable', async () => {
    const test = await engineFor()
    const script = '<zeebe:script expression="=a + b" resultVariable="sum"/>'
    const key = await test.run(oneTask(element('scriptTask', { id: 'task' }, script)), { a: 1, b: 2 })
    expect(test.variables(key)).toEqual({ a: 1, b: 2, sum: 3 })
  })

  it('script task with an output mapping hands over only what that names', async () => {
    const test = await engineFor()
    const script = '<zeebe:script expression="=a * 2" resultVariable="double"/>'
    const outputs = mapping({ outputs: { result: '=double' } })
    const key = await test.run(oneTask(element('scriptTask', { id: 'task' }, script, outputs)), { a: 4 })
    expect(test.variables(key)).toEqual({ a: 4, result: 8 })
  })

  it('receive task waits for its message', async () => {
    const test = await engineFor()
    const task = element('receiveTask', { id: 'task', messageRef: 'm' })
    const key = await test.run(oneTask(task, message('m', 'paid', '=caseId')), { caseId: 'c-1' })
    await test.execute({ type: 'PublishMessage', name: 'paid', correlationKey: 'c-2' })
    expect(test.isWaitingAt(key, 'task')).toBe(true)
    await test.execute({ type: 'PublishMessage', name: 'paid', correlationKey: 'c-1', variables: { amount: 5 } })
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.variables(key)).toEqual({ caseId: 'c-1', amount: 5 })
  })
})
