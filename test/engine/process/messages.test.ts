import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  eventSubprocess,
  flows,
  mapping,
  message,
  messageEvent,
  serviceTask,
  start,
  subprocess,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const ROOT = message('m', 'paid', '=caseId')
const waiting = bpmn('p', start() + catchEvent('wait', messageEvent('m')) + end() + flows('start -> wait -> end'), ROOT)

describe('message catch event', () => {
  it('takes a message that was published before, while it is kept', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': waiting } })
    await test.execute({
      type: 'PublishMessage',
      name: 'paid',
      correlationKey: 'c',
      timeToLive: 60_000,
      variables: { amount: 1 },
    })
    const key = await test.start('p', { caseId: 'c' })
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.variables(key)).toEqual({ caseId: 'c', amount: 1 })
  })

  it('does not take a message whose time is over', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': waiting } })
    await test.execute({ type: 'PublishMessage', name: 'paid', correlationKey: 'c', timeToLive: 60_000 })
    await test.moveBy(60_000)
    expect(test.engine.query.all('SELECT * FROM message')).toEqual([])
    expect(test.stateOf(await test.start('p', { caseId: 'c' }))).toBe('ACTIVE')
  })

  it('gives a message to one instance of a process only', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': waiting } })
    const first = await test.start('p', { caseId: 'c' })
    const second = await test.start('p', { caseId: 'c' })
    await test.execute({ type: 'PublishMessage', name: 'paid', correlationKey: 'c', timeToLive: 60_000 })
    expect([test.stateOf(first), test.stateOf(second)]).toEqual(['COMPLETED', 'ACTIVE'])
    const third = await test.start('p', { caseId: 'c' })
    expect(test.stateOf(third)).toBe('ACTIVE')
  })

  it('compares a number with the text of the key', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': waiting } })
    const key = await test.start('p', { caseId: 12 })
    await test.execute({ type: 'CorrelateMessage', name: 'paid', correlationKey: '12' })
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('makes an incident when there is no key', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': waiting } })
    const key = await test.start('p')
    expect(test.incidents(key)).toMatchObject([{ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'wait' }])
    expect(test.incidents(key)[0]?.errorMessage).toContain("Failed to extract the correlation key for 'caseId'")
  })

  it('with an output mapping hands over only what that names', async () => {
    const test = await engineFor()
    const mapped = catchEvent('wait', mapping({ outputs: { received: '=amount' } }), messageEvent('m'))
    const key = await test.run(bpmn('p', start() + mapped + end() + flows('start -> wait -> end'), ROOT), {
      caseId: 'c',
    })
    await test.execute({
      type: 'CorrelateMessage',
      name: 'paid',
      correlationKey: 'c',
      variables: { amount: 5, secret: 1 },
    })
    expect(test.variables(key)).toEqual({ caseId: 'c', received: 5 })
    expect(test.variables(key, 'wait')).toEqual({ amount: 5, secret: 1 })
  })
})

describe('publishing', () => {
  it('refuses a second message of the same id while the first is kept', async () => {
    const test = await engineFor()
    const publish = {
      type: 'PublishMessage',
      name: 'paid',
      correlationKey: 'c',
      messageId: 'id-1',
      timeToLive: 1_000,
    } as const
    await test.execute(publish)
    await expect(test.execute(publish)).rejects.toMatchObject({ type: 'ALREADY_EXISTS' })
    await test.execute({ ...publish, correlationKey: 'd' })
    await test.moveBy(1_000)
    await test.execute(publish)
  })

  it('correlation is an error when nobody waits, and names the instance when somebody does', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': waiting } })
    const correlation = { type: 'CorrelateMessage', name: 'paid', correlationKey: 'c' } as const
    await expect(test.execute(correlation)).rejects.toMatchObject({ type: 'NOT_FOUND' })
    const key = await test.start('p', { caseId: 'c' })
    expect(await test.execute(correlation)).toMatchObject({ processInstanceKey: key })
    await expect(test.execute(correlation)).rejects.toMatchObject({ type: 'NOT_FOUND' })
  })
})

describe('message start event', () => {
  const filed = bpmn(
    'p',
    start('filed', messageEvent('m')) + serviceTask('work') + end() + flows('filed -> work -> end'),
    message('m', 'case.filed'),
  )
  const publish = { type: 'PublishMessage', name: 'case.filed', correlationKey: 'c-1', timeToLive: 60_000 } as const
  const instances = (test: Awaited<ReturnType<typeof engineFor>>) =>
    test.engine.query.all<{ key: number }>('SELECT key FROM process_instance ORDER BY key').map(({ key }) => key)

  it('starts one live instance a correlation key; the next message waits for its end', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': filed } })
    await test.execute({ ...publish, variables: { n: 1 } })
    await test.execute({ ...publish, variables: { n: 2 } })
    await test.execute({ ...publish, correlationKey: 'c-2', variables: { n: 3 } })
    expect(instances(test)).toHaveLength(2)
    await test.completeJob('work')
    const keys = instances(test)
    expect(keys.map((key) => test.variables(key).n)).toEqual([1, 3, 2])
  })

  it('starts an instance for each message without a key', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': filed } })
    await test.execute({ ...publish, correlationKey: '' })
    await test.execute({ ...publish, correlationKey: '' })
    expect(instances(test)).toHaveLength(2)
  })

  it('answers a correlation with the new instance', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': filed } })
    const { processInstanceKey } = await test.execute({
      type: 'CorrelateMessage',
      name: 'case.filed',
      correlationKey: 'x',
    })
    expect(test.waitingAt(processInstanceKey)).toEqual(['work'])
    const again = test.execute({ type: 'CorrelateMessage', name: 'case.filed', correlationKey: 'x' })
    await expect(again).rejects.toMatchObject({ type: 'NOT_FOUND' })
  })

  it('cannot be started by command', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': filed } })
    await expect(test.start('p')).rejects.toMatchObject({ type: 'INVALID_STATE' })
  })
})

