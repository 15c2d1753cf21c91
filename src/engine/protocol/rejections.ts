/** Why a command was not carried out, in Camunda's terms. */
export type RejectionType =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'INVALID_STATE'
  | 'PROCESSING_ERROR'
  | 'EXCEEDED_BATCH_RECORD_SIZE'
  | 'DEADLINE_EXCEEDED'
  /** The disk or the memory is full: again when there is space. */
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE'

/** Thrown by `Engine.execute` for a command that changed nothing; `type` maps to an HTTP status in the API. */
export class CommandRejection extends Error {
  readonly type: RejectionType
  readonly commandType: string

  /** @param type kind of rejection  @param commandType the command's `type`  @param reason a sentence naming the field or key */
  constructor(type: RejectionType, commandType: string, reason: string) {
    super(reason)
    this.name = 'CommandRejection'
    this.type = type
    this.commandType = commandType
  }
}
