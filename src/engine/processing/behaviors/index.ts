import type { Behaviors } from '../processing.ts'
import { adHocSubprocess, innerInstance } from './ad-hoc.ts'
import { callActivity } from './call-activity.ts'
import { catchEvent, endEvent, throwEvent, triggeredEvent } from './events.ts'
import { eventBasedGateway, exclusiveGateway, inclusiveGateway, parallelGateway } from './gateways.ts'
import { multiInstanceBody } from './multi-instance.ts'
import { eventSubprocess, process, subprocess } from './scopes.ts'
import { businessRuleTask, jobTask, manualTask, receiveTask, scriptTask } from './tasks.ts'
import { userTask } from './user-task.ts'

/** What each kind of element instance does. */
export const behaviors: Behaviors = {
  PROCESS: process,
  SUB_PROCESS: subprocess,
  EVENT_SUB_PROCESS: eventSubprocess,
  AD_HOC_SUB_PROCESS: adHocSubprocess,
  AD_HOC_SUB_PROCESS_INNER_INSTANCE: innerInstance,
  MULTI_INSTANCE_BODY: multiInstanceBody,
  CALL_ACTIVITY: callActivity,
  START_EVENT: triggeredEvent,
  INTERMEDIATE_CATCH_EVENT: catchEvent,
  INTERMEDIATE_THROW_EVENT: throwEvent,
  BOUNDARY_EVENT: triggeredEvent,
  END_EVENT: endEvent,
  SERVICE_TASK: jobTask,
  SEND_TASK: jobTask,
  RECEIVE_TASK: receiveTask,
  USER_TASK: userTask,
  MANUAL_TASK: manualTask,
  TASK: manualTask,
  SCRIPT_TASK: scriptTask,
  BUSINESS_RULE_TASK: businessRuleTask,
  EXCLUSIVE_GATEWAY: exclusiveGateway,
  INCLUSIVE_GATEWAY: inclusiveGateway,
  PARALLEL_GATEWAY: parallelGateway,
  EVENT_BASED_GATEWAY: eventBasedGateway,
}
