import {
  boundary,
  bpmn,
  end,
  flows,
  mapping,
  message,
  messageEvent,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { callActivity, line, receiveTask, script } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const each = { inputCollection: '=items', inputElement: 'item' }
const collecting = { ...each, outputCollection: 'results', outputElement: '=result' }
const tasks = (...content: string[]) => start() + serviceTask('work', ...content) + end() + line('work')

/** Multi-instance activities. */
export const multiInstances = group('multi-instance', [
  scenario('in parallel one instance for each item', async (t) => {
    await t.run(tasks(multiInstance(each)), { items: ['a', 'b'] })
    await t.takeAll('work')
    await t.moveClock('PT2M')
    await t.completeJob('work', { x: 1 })
    await t.completeJob('work', { x: 2 })
  }),
  scenario('in sequence one after the other', async (t) => {
    await t.run(tasks(multiInstance(each, { sequential: true })), { items: ['a', 'b'] })
    await t.completeJob('work')
    await t.take('work')
    await t.moveClock('PT2M')
    await t.completeJob('work')
  }),
  scenario('results are collected in the order of the items', async (t) => {
    await t.run(tasks(multiInstance(collecting)), { items: [1, 2, 3] })
    const jobs = await t.takeAll('work')
    const byItem = (item: number) => jobs.find(({ variables }) => variables.item === item) ?? 'none'
    await t.completeJob(byItem(3), { result: 'c' })
    await t.completeJob(byItem(1), { result: 'a' })
    await t.completeJob(byItem(2), { result: 'b' })
  }),
  scenario('results are collected in sequence', async (t) => {
    await t.run(tasks(multiInstance(collecting, { sequential: true })), { items: [1, 2] })
    await t.completeJob('work', { result: 'a' })
    await t.completeJob('work', { result: 'b' })
  }),
  scenario('a result that is missing is null', async (t) => {
    await t.run(tasks(multiInstance(collecting)), { items: [1] })
    await t.completeJob('work', { other: 1 })
  }),
  scenario('the collected element may be any expression', async (t) => {
    await t.run(tasks(multiInstance({ ...collecting, outputElement: '={item: item, number: loopCounter}' })), {
      items: ['a', 'b'],
    })
    await t.completeJob('work')
    await t.completeJob('work')
  }),
  scenario('no items: passed at once', (t) => t.run(tasks(multiInstance(collecting)), { items: [] })),
  scenario('no items in sequence', (t) => t.run(tasks(multiInstance(collecting, { sequential: true })), { items: [] })),
  scenario('items that are no list make an incident', async (t) => {
    await t.run(tasks(multiInstance(each)), { items: 'a' })
    await t.setVariables('p', { items: [1] })
    await t.resolveIncident('work')
    await t.completeJob('work')
  }),
  scenario('items that are missing make an incident', (t) => t.run(tasks(multiInstance(each)))),
  scenario('a completion condition ends the others', async (t) => {
    await t.run(tasks(multiInstance(collecting, { completionCondition: '=result = "enough"' })), { items: [1, 2, 3] })
    await t.completeJob('work', { result: 'more' })
    await t.completeJob('work', { result: 'enough' })
  }),
  scenario('a completion condition ends a sequence', async (t) => {
    await t.run(tasks(multiInstance(collecting, { sequential: true, completionCondition: '=result = "enough"' })), {
      items: [1, 2, 3],
    })
    await t.completeJob('work', { result: 'enough' })
  }),
  scenario('a completion condition counts instances', async (t) => {
    await t.run(
      tasks(multiInstance(each, { completionCondition: '=numberOfCompletedInstances / numberOfInstances >= 0.5' })),
      {
        items: [1, 2, 3, 4],
      },
    )
    await t.completeJob('work')
    await t.completeJob('work')
  }),
  scenario('a completion condition sees active and terminated instances', async (t) => {
    await t.run(
      tasks(
        multiInstance(each, {
          completionCondition: '=numberOfActiveInstances = 1 and numberOfTerminatedInstances = 0',
        }),
      ),
      { items: [1, 2] },
    )
    await t.completeJob('work')
  }),
  scenario('a completion condition that is no boolean makes an incident', async (t) => {
    await t.run(tasks(multiInstance(each, { completionCondition: '=done' })), { items: [1, 2] })
    await t.completeJob('work')
    await t.setVariables('p', { done: true })
    await t.resolveIncident('work')
  }),
  scenario('an output element that fails makes an incident', async (t) => {
    await t.run(tasks(multiInstance({ ...collecting, outputElement: '=assert(result, result > 1)' })), { items: [1] })
    await t.completeJob('work', { result: 1 })
  }),
  scenario('input and output mappings are of each instance', async (t) => {
    await t.run(
      tasks(
        mapping({ inputs: { double: '=item * 2' }, outputs: { result: '=answer + double' } }),
        multiInstance(collecting),
      ),
      { items: [1, 2] },
    )
    await t.completeJob('work', { answer: 10 })
    await t.completeJob('work', { answer: 10 })
  }),
  scenario('the items may come out of an expression', async (t) => {
    await t.run(tasks(multiInstance({ inputCollection: '=for i in 1..count return {n: i}', inputElement: 'item' })), {
      count: 2,
    })
    await t.takeAll('work')
  }),
  scenario('a boundary timer ends all instances', async (t) => {
    await t.run(
      start() +
        serviceTask('work', multiInstance(each)) +
        boundary('late', 'work', timer('timeDuration', 'PT1H')) +
        end() +
        end('end2') +
        flows('start -> work -> end', 'late -> end2'),
      { items: [1, 2] },
    )
    await t.completeJob('work')
    await t.moveClock('PT2H')
  }),
  scenario('a boundary message beside', async (t) => {
    await t.run(
      start() +
        serviceTask('work', multiInstance(each, { sequential: true })) +
        boundary('got', 'work', messageEvent('m'), false) +
        end() +
        end('end2') +
        flows('start -> work -> end', 'got -> end2'),
      { items: [1, 2], k: '1' },
      message('m', 'note', '=k'),
    )
    await t.publish('note', '1')
    await t.completeJob('work')
    await t.completeJob('work')
  }),
  scenario('multi-instance subprocesses', async (t) => {
    await t.run(
      start() +
        subprocess(
          'sub',
          multiInstance(collecting),
          start('s') + serviceTask('work') + end('e') + flows('s -> work -> e'),
        ) +
        end() +
        line('sub'),
      { items: [1, 2] },
    )
    await t.completeJob('work', { result: 'x' })
    await t.completeJob('work', { result: 'y' })
  }),
  scenario('multi-instance call activities', async (t) => {
    await t.deploy({
      'child.bpmn': bpmn('child', start() + serviceTask('work') + end() + line('work')),
      'p.bpmn': bpmn(
        'p',
        start() + callActivity('call', { processId: 'child' }, multiInstance(collecting)) + end() + line('call'),
      ),
    })
    await t.start('p', { items: [1, 2] })
    await t.completeJob('work', { result: 'x' })
    await t.completeJob('work', { result: 'y' })
  }),
  scenario('multi-instance user tasks', async (t) => {
    await t.run(
      start() +
        userTask('ask', multiInstance(each), '<zeebe:assignmentDefinition assignee="=item"/>') +
        end() +
        line('ask'),
      {
        items: ['anna', 'bert'],
      },
    )
    await t.completeUserTask('ask', { answer: 1 })
    await t.cancel()
  }),
  scenario('multi-instance receive tasks', async (t) => {
    await t.run(
      start() + receiveTask('wait', 'm', multiInstance(each)) + end() + line('wait'),
      { items: ['1', '2'] },
      message('m', 'note', '=item'),
    )
    await t.publish('note', '2')
    await t.publish('note', '1')
  }),
  scenario('scripts in sequence', (t) =>
    t.run(
      start() +
        script('square', '=item * item', 'result', multiInstance(collecting, { sequential: true })) +
        end() +
        line('square'),
      { items: [1, 2, 3] },
    ),
  ),
  scenario('cancelling ends all instances', async (t) => {
    await t.run(tasks(multiInstance(each)), { items: [1, 2] })
    await t.cancel()
  }),
  scenario(
    'an incident in one instance',
    async (t) => {
      await t.run(tasks(multiInstance(each)), { items: [1, 2] })
      await t.failJob('work')
      await t.completeJob('work')
      await t.updateRetries('work', 1)
      await t.resolveIncident('work')
      await t.cancel()
    },
    { changedSince86: 'the refusal was of another kind' },
  ),
])
