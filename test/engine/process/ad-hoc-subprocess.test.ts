import { describe, expect, it } from 'vitest'
import type { AdHocSubProcessJobResult } from '../../../src/engine/index.ts'
import {
  boundary,
  bpmn,
  element,
  end,
  error,
  errorEvent,
  flows,
  job,
  multiInstance,
  serviceTask,
  start,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { engineFor } from './support.ts'

const HOUR = 3_600_000
const condition = (source: string) =>
  `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${source}</bpmn:completionCondition>`
const collection = (more = '') => `<zeebe:adHoc activeElementsCollection="=todo" ${more}/>`
const adHoc = (...content: string[]) => element('adHocSubProcess', { id: 'ah' }, ...content)
const around = (subprocess: string, more = '', ...lines: string[]) =>
  bpmn(
    'p',
    start() + subprocess + serviceTask('after') + more + flows('start -> ah -> after', ...lines),
    error('bad', 'BAD'),
  )

/** Starts activities of the active ad-hoc subprocess by command. */
function activate(test: ProcessTest, elementIds: readonly string[], more: { cancelRemainingInstances?: boolean } = {}) {
  const row = test.engine.query.get<{ key: number }>(
    "SELECT key FROM element_instance WHERE elementId = 'ah' ORDER BY key DESC",
  )
  return test.execute({
    type: 'ActivateAdHocActivities',
    adHocSubProcessInstanceKey: row?.key ?? 1,
    elements: elementIds.map((elementId) => ({ elementId, variables: { by: 'command' } })),
    ...more,
  })
}

describe('an ad-hoc subprocess', () => {
  it('starts what its collection names, each in an inner instance, and tells what can be started', async () => {
    const test = await engineFor()
    const inside = [
      element(
        'serviceTask',
        { id: 'a', name: 'Look' },
        job('a'),
        '<zeebe:properties><zeebe:property name="k" value="v"/></zeebe:properties>',
      ),
      serviceTask('b'),
      serviceTask('c'),
    ]
    const key = await test.run(around(adHoc(collection(), ...inside, flows('b -> c'))), { todo: ['a', 'b'] })
    expect(test.variables(key, 'ah').adHocSubProcessElements).toEqual([
      { elementId: 'a', elementName: 'Look', properties: { k: 'v' } },
      { elementId: 'b' },
    ])
    expect(test.waitingAt(key)).toEqual(['a', 'b'])
    expect(
      test.engine.query.all(
        "SELECT state FROM element_instance WHERE elementId = 'ah#innerInstance' AND type = 'AD_HOC_SUB_PROCESS_INNER_INSTANCE'",
      ),
    ).toHaveLength(2)
    await test.completeJob('a')
    await test.completeJob('b')
    expect(test.waitingAt(key)).toEqual(['c'])
    await test.completeJob('c')
    expect(test.waitingAt(key)).toEqual(['after'])
  })

  it('with a completion condition ends what is still active once it holds', async () => {
    const test = await engineFor()
    const key = await test.run(around(adHoc(collection(), serviceTask('a'), serviceTask('b'), condition('=done'))), {
      todo: ['a', 'b'],
      done: false,
    })
    await test.completeJob('a', { done: true })
    expect(test.terminated(key)).toEqual(['ah#innerInstance', 'b'])
    expect(test.waitingAt(key)).toEqual(['after'])
  })

  it('waits for the rest when it does not cancel them, and collects the outputs', async () => {
    const test = await engineFor()
    const subprocess = element(
      'adHocSubProcess',
      { id: 'ah', cancelRemainingInstances: false },
      collection('outputCollection="outs" outputElement="=r"'),
      serviceTask('a'),
      serviceTask('b'),
      condition('=done'),
    )
    const key = await test.run(around(subprocess), { todo: ['a', 'b'], done: false })
    await test.completeJob('a', { r: 1, done: true })
    expect(test.waitingAt(key)).toEqual(['b'])
    await test.completeJob('b', { r: 2 })
    expect(test.variables(key).outs).toEqual([1, 2])
    expect(test.waitingAt(key)).toEqual(['after'])
  })

  it.each([
    ['is no list', 'a', /^Failed to activate ad-hoc elements\. Expected result of the expression 'todo' to be 'ARRAY'/],
    ['names what is not there', ['a', 'x', 'y'], /the given elements \[x, y\] do not exist/],
  ])('whose collection %s becomes an incident', async (_what, todo, message) => {
    const test = await engineFor()
    const key = await test.run(around(adHoc(collection(), serviceTask('a'))), { todo })
    expect(test.incidents(key)).toMatchObject([
      { errorType: 'EXTRACT_VALUE_ERROR', errorMessage: expect.stringMatching(message) },
    ])
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { todo: ['a'] } })
    await test.resolveIncident(key)
    expect(test.waitingAt(key)).toEqual(['a'])
  })

  it('whose condition cannot be evaluated becomes an incident where the activity ends', async () => {
    const test = await engineFor()
    const key = await test.run(around(adHoc(collection(), serviceTask('a'), condition('=enough'))), { todo: ['a'] })
    await test.completeJob('a')
    expect(test.incidents(key)).toMatchObject([
      {
        elementId: 'ah#innerInstance',
        errorMessage: expect.stringMatching(/^Failed to evaluate completion condition\./),
      },
    ])
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { enough: true } })
    await test.resolveIncident(key)
    expect(test.waitingAt(key)).toEqual(['after'])
  })

  it('is interrupted by its boundary event with everything in it', async () => {
    const test = await engineFor()
    const late = boundary('due', 'ah', timer('timeDuration', 'PT1H')) + end('late')
    const key = await test.run(around(adHoc(collection(), serviceTask('a')), late, 'due -> late'), { todo: ['a'] })
    await test.moveBy(HOUR)
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.terminated(key)).toEqual(['ah', 'ah#innerInstance', 'a'])
  })

  it('may be multi-instance', async () => {
    const test = await engineFor()
    const loop = multiInstance({
      inputCollection: '=[1,2]',
      inputElement: 'i',
      outputCollection: 'all',
      outputElement: '=r',
    })
    const key = await test.run(around(adHoc(loop, collection(), serviceTask('a'))), { todo: ['a'] })
    await test.completeJob('a', { r: 5 })
    await test.completeJob('a', { r: 6 })
    expect(test.variables(key).all).toEqual([5, 6])
  })
})

