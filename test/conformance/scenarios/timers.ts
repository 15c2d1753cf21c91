import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  eventSubprocess,
  flows,
  serviceTask,
  start,
  subprocess,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { line } from '../diagrams.ts'
import { group, type Scenario, scenario } from '../scenario.ts'

type Kind = 'timeDate' | 'timeDuration' | 'timeCycle'

const caught = (kind: Kind, value: string) => start() + catchEvent('wait', timer(kind, value)) + end() + line('wait')
const guarded = (kind: Kind, value: string, interrupting: boolean) =>
  start() +
  serviceTask('work') +
  boundary('late', 'work', timer(kind, value), interrupting) +
  end() +
  end('end2') +
  flows('start -> work -> end', 'late -> end2')
const within = (kind: Kind, value: string, isInterrupting: boolean) =>
  start() +
  serviceTask('work') +
  end() +
  line('work') +
  eventSubprocess(
    'sub',
    element('startEvent', { id: 'due', isInterrupting }, timer(kind, value)) +
      serviceTask('remind') +
      end('reminded') +
      flows('due -> remind -> reminded'),
  )

/** A scenario in which something is due at once. */
const due = (title: string, tell: Scenario['tell']) =>
  scenario(title, (t) => {
    t.awaitsDue = true
    return tell(t)
  })

