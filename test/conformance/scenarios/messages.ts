import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  eventSubprocess,
  flows,
  job,
  mapping,
  message,
  messageEvent,
  serviceTask,
  start,
  subprocess,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { line, throwEvent } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const paid = message('m', 'paid', '=order')
const waiting = start() + catchEvent('wait', messageEvent('m')) + end() + line('wait')
const guarded = (interrupting: boolean, content = '') =>
  start() +
  serviceTask('work') +
  boundary('got', 'work', messageEvent('m'), interrupting, content) +
  end() +
  end('end2') +
  flows('start -> work -> end', 'got -> end2')
const within = (isInterrupting: boolean) =>
  start() +
  serviceTask('work') +
  end() +
  line('work') +
  eventSubprocess(
    'sub',
    element('startEvent', { id: 'got', isInterrupting }, messageEvent('m')) +
      serviceTask('handle') +
      end('handled') +
      flows('got -> handle -> handled'),
  )
const started = bpmn(
  'p',
  element('startEvent', { id: 'start' }, messageEvent('m')) + serviceTask('work') + end() + line('work'),
  message('m', 'ordered'),
)

/** Message events, correlation, buffering. */
export const messages = group('messages', [
  scenario('a catch event takes the message with its key', async (t) => {
    await t.run(waiting, { order: '1', amount: 0 }, paid)
    await t.publish('paid', '2')
    await t.publish('other', '1')
    await t.publish('paid', '1', { variables: { amount: 5, by: 'x' } })
    await t.publish('paid', '1')
  }),
  scenario('a catch event maps what the message brings', async (t) => {
    await t.run(
      start() +
        catchEvent('wait', mapping({ outputs: { sum: '=amount + 1' } }), messageEvent('m')) +
        end() +
        line('wait'),
      { order: '1' },
      paid,
    )
    await t.publish('paid', '1', { variables: { amount: 5 } })
  }),
  scenario('a message waits for its catch event as long as it lives', async (t) => {
    await t.publish('paid', '1', { ttl: 'PT1H', variables: { early: true } })
    await t.run(waiting, { order: '1' }, paid)
  }),
  scenario('a message without time to live does not wait', async (t) => {
    await t.publish('paid', '1')
    await t.run(waiting, { order: '1' }, paid)
  }),
  scenario('a message that lived too short is gone', async (t) => {
    await t.publish('paid', '1', { ttl: 'PT10M' })
    await t.moveClock('PT20M')
    await t.run(waiting, { order: '1' }, paid)
  }),
  scenario('buffered messages are taken in the order of publishing', async (t) => {
    await t.publish('paid', '1', { ttl: 'PT1H', variables: { number: 1 } })
    await t.publish('paid', '1', { ttl: 'PT1H', variables: { number: 2 } })
    await t.run(waiting, { order: '1' }, paid)
    await t.start('p', { order: '1' })
    await t.start('p', { order: '1' })
  }),
  scenario('a message id is refused while the first lives', async (t) => {
    await t.publish('paid', '1', { ttl: 'PT1H', id: 'x' })
    await t.publish('paid', '1', { ttl: 'PT1H', id: 'x' })
    await t.publish('paid', '2', { ttl: 'PT1H', id: 'x' })
    await t.moveClock('PT2H')
    await t.publish('paid', '1', { ttl: 'PT1H', id: 'x' })
  }),
  scenario('a message goes to each process once, and to one instance of each', async (t) => {
    await t.run(waiting, { order: '1' }, paid)
    await t.start('p', { order: '1' })
    await t.deploy(bpmn('q', waiting, paid))
    await t.start('q', { order: '1' })
    await t.publish('paid', '1')
  }),
  scenario('a buffered message goes to another process later', async (t) => {
    await t.run(waiting, { order: '1' }, paid)
    await t.publish('paid', '1', { ttl: 'PT1H' })
    await t.start('p', { order: '1' })
    await t.deploy(bpmn('q', waiting, paid))
    await t.start('q', { order: '1' })
  }),
  scenario('correlation finds the one that waits', async (t) => {
    await t.run(waiting, { order: '1' }, paid)
    await t.correlate('paid', '1', { amount: 4 })
  }),
  scenario('correlation is refused when nobody waits', async (t) => {
    await t.deploy(bpmn('p', waiting, paid))
    await t.correlate('paid', '1')
  }),
  scenario('a name by expression', async (t) => {
    await t.run(waiting, { order: '1', kind: 'fast' }, message('m', '="paid-" + kind + "~"', '=order'))
    await t.publish('paid-fast', '1')
  }),
  scenario('a name that is no text makes an incident', async (t) => {
    await t.run(waiting, { order: '1' }, message('m', '=kind', '=order'))
    await t.setVariables('p', { kind: 'k' })
    await t.resolveIncident('wait')
    await t.cancel()
  }),
  scenario('an interrupting boundary event ends the task', async (t) => {
    await t.run(guarded(true), { order: '1' }, paid)
    await t.publish('paid', '1', { variables: { amount: 1 } })
    await t.publish('paid', '1')
  }),
  scenario('a boundary event maps what it gets', async (t) => {
    await t.run(guarded(true, mapping({ outputs: { sum: '=amount' } })), { order: '1' }, paid)
    await t.publish('paid', '1', { variables: { amount: 1, other: 2 } })
  }),
  scenario('a boundary event that does not interrupt happens each time', async (t) => {
    await t.run(guarded(false), { order: '1' }, paid)
    await t.publish('paid', '1', { variables: { number: 1 } })
    await t.publish('paid', '1', { variables: { number: 2 } })
    await t.completeJob('work')
    await t.publish('paid', '1')
  }),
  scenario('the key of a boundary event does not see the local variables of its task', async (t) => {
    await t.run(
      start() +
        serviceTask('work', mapping({ inputs: { order: '="local"' } })) +
        boundary('got', 'work', messageEvent('m')) +
        end() +
        end('end2') +
        flows('start -> work -> end', 'got -> end2'),
      { order: 'outer' },
      paid,
    )
    await t.publish('paid', 'local')
    await t.publish('paid', 'outer')
  }),
  scenario('a boundary event without key makes an incident', async (t) => {
    await t.run(guarded(true), {}, paid)
    await t.setVariables('p', { order: '1' })
    await t.resolveIncident('work')
    await t.publish('paid', '1')
  }),
  scenario('an event subprocess interrupts by message', async (t) => {
    await t.run(within(true), { order: '1', known: 1 }, paid)
    await t.publish('paid', '1', { variables: { known: 2, other: 3 } })
    await t.completeJob('handle')
  }),
  scenario('an event subprocess starts beside, once a message', async (t) => {
    await t.run(within(false), { order: '1' }, paid)
    await t.publish('paid', '1', { variables: { number: 1 } })
    await t.publish('paid', '1', { variables: { number: 2 } })
    await t.completeJob('work')
    await t.completeJob('handle')
    await t.completeJob('handle')
  }),
  scenario('an event subprocess inside a subprocess', async (t) => {
    await t.run(
      start() +
        subprocess(
          'outer',
          start('s') +
            serviceTask('work') +
            end('e') +
            flows('s -> work -> e') +
            eventSubprocess(
              'sub',
              element('startEvent', { id: 'got' }, messageEvent('m')) +
                serviceTask('handle') +
                end('handled') +
                flows('got -> handle -> handled'),
            ),
        ) +
        end() +
        line('outer'),
      { order: '1', known: 1 },
      paid,
    )
    await t.publish('paid', '1', { variables: { known: 2, fresh: 3 } })
    await t.completeJob('handle')
  }),
  scenario('the start of an event subprocess maps what it gets', async (t) => {
    await t.run(
      start() +
        serviceTask('work') +
        end() +
        line('work') +
        eventSubprocess(
          'sub',
          element('startEvent', { id: 'got' }, mapping({ outputs: { sum: '=amount' } }), messageEvent('m')) +
            serviceTask('handle') +
            end('handled') +
            flows('got -> handle -> handled'),
        ),
      { order: '1' },
      paid,
    )
    await t.publish('paid', '1', { variables: { amount: 3, other: 4 } })
  }),
  scenario('an event subprocess that interrupts no longer hears of messages', async (t) => {
    await t.run(within(true), { order: '1' }, paid)
    await t.publish('paid', '1')
    await t.publish('paid', '1')
  }),
  scenario('a message starts a process', async (t) => {
    await t.deploy(started)
    await t.publish('ordered', 'A', { variables: { item: 'book' } })
    await t.completeJob('work')
  }),
  scenario('one live instance a correlation key; the next message waits for its end', async (t) => {
    await t.deploy(started)
    await t.publish('ordered', 'A', { ttl: 'PT1H', variables: { number: 1 } })
    await t.publish('ordered', 'A', { ttl: 'PT1H', variables: { number: 2 } })
    await t.publish('ordered', 'B')
    await t.completeJob('work')
    await t.completeJob('work')
    await t.completeJob('work')
  }),
  scenario('without correlation key each message starts an instance', async (t) => {
    await t.deploy(started)
    await t.publish('ordered')
    await t.publish('ordered')
  }),
  scenario('a message buffered before the deployment does not start the process', async (t) => {
    await t.publish('ordered', 'A', { ttl: 'PT1H' })
    await t.deploy(started)
  }),
  scenario(
    'correlation starts a process',
    async (t) => {
      await t.deploy(started)
      await t.correlate('ordered', 'A', { item: 'x' })
      await t.correlate('ordered', 'A', { item: 'y' })
    },
    { changedSince86: 'the refusal did not tell of the live instance' },
  ),
  scenario('a new version takes over the start message', async (t) => {
    await t.deploy(started)
    await t.deploy(started.replaceAll('work', 'other'))
    await t.publish('ordered', 'A')
  }),
  scenario('a message start event maps variables', async (t) => {
    await t.deploy(
      bpmn(
        'p',
        element('startEvent', { id: 'start' }, mapping({ outputs: { title: '=item.title' } }), messageEvent('m')) +
          serviceTask('work') +
          end() +
          line('work'),
        message('m', 'ordered'),
      ),
    )
    await t.publish('ordered', 'A', { variables: { item: { title: 'x' }, other: 1 } })
  }),
  scenario('throwing a message is a job', async (t) => {
    await t.run(
      start() + throwEvent('tell', job('tell'), messageEvent('m')) + end() + line('tell'),
      {},
      message('m', 'told'),
    )
    await t.completeJob('tell', { told: true })
  }),
  scenario('ending with a message is a job', async (t) => {
    await t.run(
      start() + element('endEvent', { id: 'end' }, job('tell'), messageEvent('m')) + flows('start -> end'),
      {},
      message('m', 'told'),
    )
    await t.failJob('tell')
    await t.updateRetries('tell', 1)
    await t.resolveIncident('end')
    await t.completeJob('tell')
  }),
  scenario('a user task is interrupted by a message', async (t) => {
    await t.run(
      start() +
        userTask('ask') +
        boundary('got', 'ask', messageEvent('m')) +
        end() +
        end('end2') +
        flows('start -> ask -> end', 'got -> end2'),
      { order: '1' },
      paid,
    )
    await t.publish('paid', '1')
  }),
])
