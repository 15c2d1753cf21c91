import { CommandRejection } from '../../protocol/rejections.ts'
import type { Key } from '../../protocol/values.ts'

/** NOT_FOUND in Camunda's words, e.g. `Expected to complete job with key '…', but no such job was found`. */
export function notFound(commandType: string, wanted: string, thing: string, key: Key): CommandRejection {
  return new CommandRejection(
    'NOT_FOUND',
    commandType,
    `Expected to ${wanted} ${thing} with key '${key}', but no such ${thing} was found`,
  )
}

/** INVALID_STATE: the thing exists, but not so. */
export function invalidState(commandType: string, reason: string): CommandRejection {
  return new CommandRejection('INVALID_STATE', commandType, reason)
}

/** INVALID_ARGUMENT: the command itself is wrong; `reason` names the field. */
export function invalidArgument(commandType: string, reason: string): CommandRejection {
  return new CommandRejection('INVALID_ARGUMENT', commandType, reason)
}
