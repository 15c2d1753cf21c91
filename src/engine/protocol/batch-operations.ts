import type { MappingInstruction } from './operations.ts'
import type { Key } from './values.ts'

/** What a batch operation does, in Camunda's words. */
export type BatchOperationType =
  | 'CANCEL_PROCESS_INSTANCE'
  | 'RESOLVE_INCIDENT'
  | 'MIGRATE_PROCESS_INSTANCE'
  | 'MODIFY_PROCESS_INSTANCE'

/** Where a batch operation is. CREATED is not passed through here: its items are known when it is made. */
export type BatchOperationState = 'ACTIVE' | 'SUSPENDED' | 'COMPLETED' | 'CANCELED'

/** Where an item of it is. */
export type BatchOperationItemState = 'ACTIVE' | 'COMPLETED' | 'FAILED' | 'CANCELED'

/** Terminates each instance of the source element and activates the target for it. */
export interface MoveInstruction {
  readonly sourceElementId: string
  readonly targetElementId: string
}

/** What is done to each process instance. */
export type BatchOperationPlan =
  | { readonly type: 'CANCEL_PROCESS_INSTANCE' }
  | { readonly type: 'RESOLVE_INCIDENT' }
  | {
      readonly type: 'MIGRATE_PROCESS_INSTANCE'
      readonly targetProcessDefinitionKey: Key
      readonly mappingInstructions: readonly MappingInstruction[]
    }
  | { readonly type: 'MODIFY_PROCESS_INSTANCE'; readonly moveInstructions: readonly MoveInstruction[] }

/**
 * Does the same to many process instances, in the background, one item after the other with other commands between. It is
 * durable: what was not done when the engine ended is done when it is opened again.
 */
export interface CreateBatchOperation {
  readonly type: 'CreateBatchOperation'
  readonly plan: BatchOperationPlan
  readonly processInstanceKeys: readonly Key[]
}

/** Holds a batch operation; what is done stays done. */
export interface SuspendBatchOperation {
  readonly type: 'SuspendBatchOperation'
  readonly batchOperationKey: Key
}

/** Lets a suspended batch operation go on. */
export interface ResumeBatchOperation {
  readonly type: 'ResumeBatchOperation'
  readonly batchOperationKey: Key
}

/** Ends a batch operation; items that were not processed never are. */
export interface CancelBatchOperation {
  readonly type: 'CancelBatchOperation'
  readonly batchOperationKey: Key
}
