import {
  boundary,
  bpmn,
  element,
  end,
  error,
  errorEvent,
  eventSubprocess,
  flows,
  mapping,
  multiInstance,
  serviceTask,
  start,
  subprocess,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { callActivity, line, terminateEnd, throwEvent } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const bad = error('bad', 'BAD')
const failing = (id = 'failed') => element('endEvent', { id }, errorEvent('bad'))
const errorSubprocess = eventSubprocess(
  'sub',
  element('startEvent', { id: 'caught' }, errorEvent('bad')) +
    serviceTask('handle') +
    end('handled') +
    flows('caught -> handle -> handled'),
)
const inner = (content: string) => subprocess('inner', start('s') + content)

/** Error, terminate and link events. */
export const errors = group('errors', [
  scenario('an error end event is caught at its subprocess', (t) =>
    t.run(
      start() +
        inner(failing() + flows('s -> failed')) +
        boundary('caught', 'inner', errorEvent('bad')) +
        end() +
        end('end2') +
        flows('start -> inner -> end', 'caught -> end2'),
      {},
      bad,
    ),
  ),
  scenario('an error that nobody catches makes an incident at the end event', async (t) => {
    await t.run(start() + failing() + flows('start -> failed'), {}, bad)
    await t.resolveIncident('failed')
  }),
  scenario('an error with another code is not caught; the codes that are there are named', (t) =>
    t.run(
      start() +
        inner(failing() + flows('s -> failed')) +
        boundary('caught', 'inner', errorEvent('other')) +
        end() +
        end('end2') +
        flows('start -> inner -> end', 'caught -> end2'),
      {},
      bad + error('other', 'OTHER'),
    ),
  ),
  scenario('an event without code catches every error', (t) =>
    t.run(
      start() +
        inner(failing() + flows('s -> failed')) +
        boundary('caught', 'inner', errorEvent()) +
        end() +
        end('end2') +
        flows('start -> inner -> end', 'caught -> end2'),
      {},
      bad,
    ),
  ),
  scenario('the very code goes before the event that catches all', async (t) => {
    await t.run(
      start() +
        serviceTask('work') +
        boundary('all', 'work', errorEvent()) +
        boundary('one', 'work', errorEvent('bad')) +
        end() +
        end('e1') +
        end('e2') +
        flows('start -> work -> end', 'all -> e1', 'one -> e2'),
      {},
      bad,
    )
    await t.throwError('work', 'BAD')
  }),
  scenario('the nearest event catches, also when one further out has the very code', async (t) => {
    await t.run(
      start() +
        inner(
          serviceTask('work') +
            boundary('all', 'work', errorEvent()) +
            end('e') +
            end('e1') +
            flows('s -> work -> e', 'all -> e1'),
        ) +
        boundary('one', 'inner', errorEvent('bad')) +
        end() +
        end('e2') +
        flows('start -> inner -> end', 'one -> e2'),
      {},
      bad,
    )
    await t.throwError('work', 'BAD')
  }),
  scenario('an error ends the other branches of the subprocess', async (t) => {
    await t.run(
      start() +
        inner(serviceTask('a') + serviceTask('b') + end('e') + flows('s -> a -> e', 's -> b -> e')) +
        boundary('caught', 'inner', errorEvent('bad')) +
        end() +
        end('end2') +
        flows('start -> inner -> end', 'caught -> end2'),
      {},
      bad,
    )
    await t.throwError('a', 'BAD', 'why', { detail: 1 })
  }),
  scenario('an event subprocess catches an error of the process', async (t) => {
    await t.run(start() + serviceTask('work') + end() + line('work') + errorSubprocess, { known: 1 }, bad)
    await t.throwError('work', 'BAD', '', { known: 2, other: 3 })
    await t.completeJob('handle')
  }),
  scenario('an event subprocess catches an error end event', async (t) => {
    await t.run(start() + failing() + flows('start -> failed') + errorSubprocess, {}, bad)
    await t.completeJob('handle')
  }),
  scenario('an error inside the event subprocess that catches it is not caught again', async (t) => {
    await t.run(start() + serviceTask('work') + end() + line('work') + errorSubprocess, {}, bad)
    await t.throwError('work', 'BAD')
    await t.throwError('handle', 'BAD')
  }),
  scenario('an error goes through a call activity', async (t) => {
    await t.deploy({
      'child.bpmn': bpmn('child', start() + serviceTask('work') + end() + line('work')),
      'p.bpmn': bpmn(
        'p',
        start() +
          callActivity('call', { processId: 'child' }) +
          boundary('caught', 'call', errorEvent('bad')) +
          end() +
          end('end2') +
          flows('start -> call -> end', 'caught -> end2'),
        bad,
      ),
    })
    await t.start('p')
    await t.throwError('work', 'BAD', 'why', { detail: 1 })
  }),
  scenario('a boundary event maps what comes with the error', async (t) => {
    await t.run(
      start() +
        serviceTask('work') +
        boundary('caught', 'work', errorEvent('bad'), true, mapping({ outputs: { reason: '=detail' } })) +
        end() +
        end('end2') +
        flows('start -> work -> end', 'caught -> end2'),
      {},
      bad,
    )
    await t.throwError('work', 'BAD', 'why', { detail: 'late', other: 1 })
  }),
  scenario('an error out of one instance ends a multi-instance activity', async (t) => {
    await t.run(
      start() +
        serviceTask('work', multiInstance({ inputCollection: '=[1, 2, 3]', inputElement: 'item' })) +
        boundary('caught', 'work', errorEvent('bad')) +
        end() +
        end('end2') +
        flows('start -> work -> end', 'caught -> end2'),
      {},
      bad,
    )
    await t.completeJob('work')
    await t.throwError('work', 'BAD')
  }),
  scenario('an error code by expression', (t) =>
    t.run(
      start() +
        inner(element('endEvent', { id: 'failed' }, errorEvent('dynamic')) + flows('s -> failed')) +
        boundary('caught', 'inner', errorEvent('bad')) +
        end() +
        end('end2') +
        flows('start -> inner -> end', 'caught -> end2'),
      { code: 'BAD' },
      bad + error('dynamic', '=code'),
    ),
  ),
  scenario('an error code that is no text makes an incident', async (t) => {
    await t.run(
      start() + element('endEvent', { id: 'failed' }, errorEvent('dynamic')) + flows('start -> failed'),
      { code: 7 },
      error('dynamic', '=code'),
    )
  }),
  scenario('a terminate end event ends the process', async (t) => {
    await t.run(
      start() +
        serviceTask('a') +
        serviceTask('b') +
        end() +
        terminateEnd('stop') +
        flows('start -> a -> stop', 'start -> b -> end'),
    )
    await t.completeJob('a', { left: true })
  }),
  scenario('a terminate end event ends only its subprocess', async (t) => {
    await t.run(
      start() +
        inner(
          serviceTask('a') +
            serviceTask('b') +
            end('e') +
            terminateEnd('stop') +
            flows('s -> a -> stop', 's -> b -> e'),
        ) +
        serviceTask('after') +
        end() +
        line('inner', 'after'),
    )
    await t.completeJob('a')
    await t.completeJob('after')
  }),
  scenario('a link throws to its catch event', (t) =>
    t.run(
      start() +
        throwEvent('to', '<bpmn:linkEventDefinition id="l1" name="page 2"/>') +
        element('intermediateCatchEvent', { id: 'from' }, '<bpmn:linkEventDefinition id="l2" name="page 2"/>') +
        end() +
        flows('start -> to', 'from -> end'),
    ),
  ),
])
