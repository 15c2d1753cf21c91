import {
  bpmn,
  catchEvent,
  element,
  end,
  flows,
  message,
  messageEvent,
  serviceTask,
  signal,
  signalEvent,
  start,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { callActivity, line } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

/** A process of one task, whose job type tells the versions apart. */
const version = (type: string, id = 'p') =>
  bpmn(
    id,
    start() + element('serviceTask', { id: 'work' }, `<zeebe:taskDefinition type="${type}"/>`) + end() + line('work'),
  )
const startedBy = (event: string, roots = '') =>
  bpmn('p', start('start', event) + serviceTask('work') + end() + line('work'), roots)
const table = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="rules" name="rules" namespace="n">
  <decision id="rate" name="rate"><variable name="rate"/><literalExpression><text>1 + 1</text></literalExpression></decision>
</definitions>`

/** Deletion of processes, decisions and forms. */
export const deletion = group('deletion', [
  scenario('a deleted process cannot be started and not be deleted again', async (t) => {
    await t.deploy(version('a'))
    await t.deleteResource('p')
    await t.start('p')
    await t.start('p', {}, { version: 1 })
    await t.deleteResource('p')
  }),
  scenario('after the deletion of the latest version the one before is started', async (t) => {
    await t.deploy(version('a'))
    await t.deploy(version('b'))
    await t.deleteResource('p', 2)
    await t.start('p')
    await t.start('p', {}, { version: 2 })
  }),
  scenario('the deletion of an earlier version leaves the latest', async (t) => {
    await t.deploy(version('a'))
    await t.deploy(version('b'))
    await t.deleteResource('p', 1)
    await t.start('p')
    await t.start('p', {}, { version: 1 })
  }),
  scenario('the next version after a deletion has a new number', async (t) => {
    await t.deploy(version('a'))
    await t.deploy(version('b'))
    await t.deleteResource('p', 2)
    await t.deploy(version('c'))
    await t.start('p')
  }),
  scenario('the same file can be deployed again after its deletion', async (t) => {
    await t.deploy(version('a'))
    await t.deleteResource('p')
    await t.deploy(version('a'))
    await t.start('p')
  }),
  scenario('running instances of a deleted process go on', async (t) => {
    await t.deploy(version('a'))
    await t.start('p')
    await t.deleteResource('p')
    await t.completeJob('a')
    await t.start('p')
  }),
  scenario('a deleted process is started by no message; the one before is again', async (t) => {
    const roots = message('m', 'm')
    await t.deploy(startedBy(messageEvent('m'), roots))
    await t.deploy(bpmn('p', start('begin', messageEvent('m')) + end() + flows('begin -> end'), roots))
    await t.deleteResource('p', 2)
    await t.publish('m')
    await t.deleteResource('p', 1)
    await t.publish('m')
  }),
  scenario('a deleted process is started by no signal', async (t) => {
    await t.deploy(startedBy(signalEvent('s'), signal('s', 's')))
    await t.broadcast('s')
    await t.deleteResource('p')
    await t.broadcast('s')
  }),
  scenario('a deleted process is started by no timer; the one before is again', async (t) => {
    await t.deploy(startedBy(timer('timeCycle', 'R/PT1H')))
    await t.deploy(bpmn('p', start('begin', timer('timeCycle', 'R/PT2H')) + end() + flows('begin -> end')))
    await t.deleteResource('p', 2)
    await t.moveClock('PT1H')
    await t.deleteResource('p', 1)
    await t.moveClock('PT1H')
  }),
  scenario('an instance of a deleted process waits for its message', async (t) => {
    await t.run(
      start() + catchEvent('wait', messageEvent('m')) + end() + line('wait'),
      { id: 'k' },
      message('m', 'm', '=id'),
    )
    await t.deleteResource('p')
    await t.publish('m', 'k')
  }),
  scenario('a deleted process cannot be called', async (t) => {
    await t.deploy({
      'p.bpmn': bpmn('p', start() + callActivity('call', { processId: 'child' }) + end() + line('call')),
      'child.bpmn': version('a', 'child'),
    })
    await t.deleteResource('child')
    await t.start('p')
    await t.deploy(version('b', 'child'))
    await t.resolveIncident('call')
  }),
  scenario(
    'a deleted decision is evaluated no more',
    async (t) => {
      await t.deploy({ 'rules.dmn': table })
      await t.evaluateDecision('rate')
      await t.deleteResource('rate')
      await t.evaluateDecision('rate')
    },
    { changedSince86: 'an unknown decision was an invalid argument' },
  ),
  scenario('after the deletion of the latest decision the one before is evaluated', async (t) => {
    await t.deploy({ 'rules.dmn': table })
    await t.deploy({ 'rules.dmn': table.replace('1 + 1', '2 + 2') })
    await t.deleteResource('rate', 2)
    await t.evaluateDecision('rate')
  }),
  scenario('a deleted form is found no more', async (t) => {
    await t.deploy({
      'request.form': '{"id":"request","type":"default","components":[]}',
      'p.bpmn': bpmn('p', start() + userTask('ask', '<zeebe:formDefinition formId="request"/>') + end() + line('ask')),
    })
    await t.start('p')
    await t.deleteResource('request')
    await t.start('p')
    await t.completeUserTask('ask')
  }),
])
