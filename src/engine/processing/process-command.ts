import type { Command, DeployResources, ScheduledCommand } from '../protocol/commands.ts'
import type { CommandResults } from '../protocol/results.ts'
import { startHandler } from './behaviors/compensation.ts'
import { activateAdHocActivities } from './commands/ad-hoc.ts'
import {
  cancelBatchOperation,
  createBatchOperation,
  resumeBatchOperation,
  suspendBatchOperation,
} from './commands/batch-operations.ts'
import { deleteResource } from './commands/delete-resource.ts'
import {
  cancelProcessInstance,
  createProcessInstance,
  evaluateDecisionCommand,
  resolveIncident,
  setVariables,
} from './commands/instances.ts'
import { activateJobs, completeJob, failJob, throwJobError, updateJob } from './commands/jobs.ts'
import { correlateMessage, publishMessage } from './commands/messages.ts'
import { migrateProcessInstance } from './commands/migrate-process-instance.ts'
import { modifyProcessInstance } from './commands/modify-process-instance.ts'
import { invalidArgument } from './commands/reject.ts'
import { processScheduled } from './commands/scheduled.ts'
import { broadcastSignal } from './commands/signals.ts'
import { assignUserTask, completeUserTask, unassignUserTask, updateUserTask } from './commands/user-tasks.ts'
import { activateElement, completeElement, joinTokens, terminateElement } from './lifecycle.ts'
import { correlateBuffered, startBuffered } from './messages.ts'
import type { Processing, Step } from './processing.ts'
import { broadcast } from './signals.ts'
import { triggerEvent } from './triggers.ts'

/** Commands that need nothing but the state; deployments are parsed before. */
export type StateCommand = Exclude<Command, DeployResources>

type Processors = {
  readonly [Type in StateCommand['type']]: (
    processing: Processing,
    command: Extract<StateCommand, { type: Type }>,
  ) => CommandResults[Type]
}

const processors: Processors = {
  CreateProcessInstance: createProcessInstance,
  CancelProcessInstance: cancelProcessInstance,
  ModifyProcessInstance: modifyProcessInstance,
  MigrateProcessInstance: migrateProcessInstance,
  DeleteResource: deleteResource,
  CreateBatchOperation: createBatchOperation,
  SuspendBatchOperation: suspendBatchOperation,
  ResumeBatchOperation: resumeBatchOperation,
  CancelBatchOperation: cancelBatchOperation,
  ActivateJobs: activateJobs,
  CompleteJob: completeJob,
  FailJob: failJob,
  ThrowJobError: throwJobError,
  UpdateJob: updateJob,
  AssignUserTask: assignUserTask,
  UnassignUserTask: unassignUserTask,
  UpdateUserTask: updateUserTask,
  CompleteUserTask: completeUserTask,
  ActivateAdHocActivities: activateAdHocActivities,
  PublishMessage: publishMessage,
  CorrelateMessage: correlateMessage,
  BroadcastSignal: broadcastSignal,
  ResolveIncident: resolveIncident,
  SetVariables: setVariables,
  EvaluateDecision: evaluateDecisionCommand,
  PinClock(processing, command) {
    if (!Number.isFinite(command.timestamp) || Math.abs(command.timestamp) > 8.64e15)
      throw invalidArgument(
        command.type,
        `Expected timestamp to be milliseconds since 1970, but it was ${command.timestamp}`,
      )
    processing.emit({ type: 'ClockPinned', at: command.timestamp })
  },
  ResetClock(processing) {
    processing.emit({ type: 'ClockReset' })
  },
}

/**
 * Carries out a command with everything that follows from it.
 * @throws {CommandRejection} before anything was emitted
 */
export function processCommand<C extends StateCommand>(processing: Processing, command: C): CommandResults[C['type']] {
  // The table's type says that each processor fits its command; the compiler cannot follow it through the union.
  const processor = processors[command.type] as unknown as (
    processing: Processing,
    command: C,
  ) => CommandResults[C['type']]
  const result = processor(processing, command)
  runSteps(processing)
  return result
}

/** Carries out what has become due, with everything that follows from it. */
export function processDue(processing: Processing, command: ScheduledCommand): void {
  processScheduled(processing, command)
  runSteps(processing)
}

function runSteps(processing: Processing): void {
  for (let step = processing.takeStep(); step !== undefined; step = processing.takeStep()) runStep(processing, step)
}

function runStep(processing: Processing, step: Step): void {
  switch (step.type) {
    case 'ActivateByFlow':
      if (canActivateIn(processing, step.scopeKey))
        activateElement(processing, step.node, step.scopeKey, { byFlow: true })
      return
    case 'Activate':
      if (canActivateIn(processing, step.scopeKey))
        activateElement(processing, step.node, step.scopeKey, { loopIndex: step.index })
      return
    case 'ActivateAt':
      if (canActivateIn(processing, step.scopeKey))
        activateElement(processing, step.node, step.scopeKey, { variables: step.variables })
      return
    case 'Terminate':
      terminateElement(processing, step.key)
      return
    case 'Join':
      if (canActivateIn(processing, step.scopeKey)) joinTokens(processing, step.node, step.scopeKey)
      return
    case 'Complete':
      completeElement(processing, step.key)
      return
    case 'Broadcast':
      broadcast(processing, step.signalName, step.variables)
      return
    case 'Trigger':
      triggerEvent(processing, step.waitingKey, step.event, step.variables)
      return
    case 'Compensate':
      startHandler(processing, step.subscriptionKey)
      return
    case 'CorrelateBuffered':
      correlateBuffered(processing, step.subscriptionKey)
      return
    case 'StartBuffered':
      startBuffered(processing, step.processDefinitionId, step.correlationKey)
  }
}

/** Steps of a scope that was left or interrupted meanwhile are void. */
function canActivateIn(processing: Processing, scopeKey: number): boolean {
  const scope = processing.state.elements.get(scopeKey)
  return scope?.state === 'ACTIVATED' && scope.interruptedBy === null
}
