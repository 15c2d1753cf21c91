import {
  catchEvent,
  end,
  flows,
  gateway,
  message,
  messageEvent,
  serviceTask,
  start,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { group, scenario } from '../scenario.ts'

const ends = (...ids: string[]) => ids.map((id) => end(id)).join('')
const tasks = (...ids: string[]) => ids.map((id) => serviceTask(id)).join('')

const exclusive =
  start() +
  gateway('exclusive', 'g', 'g-c') +
  ends('a', 'b', 'c') +
  flows('start -> g', 'g -> a [=x > 10]', 'g -> b [=x > 5]', 'g -> c')
const inclusive =
  start() +
  gateway('inclusive', 'g', 'g-c') +
  tasks('a', 'b', 'c') +
  ends('ea', 'eb', 'ec') +
  flows('start -> g', 'g -> a [=x > 10]', 'g -> b [=x > 5]', 'g -> c', 'a -> ea', 'b -> eb', 'c -> ec')
const forkJoin =
  start() +
  gateway('parallel', 'fork') +
  tasks('a', 'b') +
  gateway('parallel', 'join') +
  end() +
  flows('start -> fork -> a -> join -> end', 'fork -> b -> join')
const paid = message('m', 'paid', '=order') + message('m2', 'cancelled', '=order')
const eventBased =
  start() +
  gateway('eventBased', 'g') +
  catchEvent('paid', messageEvent('m')) +
  catchEvent('cancelled', messageEvent('m2')) +
  catchEvent('late', timer('timeDuration', 'PT1H')) +
  ends('e1', 'e2', 'e3') +
  flows('start -> g', 'g -> paid -> e1', 'g -> cancelled -> e2', 'g -> late -> e3')

/** Gateways. */
export const gateways = group('gateways', [
  scenario('an exclusive gateway takes the first flow whose condition holds', async (t) => {
    await t.run(exclusive, { x: 20 })
    await t.start('p', { x: 6 })
  }),
  scenario('an exclusive gateway takes the default flow when no condition holds', (t) => t.run(exclusive, { x: 1 })),
  scenario('an exclusive gateway takes null as no', (t) => t.run(exclusive)),
  scenario('an exclusive gateway without a match makes an incident', async (t) => {
    await t.run(
      start() + gateway('exclusive', 'g') + ends('a', 'b') + flows('start -> g', 'g -> a [=x > 1]', 'g -> b [=x < 1]'),
      {
        x: 1,
      },
    )
    await t.setVariables('p', { x: 2 })
    await t.resolveIncident('g')
  }),
  scenario('a condition that is no boolean makes an incident', async (t) => {
    await t.run(
      start() + gateway('exclusive', 'g', 'g-b') + ends('a', 'b') + flows('start -> g', 'g -> a [=x]', 'g -> b'),
      {
        x: 'yes',
      },
    )
    await t.setVariables('p', { x: false })
    await t.resolveIncident('g')
  }),
  scenario('an exclusive gateway with one flow is passed', (t) =>
    t.run(start() + gateway('exclusive', 'g') + end() + flows('start -> g -> end')),
  ),
  scenario('an exclusive gateway joins without waiting', async (t) => {
    await t.run(
      start() +
        gateway('parallel', 'fork') +
        tasks('a', 'b') +
        gateway('exclusive', 'merge') +
        serviceTask('after') +
        end() +
        flows('start -> fork -> a -> merge -> after -> end', 'fork -> b -> merge'),
    )
    await t.completeJob('a')
    await t.completeJob('b')
    await t.completeJob('after')
    await t.completeJob('after')
  }),
  scenario('a loop back through an exclusive gateway', async (t) => {
    await t.run(
      start() +
        gateway('exclusive', 'merge') +
        serviceTask('work') +
        gateway('exclusive', 'g', 'g-end') +
        end() +
        flows('start -> merge -> work -> g -> end', 'g -> merge [=again]'),
      { again: true },
    )
    await t.completeJob('work')
    await t.completeJob('work', { again: false })
  }),
  scenario('a parallel gateway forks and joins', async (t) => {
    await t.run(forkJoin)
    await t.completeJob('b', { b: 1 })
    await t.completeJob('a', { a: 1 })
  }),
  scenario('a parallel join waits for each of its flows once: a second token on one flow waits', async (t) => {
    await t.run(
      start() +
        gateway('parallel', 'fork') +
        tasks('a', 'b', 'c') +
        gateway('exclusive', 'merge') +
        gateway('parallel', 'join') +
        end() +
        flows('start -> fork -> a -> merge -> join -> end', 'fork -> b -> merge', 'fork -> c -> join'),
    )
    await t.completeJob('a')
    await t.completeJob('b')
    await t.completeJob('c')
  }),
  scenario('a parallel join that starts again after a loop', async (t) => {
    await t.run(
      start() +
        gateway('exclusive', 'merge') +
        gateway('parallel', 'fork') +
        tasks('a', 'b') +
        gateway('parallel', 'join') +
        gateway('exclusive', 'g', 'g-end') +
        end() +
        flows('start -> merge -> fork -> a -> join -> g -> end', 'fork -> b -> join', 'g -> merge [=again]'),
      { again: true },
    )
    await t.completeJob('a')
    await t.completeJob('b')
    await t.completeJob('a', { again: false })
    await t.completeJob('b')
  }),
  scenario('a parallel gateway that joins and forks at once', async (t) => {
    await t.run(
      start() +
        gateway('parallel', 'fork') +
        tasks('a', 'b', 'c', 'd') +
        gateway('parallel', 'both') +
        ends('e1', 'e2') +
        flows('start -> fork -> a -> both -> c -> e1', 'fork -> b -> both -> d -> e2'),
    )
    await t.completeJob('a')
    await t.completeJob('b')
    await t.completeJob('c')
    await t.completeJob('d')
  }),
  scenario('a parallel join left incomplete keeps the process alive', async (t) => {
    await t.run(
      start() +
        gateway('exclusive', 'g', 'g-b') +
        tasks('a', 'b') +
        gateway('parallel', 'join') +
        end() +
        flows('start -> g', 'g -> a [=false]', 'g -> b -> join -> end', 'a -> join'),
    )
    await t.completeJob('b')
    await t.cancel()
  }),
  scenario('several flows out of a task fork', async (t) => {
    await t.run(start() + tasks('a', 'b', 'c') + ends('e1', 'e2') + flows('start -> a -> b -> e1', 'a -> c -> e2'))
    await t.completeJob('a')
    await t.completeJob('b')
    await t.completeJob('c')
  }),
  scenario('an inclusive gateway takes every flow whose condition holds', async (t) => {
    await t.run(inclusive, { x: 20 })
    await t.completeJob('a')
    await t.completeJob('b')
  }),
  scenario('an inclusive gateway takes the default flow only when no condition holds', async (t) => {
    await t.run(inclusive, { x: 1 })
    await t.completeJob('c')
  }),
  scenario('an inclusive gateway without a match makes an incident', async (t) => {
    await t.run(
      start() + gateway('inclusive', 'g') + ends('a', 'b') + flows('start -> g', 'g -> a [=x > 1]', 'g -> b [=x > 2]'),
      { x: 1 },
    )
    await t.setVariables('p', { x: 3 })
    await t.resolveIncident('g')
  }),
  scenario('an inclusive gateway with a condition that fails makes an incident', async (t) => {
    await t.run(inclusive, { x: 'many' })
  }),
  scenario('an event-based gateway goes on with the first event: a message', async (t) => {
    await t.run(eventBased, { order: '1' }, paid)
    await t.publish('paid', '1', { variables: { amount: 3 } })
    await t.publish('cancelled', '1')
    await t.moveClock('PT2H')
  }),
  scenario('an event-based gateway goes on with the first event: a timer', async (t) => {
    await t.run(eventBased, { order: '1' }, paid)
    await t.moveClock('PT2H')
    await t.publish('paid', '1')
  }),
  scenario('an event-based gateway cannot evaluate a correlation key', async (t) => {
    await t.run(eventBased, {}, paid)
    await t.setVariables('p', { order: '5' })
    await t.resolveIncident('g')
    await t.publish('cancelled', '5')
  }),
  scenario('an event-based gateway is cancelled', async (t) => {
    await t.run(eventBased, { order: '1' }, paid)
    await t.cancel()
    await t.publish('paid', '1')
  }),
  scenario('a message buffered before decides an event-based gateway', async (t) => {
    await t.publish('paid', '77', { ttl: 'PT1H', variables: { early: 1 } })
    await t.run(eventBased, { order: '77' }, paid)
  }),
  scenario('an inclusive gateway joins what it forked', async (t) => {
    await t.run(
      start() +
        gateway('inclusive', 'fork', 'fork-c') +
        tasks('a', 'b', 'c') +
        gateway('inclusive', 'join') +
        end() +
        flows(
          'start -> fork',
          'fork -> a [=x > 10]',
          'fork -> b [=x > 5]',
          'fork -> c',
          'a -> join',
          'b -> join',
          'c -> join',
          'join -> end',
        ),
      { x: 20 },
    )
    await t.completeJob('a')
    await t.completeJob('b')
  }),
  scenario('an inclusive join goes on at once when nothing else can come', async (t) => {
    await t.run(
      start() +
        gateway('inclusive', 'fork', 'fork-c') +
        tasks('a', 'b', 'c') +
        gateway('inclusive', 'join') +
        end() +
        flows(
          'start -> fork',
          'fork -> a [=x > 10]',
          'fork -> b [=x > 5]',
          'fork -> c',
          'a -> join',
          'b -> join',
          'c -> join',
          'join -> end',
        ),
      { x: 6 },
    )
    await t.completeJob('b')
  }),
  scenario('an inclusive join waits as long as a branch may still arrive', async (t) => {
    await t.run(
      start() +
        gateway('parallel', 'fork') +
        serviceTask('a') +
        serviceTask('b') +
        gateway('exclusive', 'g', 'g-join') +
        gateway('inclusive', 'join') +
        serviceTask('after') +
        ends('end', 'away') +
        flows('start -> fork -> a -> join -> after -> end', 'fork -> b -> g -> join', 'g -> away [=leave]'),
      { leave: true },
    )
    await t.completeJob('a')
    await t.completeJob('b')
    await t.completeJob('after')
  }),
])
