import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  element,
  end,
  error,
  errorEvent,
  escalation,
  escalationEvent,
  flows,
  mapping,
  serviceTask,
  start,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const child = bpmn('child', start('cs') + serviceTask('work') + end('ce') + flows('cs -> work -> ce'))
const called = (attributes = '') => `<zeebe:calledElement processId="child" ${attributes}/>`
const parent = (call: string, extra = '', roots = '') =>
  bpmn(
    'parent',
    start() + element('callActivity', { id: 'call' }, call) + end() + flows('start -> call -> end') + extra,
    roots,
  )
const childOf = (test: Awaited<ReturnType<typeof engineFor>>, key: number) =>
  test.engine.query.get<{ key: number }>('SELECT key FROM process_instance WHERE parentProcessInstanceKey = ?', key)
    ?.key ?? 0

describe('call activity', () => {
  it('starts the called process with all variables and takes all of its back', async () => {
    const test = await engineFor({ resources: { 'child.bpmn': child, 'parent.bpmn': parent(called()) } })
    const key = await test.start('parent', { caseId: 'c' })
    const childKey = childOf(test, key)
    expect(test.variables(childKey)).toEqual({ caseId: 'c' })
    await test.completeJob('work', { outcome: 'done' })
    expect(test.stateOf(childKey)).toBe('COMPLETED')
    expect(test.variables(key)).toEqual({ caseId: 'c', outcome: 'done' })
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('without propagation hands over and takes back only what is mapped', async () => {
    const mappings =
      '<zeebe:ioMapping><zeebe:input source="=caseId" target="id"/><zeebe:output source="=outcome" target="reception"/></zeebe:ioMapping>'
    const off = called('propagateAllChildVariables="false" propagateAllParentVariables="false"')
    const test = await engineFor({ resources: { 'child.bpmn': child, 'parent.bpmn': parent(off + mappings) } })
    const key = await test.start('parent', { caseId: 'c', secret: 1 })
    expect(test.variables(childOf(test, key))).toEqual({ id: 'c' })
    await test.completeJob('work', { outcome: 'done', other: 2 })
    expect(test.variables(key)).toEqual({ caseId: 'c', secret: 1, reception: 'done' })
  })

  it('without propagation and mapping takes back nothing', async () => {
    const test = await engineFor({
      resources: { 'child.bpmn': child, 'parent.bpmn': parent(called('propagateAllChildVariables="false"')) },
    })
    const key = await test.start('parent', { caseId: 'c' })
    await test.completeJob('work', { outcome: 'done' })
    expect(test.variables(key)).toEqual({ caseId: 'c' })
  })

  it('interrupted: the called process is terminated', async () => {
    const late = boundary('late', 'call', timer('timeDuration', 'PT1H')) + end('after') + flows('late -> after')
    const test = await engineFor({ resources: { 'child.bpmn': child, 'parent.bpmn': parent(called(), late) } })
    const key = await test.start('parent')
    await test.moveBy(3_600_000)
    expect(test.stateOf(childOf(test, key))).toBe('TERMINATED')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('is cancelled only with its root', async () => {
    const test = await engineFor({ resources: { 'child.bpmn': child, 'parent.bpmn': parent(called()) } })
    const key = await test.start('parent')
    const childKey = childOf(test, key)
    const direct = test.execute({ type: 'CancelProcessInstance', processInstanceKey: childKey })
    await expect(direct).rejects.toMatchObject({ type: 'INVALID_STATE' })
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect([test.stateOf(childKey), test.stateOf(key)]).toEqual(['TERMINATED', 'TERMINATED'])
  })

  it('catches errors and escalations of the called process', async () => {
    const failing = bpmn(
      'child',
      start('cs') +
        serviceTask('work') +
        element('intermediateThrowEvent', { id: 'raise' }, escalationEvent('x')) +
        end('fail', errorEvent('bad')) +
        flows('cs -> work -> raise -> fail'),
      error('bad', 'BAD') + escalation('x', 'LATE'),
    )
    const caught =
      boundary('onBad', 'call', errorEvent('bad')) +
      boundary('onLate', 'call', escalationEvent('x'), false) +
      end('after') +
      end('told') +
      flows('onBad -> after', 'onLate -> told')
    const test = await engineFor({
      resources: {
        'child.bpmn': failing,
        'parent.bpmn': parent(called(), caught, error('bad', 'BAD') + escalation('x', 'LATE')),
      },
    })
    const key = await test.start('parent')
    const childKey = childOf(test, key)
    await test.completeJob('work')
    expect(test.stateOf(childKey)).toBe('TERMINATED')
    expect(test.completed(key)).toEqual(['start', 'onLate', 'told', 'onBad', 'after'])
  })

  it('makes an incident when the process is not there, and calls it when it is', async () => {
    const test = await engineFor({ resources: { 'parent.bpmn': parent(called()) } })
    const key = await test.start('parent')
    expect(test.incidents(key)).toMatchObject([{ errorType: 'CALLED_ELEMENT_ERROR', elementId: 'call' }])
    await test.deploy({ 'child.bpmn': child })
    await test.resolveIncident(key)
    await test.completeJob('work')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('takes the latest version, or that of its own deployment', async () => {
    const bound = parent(called('bindingType="deployment"'))
    const test = await engineFor({ resources: { 'child.bpmn': child, 'parent.bpmn': bound } })
    await test.deploy({ 'child.bpmn': child.replaceAll('work', 'newer') })
    await test.start('parent')
    expect(await test.takeJobs('work')).toHaveLength(1)
    await test.deploy({ 'latest.bpmn': parent(called()).replaceAll('"parent"', '"latest"') })
    await test.start('latest')
    expect(await test.takeJobs('newer')).toHaveLength(1)
  })

  it('that calls itself without end becomes an incident', async () => {
    const cyclic = bpmn(
      'child',
      start() + element('callActivity', { id: 'call' }, called()) + end() + flows('start -> call -> end'),
    )
    const test = await engineFor({ resources: { 'child.bpmn': cyclic } })
    const key = await test.start('child')
    const incidents = test.engine.query.all('SELECT errorType FROM incident')
    expect(incidents).toEqual([{ errorType: 'CALLED_ELEMENT_ERROR' }])
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect(test.engine.query.all("SELECT key FROM process_instance WHERE state = 'ACTIVE'")).toEqual([])
  })

  it('input mappings see what is mapped before', async () => {
    const chained = element(
      'callActivity',
      { id: 'call' },
      called('propagateAllParentVariables="false"'),
      mapping({ inputs: { a: '=1', b: '=a + 1' } }),
    )
    const test = await engineFor({
      resources: {
        'child.bpmn': child,
        'p.bpmn': bpmn('p', start() + chained + end() + flows('start -> call -> end')),
      },
    })
    expect(test.variables(childOf(test, await test.start('p')))).toEqual({ a: 1, b: 2 })
  })
})
