import {
  bpmn,
  element,
  end,
  flows,
  gateway,
  listeners,
  serviceTask,
  start,
  subprocess,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { line } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const two = start() + serviceTask('a') + serviceTask('b') + end() + line('a', 'b')
const nested =
  start() +
  subprocess('sub', start('s') + serviceTask('a') + serviceTask('b') + end('e') + flows('s -> a -> b -> e')) +
  end() +
  line('sub')

/** Listeners, modification, migration, deployment and refusals. */
export const operations = group('operations', [
  scenario('listeners at the start and the end of a task', async (t) => {
    await t.run(start() + serviceTask('work', listeners('start:before', 'end:after')) + end() + line('work'), { n: 1 })
    await t.completeJob('before', { x: 1 })
    await t.completeJob('work', { y: 2 })
    await t.completeJob('after', { z: 3 })
  }),
  scenario('listeners at a gateway, an end event and the process', async (t) => {
    await t.deploy(
      bpmn(
        'p',
        `<bpmn:extensionElements>${listeners('start:opened', 'end:closed')}</bpmn:extensionElements>` +
          start() +
          element('exclusiveGateway', { id: 'g' }, listeners('start:asked')) +
          element('endEvent', { id: 'end' }, listeners('start:ending')) +
          flows('start -> g -> end'),
      ),
    )
    await t.start('p')
    await t.completeJob('opened')
    await t.completeJob('asked')
    await t.completeJob('ending')
    await t.completeJob('closed')
  }),
  scenario('a listener that fails makes an incident', async (t) => {
    await t.run(start() + serviceTask('work', listeners('start:before')) + end() + line('work'))
    await t.failJob('before', { errorMessage: 'broken' })
    await t.updateRetries('before', 1)
    await t.resolveIncident('work')
    await t.completeJob('before')
  }),
  scenario('a modification activates an element', async (t) => {
    await t.run(two)
    await t.modify({ activate: [{ elementId: 'b', variables: { '': { x: 1 } } }] })
    await t.completeJob('b')
    await t.completeJob('a')
    await t.completeJob('b')
  }),
  scenario('a modification moves from one element to another', async (t) => {
    await t.run(two)
    await t.modify({ activate: [{ elementId: 'b', variables: { b: { local: 1 } } }], terminate: ['a'] })
    await t.completeJob('b')
  }),
  scenario('a modification that ends the last element ends the instance', async (t) => {
    await t.run(two)
    await t.modify({ terminate: ['a'] })
  }),
  scenario('a modification activates inside a subprocess', async (t) => {
    await t.run(nested)
    await t.modify({ activate: [{ elementId: 'b' }] })
    await t.completeJob('b')
    await t.completeJob('a')
  }),
  scenario(
    'a modification of an element that is not there is refused',
    async (t) => {
      await t.run(two)
      await t.modify({ activate: [{ elementId: 'nowhere' }] })
      await t.modify({ activate: [{ elementId: 'start' }] })
    },
    { changedSince86: 'fewer element types were listed' },
  ),
  scenario('a process is started before an element', async (t) => {
    await t.deploy(bpmn('p', two))
    await t.start('p', { x: 1 }, { startBefore: ['b'] })
    await t.completeJob('b')
  }),
  scenario('a process is started before elements inside a subprocess', async (t) => {
    await t.deploy(bpmn('p', nested))
    await t.start('p', {}, { startBefore: ['a', 'b'] })
  }),
  scenario('starting before an element that is not there is refused', async (t) => {
    await t.deploy(bpmn('p', two))
    await t.start('p', {}, { startBefore: ['nowhere'] })
  }),
  scenario('an instance migrates to a new version', async (t) => {
    await t.run(two)
    await t.deploy(
      bpmn(
        'p',
        two
          .replaceAll('"b"', '"c"')
          .replaceAll('a-b', 'a-c')
          .replaceAll('b-end', 'c-end')
          .replace('type="b"', 'type="c"'),
      ),
    )
    await t.migrate('p', 2, { a: 'a' })
    await t.completeJob('a')
  }),
  scenario('an instance migrates to an element of another name', async (t) => {
    await t.run(start() + userTask('ask') + end() + line('ask'))
    await t.deploy(bpmn('q', start() + userTask('question') + serviceTask('after') + end() + line('question', 'after')))
    await t.migrate('q', 1, { ask: 'question' })
    await t.completeUserTask('question')
  }),
  scenario('a migration without the active element is refused', async (t) => {
    await t.run(two)
    await t.deploy(bpmn('q', two))
    await t.migrate('q', 1, { b: 'b' })
    await t.migrate('q', 1, { a: 'nowhere' })
    await t.migrate('q', 7, { a: 'a' })
  }),
  scenario('an equal file is no new version', async (t) => {
    await t.deploy(bpmn('p', two))
    await t.deploy(bpmn('p', two))
    await t.deploy(bpmn('p', nested))
    await t.start('p', {}, { version: 1 })
    await t.start('p', {}, { version: 9 })
  }),
  scenario('files that are refused', async (t) => {
    await t.deploy(bpmn('p', serviceTask('alone')))
    await t.deploy(bpmn('p', start() + element('serviceTask', { id: 'work' }) + end() + line('work')))
    await t.deploy(bpmn('p', start() + gateway('eventBased', 'g') + end() + flows('start -> g -> end')))
    await t.deploy(
      bpmn(
        'p',
        start() +
          element('userTask', { id: 'a' }, '<zeebe:userTask/>', '<zeebe:taskSchedule dueDate="tomorrow"/>') +
          end() +
          line('a'),
      ),
    )
  }),
  scenario(
    'commands for what is not there are refused',
    async (t) => {
      await t.start('nothing')
      await t.cancel('nothing')
      await t.resolveIncident('nothing')
      await t.updateRetries('nothing', 1)
      await t.setVariables('nothing', { a: 1 })
      await t.evaluateDecision('nothing')
      await t.completeJob(await t.take('nothing'))
      await t.publish('nothing', '', { id: 'x' })
    },
    { changedSince86: 'an unknown decision was an invalid argument' },
  ),
  scenario('an instance that has ended cannot be cancelled', async (t) => {
    await t.run(start() + end() + flows('start -> end'))
    await t.cancel()
  }),
])