describe('the command that starts activities', () => {
  it('gives them variables of their own; without any active the subprocess waits for it', async () => {
    const test = await engineFor()
    const key = await test.run(around(adHoc(serviceTask('a'))))
    expect(test.waitingAt(key)).toEqual(['ah'])
    await activate(test, ['a', 'a'])
    const jobs = await test.takeJobs('a')
    expect(jobs.map(({ variables }) => variables.by)).toEqual(['command', 'command'])
    for (const { jobKey } of jobs) await test.execute({ type: 'CompleteJob', jobKey })
    expect(test.waitingAt(key)).toEqual(['after'])
    await expect(activate(test, ['a'])).rejects.toMatchObject({ type: 'NOT_FOUND' })
  })

  it('ends what is active when told to', async () => {
    const test = await engineFor()
    const key = await test.run(around(adHoc(collection(), serviceTask('a'), serviceTask('b'))), { todo: ['a'] })
    await activate(test, ['b'], { cancelRemainingInstances: true })
    expect(test.waitingAt(key)).toEqual(['b'])
  })

  it.each([
    ['an unknown activity', ['x'], 'NOT_FOUND'],
    ['an activity that a flow leads to', ['b'], 'NOT_FOUND'],
    ['nothing', [], 'INVALID_ARGUMENT'],
  ])('is refused for %s', async (_what, ids, type) => {
    const test = await engineFor()
    await test.run(around(adHoc(serviceTask('a'), serviceTask('b'), flows('a -> b'))))
    await expect(activate(test, ids)).rejects.toMatchObject({ type })
  })
})

describe('the worker of an ad-hoc subprocess', () => {
  const worked = around(
    adHoc('<zeebe:taskDefinition type="agent"/>', serviceTask('a'), serviceTask('b')),
    boundary('failed', 'ah', errorEvent('bad')) + end('end'),
    'failed -> end',
  )
  const answer = (parts: Omit<AdHocSubProcessJobResult, 'type'>) => ({ type: 'adHocSubProcess', ...parts }) as const

  it('is asked at first and after each activity, and decides what starts and when it is done', async () => {
    const test = await engineFor()
    const key = await test.run(worked)
    const first = await test.takeJob('agent')
    expect(first).toMatchObject({ kind: 'AD_HOC_SUB_PROCESS', elementId: 'ah' })
    const activateElements = [{ elementId: 'a', variables: { tool: 1 } }, { elementId: 'b' }]
    await test.execute({ type: 'CompleteJob', jobKey: first.jobKey, result: answer({ activateElements }) })
    const taken = await test.takeJob('a')
    expect(taken.variables.tool).toBe(1)
    await test.execute({ type: 'CompleteJob', jobKey: taken.jobKey })
    await test.answerJob('agent', answer({ isCompletionConditionFulfilled: true }))
    expect(test.waitingAt(key)).toEqual(['b'])
    await test.completeJob('b')
    expect(await test.takeJobs('agent')).toEqual([])
    expect(test.waitingAt(key)).toEqual(['after'])
  })

  it('may end what is still active', async () => {
    const test = await engineFor()
    const key = await test.run(worked)
    await test.answerJob('agent', answer({ activateElements: [{ elementId: 'a' }, { elementId: 'b' }] }))
    await test.completeJob('a')
    await test.answerJob('agent', answer({ activateElements: [{ elementId: 'a' }], isCancelRemainingInstances: true }))
    expect(test.waitingAt(key)).toEqual(['a'])
    await test.completeJob('a')
    await test.answerJob('agent', answer({ isCompletionConditionFulfilled: true }))
    expect(test.waitingAt(key)).toEqual(['after'])
  })

  it('is refused what is not there, may fail, and may throw a BPMN error', async () => {
    const test = await engineFor()
    const key = await test.run(worked)
    const { jobKey } = await test.takeJob('agent')
    const wrong = test.execute({
      type: 'CompleteJob',
      jobKey,
      result: answer({ activateElements: [{ elementId: 'x' }] }),
    })
    await expect(wrong).rejects.toMatchObject({ type: 'NOT_FOUND' })
    await test.execute({ type: 'FailJob', jobKey, retries: 0 })
    expect(test.incidents(key)).toMatchObject([{ errorType: 'AD_HOC_SUB_PROCESS_NO_RETRIES' }])
    await test.execute({ type: 'UpdateJob', jobKey, retries: 1 })
    await test.resolveIncident(key)
    await test.execute({ type: 'ThrowJobError', jobKey: (await test.takeJob('agent')).jobKey, errorCode: 'BAD' })
    expect(test.completed(key)).toEqual(['start', 'failed', 'end'])
  })

  it('is asked anew when an activity ends meanwhile', async () => {
    const test = await engineFor()
    await test.run(worked)
    const { jobKey } = await test.takeJob('agent')
    await activate(test, ['a'])
    await test.completeJob('a')
    await expect(test.execute({ type: 'CompleteJob', jobKey })).rejects.toMatchObject({ type: 'NOT_FOUND' })
    expect(await test.takeJobs('agent')).toHaveLength(1)
  })
})
