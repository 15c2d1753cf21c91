import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  element,
  end,
  error,
  errorEvent,
  eventSubprocess,
  flows,
  listeners,
  message,
  messageEvent,
  multiInstance,
  serviceTask,
  start,
  subprocess,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { activeTree, engineFor } from './support.ts'

const XML = bpmn(
  'p',
  start() +
    serviceTask('a') +
    subprocess(
      's',
      listeners('start:prepare'),
      start('ss'),
      serviceTask('b'),
      serviceTask('b2'),
      end('se'),
      flows('ss -> b -> b2 -> se'),
      eventSubprocess(
        'es',
        element('startEvent', { id: 'ess' }, messageEvent('news')),
        serviceTask('inform'),
        end('ese'),
        flows('ess -> inform -> ese'),
      ),
    ) +
    subprocess(
      'm',
      multiInstance({ inputCollection: '=[1, 2]', inputElement: 'item' }),
      start('ms'),
      serviceTask('c'),
      end('me'),
      flows('ms -> c -> me'),
    ) +
    end() +
    flows('start -> a -> s -> m -> end'),
  message('news', 'news', '=id'),
)

const startAt = async (test: ProcessTest, elementIds: string[], variables = {}, processDefinitionId = 'p') => {
  const startInstructions = elementIds.map((elementId) => ({ elementId }))
  const command = { type: 'CreateProcessInstance', processDefinitionId, variables, startInstructions } as const
  return (await test.execute(command)).processInstanceKey
}

describe('start instructions', () => {
  it('begin at elements, in scopes that are made once and wait for their events', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': XML } })
    const key = await startAt(test, ['b', 'b2', 'a'], { id: 'k' })
    expect(activeTree(test, key)).toBe('s(b, b2), a')
    expect(test.completed(key)).toEqual([])
    await test.execute({ type: 'PublishMessage', name: 'news', correlationKey: 'k' })
    expect(activeTree(test, key)).toBe('s(es(inform)), a')
  })

  it('begin at a multi-instance activity, and at an event subprocess', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': XML } })
    expect(activeTree(test, await startAt(test, ['m']))).toBe('m(m(c), m(c))')
    expect(activeTree(test, await startAt(test, ['es'], { id: 'k' }))).toBe('s(es(inform))')
  })

  it('need no none start event and call no listener of the process', async () => {
    const xml = bpmn(
      'q',
      `<bpmn:extensionElements>${listeners('start:prepare')}</bpmn:extensionElements>` +
        element('startEvent', { id: 'ms' }, messageEvent('news')) +
        serviceTask('a') +
        end() +
        flows('ms -> a -> end'),
      message('news', 'news'),
    )
    const test = await engineFor({ resources: { 'q.bpmn': xml } })
    const key = await startAt(test, ['a'], {}, 'q')
    await test.completeJob('a')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  const REFUSED: [string[], string][] = [
    [['a', 'nope'], "no element found with id 'nope'."],
    [['start'], "the element with id 'start' targets unsupported element type 'START_EVENT'. Supported element types"],
    [['a-s'], "the element with id 'a-s' targets unsupported element type 'SEQUENCE_FLOW'."],
    [['c'], "the element with id 'c' is inside a multi-instance subprocess. The creation of elements inside"],
  ]
  for (const [elementIds, reason] of REFUSED)
    it(`are refused at ${elementIds.join(' and ')}`, async () => {
      const test = await engineFor({ resources: { 'p.bpmn': XML } })
      await expect(startAt(test, elementIds)).rejects.toMatchObject({
        type: 'INVALID_ARGUMENT',
        message: expect.stringContaining(
          `Expected to create instance of process with start instructions but ${reason}`,
        ),
      })
    })

  it('are refused when a scope cannot wait for its events; nothing remains', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': XML } })
    await expect(startAt(test, ['a', 'b'])).rejects.toMatchObject({
      type: 'INVALID_ARGUMENT',
      message: expect.stringContaining(
        "Expected to subscribe to catch event(s) of 's' but Failed to extract the correlation key for 'id': The value must be either a string or a number, but was 'NULL'.",
      ),
    })
    expect(test.engine.query.all('SELECT key FROM process_instance')).toEqual([])
  })
})

describe('the runtime instruction to terminate after an element', () => {
  const CAUGHT = bpmn(
    'q',
    start() +
      serviceTask('a') +
      boundary('caught', 'a', errorEvent('e')) +
      subprocess('s', start('ss'), serviceTask('c'), end('se'), flows('ss -> c -> se')) +
      end('ce') +
      end() +
      flows('start -> a -> s -> end', 'caught -> ce'),
    error('e', 'E'),
  )
  const startUntil = async (test: ProcessTest, ...afterElementIds: string[]) => {
    const runtimeInstructions = afterElementIds.map(
      (afterElementId) => ({ type: 'TERMINATE_PROCESS_INSTANCE', afterElementId }) as const,
    )
    const command = { type: 'CreateProcessInstance', processDefinitionId: 'q', runtimeInstructions } as const
    return (await test.execute(command)).processInstanceKey
  }

  it('ends the instance when the element has completed; no flow is taken', async () => {
    const test = await engineFor({ resources: { 'q.bpmn': CAUGHT } })
    const key = await startUntil(test, 'c', 'a')
    await test.completeJob('a')
    expect(test.stateOf(key)).toBe('TERMINATED')
    expect(test.completed(key)).toEqual(['start', 'a'])
    expect(test.engine.query.all('SELECT elementId FROM sequence_flow WHERE processInstanceKey = ?', key)).toEqual([
      { elementId: 'start-a' },
    ])
  })

  it('ends the instance when the element was terminated by an event', async () => {
    const test = await engineFor({ resources: { 'q.bpmn': CAUGHT } })
    const key = await startUntil(test, 'a')
    const { jobKey } = await test.takeJob('a')
    await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'E' })
    expect(test.stateOf(key)).toBe('TERMINATED')
    expect(test.terminated(key)).toEqual(['a', 'caught'])
  })

  it('ends the instance from inside a subprocess', async () => {
    const test = await engineFor({ resources: { 'q.bpmn': CAUGHT } })
    const key = await startUntil(test, 'c')
    await test.completeJob('a')
    await test.completeJob('c')
    expect(test.stateOf(key)).toBe('TERMINATED')
    expect(test.terminated(key)).toEqual(['s'])
  })

  it('lets an instance complete that ends with the element', async () => {
    const test = await engineFor({ resources: { 'q.bpmn': CAUGHT } })
    const key = await startUntil(test, 'end')
    await test.completeJob('a')
    await test.completeJob('c')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('waits for the body of a multi-instance activity', async () => {
    const xml = bpmn(
      'q',
      start() +
        serviceTask('a', multiInstance({ inputCollection: '=[1, 2]', inputElement: 'item' })) +
        serviceTask('z') +
        end() +
        flows('start -> a -> z -> end'),
    )
    const test = await engineFor({ resources: { 'q.bpmn': xml } })
    const key = await startUntil(test, 'a', 'nope')
    await test.completeJob('a')
    expect(test.stateOf(key)).toBe('ACTIVE')
    await test.completeJob('a')
    expect(test.stateOf(key)).toBe('TERMINATED')
  })
})