describe('message boundary event', () => {
  it('on a subprocess ends everything in it; its key is evaluated outside', async () => {
    const test = await engineFor()
    const inner = subprocess(
      'team',
      mapping({ inputs: { caseId: '="local"' } }),
      start('begin'),
      serviceTask('work'),
      flows('begin -> work'),
    )
    const key = await test.run(
      bpmn(
        'p',
        start() +
          inner +
          boundary('withdrawn', 'team', messageEvent('m')) +
          end() +
          end('stopped') +
          flows('start -> team -> end', 'withdrawn -> stopped'),
        ROOT,
      ),
      { caseId: 'c' },
    )
    await test.execute({ type: 'CorrelateMessage', name: 'paid', correlationKey: 'c', variables: { reason: 'r' } })
    expect(test.terminated(key)).toEqual(['team', 'work'])
    expect(test.completed(key).slice(-2)).toEqual(['withdrawn', 'stopped'])
    expect(test.variables(key)).toEqual({ caseId: 'c', reason: 'r' })
  })

  it('on a call activity ends the called process, which waits for the same message', async () => {
    const test = await engineFor()
    const roots = message('m', 'stop', '="k"')
    const wait = catchEvent('wait', messageEvent('m'))
    const called = bpmn('called', start() + wait + end() + flows('start -> wait -> end'), roots)
    const call = element('callActivity', { id: 'call' }, '<zeebe:calledElement processId="called"/>')
    const caller = bpmn(
      'caller',
      start() +
        call +
        boundary('stopped', 'call', messageEvent('m')) +
        end() +
        end('early') +
        flows('start -> call -> end', 'stopped -> early'),
      roots,
    )
    await test.deploy({ 'called.bpmn': called, 'caller.bpmn': caller })
    const key = await test.start('caller')
    await test.execute({ type: 'PublishMessage', name: 'stop', correlationKey: 'k' })
    expect(test.completed(key)).toContain('early')
    expect(test.engine.query.all('SELECT state FROM process_instance ORDER BY key')).toEqual([
      { state: 'COMPLETED' },
      { state: 'TERMINATED' },
    ])
  })

  it('without interruption takes every message', async () => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          serviceTask('work') +
          boundary('note', 'work', messageEvent('m'), false) +
          end() +
          end('noted') +
          flows('start -> work -> end', 'note -> noted'),
        ROOT,
      ),
      { caseId: 'c' },
    )
    for (const n of [1, 2])
      await test.execute({ type: 'PublishMessage', name: 'paid', correlationKey: 'c', variables: { n } })
    expect(test.completed(key).filter((id) => id === 'noted')).toHaveLength(2)
    expect(test.variables(key).n).toBe(2)
    expect(test.waitingAt(key)).toEqual(['work'])
  })
})

describe('message start event of an event subprocess', () => {
  const request = (interrupting: boolean) =>
    bpmn(
      'p',
      start() +
        serviceTask('work') +
        end() +
        flows('start -> work -> end') +
        eventSubprocess(
          'request',
          element('startEvent', { id: 'asked', isInterrupting: interrupting }, messageEvent('m')),
          serviceTask('answer'),
          end('answered'),
          flows('asked -> answer -> answered'),
        ),
      ROOT,
    )

  it('without interruption runs beside the normal flow, once a message', async () => {
    const test = await engineFor()
    const key = await test.run(request(false), { caseId: 'c', kind: 'none' })
    for (const kind of ['loan', 'stay'])
      await test.execute({ type: 'CorrelateMessage', name: 'paid', correlationKey: 'c', variables: { kind } })
    expect(test.waitingAt(key)).toEqual(['work', 'answer', 'answer'])
    expect(test.variables(key).kind).toBe('stay')
    await test.completeJob('work')
    await test.completeJob('answer')
    expect(test.stateOf(key)).toBe('ACTIVE')
    await test.completeJob('answer')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('with interruption ends the normal flow and takes no second message', async () => {
    const test = await engineFor()
    const key = await test.run(request(true), { caseId: 'c' })
    await test.execute({ type: 'CorrelateMessage', name: 'paid', correlationKey: 'c' })
    expect(test.waitingAt(key)).toEqual(['answer'])
    const second = test.execute({ type: 'CorrelateMessage', name: 'paid', correlationKey: 'c' })
    await expect(second).rejects.toMatchObject({ type: 'NOT_FOUND' })
    await test.completeJob('answer')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('one message for a calling and a called process', () => {
  it('goes to the calling one, which ends the called one', async () => {
    const calling = bpmn(
      'calling',
      start() +
        element('callActivity', { id: 'call' }, '<zeebe:calledElement processId="p"/>') +
        end() +
        eventSubprocess(
          'stop',
          element('startEvent', { id: 'stopped', isInterrupting: true }, messageEvent('m')),
          end('over'),
          flows('stopped -> over'),
        ) +
        flows('start -> call -> end'),
      ROOT,
    )
    const test = await engineFor({ resources: { 'p.bpmn': waiting, 'calling.bpmn': calling } })
    const key = await test.start('calling', { caseId: 'c' })
    const called = test.engine.query.get<{ key: number }>(
      "SELECT key FROM process_instance WHERE processDefinitionId = 'p'",
    )
    await test.execute({ type: 'PublishMessage', name: 'paid', correlationKey: 'c' })
    expect([test.stateOf(key), test.stateOf(called?.key ?? 0)]).toEqual(['COMPLETED', 'TERMINATED'])
  })
})
