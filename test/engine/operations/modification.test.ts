import { describe, expect, it } from 'vitest'
import type { ActivateInstruction } from '../../../src/engine/index.ts'
import {
  boundary,
  bpmn,
  element,
  end,
  eventSubprocess,
  flows,
  gateway,
  listeners,
  mapping,
  message,
  messageEvent,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  taskListeners,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { activeKey, activeKeys, activeTree, engineFor } from './support.ts'

const modify = (
  test: ProcessTest,
  processInstanceKey: number,
  activate: readonly (string | ActivateInstruction)[],
  terminate: readonly number[] = [],
) =>
  test.execute({
    type: 'ModifyProcessInstance',
    processInstanceKey,
    activateInstructions: activate.map((one) => (typeof one === 'string' ? { elementId: one } : one)),
    terminateInstructions: terminate.map((elementInstanceKey) => ({ elementInstanceKey })),
  })

const LINE = bpmn('line', start() + serviceTask('a') + serviceTask('b') + end() + flows('start -> a -> b -> end'))
// a, then s1 { b, b2, s2 { c, d } } with a timer on s1 and a message for an event subprocess in it.
const NESTED = bpmn(
  'nested',
  start() +
    serviceTask('a') +
    subprocess(
      's1',
      mapping({ inputs: { given: '=1' } }),
      listeners('start:prepare'),
      start('s1s'),
      serviceTask('b'),
      serviceTask('b2'),
      subprocess('s2', start('s2s'), serviceTask('c'), serviceTask('d'), end('s2e'), flows('s2s -> c -> d -> s2e')),
      eventSubprocess(
        'es',
        element('startEvent', { id: 'ess', isInterrupting: false }, messageEvent('m')),
        serviceTask('inform'),
        end('ese'),
        flows('ess -> inform -> ese'),
      ),
      end('s1e'),
      flows('s1s -> b -> b2 -> s2 -> s1e'),
    ) +
    boundary('late', 's1', timer('timeDuration', 'PT1H')) +
    serviceTask('remind') +
    end('le') +
    end() +
    flows('start -> a -> s1 -> end', 'late -> remind -> le'),
  message('m', 'news', '="k"'),
)

describe('modification', () => {
  it('activates an element beside what is active', async () => {
    const test = await engineFor()
    const key = await test.run(LINE)
    await modify(test, key, ['b'])
    expect(activeTree(test, key)).toBe('a, b')
    await test.completeJob('b')
    await test.completeJob('a')
    await test.completeJob('b')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('moves: what is terminated goes with its job, what is activated gets its own', async () => {
    const test = await engineFor()
    const key = await test.run(LINE)
    await modify(test, key, ['b'], [activeKey(test, key, 'a')])
    expect(test.terminated(key)).toEqual(['a'])
    expect(await test.takeJobs('a')).toEqual([])
    await test.completeJob('b')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('ends the instance when everything in it is terminated', async () => {
    const test = await engineFor()
    const key = await test.run(LINE)
    await modify(test, key, [], [activeKey(test, key, 'a')])
    expect(test.stateOf(key)).toBe('TERMINATED')
  })

  it('ends a whole instance by its own key', async () => {
    const test = await engineFor()
    const key = await test.run(LINE)
    await modify(test, key, [], [key])
    expect(test.stateOf(key)).toBe('TERMINATED')
    expect(test.terminated(key)).toEqual(['a'])
  })

  it('without instructions changes nothing', async () => {
    const test = await engineFor()
    const key = await test.run(LINE)
    await modify(test, key, [])
    expect(activeTree(test, key)).toBe('a')
  })

  it('takes an element out of its incident', async () => {
    const xml = bpmn(
      'p',
      start() +
        serviceTask('a', mapping({ inputs: { x: '=assert(y, y != null)' } })) +
        serviceTask('b') +
        end() +
        flows('start -> a -> b -> end'),
    )
    const test = await engineFor()
    const key = await test.run(xml)
    expect(test.incidents(key)).toHaveLength(1)
    await modify(test, key, ['b'], [activeKey(test, key, 'a')])
    expect(test.incidents(key)).toEqual([])
    await modify(test, key, ['a'])
    expect(test.incidents(key)).toMatchObject([{ elementId: 'a', errorType: 'IO_MAPPING_ERROR' }])
  })

  describe('of user tasks with canceling listeners', () => {
    const LISTENED = bpmn(
      'p',
      start() +
        subprocess(
          's',
          start('ss'),
          userTask('u', taskListeners('canceling:release')),
          serviceTask('b'),
          end('se'),
          flows('ss -> u -> b -> se'),
        ) +
        end() +
        flows('start -> s -> end'),
    )

    it('terminates without asking them', async () => {
      const test = await engineFor()
      const key = await test.run(LISTENED)
      await modify(test, key, ['b'], [activeKey(test, key, 'u')])
      expect(activeTree(test, key)).toBe('s(b)')
      expect(await test.takeJobs('release')).toEqual([])
    })

    it('ends what waits for their answer, and activates nothing there', async () => {
      const test = await engineFor()
      const key = await test.run(LISTENED)
      await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
      await modify(test, key, ['b'])
      expect(activeTree(test, key)).toBe('s(u)')
      await modify(test, key, [], [activeKey(test, key, 'u')])
      expect(test.stateOf(key)).toBe('TERMINATED')
      expect(test.engine.query.all('SELECT key FROM job WHERE endTime IS NULL')).toEqual([])
    })
  })

  describe('of scopes', () => {
    it('makes the scopes around an element, which wait for their events but neither start nor map nor call listeners', async () => {
      const test = await engineFor()
      const key = await test.run(NESTED)
      await modify(test, key, ['d'], [activeKey(test, key, 'a')])
      expect(activeTree(test, key)).toBe('s1(s2(d))')
      expect(await test.takeJobs('prepare')).toEqual([])
      expect(test.variables(key, 's1')).toEqual({})
      await test.execute({ type: 'PublishMessage', name: 'news', correlationKey: 'k' })
      expect(activeTree(test, key)).toBe('s1(s2(d), es(inform))')
      await test.completeJob('inform')
      await test.completeJob('d')
      expect(test.stateOf(key)).toBe('COMPLETED')
    })

    it('made for an activation are left by their boundary events', async () => {
      const test = await engineFor()
      const key = await test.run(NESTED)
      await modify(test, key, ['d'], [activeKey(test, key, 'a')])
      await test.moveBy(3_600_000)
      expect(activeTree(test, key)).toBe('remind')
    })

    it('uses the instance of a scope that there is, also one made by the same modification', async () => {
      const test = await engineFor()
      const key = await test.run(NESTED)
      await modify(test, key, ['b', 'c'])
      await modify(test, key, ['d'])
      expect(activeTree(test, key)).toBe('a, s1(s2(c, d), b)')
    })

    it('makes scopes anew below the ancestor that is named', async () => {
      const test = await engineFor()
      const key = await test.run(NESTED)
      await modify(test, key, ['c'])
      const s1 = activeKey(test, key, 's1')
      await modify(test, key, [{ elementId: 'd', ancestorElementInstanceKey: s1 }])
      expect(activeTree(test, key)).toBe('a, s1(s2(c), s2(d))')
      await modify(test, key, [
        { elementId: 'b', ancestorElementInstanceKey: key },
        { elementId: 'd', ancestorElementInstanceKey: key },
      ])
      expect(activeTree(test, key)).toBe('a, s1(s2(c), s2(d)), s1(b), s1(s2(d))')
    })

    it('ends scopes that become empty, and keeps those in which something is activated', async () => {
      const test = await engineFor()
      const key = await test.run(NESTED)
      await modify(test, key, ['c'])
      await modify(test, key, ['d'], [activeKey(test, key, 'c')])
      const s2 = activeKey(test, key, 's2')
      await modify(test, key, ['b'], [activeKey(test, key, 'd')])
      expect(activeTree(test, key)).toBe('a, s1(b)')
      expect(test.terminated(key)).toEqual(['s2', 'c', 'd'])
      expect(s2).toBeGreaterThan(0)
      await modify(test, key, [], [activeKey(test, key, 'b')])
      expect(activeTree(test, key)).toBe('a')
      expect(test.engine.query.all('SELECT key FROM timer UNION SELECT key FROM message_subscription')).toEqual([])
    })

    it('terminates a scope and what is in it although both are named', async () => {
      const test = await engineFor()
      const key = await test.run(NESTED)
      await modify(test, key, ['c'])
      await modify(test, key, [], [activeKey(test, key, 'c'), activeKey(test, key, 's2'), activeKey(test, key, 's1')])
      expect(activeTree(test, key)).toBe('a')
    })

    it('replaces a scope when the ancestor of the new one is named', async () => {
      const test = await engineFor()
      const key = await test.run(NESTED)
      await modify(test, key, ['c'])
      await modify(
        test,
        key,
        [{ elementId: 'c', ancestorElementInstanceKey: key }],
        [activeKey(test, key, 's1'), activeKey(test, key, 'a')],
      )
      expect(activeTree(test, key)).toBe('s1(s2(c))')
      expect(test.terminated(key)).toEqual(['a', 's1', 's2', 'c'])
    })

    it('does nothing in a scope that still waits for its start listeners', async () => {
      const test = await engineFor()
      const key = await test.run(NESTED)
      await test.completeJob('a')
      await modify(test, key, ['b'])
      expect(activeTree(test, key)).toBe('s1')
      await test.completeJob('prepare')
      expect(activeTree(test, key)).toBe('s1(b)')
    })
  })

  describe('of variables', () => {
    it('sets them globally, in scopes old and new, and at the element before its mappings', async () => {
      const xml = bpmn(
        'p',
        start() +
          serviceTask('a') +
          subprocess(
            's',
            start('ss'),
            serviceTask('b', mapping({ inputs: { mapped: '=own + scoped + global' } })),
            end('se'),
            flows('ss -> b -> se'),
          ) +
          end() +
          flows('start -> a -> s -> end'),
      )
      const test = await engineFor()
      const key = await test.run(xml, { global: 1 })
      const variableInstructions = [
        { variables: { global: 10, first: true } },
        { variables: { scoped: 100 }, scopeId: 's' },
        { variables: { own: 1000 }, scopeId: 'b' },
        { variables: { last: true }, scopeId: 'p' },
      ]
      await modify(test, key, [{ elementId: 'b', variableInstructions }])
      expect(test.variables(key)).toEqual({ global: 10, first: true, last: true })
      expect(test.variables(key, 's')).toEqual({ scoped: 100 })
      expect(test.variables(key, 'b')).toEqual({ own: 1000, mapped: 1110 })
      await modify(test, key, [{ elementId: 'b', variableInstructions: [{ variables: { scoped: 5 }, scopeId: 's' }] }])
      expect(test.variables(key, 's')).toEqual({ scoped: 5 })
    })

    it('gives a new scope what its boundary timer needs', async () => {
      const xml = bpmn(
        'p',
        start() +
          serviceTask('a') +
          subprocess('s', start('ss'), serviceTask('b'), end('se'), flows('ss -> b -> se')) +
          boundary('late', 's', timer('timeDuration', '=deadline')) +
          end('le') +
          end() +
          flows('start -> a -> s -> end', 'late -> le'),
      )
      const test = await engineFor()
      const key = await test.run(xml)
      await expect(modify(test, key, ['b'])).rejects.toMatchObject({
        type: 'INVALID_ARGUMENT',
        message: expect.stringContaining(
          "Expected to subscribe to catch event(s) of 's' but Expected result of the expression 'deadline' to be one of '[DURATION, PERIOD, STRING]', but was 'NULL'.",
        ),
      })
      expect(activeTree(test, key)).toBe('a')
      await modify(test, key, [
        { elementId: 'b', variableInstructions: [{ variables: { deadline: 'PT1M' }, scopeId: 's' }] },
      ])
      await test.moveBy(60_000)
      expect(test.completed(key)).toContain('le')
    })

    it('gives a multi-instance activity its collection', async () => {
      const xml = bpmn(
        'p',
        start() +
          serviceTask('a') +
          serviceTask('m', multiInstance({ inputCollection: '=items', inputElement: 'item' })) +
          end() +
          flows('start -> a -> m -> end'),
      )
      const test = await engineFor()
      const key = await test.run(xml)
      await modify(test, key, [
        { elementId: 'm', variableInstructions: [{ variables: { items: [7, 8] }, scopeId: 'm' }] },
      ])
      expect((await test.takeJobs('m')).map(({ variables }) => variables.item)).toEqual([7, 8])
    })
  })

  describe('of gateways', () => {
    const JOIN = bpmn(
      'join',
      start() +
        gateway('parallel', 'fork') +
        serviceTask('a') +
        serviceTask('b') +
        gateway('parallel', 'joined') +
        serviceTask('z') +
        end() +
        flows('start -> fork -> a -> joined -> z -> end', 'fork -> b -> joined'),
    )

    it('passes a joining gateway that is activated and leaves the tokens that wait at it', async () => {
      const test = await engineFor()
      const key = await test.run(JOIN)
      await test.completeJob('a')
      await modify(test, key, ['joined'])
      expect(activeTree(test, key)).toBe('b, z')
      await test.completeJob('b')
      expect(activeTree(test, key)).toBe('z, z')
      await test.completeJob('z')
      await test.completeJob('z')
      expect(test.stateOf(key)).toBe('COMPLETED')
    })

    it('keeps an instance in which only a token waits', async () => {
      const test = await engineFor()
      const key = await test.run(JOIN)
      await test.completeJob('a')
      await modify(test, key, [], [activeKey(test, key, 'b')])
      expect(activeTree(test, key)).toBe('')
      expect(test.stateOf(key)).toBe('ACTIVE')
      await modify(test, key, ['b'])
      await test.completeJob('b')
      expect(activeTree(test, key)).toBe('z')
    })
  })

  describe('of event subprocesses', () => {
    const INTERRUPTING = bpmn(
      'p',
      start() +
        serviceTask('a') +
        end() +
        flows('start -> a -> end') +
        eventSubprocess(
          'es',
          element('startEvent', { id: 'ess' }, messageEvent('m')),
          serviceTask('inform'),
          end('ese'),
          flows('ess -> inform -> ese'),
        ),
      message('m', 'news', '="k"'),
    )

    it('activates an interrupting one without interrupting; its message still does', async () => {
      const test = await engineFor()
      const key = await test.run(INTERRUPTING)
      await modify(test, key, ['es'])
      expect(activeTree(test, key)).toBe('a, es(inform)')
      await test.execute({ type: 'PublishMessage', name: 'news', correlationKey: 'k' })
      expect(activeTree(test, key)).toBe('es(inform)')
      expect(test.terminated(key)).toEqual(['a', 'es', 'inform'])
    })

    it('brings the flow of an interrupted scope back to life', async () => {
      const test = await engineFor()
      const key = await test.run(INTERRUPTING)
      await test.execute({ type: 'PublishMessage', name: 'news', correlationKey: 'k' })
      await modify(test, key, ['a'])
      await test.completeJob('a')
      expect(test.completed(key)).toContain('end')
      expect(activeTree(test, key)).toBe('es(inform)')
      await test.completeJob('inform')
      expect(test.stateOf(key)).toBe('COMPLETED')
    })
  })

  describe('of multi-instance activities', () => {
    const LOOPED = (sequential: boolean) =>
      bpmn(
        'p',
        start() +
          subprocess(
            's',
            multiInstance(
              { inputCollection: '=[1, 2]', inputElement: 'item', outputCollection: 'out', outputElement: '=item' },
              { sequential },
            ),
            start('ss'),
            serviceTask('b'),
            end('se'),
            flows('ss -> b -> se'),
          ) +
          serviceTask('z') +
          end() +
          flows('start -> s -> z -> end'),
      )

    it('activates in one instance when it is named as ancestor', async () => {
      const test = await engineFor()
      const key = await test.run(LOOPED(false))
      const [first] = activeKeys(test, key, 's')
      await modify(test, key, [{ elementId: 'b', ancestorElementInstanceKey: first ?? 0 }])
      expect(activeTree(test, key)).toBe('s(s(b, b), s(b))')
    })

    it('goes on with the others when one instance is terminated', async () => {
      const test = await engineFor()
      const key = await test.run(LOOPED(false))
      const [, second] = activeKeys(test, key, 's')
      await modify(test, key, [], [second ?? 0])
      await test.completeJob('b')
      expect(activeTree(test, key)).toBe('z')
      expect(test.variables(key)).toEqual({ out: [1, null] })
    })

    it('ends the body with its last instance', async () => {
      const test = await engineFor()
      const key = await test.run(LOOPED(true))
      await modify(test, key, ['z'], [activeKey(test, key, 'b')])
      expect(activeTree(test, key)).toBe('z')
    })
  })

  describe('of called processes', () => {
    const CALL = {
      'child.bpmn': bpmn(
        'child',
        start() + serviceTask('c') + serviceTask('d') + end() + flows('start -> c -> d -> end'),
      ),
      'parent.bpmn': bpmn(
        'parent',
        start() +
          element('callActivity', { id: 'call' }, '<zeebe:calledElement processId="child"/>') +
          end() +
          flows('start -> call -> end'),
      ),
    }
    const childOf = (test: ProcessTest, key: number) =>
      test.engine.query.get<{ key: number }>(
        "SELECT key FROM process_instance WHERE parentProcessInstanceKey = ? AND state = 'ACTIVE'",
        key,
      )?.key ?? 0

    it('moves inside the called instance', async () => {
      const test = await engineFor({ resources: CALL })
      const key = await test.start('parent')
      const child = childOf(test, key)
      await modify(test, child, ['d'], [activeKey(test, child, 'c')])
      await test.completeJob('d')
      expect(test.stateOf(key)).toBe('COMPLETED')
    })

    it('does not end a called instance, neither bit by bit nor by its key', async () => {
      const test = await engineFor({ resources: CALL })
      const child = childOf(test, await test.start('parent'))
      for (const terminated of [activeKey(test, child, 'c'), child])
        await expect(modify(test, child, [], [terminated])).rejects.toMatchObject({
          type: 'INVALID_ARGUMENT',
          message:
            "Expected to modify instance of process 'child' but the given instructions would terminate the instance. " +
            'The instance was created by a call activity in the parent process. To terminate this instance please modify the parent process instead.',
        })
      expect(activeTree(test, child)).toBe('c')
    })

    it('ends the called instance with its call activity, and calls again', async () => {
      const test = await engineFor({ resources: CALL })
      const key = await test.start('parent')
      const child = childOf(test, key)
      await modify(test, key, ['call'], [activeKey(test, key, 'call')])
      expect(test.stateOf(child)).toBe('TERMINATED')
      expect(activeTree(test, childOf(test, key))).toBe('c')
    })
  })
})
