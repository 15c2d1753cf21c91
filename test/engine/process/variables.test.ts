import { describe, expect, it } from 'vitest'
import {
  bpmn,
  element,
  end,
  flows,
  job,
  mapping,
  serviceTask,
  start,
  subprocess,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const one = (...content: string[]) =>
  bpmn(
    'p',
    start() + element('serviceTask', { id: 'task' }, job('task'), ...content) + end() + flows('start -> task -> end'),
  )

describe('input mappings', () => {
  it('make local variables that the worker sees and the process does not', async () => {
    const test = await engineFor()
    const key = await test.run(
      one(mapping({ inputs: { name: '=party.name', 'address.city': '="台前"', text: 'static' } })),
      { party: { name: '甲某一' } },
    )
    expect((await test.takeJob('task')).variables).toEqual({
      party: { name: '甲某一' },
      name: '甲某一',
      address: { city: '台前' },
      text: 'static',
    })
    expect(test.variables(key)).toEqual({ party: { name: '甲某一' } })
  })

  it('give null for what is not there', async () => {
    const test = await engineFor()
    const key = await test.run(one(mapping({ inputs: { x: '=missing.part' } })))
    expect(test.variables(key, 'task')).toEqual({ x: null })
  })

  it('that fail an assertion make an incident and are tried again', async () => {
    const test = await engineFor()
    const key = await test.run(one(mapping({ inputs: { a: '=1', x: '=assert(y, y != null, "who?")', 'b.c': '="d"' } })))
    expect(test.incidents(key)).toMatchObject([
      {
        errorType: 'IO_MAPPING_ERROR',
        elementId: 'task',
        errorMessage:
          `Assertion failure on evaluate the expression '{a:1,x:assert(y, y != null, "who?"),b:{c:"d"}}': who? ` +
          'The evaluation reported the following warnings:\n' +
          "[NO_VARIABLE_FOUND] No variable found with name 'y'\n".repeat(2) +
          '[ASSERT_FAILURE] who?',
      },
    ])
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { y: 1 } })
    await test.resolveIncident(key)
    expect(test.variables(key, 'task')).toEqual({ a: 1, x: 1, b: { c: 'd' } })
    expect(await test.takeJobs('task')).toHaveLength(1)
  })
})

describe('variables of a job', () => {
  it('change the nearest variable of their name, else make one of the process', async () => {
    const test = await engineFor()
    const inner = start('s') + serviceTask('work', mapping({ inputs: { near: '=1' } })) + serviceTask('next')
    const xml = bpmn(
      'p',
      start() +
        subprocess('sub', mapping({ inputs: { far: '=1' } }), inner, flows('s -> work -> next')) +
        flows('start -> sub'),
    )
    const key = await test.run(xml)
    await test.completeJob('work', { near: 2, far: 2, fresh: 2 })
    expect(test.variables(key, 'work')).toEqual({ near: 2 })
    expect(test.variables(key, 'sub')).toEqual({ far: 2 })
    expect(test.variables(key)).toEqual({ fresh: 2 })
  })

  it('go on outwards where the nearest has the same value already', async () => {
    const test = await engineFor()
    const inner = start('s') + serviceTask('work', mapping({ inputs: { near: '=1' } })) + serviceTask('next')
    const xml = bpmn(
      'p',
      start() +
        subprocess('sub', mapping({ inputs: { far: '=1' } }), inner, flows('s -> work -> next')) +
        flows('start -> sub'),
    )
    const key = await test.run(xml, { far: 5 })
    await test.completeJob('work', { near: 1, far: 1 })
    expect(test.variables(key)).toEqual({ near: 1, far: 1 })
  })
})

describe('output mappings', () => {
  it('hand over only what they name; a path changes a part', async () => {
    const test = await engineFor()
    const key = await test.run(one(mapping({ outputs: { 'party.checked': '=ok', total: '=a + b', at: '=now()' } })), {
      party: { name: 'x' },
      a: 1,
    })
    await test.completeJob('task', { ok: true, b: 2 })
    expect(test.variables(key)).toMatchObject({ party: { name: 'x', checked: true }, a: 1, total: 3 })
    expect(test.variables(key).at).toMatch(/^2026-11-23T09:00(:00)?\+08:00/)
    expect(test.variables(key, 'task')).toEqual({ ok: true, b: 2 })
  })

  it('that fail make an incident at completion and are tried again', async () => {
    const test = await engineFor()
    const key = await test.run(one(mapping({ outputs: { x: '=assert(y, y != null)' } })))
    await test.completeJob('task')
    expect(test.incidents(key)).toMatchObject([{ errorType: 'IO_MAPPING_ERROR', elementId: 'task' }])
    await test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { y: 2 } })
    await test.resolveIncident(key)
    expect(test.variables(key)).toEqual({ x: 2, y: 2 })
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('variables of a job without output mapping', () => {
  it('go to the nearest scope that has them, else to the root', async () => {
    const test = await engineFor()
    const sub = subprocess(
      'sub',
      mapping({ inputs: { inSub: '=1' } }),
      start('s'),
      serviceTask('task', mapping({ inputs: { inTask: '=1' } })),
      serviceTask('next'),
      flows('s -> task -> next'),
    )
    const key = await test.run(bpmn('p', start() + sub + end() + flows('start -> sub -> end')), { inRoot: 1 })
    await test.completeJob('task', { inTask: 2, inSub: 2, inRoot: 2, fresh: 2 })
    expect(test.variables(key)).toEqual({ inRoot: 2, fresh: 2 })
    expect(test.variables(key, 'sub')).toEqual({ inSub: 2 })
    expect(test.variables(key, 'task')).toEqual({ inTask: 2 })
  })
})

describe('setting variables', () => {
  it('local or where they are defined', async () => {
    const test = await engineFor()
    const key = await test.run(one(), { a: 1 })
    const { elementInstanceKey } = await test.takeJob('task')
    await test.execute({ type: 'SetVariables', elementInstanceKey, variables: { a: 2, b: 2 } })
    await test.execute({ type: 'SetVariables', elementInstanceKey, variables: { a: 3 }, local: true })
    expect(test.variables(key)).toEqual({ a: 2, b: 2 })
    expect(test.variables(key, 'task')).toEqual({ a: 3 })
  })

  it('is refused where nothing is active any more', async () => {
    const test = await engineFor()
    const key = await test.run(bpmn('p', start() + end() + flows('start -> end')))
    const late = test.execute({ type: 'SetVariables', elementInstanceKey: key, variables: { a: 1 } })
    await expect(late).rejects.toMatchObject({ type: 'NOT_FOUND' })
  })

  it('takes any name and any JSON value as data', async () => {
    const test = await engineFor()
    const variables = JSON.parse(
      '{"__proto__":{"x":1},"list":[1,"二",null,{"a":[]}],"text":"\\u0000\\"\'","big":9007199254740991}',
    )
    const key = await test.run(one(), variables)
    expect((await test.takeJob('task')).variables).toEqual(variables)
    expect(Object.keys(test.variables(key))).toHaveLength(4)
  })
})
