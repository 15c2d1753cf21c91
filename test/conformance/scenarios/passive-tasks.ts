import {
  boundary,
  element,
  end,
  flows,
  listeners,
  mapping,
  message,
  messageEvent,
  serviceTask,
  start,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { line, receiveTask, script } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const received = message('m', 'paid', '=order')

/** Tasks without a worker: undefined, manual, script, receive. */
export const passiveTasks = group('passive-tasks', [
  scenario('an undefined and a manual task are passed through', async (t) => {
    await t.run(start() + element('task', { id: 'a' }) + element('manualTask', { id: 'b' }) + end() + line('a', 'b'))
  }),
  scenario('a manual task maps variables', async (t) => {
    await t.run(
      start() +
        element('manualTask', { id: 'a' }, mapping({ inputs: { x: '=n + 1' }, outputs: { y: '=x * 2' } })) +
        end() +
        line('a'),
      { n: 1 },
    )
  }),
  scenario('a manual task cannot evaluate its output mapping', async (t) => {
    await t.run(
      start() +
        element('manualTask', { id: 'a' }, mapping({ outputs: { y: '=assert(n, n != null)' } })) +
        end() +
        line('a'),
    )
    await t.setVariables('p', { n: 4 })
    await t.resolveIncident('a')
  }),
  scenario('a script gives its result', async (t) => {
    await t.run(start() + script('a', '=sum(numbers) + 1', 'total') + end() + line('a'), { numbers: [1, 2, 3.5] })
  }),
  scenario('the result of a script is local when an output mapping chooses from it', async (t) => {
    await t.run(
      start() +
        script('a', '={b: 1, c: 2}', 'result', mapping({ outputs: { chosen: '=result.c' } })) +
        end() +
        line('a'),
    )
  }),
  scenario('a script whose variable is missing gives null', async (t) => {
    await t.run(start() + script('a', '=missing + 1', 'total') + end() + line('a'))
  }),
  scenario('a script that fails makes an incident', async (t) => {
    await t.run(start() + script('a', '=assert(n, n > 0, "n must be positive")', 'total') + end() + line('a'), { n: 0 })
    await t.resolveIncident('a')
    await t.setVariables('p', { n: 1 })
    await t.resolveIncident('a')
  }),
  scenario('a receive task waits for its message', async (t) => {
    await t.run(start() + receiveTask('a', 'm') + end() + line('a'), { order: 'A-1' }, received)
    await t.publish('paid', 'A-2')
    await t.publish('paid', 'A-1', { variables: { amount: 5 } })
  }),
  scenario('a receive task maps what the message brings', async (t) => {
    await t.run(
      start() + receiveTask('a', 'm', mapping({ outputs: { total: '=amount + 1' } })) + end() + line('a'),
      { order: 'A-1' },
      received,
    )
    await t.publish('paid', 'A-1', { variables: { amount: 5, other: 1 } })
  }),
  scenario('a receive task without correlation key makes an incident', async (t) => {
    await t.run(start() + receiveTask('a', 'm') + end() + line('a'), {}, received)
    await t.setVariables('p', { order: 'A-9' })
    await t.resolveIncident('a')
    await t.publish('paid', 'A-9')
  }),
  scenario('a correlation key may be a number but not a boolean', async (t) => {
    await t.run(start() + receiveTask('a', 'm') + end() + line('a'), { order: 7 }, received)
    await t.publish('paid', '7')
    await t.start('p', { order: true })
  }),
  scenario('a receive task is interrupted by a timer', async (t) => {
    await t.run(
      start() +
        receiveTask('a', 'm') +
        boundary('late', 'a', timer('timeDuration', 'PT1H')) +
        end() +
        end('end2') +
        flows('start -> a -> end', 'late -> end2'),
      { order: 'A-1' },
      received,
    )
    await t.moveClock('PT2H')
    await t.publish('paid', 'A-1')
  }),
  scenario('a receive task is interrupted by another message', async (t) => {
    await t.run(
      start() +
        receiveTask('a', 'm') +
        boundary('withdrawn', 'a', messageEvent('m2')) +
        end() +
        end('end2') +
        flows('start -> a -> end', 'withdrawn -> end2'),
      { order: 'A-1' },
      received + message('m2', 'withdrawn', '=order'),
    )
    await t.publish('withdrawn', 'A-1', { variables: { why: 'x' } })
  }),
  scenario('cancelling closes the subscription of a receive task', async (t) => {
    await t.run(start() + receiveTask('a', 'm') + end() + line('a'), { order: 'A-1' }, received)
    await t.cancel()
    await t.publish('paid', 'A-1')
  }),
  scenario('a passed task has listeners', async (t) => {
    await t.run(start() + element('task', { id: 'a' }, listeners('start:before', 'end:after')) + end() + line('a'))
    await t.completeJob('before', { x: 1 })
    await t.completeJob('after', { y: 2 })
  }),
  scenario('a receive task takes a message that came before', async (t) => {
    await t.run(
      start() + serviceTask('first') + receiveTask('a', 'm') + end() + line('first', 'a'),
      { order: 'A-1' },
      received,
    )
    await t.publish('paid', 'A-1', { ttl: 'PT1H', variables: { early: true } })
    await t.completeJob('first')
  }),
])
