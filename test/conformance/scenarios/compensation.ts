import type { Variables } from '../../../src/engine/index.ts'
import {
  boundary,
  element,
  end,
  flows,
  gateway,
  job,
  mapping,
  multiInstance,
  serviceTask,
  start,
  subprocess,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { line, throwEvent } from '../diagrams.ts'
import type { Run } from '../run.ts'
import { group, scenario } from '../scenario.ts'

let made = 0
/** Its id is not used, but Camunda wants one. */
function compensate(activityRef?: string): string {
  made += 1
  const reference = activityRef === undefined ? '' : ` activityRef="${activityRef}"`
  return `<bpmn:compensateEventDefinition id="c-${made}"${reference}/>`
}
/** A task with its compensation handler. */
const undoable = (id: string, ...content: string[]) =>
  serviceTask(id, ...content) +
  boundary(`${id}-undone`, id, compensate()) +
  element('serviceTask', { id: `undo-${id}`, isForCompensation: true }, job(`undo-${id}`)) +
  `<bpmn:association id="${id}-association" associationDirection="One" sourceRef="${id}-undone" targetRef="undo-${id}"/>`

/** A scope's content in the order that BPMN's schema asks for: associations last. */
function scope(content: string): string {
  const associations: string[] = []
  const rest = content.replace(/<bpmn:association [^>]*\/>/g, (association) => {
    associations.push(association)
    return ''
  })
  return rest + associations.join('')
}

const run = (t: Run, content: string, variables: Variables = {}) => t.run(scope(content), variables)

/** Compensation. */
export const compensations = group('compensation', [
  scenario('a throw event compensates what was done', async (t) => {
    await run(t, start() + undoable('book') + throwEvent('undo', compensate()) + end() + line('book', 'undo'))
    await t.completeJob('book', { ticket: 7 })
    await t.completeJob('undo-book')
  }),
  scenario('nothing was done: nothing to compensate', (t) =>
    run(t, start() + throwEvent('undo', compensate()) + undoable('book') + end() + flows('start -> undo -> end')),
  ),
  scenario('an end event compensates', async (t) => {
    await run(
      t,
      start() + undoable('book') + element('endEvent', { id: 'undo' }, compensate()) + flows('start -> book -> undo'),
    )
    await t.completeJob('book')
    await t.completeJob('undo-book', { undone: true })
  }),
  scenario('several are compensated', async (t) => {
    await run(
      t,
      start() + undoable('a') + undoable('b') + throwEvent('undo', compensate()) + end() + line('a', 'b', 'undo'),
    )
    await t.completeJob('a')
    await t.completeJob('b')
    await t.completeJob('undo-a')
    await t.completeJob('undo-b')
  }),
  scenario('only the named activity is compensated', async (t) => {
    await run(
      t,
      start() + undoable('a') + undoable('b') + throwEvent('undo', compensate('a')) + end() + line('a', 'b', 'undo'),
    )
    await t.completeJob('a')
    await t.completeJob('b')
    await t.completeJob('undo-a')
  }),
  scenario('what was not completed is not compensated', async (t) => {
    await run(
      t,
      start() +
        gateway('parallel', 'fork') +
        undoable('a') +
        undoable('b') +
        throwEvent('undo', compensate()) +
        end() +
        end('end2') +
        flows('start -> fork -> a -> undo -> end', 'fork -> b -> end2'),
    )
    await t.completeJob('a')
    await t.completeJob('undo-a')
    await t.completeJob('b')
  }),
  scenario('what a completed subprocess did is compensated', async (t) => {
    await t.run(
      start() +
        subprocess('sub', scope(start('s') + undoable('a') + end('e') + flows('s -> a -> e'))) +
        throwEvent('undo', compensate()) +
        end() +
        line('sub', 'undo'),
    )
    await t.completeJob('a')
    await t.completeJob('undo-a')
  }),
  scenario('a handler that fails makes an incident', async (t) => {
    await run(t, start() + undoable('a') + throwEvent('undo', compensate()) + end() + line('a', 'undo'))
    await t.completeJob('a')
    await t.failJob('undo-a')
    await t.updateRetries('undo-a', 1)
    await t.resolveIncident('undo-a')
    await t.completeJob('undo-a')
  }),
  scenario('a process is cancelled while it compensates', async (t) => {
    await run(t, start() + undoable('a') + throwEvent('undo', compensate()) + end() + line('a', 'undo'))
    await t.completeJob('a')
    await t.cancel()
  }),
  scenario('each instance of a multi-instance activity was done; its body is compensated', async (t) => {
    await run(
      t,
      start() +
        undoable('a', multiInstance({ inputCollection: '=[1, 2]', inputElement: 'item' })) +
        throwEvent('undo', compensate()) +
        end() +
        line('a', 'undo'),
    )
    await t.completeJob('a')
    await t.completeJob('a')
    await t.completeJob('undo-a')
  }),
  scenario('a handler sees the variables of the process', async (t) => {
    await run(
      t,
      start() +
        undoable('a', mapping({ inputs: { local: '=1' }, outputs: { kept: '=local + 1' } })) +
        throwEvent('undo', compensate()) +
        end() +
        line('a', 'undo'),
      { outer: 1 },
    )
    await t.completeJob('a')
    await t.take('undo-a')
  }),
])
