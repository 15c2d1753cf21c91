import type { RejectionType } from '../index.ts'
import { CommandRejection } from '../protocol/rejections.ts'
import { Problem } from './http/problem.ts'

const STATUS: Record<RejectionType, number> = {
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  INVALID_STATE: 409,
  PROCESSING_ERROR: 500,
  EXCEEDED_BATCH_RECORD_SIZE: 500,
  DEADLINE_EXCEEDED: 504,
  RESOURCE_EXHAUSTED: 503,
  UNAVAILABLE: 503,
}

/** Refused before or behind the processing, not by it. */
const PLAIN: ReadonlySet<RejectionType> = new Set(['DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED', 'UNAVAILABLE'])

/** Camunda's names of the commands, by ours. */
const INTENTS: Record<string, string> = {
  DeployResources: 'CREATE',
  CreateProcessInstance: 'CREATE',
  CancelProcessInstance: 'CANCEL',
  ModifyProcessInstance: 'MODIFY',
  MigrateProcessInstance: 'MIGRATE',
  DeleteResource: 'DELETE',
  ActivateJobs: 'ACTIVATE',
  CompleteJob: 'COMPLETE',
  FailJob: 'FAIL',
  ThrowJobError: 'THROW_ERROR',
  UpdateJob: 'UPDATE',
  AssignUserTask: 'ASSIGN',
  UnassignUserTask: 'ASSIGN',
  UpdateUserTask: 'UPDATE',
  CompleteUserTask: 'COMPLETE',
  ActivateAdHocActivities: 'ACTIVATE',
  PublishMessage: 'PUBLISH',
  CorrelateMessage: 'CORRELATE',
  BroadcastSignal: 'BROADCAST',
  ResolveIncident: 'RESOLVE',
  SetVariables: 'UPDATE',
  EvaluateDecision: 'EVALUATE',
  PinClock: 'PIN',
  ResetClock: 'RESET',
}

/** The problem that a refused command is answered with, in Camunda's words; `undefined` for any other error. */
export function rejectionProblem(error: unknown): Problem | undefined {
  if (!(error instanceof CommandRejection)) return undefined
  const intent = INTENTS[error.commandType] ?? error.commandType
  const detail = PLAIN.has(error.type)
    ? error.message
    : `Command '${intent}' rejected with code '${error.type}': ${error.message}`
  return new Problem(STATUS[error.type], detail, error.type)
}
