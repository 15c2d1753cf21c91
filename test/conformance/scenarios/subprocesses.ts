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
  message,
  messageEvent,
  serviceTask,
  start,
  subprocess,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { callActivity, line } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const inner = (...content: string[]) =>
  subprocess('sub', ...content, start('s') + serviceTask('work') + end('e') + flows('s -> work -> e'))
const child = bpmn('child', start() + serviceTask('work') + end() + line('work'))
const caller = (called: Readonly<Record<string, string | boolean>>, ...content: string[]) =>
  bpmn('p', start() + callActivity('call', called, ...content) + end() + line('call'))

/** Embedded subprocesses and call activities. */
export const subprocesses = group('subprocesses', [
  scenario('a subprocess is passed through', async (t) => {
    await t.run(start() + inner() + end() + line('sub'), { known: 1 })
    await t.completeJob('work', { known: 2, fresh: 3 })
  }),
  scenario('a subprocess has variables of its own', async (t) => {
    await t.run(
      start() +
        inner(mapping({ inputs: { local: '=known' }, outputs: { result: '=local + 1' } })) +
        end() +
        line('sub'),
      {
        known: 1,
      },
    )
    await t.completeJob('work', { local: 5, fresh: 3 })
  }),
  scenario('a subprocess without output mapping hands nothing of its own on', async (t) => {
    await t.run(start() + inner(mapping({ inputs: { local: '=known' } })) + end() + line('sub'), { known: 1 })
    await t.completeJob('work', { local: 5 })
  }),
  scenario('subprocesses in each other', async (t) => {
    await t.run(
      start() +
        subprocess('outer', start('s1') + inner() + end('e1') + flows('s1 -> sub -> e1')) +
        end() +
        line('outer'),
    )
    await t.completeJob('work')
  }),
  scenario('a subprocess is cancelled with the instance', async (t) => {
    await t.run(start() + inner() + end() + line('sub'))
    await t.cancel()
  }),
  scenario('variables set at a subprocess', async (t) => {
    await t.run(start() + inner() + end() + line('sub'), { known: 1 })
    await t.setVariables('sub', { known: 2, fresh: 1 })
    await t.setVariables('sub', { known: 3, own: 1 }, { local: true })
    await t.take('work')
  }),
  scenario('two event subprocesses: one beside, then one that interrupts', async (t) => {
    await t.run(
      start() +
        serviceTask('work') +
        end() +
        line('work') +
        eventSubprocess(
          'beside',
          element('startEvent', { id: 'b', isInterrupting: false }, messageEvent('m1')) +
            serviceTask('first') +
            end('be') +
            flows('b -> first -> be'),
        ) +
        eventSubprocess(
          'instead',
          element('startEvent', { id: 'i' }, messageEvent('m2')) +
            serviceTask('second') +
            end('ie') +
            flows('i -> second -> ie'),
        ),
      { k: '1' },
      message('m1', 'one', '=k') + message('m2', 'two', '=k'),
    )
    await t.publish('one', '1')
    await t.publish('two', '1')
    await t.publish('one', '1')
    await t.completeJob('second')
  }),
  scenario('an event subprocess in an event subprocess', async (t) => {
    await t.run(
      start() +
        serviceTask('work') +
        end() +
        line('work') +
        eventSubprocess(
          'outer',
          element('startEvent', { id: 'o' }, messageEvent('m1')) +
            serviceTask('first') +
            end('oe') +
            flows('o -> first -> oe') +
            eventSubprocess(
              'within',
              element('startEvent', { id: 'i' }, timer('timeDuration', 'PT1H')) + end('ie') + flows('i -> ie'),
            ),
        ),
      { k: '1' },
      message('m1', 'one', '=k'),
    )
    await t.publish('one', '1')
    await t.moveClock('PT2H')
  }),
  scenario('a call activity starts a process and takes its variables', async (t) => {
    await t.deploy({ 'child.bpmn': child, 'p.bpmn': caller({ processId: 'child' }) })
    await t.start('p', { known: 1 })
    await t.completeJob('work', { known: 2, fresh: 3 })
  }),
  scenario('a call activity that hands on only what it maps', async (t) => {
    await t.deploy({
      'child.bpmn': child,
      'p.bpmn': caller(
        { processId: 'child', propagateAllParentVariables: false, propagateAllChildVariables: false },
        mapping({ inputs: { given: '=known + 1' }, outputs: { taken: '=result' } }),
      ),
    })
    await t.start('p', { known: 1 })
    await t.completeJob('work', { result: 9, other: 1 })
  }),
  scenario('a call activity that takes no variables', async (t) => {
    await t.deploy({ 'child.bpmn': child, 'p.bpmn': caller({ processId: 'child', propagateAllChildVariables: false }) })
    await t.start('p', { known: 1 })
    await t.completeJob('work', { known: 2 })
  }),
  scenario('a call activity calls the latest version', async (t) => {
    await t.deploy({ 'child.bpmn': child, 'p.bpmn': caller({ processId: 'child' }) })
    await t.deploy({ 'child.bpmn': child.replaceAll('work', 'newer') })
    await t.start('p')
  }),
  scenario('a call activity bound to its deployment', async (t) => {
    await t.deploy({ 'child.bpmn': child, 'p.bpmn': caller({ processId: 'child', bindingType: 'deployment' }) })
    await t.deploy({ 'child.bpmn': child.replaceAll('work', 'newer') })
    await t.start('p')
  }),
  scenario('a call activity bound to a version tag', async (t) => {
    const tagged = (tag: string, task: string) =>
      child
        .replaceAll('work', task)
        .replace(
          'isExecutable="true">',
          `isExecutable="true"><bpmn:extensionElements><zeebe:versionTag value="${tag}"/></bpmn:extensionElements>`,
        )
    await t.deploy({ 'child.bpmn': tagged('v1', 'first') })
    await t.deploy({ 'child.bpmn': tagged('v2', 'second') })
    await t.deploy({ 'p.bpmn': caller({ processId: 'child', bindingType: 'versionTag', versionTag: 'v1' }) })
    await t.start('p')
  }),
  scenario('a call activity bound to a version tag that is not there', async (t) => {
    await t.deploy({
      'child.bpmn': child,
      'p.bpmn': caller({ processId: 'child', bindingType: 'versionTag', versionTag: 'v9' }),
    })
    await t.start('p')
  }),
  scenario(
    'a call activity bound to a deployment without the process',
    async (t) => {
      await t.deploy({ 'child.bpmn': child })
      await t.deploy({ 'p.bpmn': caller({ processId: 'child', bindingType: 'deployment' }) })
      await t.start('p')
    },
    { changedSince86: 'it was found out only when it was called' },
  ),
  scenario('a called process that is not there makes an incident', async (t) => {
    await t.deploy({ 'p.bpmn': caller({ processId: 'child' }) })
    await t.start('p')
    await t.deploy({ 'child.bpmn': child })
    await t.resolveIncident('call')
  }),
  scenario('a called process by expression', async (t) => {
    await t.deploy({ 'child.bpmn': child, 'p.bpmn': caller({ processId: '=name + "~"' }) })
    await t.start('p', { name: 'child' })
    await t.start('p', { name: 7 })
    await t.start('p')
  }),
  scenario('cancelling reaches the called process', async (t) => {
    await t.deploy({ 'child.bpmn': child, 'p.bpmn': caller({ processId: 'child' }) })
    await t.start('p')
    await t.cancel()
  }),
  scenario('a called process cannot be cancelled by itself', async (t) => {
    await t.deploy({ 'child.bpmn': child, 'p.bpmn': caller({ processId: 'child' }) })
    await t.start('p')
    await t.cancel('child')
  }),
  scenario('a call activity is interrupted', async (t) => {
    await t.deploy({
      'child.bpmn': child,
      'p.bpmn': bpmn(
        'p',
        start() +
          callActivity('call', { processId: 'child' }) +
          boundary('late', 'call', timer('timeDuration', 'PT1H')) +
          end() +
          end('end2') +
          flows('start -> call -> end', 'late -> end2'),
      ),
    })
    await t.start('p')
    await t.moveClock('PT2H')
  }),
  scenario('an incident in a called process', async (t) => {
    await t.deploy({ 'child.bpmn': child, 'p.bpmn': caller({ processId: 'child' }) })
    await t.start('p')
    await t.failJob('work')
    await t.updateRetries('work', 1)
    await t.resolveIncident('work')
    await t.completeJob('work')
  }),
  scenario('an error nobody catches in a called process', async (t) => {
    await t.deploy({
      'child.bpmn': bpmn(
        'child',
        start() + element('endEvent', { id: 'failed' }, errorEvent('bad')) + flows('start -> failed'),
        error('bad', 'BAD'),
      ),
      'p.bpmn': caller({ processId: 'child' }),
    })
    await t.start('p')
  }),
  scenario('the output mapping of a call activity fails', async (t) => {
    await t.deploy({
      'child.bpmn': child,
      'p.bpmn': caller({ processId: 'child' }, mapping({ outputs: { x: '=assert(result, result > 1)' } })),
    })
    await t.start('p')
    await t.completeJob('work', { result: 1 })
  }),
])