/** Timer events. */
export const timers = group('timers', [
  scenario('a catch event waits for a duration', async (t) => {
    await t.run(caught('timeDuration', 'PT10M'))
    await t.moveClock('PT9M')
    await t.moveClock('PT2M')
  }),
  scenario('a catch event waits for a duration of days and hours by expression', async (t) => {
    await t.run(caught('timeDuration', '=duration(span)'), { span: 'P1DT2H' })
    await t.moveClock('P1D')
    await t.moveClock('PT3H')
  }),
  due('a duration that is over lets the process go on at once', (t) => t.run(caught('timeDuration', 'PT0S'))),
  due('a negative duration is over', (t) => t.run(caught('timeDuration', '=duration("-PT1H")'))),
  due('a catch event whose date has passed goes on', (t) => t.run(caught('timeDate', '2020-01-01T00:00:00Z'))),
  scenario('a catch event waits for a date by expression', async (t) => {
    await t.run(caught('timeDate', '=now() + duration("PT1H")'))
    await t.moveClock('PT2H')
  }),
  due('a date that comes as text with an offset', (t) =>
    t.run(caught('timeDate', '=day + "T08:00:00+08:00"'), { day: '2020-02-03' }),
  ),
  scenario('a duration that is none makes an incident', async (t) => {
    await t.run(caught('timeDuration', '=span'), { span: 'soon' })
    await t.setVariables('p', { span: 'PT1M' })
    await t.resolveIncident('wait')
    await t.moveClock('PT2M')
  }),
  scenario('a duration that is missing makes an incident', (t) => t.run(caught('timeDuration', '=span'))),
  scenario('a date that is none makes an incident', (t) => t.run(caught('timeDate', '=day'), { day: 'tomorrow' })),
  scenario('a date that is a number makes an incident', (t) => t.run(caught('timeDate', '=day'), { day: 7 })),
  scenario('an interrupting boundary timer ends the task', async (t) => {
    await t.run(guarded('timeDuration', 'PT1H', true))
    await t.moveClock('PT2H')
  }),
  scenario('an interrupting boundary timer is over with the task', async (t) => {
    await t.run(guarded('timeDuration', 'PT1H', true))
    await t.completeJob('work')
    await t.moveClock('PT2H')
  }),
  scenario('a boundary timer that does not interrupt fires once', async (t) => {
    await t.run(guarded('timeDuration', 'PT1H', false))
    await t.moveClock('PT2H')
    await t.moveClock('PT2H')
    await t.completeJob('work')
  }),
  scenario('a boundary timer repeats by cycle', async (t) => {
    await t.run(guarded('timeCycle', 'R2/PT1H', false))
    await t.moveClock('PT61M')
    await t.moveClock('PT61M')
    await t.moveClock('PT61M')
    await t.completeJob('work')
  }),
  scenario('a boundary timer repeats without end', async (t) => {
    await t.run(guarded('timeCycle', 'R/PT1H', false))
    await t.moveClock('PT61M')
    await t.moveClock('PT61M')
    await t.moveClock('PT61M')
    await t.completeJob('work')
    await t.moveClock('PT61M')
  }),
  scenario('a cycle by expression', async (t) => {
    await t.run(guarded('timeCycle', '=cycle(times, duration("PT1H"))', false), { times: 1 })
    await t.moveClock('PT61M')
    await t.moveClock('PT61M')
    await t.completeJob('work')
  }),
  due('a boundary timer by date', async (t) => {
    await t.run(guarded('timeDate', '=at', true), { at: '2021-01-01T00:00:00Z' })
  }),
  scenario('a boundary timer that cannot be evaluated makes an incident at the task', async (t) => {
    await t.run(guarded('timeDuration', '=span', true))
    await t.setVariables('p', { span: 'PT1H' })
    await t.resolveIncident('work')
    await t.moveClock('PT2H')
  }),
  scenario('a boundary timer at a user task', async (t) => {
    await t.run(
      start() +
        userTask('ask') +
        boundary('late', 'ask', timer('timeDuration', 'PT1H')) +
        end() +
        end('end2') +
        flows('start -> ask -> end', 'late -> end2'),
    )
    await t.moveClock('PT2H')
    await t.completeUserTask('ask')
  }),
  scenario('a boundary timer at a subprocess ends everything in it', async (t) => {
    await t.run(
      start() +
        subprocess(
          'sub',
          start('s') + serviceTask('a') + serviceTask('b') + end('e') + flows('s -> a -> e', 's -> b -> e'),
        ) +
        boundary('late', 'sub', timer('timeDuration', 'PT1H')) +
        end() +
        end('end2') +
        flows('start -> sub -> end', 'late -> end2'),
    )
    await t.completeJob('a')
    await t.moveClock('PT2H')
  }),
  scenario('an event subprocess interrupts by timer', async (t) => {
    await t.run(within('timeDuration', 'PT1H', true))
    await t.moveClock('PT2H')
    await t.completeJob('remind')
  }),
  scenario('an event subprocess starts beside by timer', async (t) => {
    await t.run(within('timeDuration', 'PT1H', false))
    await t.moveClock('PT2H')
    await t.completeJob('work')
    await t.completeJob('remind')
  }),
  scenario('an event subprocess starts beside again and again', async (t) => {
    await t.run(within('timeCycle', 'R2/PT1H', false))
    await t.moveClock('PT61M')
    await t.moveClock('PT61M')
    await t.completeJob('remind')
    await t.completeJob('work')
    await t.completeJob('remind')
  }),
  scenario('an event subprocess whose timer cannot be evaluated', async (t) => {
    await t.run(within('timeDuration', '=span', true))
    await t.setVariables('p', { span: 'PT1H' })
    await t.resolveIncident('start')
    await t.moveClock('PT2H')
  }),
  scenario('a process is started by a timer, once a repetition', async (t) => {
    await t.deploy(
      bpmn(
        'p',
        element('startEvent', { id: 'start' }, timer('timeCycle', 'R2/PT1H')) +
          serviceTask('work') +
          end() +
          line('work'),
      ),
    )
    await t.moveClock('PT61M')
    await t.moveClock('PT61M')
    await t.moveClock('PT61M')
    await t.completeJob('work')
  }),
  scenario('a new version takes over the timer of the old', async (t) => {
    const file = (task: string) =>
      bpmn(
        'p',
        element('startEvent', { id: 'start' }, timer('timeCycle', 'R/PT1H')) + serviceTask(task) + end() + line(task),
      )
    await t.deploy(file('first'))
    await t.deploy(file('second'))
    await t.moveClock('PT61M')
  }),
  due('a process whose start date has passed starts at its deployment', (t) =>
    t.deploy(
      bpmn(
        'p',
        element('startEvent', { id: 'start' }, timer('timeDate', '2020-01-01T00:00:00Z')) +
          serviceTask('work') +
          end() +
          line('work'),
      ),
    ),
  ),
  scenario('a process with a timer start can be started by hand when it has a none start', async (t) => {
    await t.deploy(
      bpmn(
        'p',
        start() +
          element('startEvent', { id: 'daily' }, timer('timeCycle', 'R/P1D')) +
          serviceTask('work') +
          end() +
          flows('start -> work', 'daily -> work', 'work -> end'),
      ),
    )
    await t.start('p')
  }),
  scenario('cancelling removes the timer', async (t) => {
    await t.run(caught('timeDuration', 'PT10M'))
    await t.cancel()
    await t.moveClock('PT20M')
  }),
])
