import type { Group } from './scenario.ts'
import { errors } from './scenarios/errors.ts'
import { gateways } from './scenarios/gateways.ts'
import { messages } from './scenarios/messages.ts'
import { passiveTasks } from './scenarios/passive-tasks.ts'
import { serviceTasks } from './scenarios/service-tasks.ts'
import { timers } from './scenarios/timers.ts'

/** All scenarios. */
export const groups: readonly Group[] = [serviceTasks, passiveTasks, gateways, timers, messages, errors]
