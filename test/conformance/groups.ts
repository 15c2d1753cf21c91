import type { Group } from './scenario.ts'
import { adHocSubprocesses } from './scenarios/ad-hoc-subprocesses.ts'
import { compensations } from './scenarios/compensation.ts'
import { decisions } from './scenarios/decisions.ts'
import { deletion } from './scenarios/deletion.ts'
import { errors } from './scenarios/errors.ts'
import { escalations } from './scenarios/escalations.ts'
import { gateways } from './scenarios/gateways.ts'
import { messages } from './scenarios/messages.ts'
import { multiInstances } from './scenarios/multi-instance.ts'
import { operations } from './scenarios/operations.ts'
import { passiveTasks } from './scenarios/passive-tasks.ts'
import { serviceTasks } from './scenarios/service-tasks.ts'
import { signals } from './scenarios/signals.ts'
import { subprocesses } from './scenarios/subprocesses.ts'
import { timers } from './scenarios/timers.ts'
import { userTaskListeners } from './scenarios/user-task-listeners.ts'
import { userTasks } from './scenarios/user-tasks.ts'
import { variables } from './scenarios/variables.ts'

/** All scenarios. */
export const groups: readonly Group[] = [
  serviceTasks,
  passiveTasks,
  gateways,
  timers,
  messages,
  errors,
  escalations,
  signals,
  compensations,
  subprocesses,
  adHocSubprocesses,
  multiInstances,
  variables,
  userTasks,
  userTaskListeners,
  operations,
  deletion,
  decisions,
]
