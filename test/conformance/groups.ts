import type { Group } from './scenario.ts'
import { gateways } from './scenarios/gateways.ts'
import { passiveTasks } from './scenarios/passive-tasks.ts'
import { serviceTasks } from './scenarios/service-tasks.ts'

/** All scenarios. */
export const groups: readonly Group[] = [serviceTasks, passiveTasks, gateways]
