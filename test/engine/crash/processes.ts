/** What the killed engine executes: everything that can wait, with times so short that they pass while it lives. */
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  error,
  errorEvent,
  flows,
  gateway,
  job,
  message,
  messageEvent,
  serviceTask,
  start,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'

/** A version of the process that `p` calls; the text makes it another one. */
export function calledProcess(text: string): string {
  return bpmn(
    'q',
    start() +
      element('manualTask', { id: 'note', name: text }) +
      serviceTask('call', job('work')) +
      end() +
      flows('start -> note -> call -> end'),
  )
}

/** The files that are deployed before the first kill. */
export const CRASH_RESOURCES: Readonly<Record<string, string>> = {
  'q.bpmn': calledProcess('first'),
  'p.bpmn': bpmn(
    'p',
    start() +
      gateway('parallel', 'fork') +
      serviceTask('work') +
      boundary('bad', 'work', errorEvent('error')) +
      gateway('exclusive', 'either') +
      userTask('task') +
      boundary('late', 'task', timer('timeDuration', 'PT0.05S'), false) +
      end('told') +
      catchEvent('letter', messageEvent('message')) +
      catchEvent('pause', timer('timeDuration', 'PT0.03S')) +
      element('callActivity', { id: 'sub' }, '<zeebe:calledElement processId="q"/>') +
      gateway('parallel', 'join') +
      end() +
      flows(
        'start -> fork -> work -> either -> task -> join -> end',
        'fork -> letter -> pause -> sub -> join',
        'bad -> either',
        'late -> told',
      ),
    message('message', 'go', '=id') + error('error', 'BAD'),
  ),
  't.bpmn': bpmn(
    't',
    element('startEvent', { id: 'tick' }).replace('></', `>${timer('timeCycle', 'R/PT0.3S')}</`) +
      element('manualTask', { id: 'tock' }) +
      end() +
      flows('tick -> tock -> end'),
  ),
}
