import {
  boundary,
  bpmn,
  element,
  end,
  escalation,
  escalationEvent,
  eventSubprocess,
  flows,
  serviceTask,
  start,
  subprocess,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { callActivity, line, throwEvent } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const high = escalation('high', 'HIGH')
const escalationSubprocess = (isInterrupting: boolean) =>
  eventSubprocess(
    'sub',
    element('startEvent', { id: 'raised', isInterrupting }, escalationEvent('high')) +
      serviceTask('handle') +
      end('handled') +
      flows('raised -> handle -> handled'),
  )
const inner = (content: string) => subprocess('inner', start('s') + content)

/** Error, escalation and terminate events. */
/** Escalations: caught beside, interrupting, by event subprocesses, out of call activities, by nobody. */
export const escalations = group('escalations', [
  scenario('an escalation that nobody catches goes by', (t) =>
    t.run(start() + throwEvent('tell', escalationEvent('high')) + end() + line('tell'), {}, high),
  ),
  scenario('an escalation end event that nobody catches', (t) =>
    t.run(start() + element('endEvent', { id: 'told' }, escalationEvent('high')) + flows('start -> told'), {}, high),
  ),
  scenario('an escalation is caught beside the subprocess', async (t) => {
    await t.run(
      start() +
        inner(
          throwEvent('tell', escalationEvent('high')) +
            serviceTask('work') +
            end('e') +
            flows('s -> tell -> work -> e'),
        ) +
        boundary('raised', 'inner', escalationEvent('high'), false) +
        end() +
        end('end2') +
        flows('start -> inner -> end', 'raised -> end2'),
      {},
      high,
    )
    await t.completeJob('work')
  }),
  scenario('an escalation interrupts the subprocess', (t) =>
    t.run(
      start() +
        inner(
          throwEvent('tell', escalationEvent('high')) +
            serviceTask('work') +
            end('e') +
            flows('s -> tell -> work -> e'),
        ) +
        boundary('raised', 'inner', escalationEvent('high')) +
        end() +
        end('end2') +
        flows('start -> inner -> end', 'raised -> end2'),
      {},
      high,
    ),
  ),
  scenario('an escalation without code is caught by every event without one', (t) =>
    t.run(
      start() +
        inner(element('endEvent', { id: 'told' }, escalationEvent('high')) + flows('s -> told')) +
        boundary('raised', 'inner', escalationEvent(), false) +
        end() +
        end('end2') +
        flows('start -> inner -> end', 'raised -> end2'),
      {},
      high,
    ),
  ),
  scenario('an event subprocess is interrupted by an escalation', async (t) => {
    await t.run(
      start() +
        throwEvent('tell', escalationEvent('high')) +
        serviceTask('work') +
        end() +
        line('tell', 'work') +
        escalationSubprocess(true),
      {},
      high,
    )
    await t.completeJob('handle')
  }),
  scenario('an event subprocess starts beside by an escalation', async (t) => {
    await t.run(
      start() +
        throwEvent('tell', escalationEvent('high')) +
        serviceTask('work') +
        end() +
        line('tell', 'work') +
        escalationSubprocess(false),
      {},
      high,
    )
    await t.completeJob('handle')
    await t.completeJob('work')
  }),
  scenario('an escalation goes through a call activity', async (t) => {
    await t.deploy({
      'child.bpmn': bpmn(
        'child',
        start() + throwEvent('tell', escalationEvent('high')) + serviceTask('work') + end() + line('tell', 'work'),
        high,
      ),
      'p.bpmn': bpmn(
        'p',
        start() +
          callActivity('call', { processId: 'child' }) +
          boundary('raised', 'call', escalationEvent('high'), false) +
          end() +
          end('end2') +
          flows('start -> call -> end', 'raised -> end2'),
        high,
      ),
    })
    await t.start('p')
    await t.completeJob('work')
  }),
])
