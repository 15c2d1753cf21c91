import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  eventSubprocess,
  flows,
  gateway,
  mapping,
  serviceTask,
  start,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { line, throwEvent } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const alarm = '<bpmn:signal id="s" name="alarm"></bpmn:signal>'
const signalEvent = '<bpmn:signalEventDefinition id="d" signalRef="s"/>'
const event = (id: string) => signalEvent.replace('"d"', `"d-${id}"`)
const waiting = start() + catchEvent('wait', event('w')) + end() + line('wait')
const guarded = (interrupting: boolean) =>
  start() +
  serviceTask('work') +
  boundary('heard', 'work', event('b'), interrupting) +
  end() +
  end('end2') +
  flows('start -> work -> end', 'heard -> end2')
const within = (isInterrupting: boolean) =>
  start() +
  serviceTask('work') +
  end() +
  line('work') +
  eventSubprocess(
    'sub',
    element('startEvent', { id: 'heard', isInterrupting }, event('e')) +
      serviceTask('handle') +
      end('handled') +
      flows('heard -> handle -> handled'),
  )

/** Signal events. */
export const signals = group('signals', [
  scenario('a signal reaches everyone who waits for it', async (t) => {
    await t.run(waiting, { amount: 1 }, alarm)
    await t.start('p')
    await t.deploy(bpmn('q', waiting, alarm))
    await t.start('q')
    await t.broadcast('other')
    await t.broadcast('alarm', { amount: 2, by: 'x' })
    await t.broadcast('alarm')
  }),
  scenario('nobody hears a signal that was broadcast before', async (t) => {
    await t.broadcast('alarm')
    await t.run(waiting, {}, alarm)
  }),
  scenario('a catch event maps what the signal brings', async (t) => {
    await t.run(
      start() + catchEvent('wait', mapping({ outputs: { sum: '=amount' } }), event('w')) + end() + line('wait'),
      {},
      alarm,
    )
    await t.broadcast('alarm', { amount: 2, by: 'x' })
  }),
  scenario('a signal starts a process', async (t) => {
    await t.deploy(
      bpmn('p', element('startEvent', { id: 'start' }, event('s')) + serviceTask('work') + end() + line('work'), alarm),
    )
    await t.broadcast('alarm', { by: 'x' })
    await t.broadcast('alarm')
  }),
  scenario('a boundary event interrupts by signal', async (t) => {
    await t.run(guarded(true), {}, alarm)
    await t.broadcast('alarm', { by: 'x' })
    await t.broadcast('alarm')
  }),
  scenario('a boundary event hears each signal beside', async (t) => {
    await t.run(guarded(false), {}, alarm)
    await t.broadcast('alarm', { number: 1 })
    await t.broadcast('alarm', { number: 2 })
    await t.completeJob('work')
    await t.broadcast('alarm')
  }),
  scenario('an event subprocess interrupts by signal', async (t) => {
    await t.run(within(true), {}, alarm)
    await t.broadcast('alarm', { by: 'x' })
    await t.completeJob('handle')
  }),
  scenario('an event subprocess starts beside by signal', async (t) => {
    await t.run(within(false), {}, alarm)
    await t.broadcast('alarm', { by: 'x' })
    await t.broadcast('alarm')
    await t.completeJob('work')
    await t.completeJob('handle')
    await t.completeJob('handle')
  }),
  scenario('an event-based gateway goes on by signal', async (t) => {
    await t.run(
      start() +
        gateway('eventBased', 'g') +
        catchEvent('heard', event('g')) +
        catchEvent('late', timer('timeDuration', 'PT1H')) +
        end('e1') +
        end('e2') +
        flows('start -> g', 'g -> heard -> e1', 'g -> late -> e2'),
      {},
      alarm,
    )
    await t.broadcast('alarm', { by: 'x' })
  }),
  scenario('throwing a signal reaches another process', async (t) => {
    await t.run(waiting, {}, alarm)
    await t.deploy(bpmn('q', start() + throwEvent('tell', event('t')) + end() + line('tell'), alarm))
    await t.start('q', { secret: 1 })
  }),
  scenario('a throw event maps what goes with the signal', async (t) => {
    await t.run(waiting, {}, alarm)
    await t.deploy(
      bpmn(
        'q',
        start() + throwEvent('tell', mapping({ inputs: { told: '=secret + 1' } }), event('t')) + end() + line('tell'),
        alarm,
      ),
    )
    await t.start('q', { secret: 1 })
  }),
  scenario('ending with a signal', async (t) => {
    await t.run(waiting, {}, alarm)
    await t.deploy(bpmn('q', start() + element('endEvent', { id: 'end' }, event('t')) + flows('start -> end'), alarm))
    await t.start('q')
  }),
  scenario('a signal name by expression', async (t) => {
    await t.run(waiting, { kind: 'fire' }, alarm.replace('"alarm"', '"=kind + &quot;~&quot;"'))
    await t.broadcast('fire')
  }),
  scenario('a signal name that is no text makes an incident', async (t) => {
    await t.run(waiting, {}, alarm.replace('"alarm"', '"=kind"'))
    await t.setVariables('p', { kind: 'x' })
    await t.resolveIncident('wait')
    await t.cancel()
  }),
])
