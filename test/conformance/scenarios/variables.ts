import {
  boundary,
  bpmn,
  element,
  end,
  error,
  errorEvent,
  flows,
  gateway,
  mapping,
  serviceTask,
  start,
  subprocess,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { line } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const task = (mappings: Parameters<typeof mapping>[0]) =>
  start() + serviceTask('work', mapping(mappings)) + end() + line('work')

/** Mappings, scopes and expressions. */
export const variables = group('variables', [
  scenario('input mappings make local variables; a later one sees an earlier one', async (t) => {
    await t.run(task({ inputs: { a: '=n + 1', b: '=a * 2', n: '="own"' } }), { n: 1 })
    await t.take('work')
  }),
  scenario('without output mappings what is known locally stays local', async (t) => {
    await t.run(task({ inputs: { a: '=1' } }), { b: 1 })
    await t.completeJob('work', { a: 2, b: 2, c: 2 })
  }),
  scenario('with output mappings only these leave', async (t) => {
    await t.run(task({ outputs: { total: '=amount + fee', 'detail.amount': '=amount' } }), {
      fee: 1,
      detail: { kept: true },
    })
    await t.completeJob('work', { amount: 10, fee: 2 })
  }),
  scenario('a mapping to a path makes the contexts around it', async (t) => {
    await t.run(task({ inputs: { 'a.b.c': '=1', 'a.d': '=2' }, outputs: { 'x.y': '=a.b.c' } }))
    await t.completeJob('work')
  }),
  scenario('a mapping to a path over something that is no context', async (t) => {
    await t.run(task({ outputs: { 'x.y': '=1' } }), { x: 5 })
    await t.completeJob('work')
  }),
  scenario('a mapping of a missing variable gives null', async (t) => {
    await t.run(task({ inputs: { a: '=missing', b: '=missing.deep' } }))
    await t.take('work')
  }),
  scenario('a static mapping is text', async (t) => {
    await t.run(task({ inputs: { a: 'plain text', b: '12' } }))
    await t.take('work')
  }),
  scenario('an input mapping that fails makes an incident', async (t) => {
    await t.run(task({ inputs: { a: '=assert(n, n > 0, "n is too small")' } }), { n: 0 })
    await t.setVariables('p', { n: 1 })
    await t.resolveIncident('work')
    await t.take('work')
  }),
  scenario('an output mapping that fails makes an incident', async (t) => {
    await t.run(task({ outputs: { a: '=assert(n, n > 0)' } }))
    await t.completeJob('work', { n: 0 })
    await t.setVariables('work', { n: 1 }, { local: true })
    await t.resolveIncident('work')
  }),
  scenario('values of every kind go through', async (t) => {
    const values = {
      text: '文本 "x"',
      number: 1.25,
      big: 123456789012,
      yes: true,
      none: null,
      list: [1, [2]],
      context: { a: { b: null } },
    }
    await t.run(
      task({ inputs: Object.fromEntries(Object.keys(values).map((name) => [`i_${name}`, `=${name}`])) }),
      values,
    )
    await t.take('work')
  }),
  scenario(
    'dates become text',
    async (t) => {
      await t.run(
        task({
          inputs: {
            date: '=date("2026-11-24")',
            time: '=time("10:11:12")',
            moment: '=date and time("2026-11-24T10:11:12+08:00")',
            span: '=duration("PT36H")',
            months: '=duration("P14M")',
          },
        }),
      )
      await t.take('work')
    },
    { changedSince86: 'durations were written with hours only' },
  ),
  scenario('setting a variable where it is defined, else at the root', async (t) => {
    await t.run(
      start() +
        subprocess(
          'sub',
          mapping({ inputs: { own: '=1' } }),
          start('s') + serviceTask('work', mapping({ inputs: { inmost: '=1' } })) + end('e') + flows('s -> work -> e'),
        ) +
        end() +
        line('sub'),
      { outer: 1 },
    )
    await t.setVariables('work', { inmost: 2, own: 2, outer: 2, fresh: 2 })
    await t.setVariables('work', { own: 3, only: 3 }, { local: true })
    await t.setVariables('p', { own: 4 })
    await t.completeJob('work', { own: 5, inmost: 5, only: 5, outer: 5 })
  }),
  scenario('setting variables of an element that has ended is refused', async (t) => {
    await t.run(task({}))
    await t.completeJob('work')
    await t.setVariables('work', { a: 1 })
  }),
  scenario('output mappings of a subprocess', async (t) => {
    await t.run(
      start() +
        subprocess(
          'sub',
          mapping({ inputs: { own: '=1' }, outputs: { taken: '=own' } }),
          start('s') + serviceTask('work') + end('e') + flows('s -> work -> e'),
        ) +
        end() +
        line('sub'),
    )
    await t.completeJob('work', { own: 7, fresh: 8 })
  }),
  scenario('output mappings of a start and an end event', async (t) => {
    await t.run(
      start('start', mapping({ outputs: { doubled: '=n * 2' } })) +
        element('endEvent', { id: 'end' }, mapping({ outputs: { last: '=doubled + 1' } })) +
        flows('start -> end'),
      { n: 2 },
    )
  }),
  scenario('mappings of a user task', async (t) => {
    await t.run(
      start() +
        userTask('ask', mapping({ inputs: { question: '="how many of " + what' }, outputs: { count: '=answer' } })) +
        end() +
        line('ask'),
      { what: 'x' },
    )
    await t.completeUserTask('ask', { answer: 3, other: 4 })
  }),
  scenario('variables of an interrupted task stay behind', async (t) => {
    await t.run(
      start() +
        serviceTask('work', mapping({ inputs: { own: '=1' } })) +
        boundary('failed', 'work', errorEvent('bad')) +
        end() +
        end('end2') +
        flows('start -> work -> end', 'failed -> end2'),
      {},
      error('bad', 'BAD'),
    )
    await t.throwError('work', 'BAD')
  }),
  scenario('parallel branches write the same variable', async (t) => {
    await t.run(
      start() +
        gateway('parallel', 'fork') +
        serviceTask('a') +
        serviceTask('b') +
        gateway('parallel', 'join') +
        end() +
        flows('start -> fork -> a -> join -> end', 'fork -> b -> join'),
    )
    await t.completeJob('a', { x: 1 })
    await t.completeJob('b', { x: 2 })
  }),
  scenario('a started process answers with its variables when it has completed', async (t) => {
    await t.deploy(
      bpmn(
        'p',
        start() +
          element('scriptTask', { id: 'a' }, '<zeebe:script expression="=n + 1" resultVariable="m"/>') +
          end() +
          line('a'),
      ),
    )
    await t.startAndAwait('p', { n: 1 })
    await t.startAndAwait('p', { n: 1 }, ['m', 'missing'])
  }),
])
